//===- BytePairs.cpp - byte-pair encoding of one piece ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/BytePairs.h"
#include "runtime/storage/Messages.h"
#include "runtime/text/Utf8.h"

#include <queue>

namespace ingot::text {

namespace {

uint64_t keyOf(int32_t left, int32_t right) {
  return uint64_t(uint32_t(left)) << 32 | uint32_t(right);
}

std::string describe(const TokenizerSpec::Merge &merge, size_t rank) {
  return "tokenizer: merge " + std::to_string(rank) + " (" +
         std::to_string(merge.left) + ", " + std::to_string(merge.right) +
         " -> " + std::to_string(merge.result) + ")";
}

} // namespace

/// A link of the piece: an id, or a hole left by a merge (id -1).
struct BytePairs::Node {
  int32_t id;
  int32_t previous, next; // indices; -1 at the ends
};

/// A merge that was possible when it was queued.
struct BytePairs::Candidate {
  int32_t rank, at, result;
  /// Whether another candidate comes first.
  bool operator<(const Candidate &other) const {
    return rank != other.rank ? rank > other.rank : at > other.at;
  }
};

/// One piece under work: a linked list and a queue of candidates. A candidate
/// is not removed when its neighbourhood changes; it is checked when its turn
/// comes. Each merge adds at most two, so the queue stays O(n).
class BytePairs::Merger {
public:
  Merger(const BytePairs &table, std::vector<Node> nodes)
      : table(table), nodes(std::move(nodes)) {}

  void run(std::vector<int32_t> &ids) {
    for (size_t at = 0; at + 1 < nodes.size(); ++at)
      propose(int32_t(at));
    while (!queue.empty()) {
      Candidate best = queue.top();
      queue.pop();
      apply(best);
    }
    for (int32_t at = 0; at >= 0; at = nodes[at].next)
      ids.push_back(nodes[at].id);
  }

private:
  const Merge *mergeAt(int32_t at) const {
    const Node &node = nodes[at];
    if (node.id < 0 || node.next < 0)
      return nullptr;
    return table.find(node.id, nodes[node.next].id);
  }

  void propose(int32_t at) {
    if (const Merge *merge = mergeAt(at))
      queue.push({merge->rank, at, merge->result});
  }

  void apply(const Candidate &candidate) {
    const Merge *merge = mergeAt(candidate.at);
    if (!merge || merge->rank != candidate.rank)
      return;
    Node &left = nodes[candidate.at];
    Node &right = nodes[left.next];
    left.id = candidate.result;
    right.id = -1;
    left.next = right.next;
    if (left.next >= 0)
      nodes[left.next].previous = candidate.at;
    propose(candidate.at);
    if (left.previous >= 0)
      propose(left.previous);
  }

  const BytePairs &table;
  std::vector<Node> nodes;
  std::priority_queue<Candidate> queue;
};

Result<BytePairs> BytePairs::create(const TokenizerSpec &spec) {
  BytePairs table;
  table.byteIds.fill(-1);
  if (Status s = table.indexFallback(spec); !s.ok())
    return s;
  table.indexUnits(spec);
  if (Status s = table.indexMerges(spec); !s.ok())
    return s;
  return table;
}

Status BytePairs::indexFallback(const TokenizerSpec &spec) {
  startsAsCharacters = !spec.byteFallbackIds.empty();
  if (startsAsCharacters && spec.byteFallbackIds.size() != byteIds.size())
    return invalidInput("tokenizer: expects ids of 256 bytes or none, got " +
                        std::to_string(spec.byteFallbackIds.size()));
  for (size_t byte = 0; byte < spec.byteFallbackIds.size(); ++byte) {
    int32_t id = spec.byteFallbackIds[byte];
    if (id < 0 || size_t(id) >= spec.pieces.size() ||
        spec.pieces[id] != std::string(1, char(byte)))
      return invalidInput("tokenizer: id " + std::to_string(id) +
                          " expects the piece of the byte " +
                          std::to_string(byte));
    byteIds[byte] = id;
  }
  return {};
}

void BytePairs::indexUnits(const TokenizerSpec &spec) {
  std::vector<bool> isAdded(spec.pieces.size()), isFallback = isAdded;
  for (const AddedToken &token : spec.addedTokens)
    if (token.id >= 0 && size_t(token.id) < isAdded.size())
      isAdded[token.id] = true;
  for (int32_t id : spec.byteFallbackIds)
    isFallback[id] = true;
  for (size_t id = 0; id < spec.pieces.size(); ++id) {
    const std::string &piece = spec.pieces[id];
    if (piece.empty() || isFallback[id])
      continue;
    // An added token may spell a byte or character that is a piece as well.
    if (!startsAsCharacters && piece.size() == 1) {
      int32_t &unit = byteIds[uint8_t(piece[0])];
      if (unit < 0 || !isAdded[id])
        unit = int32_t(id);
    }
    Utf8Unit first = readUtf8(piece, 0);
    if (startsAsCharacters && first.valid && first.length == piece.size()) {
      auto [unit, isNew] =
          characterIds.try_emplace(first.codePoint, int32_t(id));
      if (!isNew && !isAdded[id])
        unit->second = int32_t(id);
    }
  }
}

Status BytePairs::indexMerges(const TokenizerSpec &spec) {
  auto inVocabulary = [&](int32_t id) {
    return id >= 0 && size_t(id) < spec.pieces.size();
  };
  merges.reserve(spec.merges.size());
  for (size_t rank = 0; rank < spec.merges.size(); ++rank) {
    const TokenizerSpec::Merge &merge = spec.merges[rank];
    if (!inVocabulary(merge.left) || !inVocabulary(merge.right) ||
        !inVocabulary(merge.result))
      return invalidInput(describe(merge, rank) +
                          " expects ids under the vocabulary size " +
                          std::to_string(spec.pieces.size()));
    const std::string &left = spec.pieces[merge.left];
    const std::string &right = spec.pieces[merge.right];
    if (left.empty() || right.empty() ||
        left + right != spec.pieces[merge.result])
      return invalidInput(describe(merge, rank) + " expects the piece " +
                          storage::quote(left + right) + ", got " +
                          storage::quote(spec.pieces[merge.result]));
    if (!merges
             .try_emplace(keyOf(merge.left, merge.right),
                          Merge{int32_t(rank), merge.result})
             .second)
      return invalidInput(describe(merge, rank) +
                          " repeats the pair of an earlier merge");
  }
  return {};
}

const BytePairs::Merge *BytePairs::find(int32_t left, int32_t right) const {
  auto found = merges.find(keyOf(left, right));
  return found == merges.end() ? nullptr : &found->second;
}

Status BytePairs::appendUnits(std::string_view piece,
                              std::vector<int32_t> &ids) const {
  for (size_t at = 0; at < piece.size();) {
    size_t length = 1;
    if (startsAsCharacters) {
      Utf8Unit unit = readUtf8(piece, at);
      length = unit.length;
      auto found = characterIds.find(unit.codePoint);
      if (unit.valid && found != characterIds.end()) {
        ids.push_back(found->second);
        at += length;
        continue;
      }
    }
    for (char c : piece.substr(at, length)) {
      uint8_t byte = uint8_t(c);
      if (byteIds[byte] < 0)
        return invalidInput("tokenizer: no piece stands for the byte " +
                            std::to_string(byte));
      ids.push_back(byteIds[byte]);
    }
    at += length;
  }
  return {};
}

Status BytePairs::encode(std::string_view piece,
                         std::vector<int32_t> &ids) const {
  if (piece.empty())
    return {};
  if (piece.size() > INT32_MAX)
    return invalidInput("tokenizer: a piece of " +
                        std::to_string(piece.size()) +
                        " bytes is over the limit of 2147483647");
  std::vector<int32_t> units;
  if (Status status = appendUnits(piece, units); !status.ok())
    return status;
  std::vector<Node> nodes;
  nodes.reserve(units.size());
  int32_t length = int32_t(units.size());
  for (int32_t at = 0; at < length; ++at)
    nodes.push_back({units[at], at - 1, at + 1 < length ? at + 1 : -1});
  Merger(*this, std::move(nodes)).run(ids);
  return {};
}

} // namespace ingot::text
