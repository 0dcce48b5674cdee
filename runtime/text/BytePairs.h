//===- BytePairs.h - byte-pair encoding of one piece ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Byte-pair encoding (Sennrich et al., 2016, "Neural Machine Translation of
// Rare Words with Subword Units"): a piece starts as its bytes, or as its
// characters, where one that the vocabulary lacks stands as its bytes; the pair
// whose merge has the best rank is joined, leftmost first, until none is left.
//
// Immutable after create; const calls may run on many threads at once.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_BYTEPAIRS_H
#define INGOT_RUNTIME_TEXT_BYTEPAIRS_H

#include "ingot/Status.h"
#include "runtime/text/TokenizerSpec.h"

#include <array>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace ingot::text {

class BytePairs {
public:
  /// Checks the ids of the bytes and every merge: its ids lie in the vocabulary
  /// and its result is its two pieces put together; no pair has two merges.
  static Result<BytePairs> create(const TokenizerSpec &spec);

  /// Appends the ids of `piece` (any bytes; valid UTF-8 if it starts as
  /// characters). Time O(n log n) in its length. Fails on a byte that no piece
  /// of the vocabulary stands for.
  Status encode(std::string_view piece, std::vector<int32_t> &ids) const;

private:
  struct Merge {
    int32_t rank, result;
  };
  struct Node;
  struct Candidate;
  class Merger;

  Status indexFallback(const TokenizerSpec &spec);
  void indexUnits(const TokenizerSpec &spec);
  Status indexMerges(const TokenizerSpec &spec);
  const Merge *find(int32_t left, int32_t right) const;
  /// Appends the ids that `piece` starts as.
  Status appendUnits(std::string_view piece, std::vector<int32_t> &ids) const;

  /// Id of each byte's piece; -1 if it has none.
  std::array<int32_t, 256> byteIds;
  bool startsAsCharacters = false;
  /// Ids of the characters that are pieces, if a piece starts as characters.
  std::unordered_map<uint32_t, int32_t> characterIds;
  /// Key: left id in the high half, right id in the low half.
  std::unordered_map<uint64_t, Merge> merges;
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_BYTEPAIRS_H
