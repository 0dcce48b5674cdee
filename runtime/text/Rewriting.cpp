//===- Rewriting.cpp - changes to a text before it is split ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Rewriting.h"
#include "runtime/text/Nfc.h"

namespace ingot::text {

namespace {

constexpr size_t kMaxGrowth = 64;

/// `text` with `to` for every `from`, which is not empty; stops growing once it
/// is over `limit`.
std::string replaceAll(std::string_view text, std::string_view from,
                       std::string_view to, size_t limit) {
  std::string replaced;
  for (size_t at = 0; replaced.size() <= limit;) {
    size_t found = text.find(from, at);
    replaced += text.substr(at, found - at);
    if (found == std::string_view::npos)
      break;
    replaced += to;
    at = found + from.size();
  }
  return replaced;
}

/// Whether `rewrite`, a kind of prepending, has an effect on `text`.
bool prepends(const Rewrite &rewrite, std::string_view text, bool opensInput) {
  switch (rewrite.kind) {
  case Rewrite::Kind::PrependIfMissing:
    return !text.starts_with(rewrite.text);
  case Rewrite::Kind::PrependToInputIfMissing:
    return opensInput && !text.starts_with(rewrite.text);
  default:
    return true;
  }
}

} // namespace

Result<std::string> applyRewrites(const std::vector<Rewrite> &rewrites,
                                  std::string_view text, bool opensInput) {
  std::string result(text);
  if (text.empty())
    return result;
  const size_t limit = text.size() * kMaxGrowth;
  for (const Rewrite &rewrite : rewrites) {
    if (rewrite.kind == Rewrite::Kind::Nfc)
      result = composeNfc(result);
    else if (rewrite.kind == Rewrite::Kind::Replace)
      result = replaceAll(result, rewrite.from, rewrite.text, limit);
    else if (prepends(rewrite, result, opensInput))
      result.insert(0, rewrite.text);
    if (result.size() > limit)
      return invalidInput("tokenizer: normalizing " +
                          std::to_string(text.size()) +
                          " bytes gives more than " + std::to_string(limit));
  }
  return result;
}

} // namespace ingot::text
