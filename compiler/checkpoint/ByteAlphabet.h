//===- ByteAlphabet.h - The alphabet of byte-level BPE files ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Byte-level BPE files spell each byte as one printable character, so that a
// vocabulary of arbitrary bytes fits in JSON. The mapping is bytes_to_unicode()
// of GPT-2 (openai/gpt-2, src/encoder.py): bytes that print in Latin-1 stand
// for themselves, the other 68 become U+0100, U+0101, ... in order.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_BYTEALPHABET_H
#define INGOT_COMPILER_CHECKPOINT_BYTEALPHABET_H

#include <optional>
#include <string>
#include <string_view>

namespace ingot::compiler {

/// The bytes that `piece` (UTF-8) spells; none if it has a character outside
/// the alphabet. Pure.
std::optional<std::string> undoByteAlphabet(std::string_view piece);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_BYTEALPHABET_H
