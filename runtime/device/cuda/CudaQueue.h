//===- CudaQueue.h - steps on a stream of a GPU -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A step that comes again is replayed: its copies and launches are recorded as
// a CUDA graph, at once if it is known to recur, else when it comes the second
// time: most sizes of prompts never do, and a step of a prompt, whose launches
// the GPU cannot keep up with, would only wait for its graph. The graph holds
// sizes and arguments as they are, so there is one for each key, and the least
// recently used goes where there are too many.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CUDA_CUDAQUEUE_H
#define INGOT_DEVICE_CUDA_CUDAQUEUE_H

#include "runtime/device/cuda/GpuContext.h"

#include <set>

namespace ingot::cuda {

/// Most graphs that a queue keeps, and keys that it remembers to have seen.
inline constexpr size_t kMaxGraphs = 32, kMaxSeenKeys = 4096;

class CudaQueue : public DeviceQueue {
public:
  /// With `checkLaunches` every launch is waited for.
  static Result<std::unique_ptr<DeviceQueue>>
  create(std::shared_ptr<const GpuContext> context, bool checkLaunches);
  ~CudaQueue() override;

  Status run(const DeviceStep &step, const StepHooks &hooks) override;
  Status run(const DeviceStep &step, const StepKey &key, StepUse use) override;
  bool keeps(const StepKey &key) const override;
  Status run(const StepKey &key, const std::string &name) override;
  KeptSteps kept() const override { return everKept; }
  Status start(const DeviceStep &step) override;
  Status wait(const std::string &name) override;
  Status download(std::span<std::byte> to, const std::byte *from) override;

private:
  struct KeptGraph {
    StepKey key;
    GraphExec exec;
    uint64_t lastUse;
  };

  CudaQueue(std::shared_ptr<const GpuContext> context, bool checkLaunches)
      : context(std::move(context)), checkLaunches(checkLaunches) {}

  const Api &api() const { return context->api(); }
  Status copyIn(const DeviceStep &step);
  Status copyOut(const DeviceStep &step);
  /// `mayOverlap`: with the launch before, where the kernel allows it.
  Status launch(const DeviceStep &step, size_t index, bool mayOverlap);
  /// All of a step; `between` is called before the first launch and after each.
  template <typename Between>
  Status enqueue(const DeviceStep &step, bool mayOverlap, Between between);
  Status runOneByOne(const DeviceStep &step, const StepHooks &hooks);
  Status runTimed(const DeviceStep &step, const StepHooks &hooks);
  /// Records what `enqueueAll` puts on the stream.
  template <typename EnqueueAll>
  Result<GraphExec> record(const std::string &name, EnqueueAll enqueueAll);
  void keep(const StepKey &key, GraphExec exec);
  Status replay(GraphExec exec, const std::string &name);
  /// Waits until the stream is empty.
  Status finish(const std::string &name);

  std::shared_ptr<const GpuContext> context;
  Stream stream = nullptr;
  bool checkLaunches;
  std::vector<KeptGraph> graphs;
  std::set<StepKey> seen;
  uint64_t uses = 0;
  KeptSteps everKept;
};

} // namespace ingot::cuda

#endif // INGOT_DEVICE_CUDA_CUDAQUEUE_H
