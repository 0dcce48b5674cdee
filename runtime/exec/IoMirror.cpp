//===- IoMirror.cpp - the host's side of inputs and outputs ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/IoMirror.h"
#include "runtime/plan/VerifyParts.h"
#include "runtime/storage/Messages.h"

#include <algorithm>

namespace ingot {

namespace {

/// Bytes between two buffers that are copied with them: a copy of its own costs
/// more.
constexpr uint64_t kMaxGap = 4096;

/// Bytes of a buffer in which symbol i has values[i].
uint64_t bytesOf(const fb::Buffer &buffer, std::span<const int64_t> values) {
  uint64_t bytes = verify::elementSize(buffer.type());
  for (const fb::Dim *dim : *buffer.shape())
    bytes *= uint64_t(dim->symbol() < 0 ? dim->size()
                                        : values[size_t(dim->symbol())]);
  return bytes;
}

/// Of an arena.
struct Piece {
  uint32_t arena;
  uint64_t begin, end;
};

} // namespace

IoMirror::IoMirror(const fb::Plan &plan, const fb::Entry &entry,
                   std::span<const DeviceMemory> arenas)
    : plan(plan), entry(entry), arenas(arenas) {
  cover(*entry.inputs());
  cover(*entry.outputs());
}

void IoMirror::cover(const Bindings &bindings) {
  const std::span<const int64_t> most(entry.bucket()->data(),
                                      entry.bucket()->size());
  for (const fb::Binding *binding : bindings) {
    const fb::Buffer &buffer = *plan.buffers()->Get(binding->buffer());
    const uint64_t begin = buffer.offset();
    const uint64_t end = begin + bytesOf(buffer, most);
    auto [at, isNew] = ranges.try_emplace(buffer.arena());
    Range &range = at->second;
    range.begin = isNew ? begin : std::min(range.begin, begin);
    range.end = std::max(range.end, end);
  }
}

Status IoMirror::open(Device &device) {
  if (device.isHost()) {
    shared = true;
    return {};
  }
  for (auto &[arena, range] : ranges) {
    if (range.staging.data())
      continue;
    Result<DeviceMemory> staging =
        device.allocateStaging(range.end - range.begin,
                               "inputs and outputs of entry " +
                                   storage::quote(entry.name()->string_view()));
    if (!staging)
      return staging.status();
    range.staging = std::move(*staging);
  }
  return {};
}

std::byte *IoMirror::find(const fb::Buffer &buffer) const {
  if (shared)
    return arenas[buffer.arena()].data() + buffer.offset();
  const Range &range = ranges.at(buffer.arena());
  std::byte *begin = range.staging.data();
  return begin ? begin + (buffer.offset() - range.begin) : nullptr;
}

std::vector<DeviceCopy>
IoMirror::inputs(std::span<const int64_t> values) const {
  return copiesOf(*entry.inputs(), values,
                  [](std::string_view) { return true; });
}

std::vector<DeviceCopy> IoMirror::outputs(std::span<const int64_t> values,
                                          const Wanted &wanted) const {
  return copiesOf(*entry.outputs(), values, [&](std::string_view name) {
    return name == "hidden" ? wanted.hidden
                            : (name == "chosen") == wanted.chosen;
  });
}

template <typename Names>
std::vector<DeviceCopy> IoMirror::copiesOf(const Bindings &bindings,
                                           std::span<const int64_t> values,
                                           Names wanted) const {
  if (shared)
    return {};
  std::vector<Piece> pieces;
  for (const fb::Binding *binding : bindings) {
    if (!wanted(binding->name()->string_view()))
      continue;
    const fb::Buffer &buffer = *plan.buffers()->Get(binding->buffer());
    if (uint64_t bytes = bytesOf(buffer, values))
      pieces.push_back(
          {buffer.arena(), buffer.offset(), buffer.offset() + bytes});
  }
  std::sort(pieces.begin(), pieces.end(), [](const Piece &a, const Piece &b) {
    return std::pair(a.arena, a.begin) < std::pair(b.arena, b.begin);
  });
  std::vector<Piece> joined;
  for (const Piece &piece : pieces) {
    if (!joined.empty() && joined.back().arena == piece.arena &&
        piece.begin <= joined.back().end + kMaxGap)
      joined.back().end = std::max(joined.back().end, piece.end);
    else
      joined.push_back(piece);
  }
  std::vector<DeviceCopy> copies;
  for (const Piece &piece : joined) {
    const Range &range = ranges.at(piece.arena);
    copies.push_back({arenas[piece.arena].data() + piece.begin,
                      range.staging.data() + (piece.begin - range.begin),
                      piece.end - piece.begin});
  }
  return copies;
}

} // namespace ingot
