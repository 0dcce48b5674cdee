//===- EntryProgram.h - an entry of the plan, ready to run ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binding resolves an entry once: kernels to addresses, arguments to pointers,
// all of them in one array. A step then writes the symbols' values into their
// slots and calls the kernels in order; it neither allocates nor looks up.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_ENTRYPROGRAM_H
#define INGOT_EXEC_ENTRYPROGRAM_H

#include "runtime/device/cpu/HostMemory.h"
#include "runtime/device/cpu/ThreadPool.h"
#include "runtime/exec/ModelImpl.h"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace ingot {

/// What a step is about: tokens, sequences, rows whose logits are wanted.
struct StepSizes {
  int64_t tokens = 0, sequences = 0, logitRows = 0;
};

/// Where an entry reads and writes; shapes as in plan.fbs (Entry).
struct EntryBuffers {
  int32_t *tokens = nullptr;
  int32_t *positions = nullptr;
  int32_t *sequence = nullptr;
  int32_t *slot = nullptr;
  int32_t *queryEnd = nullptr;
  int32_t *pages = nullptr;
  int32_t *logitRow = nullptr;
  /// Null unless the entry takes hidden rows.
  float *hiddenIn = nullptr;
  const float *logits = nullptr;
  const float *hidden = nullptr;
};

/// Borrows the model and the arenas. One thread at a time.
class EntryProgram {
public:
  /// Binds `entry` of `model` to memory: `arenas`, by index into Plan.arenas.
  EntryProgram(const Model::Impl &model, const fb::Entry &entry,
               std::span<const HostMemory> arenas);

  const EntryBuffers &buffers() const { return io; }
  /// The largest step that the entry takes.
  const StepSizes &limits() const { return most; }

  /// Runs all launches over inputs that are in place. `observer` and `timer`
  /// may be null.
  void run(const StepSizes &sizes, ThreadPool &pool, const Observer &observer,
           const LaunchTimer &timer);

private:
  struct Launch {
    HostKernel kernel;
    std::array<fb::Expr, 3> grid;
    /// Where its arguments begin in `args`.
    size_t firstArg;
  };

  /// A slot of `args` that holds the value of a symbol.
  struct SymbolSlot {
    size_t arg;
    uint32_t symbol;
  };

  std::byte *addressOf(const fb::Buffer &buffer) const;
  void bindLaunch(const Model::Impl &model, const fb::Launch &launch);
  uint64_t bindArg(const Model::Impl &model, const fb::Arg &arg);
  void bindInputs();
  void bindOutputs();
  void setSymbols(const StepSizes &sizes);
  /// Shows the observer what launch `index` has written.
  void show(size_t index, const Observer &observer) const;

  const fb::Plan &plan;
  const fb::Entry &entry;
  std::span<const HostMemory> arenas;
  StepSizes most;
  EntryBuffers io;
  std::vector<Launch> launches;
  std::vector<uint64_t> args;
  std::vector<SymbolSlot> symbolSlots;
  /// By index into Plan.symbols: the member of StepSizes, and its value now.
  std::vector<int64_t StepSizes::*> symbolSources;
  std::vector<int64_t> symbolValues;
};

} // namespace ingot

#endif // INGOT_EXEC_ENTRYPROGRAM_H
