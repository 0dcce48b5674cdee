//===- Yardstick.cpp - how fast memory is, beside a model -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/Yardstick.h"
#include "runtime/bench/GpuReadLoop.h"

namespace ingot {

namespace {

/// Reads with the processors of the host.
class HostYardstick : public Yardstick {
public:
  explicit HostYardstick(ReadLoop loop) : loop(std::move(loop)) {}

  bool anonymous() const override { return loop.anonymous(); }
  uint64_t bytes() const override { return loop.bytes(); }
  Result<double> readOn() override { return loop.readOn(); }

private:
  ReadLoop loop;
};

/// The weights that steps read.
MemoryParts listWeights(const Model::Impl &model) {
  MemoryParts parts;
  for (uint32_t i = 0; i < model.weights.size(); ++i)
    for (uint32_t j = 0; model.read[i] && j < model.weights[i].size(); ++j)
      parts.push_back(
          {model.weights[i][j],
           model.plan().weights()->Get(i)->views()->Get(j)->size()});
  return parts;
}

} // namespace

Result<std::unique_ptr<Yardstick>> createYardstick(const Model::Impl &model,
                                                   ThreadPool &pool) {
  if (!model.device->isHost())
    return GpuReadLoop::create(*model.device, model.placed.data(),
                               model.placed.size());
  Result<ReadLoop> loop = ReadLoop::create(listWeights(model), pool);
  if (!loop)
    return loop.status();
  return std::unique_ptr<Yardstick>(
      std::make_unique<HostYardstick>(std::move(*loop)));
}

} // namespace ingot
