//===- VerifyPlanned.cpp - the gate after memory planning -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before = after. Guarantees that every buffer lies within its arena and that a
// launch shares no byte between what it writes and its other buffers.
//
//===----------------------------------------------------------------------===//

#include "dialects/Plan/PlanDialect.h"
#include "passes/Memory/Layout.h"
#include "passes/Passes.h"

namespace ingot::passes {
#define GEN_PASS_DEF_VERIFYPLANNEDPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace plan = ingot::plan;

namespace {

struct VerifyPlanned
    : ingot::passes::impl::VerifyPlannedPassBase<VerifyPlanned> {
  void runOnOperation() override {
    llvm::StringMap<plan::ArenaOp> arenas;
    for (auto arena : getOperation().getOps<plan::ArenaOp>())
      arenas[arena.getSymName()] = arena;
    for (auto entry : getOperation().getOps<plan::EntryOp>()) {
      maxima = symbolMaxima(entry);
      for (auto buffer : entry.getOps<plan::BufferOp>())
        if (failed(verifyPlace(buffer, arenas.lookup(buffer.getArena()))))
          return signalPassFailure();
      for (auto launch : entry.getOps<plan::LaunchOp>())
        if (failed(verifyDisjoint(launch)))
          return signalPassFailure();
    }
  }

  LogicalResult verifyPlace(plan::BufferOp buffer, plan::ArenaOp arena) {
    if (!buffer.getOffset())
      return buffer.emitOpError() << "expects an offset after memory planning";
    if (!arena.getBytes())
      return arena.emitOpError() << "expects a size after memory planning";
    int64_t end = *buffer.getOffset() + bufferBytes(buffer, maxima);
    if (end > static_cast<int64_t>(*arena.getBytes()))
      return buffer.emitOpError()
             << "expects to end within the " << *arena.getBytes()
             << " bytes of its arena, got " << end;
    return success();
  }

  LogicalResult verifyDisjoint(plan::LaunchOp launch) {
    for (int64_t slot : launch.getWrites()) {
      auto written = launch.getArgs()[slot].getDefiningOp<plan::BufferOp>();
      for (Value arg : launch.getArgs()) {
        auto other = arg.getDefiningOp<plan::BufferOp>();
        if (other && other != written && shareBytes(written, other))
          return launch.emitOpError()
                 << "expects written slot " << slot
                 << " to share no byte with the other arguments";
      }
    }
    return success();
  }

  bool shareBytes(plan::BufferOp a, plan::BufferOp b) {
    return a.getArena() == b.getArena() &&
           *a.getOffset() < *b.getOffset() + bufferBytes(b, maxima) &&
           *b.getOffset() < *a.getOffset() + bufferBytes(a, maxima);
  }

  /// Of the entry that is being checked.
  llvm::StringMap<int64_t> maxima;
};

} // namespace

std::unique_ptr<Pass> ingot::passes::createVerifyPlannedPass() {
  return std::make_unique<VerifyPlanned>();
}
