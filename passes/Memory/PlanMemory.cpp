//===- PlanMemory.cpp - every buffer gets its offset ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     buffers without offsets, arenas without sizes
// After:      all placed; `workspace` shares bytes between disjoint lifetimes
// Requires:   straight-line entries: a lifetime is a range of launches
// Guarantees: what ingot-verify-planned checks
//
//===----------------------------------------------------------------------===//

#include "dialects/Plan/PlanDialect.h"
#include "mlir/IR/Builders.h"
#include "passes/Memory/Layout.h"
#include "passes/Passes.h"
#include "llvm/Support/MathExtras.h"

namespace ingot::passes {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace plan = ingot::plan;

namespace {

/// A buffer with its lifetime: the launches (by index) that first and last name
/// it. A buffer that no launch names lives nowhere and overlaps nothing.
struct Lifetime {
  plan::BufferOp buffer;
  int64_t bytes;
  int64_t first = 0, last = -1;
  int64_t offset = 0;

  bool overlaps(const Lifetime &other) const {
    return first <= other.last && other.first <= last;
  }
};

/// The lifetimes of the entry's buffers in `arena`, in program order.
SmallVector<Lifetime> lifetimes(plan::EntryOp entry, StringRef arena,
                                const llvm::StringMap<int64_t> &maxima) {
  DenseMap<Operation *, int64_t> launchIndex;
  int64_t count = 0;
  for (auto launch : entry.getOps<plan::LaunchOp>())
    launchIndex[launch] = count++;
  SmallVector<Lifetime> result;
  for (auto buffer : entry.getOps<plan::BufferOp>()) {
    if (buffer.getArena() != arena)
      continue;
    Lifetime life{
        buffer, static_cast<int64_t>(llvm::alignTo(
                    bufferBytes(buffer, maxima), plan::BufferOp::kAlignment))};
    life.first = count;
    for (Operation *user : buffer->getUsers()) {
      auto it = launchIndex.find(user);
      if (it == launchIndex.end())
        continue;
      life.first = std::min(life.first, it->second);
      life.last = std::max(life.last, it->second);
    }
    result.push_back(life);
  }
  return result;
}

/// Places the largest first, each at the lowest offset free for its lifetime.
/// Returns the bytes used.
int64_t placeShared(MutableArrayRef<Lifetime> lives) {
  SmallVector<Lifetime *> order;
  for (Lifetime &life : lives)
    order.push_back(&life);
  llvm::sort(order, [](const Lifetime *a, const Lifetime *b) {
    // Ties by program order: the same module always gets the same layout.
    return std::make_pair(-a->bytes, a) < std::make_pair(-b->bytes, b);
  });
  SmallVector<Lifetime *> placed; // By offset.
  int64_t end = 0;
  for (Lifetime *life : order) {
    int64_t offset = 0;
    for (Lifetime *other : placed)
      if (life->overlaps(*other) && other->offset < offset + life->bytes)
        offset = std::max(offset, other->offset + other->bytes);
    life->offset = offset;
    end = std::max(end, offset + life->bytes);
    placed.insert(llvm::upper_bound(placed, life,
                                    [](const Lifetime *a, const Lifetime *b) {
                                      return a->offset < b->offset;
                                    }),
                  life);
  }
  return end;
}

/// Places the buffers one behind the other from `start`. Returns the end.
int64_t placeApart(MutableArrayRef<Lifetime> lives, int64_t start) {
  for (Lifetime &life : lives) {
    life.offset = start;
    start += life.bytes;
  }
  return start;
}

struct PlanMemory : ingot::passes::impl::PlanMemoryPassBase<PlanMemory> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    Builder builder(module.getContext());
    for (auto arena : module.getOps<plan::ArenaOp>()) {
      int64_t bytes = 0;
      for (auto entry : module.getOps<plan::EntryOp>())
        bytes = std::max(bytes, placeEntry(entry, arena, bytes));
      arena.setBytesAttr(builder.getI64IntegerAttr(bytes));
    }
  }

  /// Places the buffers that `entry` has in `arena`, of which `used` bytes are
  /// taken by the entries before it. Returns where the entry's bytes end.
  int64_t placeEntry(plan::EntryOp entry, plan::ArenaOp arena, int64_t used) {
    SmallVector<Lifetime> lives =
        lifetimes(entry, arena.getSymName(), symbolMaxima(entry));
    int64_t end = 0;
    switch (arena.getKind()) {
    case plan::ArenaKind::Workspace:
      end = placeShared(lives);
      break;
    case plan::ArenaKind::Io:
      end = placeApart(lives, used);
      break;
    case plan::ArenaKind::KvCache:
      // Placed when the layers were laid out; only the end is wanted.
      for (Lifetime &life : lives) {
        life.offset = life.buffer.getOffset().value_or(0);
        end = std::max(end, life.offset + life.bytes);
      }
      break;
    }
    Builder builder(entry.getContext());
    for (Lifetime &life : lives)
      life.buffer.setOffsetAttr(builder.getI64IntegerAttr(life.offset));
    return end;
  }
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createPlanMemoryPass() {
  return std::make_unique<PlanMemory>();
}
