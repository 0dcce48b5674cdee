//===- SequenceTable.h - live sequences and their KV pages ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The KV cache is a pool of pages of some tokens each; a sequence owns the
// pages that its tokens need, in order. Main model and draft have layers of
// their own in every page, so one list of pages serves both, each with its own
// length. Page 0 belongs to nobody: entries of the page table that are not used
// point at it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_SEQUENCETABLE_H
#define INGOT_EXEC_SEQUENCETABLE_H

#include "ingot/Status.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ingot {

/// Whose tokens are counted.
enum class Track { Main, Draft };

/// Plain bookkeeping: it knows page ids, not their memory. One thread at a
/// time. Sequence ids are those that `add` returned unless said otherwise.
class SequenceTable {
public:
  /// `pages` counts page 0 in; at most `maxSequences` live at a time.
  SequenceTable(int64_t pageSize, int64_t pages, int64_t maxSequences);

  /// A new empty sequence, with the lowest id that is free. OutOfMemory if all
  /// are taken.
  Result<int> add();
  /// Gives its pages back; its id may come again.
  void remove(int sequence);
  /// Takes any number.
  bool isLive(int sequence) const;

  int64_t length(int sequence, Track track) const;
  /// `length` must be covered by the sequence's pages.
  void setLength(int sequence, Track track, int64_t length);
  /// Forgets tokens from `length` on in both tracks, and pages that nobody
  /// needs any more. InvalidInput if the main track is shorter or `length`
  /// negative.
  Status truncate(int sequence, int64_t length);

  /// Pages to be taken from the pool before the sequence can hold `length`
  /// tokens.
  int64_t missingPages(int sequence, int64_t length) const;
  int64_t freePages() const {
    return endPage - nextPage + int64_t(returned.size());
  }
  /// Takes the missing pages; the pool must have them.
  void reserve(int sequence, int64_t length);
  /// Page ids, by position / page size.
  std::span<const int32_t> pages(int sequence) const;

  /// Place of a position in the cache: page * page size + offset in the page.
  int32_t slot(int sequence, int64_t position) const;

private:
  struct Sequence {
    bool live = false;
    std::array<int64_t, 2> lengths = {};
    std::vector<int32_t> pages;
  };

  int64_t pagesFor(int64_t length) const {
    return (length + pageSize - 1) / pageSize;
  }
  /// Returns all but the first `count` pages of a sequence to the pool.
  void shrink(Sequence &sequence, int64_t count);
  int32_t takePage();

  int64_t pageSize;
  std::vector<Sequence> sequences;
  int64_t maxSequences;
  /// Pages from here to `endPage` were never used; `returned` are free again.
  /// Apart, so that a large pool costs nothing until it is used.
  int64_t nextPage = 1, endPage;
  std::vector<int32_t> returned;
};

} // namespace ingot

#endif // INGOT_EXEC_SEQUENCETABLE_H
