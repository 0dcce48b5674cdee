//===- Rewriting.h - changes to a text before it is split ----- -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Carries out what a TokenizerSpec lists under `normalizers`, `preparations`
// and `decodings`. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_REWRITING_H
#define INGOT_RUNTIME_TEXT_REWRITING_H

#include "ingot/Status.h"
#include "runtime/text/TokenizerSpec.h"

#include <string>
#include <string_view>
#include <vector>

namespace ingot::text {

/// `text` after all of `rewrites`, in their order. `opensInput`: nothing of the
/// input stands before it. An empty text stays empty. A result of more than
/// 64 bytes for each byte of `text` is InvalidInput: rewrites that a damaged
/// plan chains could otherwise ask for all memory.
Result<std::string> applyRewrites(const std::vector<Rewrite> &rewrites,
                                  std::string_view text, bool opensInput);

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_REWRITING_H
