//===- StreamDecoder.cpp - token ids to text, one at a time -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/StreamDecoder.h"
#include "runtime/text/Utf8.h"

namespace ingot::text {

Result<std::string> StreamDecoder::push(int32_t id) {
  Result<std::string_view> piece = tokenizer.pieceOf(id);
  if (!piece)
    return piece.status();
  std::string text;
  if (skipSpecial && tokenizer.isSpecial(id))
    return text;
  pending += *piece;
  size_t used = appendLossyUtf8(pending, /*keepCutOff=*/true, text);
  pending.erase(0, used);
  return text;
}

std::string StreamDecoder::finish() {
  std::string text;
  appendLossyUtf8(pending, /*keepCutOff=*/false, text);
  pending.clear();
  return text;
}

} // namespace ingot::text
