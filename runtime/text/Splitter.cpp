//===- Splitter.cpp - cuts a text into pieces by patterns -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Splitter.h"
#include "runtime/storage/Messages.h"
#include "runtime/text/Utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace ingot::text {

namespace {

// Before this release \K in a look-around could make a match end before it
// starts; now such a pattern does not compile.
static_assert(PCRE2_MAJOR * 100 + PCRE2_MINOR >= 1038, "expects PCRE2 10.38");

struct FreeCode {
  void operator()(pcre2_code *code) const { pcre2_code_free(code); }
};
struct FreeMatch {
  void operator()(pcre2_match_data *match) const {
    pcre2_match_data_free(match);
  }
};

std::string describeError(int code) {
  PCRE2_UCHAR buffer[256];
  if (pcre2_get_error_message(code, buffer, sizeof(buffer)) < 0)
    return "PCRE2 error " + std::to_string(code);
  return reinterpret_cast<const char *>(buffer);
}

} // namespace

struct Splitter::Pattern {
  std::string source;
  bool matchesOnly;
  std::unique_ptr<pcre2_code, FreeCode> code;
};

Splitter::Splitter(std::vector<Pattern> patterns)
    : patterns(std::move(patterns)) {}
Splitter::Splitter(Splitter &&) noexcept = default;
Splitter &Splitter::operator=(Splitter &&) noexcept = default;
Splitter::~Splitter() = default;

Result<Splitter> Splitter::create(const std::vector<SplitPattern> &sources) {
  std::vector<Pattern> patterns;
  for (const auto &[source, matchesOnly] : sources) {
    int error = 0;
    PCRE2_SIZE offset = 0;
    // \C could stop inside a character and hand on a piece that is not UTF-8.
    uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *code =
        pcre2_compile(reinterpret_cast<PCRE2_SPTR>(source.data()),
                      source.size(), options, &error, &offset, nullptr);
    if (!code)
      return invalidInput("tokenizer: split pattern " + storage::quote(source) +
                          " fails at " + std::to_string(offset) + ": " +
                          describeError(error));
    // Where no JIT exists this fails, and pcre2_match interprets.
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
    patterns.push_back(
        {source, matchesOnly, std::unique_ptr<pcre2_code, FreeCode>(code)});
  }
  return Splitter(std::move(patterns));
}

Status Splitter::splitPiece(const Pattern &pattern, std::string_view piece,
                            std::vector<std::string_view> &pieces) {
  std::unique_ptr<pcre2_match_data, FreeMatch> match(
      pcre2_match_data_create_from_pattern(pattern.code.get(), nullptr));
  if (!match)
    return outOfMemory("tokenizer: no memory to match a split pattern");
  auto subject = reinterpret_cast<PCRE2_SPTR>(piece.data());
  size_t taken = 0; // everything before it is in `pieces`, or dropped
  for (size_t from = 0; from < piece.size();) {
    auto run = [&](uint32_t options) {
      return pcre2_match(pattern.code.get(), subject, piece.size(), from,
                         PCRE2_NO_UTF_CHECK | options, match.get(), nullptr);
    };
    int found = run(0);
    if (found == PCRE2_ERROR_JIT_STACKLIMIT)
      found = run(PCRE2_NO_JIT); // its stack is on the heap
    if (found == PCRE2_ERROR_NOMATCH)
      break;
    if (found < 0)
      return invalidInput(
          "tokenizer: split pattern " + storage::quote(pattern.source) +
          " fails on a text of " + std::to_string(piece.size()) +
          " bytes: " + describeError(found));
    const PCRE2_SIZE *range = pcre2_get_ovector_pointer(match.get());
    size_t begin = range[0], end = range[1];
    if (begin > taken && !pattern.matchesOnly)
      pieces.push_back(piece.substr(taken, begin - taken));
    if (end > begin)
      pieces.push_back(piece.substr(begin, end - begin));
    taken = end;
    from = end;
    // An empty match cuts but uses nothing up; step over one character.
    if (end == begin && end < piece.size())
      from = end + readUtf8(piece, end).length;
  }
  if (taken < piece.size() && !pattern.matchesOnly)
    pieces.push_back(piece.substr(taken));
  return {};
}

Result<std::vector<std::string_view>>
Splitter::split(std::string_view text) const {
  std::vector<std::string_view> pieces;
  if (!text.empty())
    pieces.push_back(text);
  for (const Pattern &pattern : patterns) {
    std::vector<std::string_view> finer;
    for (std::string_view piece : pieces)
      if (Status status = splitPiece(pattern, piece, finer); !status.ok())
        return status;
    pieces = std::move(finer);
  }
  return pieces;
}

} // namespace ingot::text
