//===- SequenceTable.cpp - live sequences and their KV pages --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/SequenceTable.h"

#include <algorithm>
#include <cassert>
#include <string>

namespace ingot {

SequenceTable::SequenceTable(int64_t pageSize, int64_t pages,
                             int64_t maxSequences)
    : pageSize(pageSize), maxSequences(maxSequences), endPage(pages) {}

Result<int> SequenceTable::add() {
  auto free = std::find_if(sequences.begin(), sequences.end(),
                           [](const Sequence &s) { return !s.live; });
  if (free == sequences.end()) {
    if (int64_t(sequences.size()) >= maxSequences)
      return outOfMemory("session expects at most " +
                         std::to_string(maxSequences) +
                         " live sequences, got one more");
    free = sequences.emplace(free);
  }
  free->live = true;
  return int(free - sequences.begin());
}

void SequenceTable::remove(int sequence) {
  assert(isLive(sequence) && "sequence must be live");
  shrink(sequences[sequence], 0);
  sequences[sequence] = Sequence();
}

bool SequenceTable::isLive(int sequence) const {
  return sequence >= 0 && size_t(sequence) < sequences.size() &&
         sequences[sequence].live;
}

int64_t SequenceTable::length(int sequence, Track track) const {
  return sequences[sequence].lengths[size_t(track)];
}

void SequenceTable::setLength(int sequence, Track track, int64_t length) {
  assert(missingPages(sequence, length) == 0 && "pages must be reserved");
  sequences[sequence].lengths[size_t(track)] = length;
}

Status SequenceTable::truncate(int sequence, int64_t length) {
  Sequence &s = sequences[sequence];
  int64_t current = s.lengths[size_t(Track::Main)];
  if (length < 0 || length > current)
    return invalidInput("sequence " + std::to_string(sequence) +
                        " expects a length of 0 to " + std::to_string(current) +
                        ", got " + std::to_string(length));
  for (int64_t &l : s.lengths)
    l = std::min(l, length);
  shrink(s, pagesFor(length));
  return {};
}

int64_t SequenceTable::missingPages(int sequence, int64_t length) const {
  int64_t owned = int64_t(sequences[sequence].pages.size());
  return std::max<int64_t>(pagesFor(length) - owned, 0);
}

void SequenceTable::reserve(int sequence, int64_t length) {
  int64_t missing = missingPages(sequence, length);
  assert(missing <= freePages() && "the pool must have the pages");
  for (; missing > 0; --missing)
    sequences[sequence].pages.push_back(takePage());
}

int32_t SequenceTable::takePage() {
  if (returned.empty())
    return int32_t(nextPage++);
  int32_t page = returned.back();
  returned.pop_back();
  return page;
}

std::span<const int32_t> SequenceTable::pages(int sequence) const {
  return sequences[sequence].pages;
}

int32_t SequenceTable::slot(int sequence, int64_t position) const {
  int64_t page = sequences[sequence].pages[size_t(position / pageSize)];
  return int32_t(page * pageSize + position % pageSize);
}

void SequenceTable::shrink(Sequence &sequence, int64_t count) {
  while (int64_t(sequence.pages.size()) > count) {
    returned.push_back(sequence.pages.back());
    sequence.pages.pop_back();
  }
}

} // namespace ingot
