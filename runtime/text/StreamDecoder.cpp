//===- StreamDecoder.cpp - token ids to text, one at a time -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/StreamDecoder.h"
#include "runtime/text/Utf8.h"

#include <algorithm>

namespace ingot::text {

void StreamDecoder::take(bool keepCutOff, std::string &text) {
  size_t used =
      appendLossyUtf8(pending, keepCutOff, tokenizer.replacesEachByte(), text);
  pending.erase(0, used);
  if (spacesToStrip == 0 || text.empty())
    return;
  size_t spaces = std::min(text.find_first_not_of(' '), text.size());
  bool hasMore = spaces < text.size();
  size_t stripped = std::min<size_t>(spaces, spacesToStrip);
  text.erase(0, stripped);
  spacesToStrip = hasMore ? 0 : spacesToStrip - int32_t(stripped);
}

Result<std::string> StreamDecoder::push(int32_t id) {
  Result<std::string_view> piece = tokenizer.pieceOf(id);
  if (!piece)
    return piece.status();
  std::string text;
  if (skipSpecial && tokenizer.isSpecial(id))
    return text;
  pending += *piece;
  take(/*keepCutOff=*/true, text);
  return text;
}

std::string StreamDecoder::finish() {
  std::string text;
  take(/*keepCutOff=*/false, text);
  pending.clear();
  spacesToStrip = tokenizer.strippedSpaces();
  return text;
}

} // namespace ingot::text
