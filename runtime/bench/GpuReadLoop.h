//===- GpuReadLoop.h - how fast a GPU's memory can be read ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_BENCH_GPUREADLOOP_H
#define INGOT_BENCH_GPUREADLOOP_H

#include "runtime/bench/Yardstick.h"
#include "runtime/device/Device.h"

namespace ingot {

/// A kernel of its own that only reads a range of a GPU's memory, which the GPU
/// times. Its code is assembly text that the driver translates.
class GpuReadLoop : public Yardstick {
public:
  /// Over `bytes` at `begin`, or memory of its own in their place if they are
  /// fewer than kMinReadBytes. The errors of `device`.
  static Result<std::unique_ptr<Yardstick>>
  create(Device &device, const std::byte *begin, uint64_t bytes);

  bool anonymous() const override { return memory.data() != nullptr; }
  uint64_t bytes() const override { return size; }
  Result<double> readOn() override;

private:
  GpuReadLoop() = default;

  DeviceMemory memory, sink;
  const std::byte *begin = nullptr;
  uint64_t size = 0;
  uint32_t blocks = 0;
  /// Where the next piece begins.
  uint64_t next = 0;
  DeviceCode code;
  std::unique_ptr<DeviceQueue> queue;
};

} // namespace ingot

#endif // INGOT_BENCH_GPUREADLOOP_H
