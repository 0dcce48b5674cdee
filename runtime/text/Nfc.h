//===- Nfc.h - Unicode normalization form C ------------------- -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Composed characters, as Unicode Standard Annex 15 defines NFC. Pure.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_NFC_H
#define INGOT_RUNTIME_TEXT_NFC_H

#include <string>
#include <string_view>

namespace ingot::text {

/// `text`, which must be valid UTF-8, in NFC. Time O(n log n) in its length.
std::string composeNfc(std::string_view text);

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_NFC_H
