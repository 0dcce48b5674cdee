//===- EntryProgram.h - an entry of the plan, ready to run ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Binding resolves an entry once: kernels to functions, arguments to addresses,
// all of them in one array. A step then writes the symbols' values into their
// slots and gives the launches to the device's queue.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_ENTRYPROGRAM_H
#define INGOT_EXEC_ENTRYPROGRAM_H

#include "runtime/device/Device.h"
#include "runtime/exec/IoMirror.h"
#include "runtime/exec/ModelImpl.h"

#include <cstdint>
#include <span>
#include <string>
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
  /// Null unless the entry chooses tokens.
  TokenDraw *draws = nullptr;
  const float *logits = nullptr;
  const float *hidden = nullptr;
  const int32_t *chosen = nullptr;
};

/// Borrows the model and the arenas. One thread at a time.
class EntryProgram {
public:
  /// Binds `entry` of `model` to memory: `arenas`, by index into Plan.arenas.
  /// Without `hiddenRows` nobody reads these outputs.
  EntryProgram(const Model::Impl &model, const fb::Entry &entry,
               std::span<const DeviceMemory> arenas, bool hiddenRows);

  /// Makes sure that there is memory behind the buffers.
  Status open();
  /// Where the host writes and reads; null before `open`.
  const EntryBuffers &buffers() const { return io; }
  /// The largest step that the entry takes.
  const StepSizes &limits() const { return most; }

  /// Runs all launches over inputs that are in place. With `chooses`, nobody
  /// reads the logits, else not what was chosen. `observer` and `timer` may be
  /// null.
  Status run(const StepSizes &sizes, bool chooses, DeviceQueue &queue,
             const Observer &observer, const LaunchTimer &timer);
  /// The logits of row `row` of the last step, which chose tokens.
  Result<std::span<const float>> fetchLogits(int64_t row, DeviceQueue &queue);

private:
  /// A slot of `args` that holds the value of a symbol.
  struct SymbolSlot {
    size_t arg;
    uint32_t symbol;
  };

  std::byte *addressOf(const fb::Buffer &buffer) const;
  uint64_t bindArg(const fb::Arg &arg);
  void bindLaunches();
  void findInputs();
  void findOutputs();
  void setSymbols(const StepSizes &sizes);
  /// Completes `step` for the values that the symbols have.
  void fillStep(bool chooses);
  const fb::Buffer &outputNamed(std::string_view name) const;
  std::string nameStep() const;
  /// Shows the observer what launch `index` has written.
  Status show(size_t index, DeviceQueue &queue, const Observer &observer);

  const Model::Impl &model;
  const fb::Plan &plan;
  const fb::Entry &entry;
  std::span<const DeviceMemory> arenas;
  bool hiddenRows;
  StepUse use = StepUse::MayRecur;
  StepSizes most;
  IoMirror mirror;
  EntryBuffers io;
  DeviceStep step;
  std::vector<uint64_t> args;
  std::vector<SymbolSlot> symbolSlots;
  /// By index into Plan.symbols: the member of StepSizes, and its value now.
  std::vector<int64_t StepSizes::*> symbolSources;
  std::vector<int64_t> symbolValues;
  /// What an observer is shown, where it cannot look into the device's memory.
  std::vector<std::byte> shown;
};

} // namespace ingot

#endif // INGOT_EXEC_ENTRYPROGRAM_H
