//===- Splitter.h - cuts a text into pieces by patterns ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The splitting that comes before byte-pair merges: regular expressions applied
// one after the other. Immutable after create; const calls may run on many
// threads at once. Owns the compiled patterns.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_SPLITTER_H
#define INGOT_RUNTIME_TEXT_SPLITTER_H

#include "ingot/Status.h"
#include "runtime/text/TokenizerSpec.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::text {

class Splitter {
public:
  /// Compiles the patterns (PCRE2 syntax; UTF-8; Unicode classes). One that
  /// does not compile is InvalidInput with its place.
  static Result<Splitter> create(const std::vector<SplitPattern> &patterns);

  Splitter(Splitter &&) noexcept;
  Splitter &operator=(Splitter &&) noexcept;
  ~Splitter();

  /// Pieces of `text`, in order, none empty, together the whole text but for
  /// what a pattern with `matchesOnly` drops; views of it. Each pattern sees
  /// one piece of the pattern before it and nothing of its neighbours: a
  /// look-ahead stops at a piece's end. `text` must be valid UTF-8. Fails if a
  /// pattern needs more than PCRE2's match limit.
  Result<std::vector<std::string_view>> split(std::string_view text) const;

private:
  struct Pattern;
  explicit Splitter(std::vector<Pattern> patterns);
  static Status splitPiece(const Pattern &pattern, std::string_view piece,
                           std::vector<std::string_view> &pieces);

  std::vector<Pattern> patterns;
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_SPLITTER_H
