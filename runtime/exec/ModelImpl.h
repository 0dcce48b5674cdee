//===- ModelImpl.h - what a loaded model consists of ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to the runtime. Everything a session needs to bind its launches, all
// of it immutable once Model::load has returned.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_MODELIMPL_H
#define INGOT_EXEC_MODELIMPL_H

#include "ingot/Runtime.h"
#include "runtime/device/Device.h"
#include "runtime/exec/RandomWeights.h"
#include "runtime/plan/PlanFile.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/text/ChatTemplate.h"
#include "runtime/text/Tokenizer.h"

#include <optional>
#include <vector>

namespace ingot {

struct Model::Impl {
  Impl(PlanFile file, text::Tokenizer tokenizer)
      : file(std::move(file)), tokenizer(std::move(tokenizer)) {}

  const fb::Plan &plan() const { return file.plan(); }

  PlanFile file;
  ModelInfo info;

  text::Tokenizer tokenizer;
  std::optional<text::ChatTemplate> chatTemplate;
  text::GenerationDefaults generation;
  std::string bosToken, eosToken;

  std::shared_ptr<Device> device;
  LoadTimes times;
  /// Its kernels are those of Plan.kernels.
  DeviceCode code;

  std::vector<storage::MappedFile> weightFiles;
  /// Of weights that are drawn instead of read.
  std::optional<uint64_t> seed;
  /// On the host: stands in for all files if weights are drawn.
  std::optional<WeightMemory> drawn;
  /// On the host: what Plan.pack computed.
  std::optional<WeightMemory> packed;
  /// On a GPU: all weights that entries read, and the tables of stacked ones.
  DeviceMemory placed, placedTables;
  /// By index into Plan.weights: where each view begins in the device's memory.
  /// Empty for a weight that is only there to be packed, and not mapped.
  std::vector<std::vector<const std::byte *>> weights;
  /// By index into Plan.weights: the same as a table in the device's memory,
  /// for kernels that take one.
  std::vector<const std::byte *> tables;
  /// The weights that entries read; the others are for packing alone.
  WeightSet read;
};

} // namespace ingot

#endif // INGOT_EXEC_MODELIMPL_H
