//===- Device.h - where kernels run -----------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the executor asks of a machine: memory, machine code, and queues that
// run steps. The host's processors (cpu/) work in the host's memory at once; a
// GPU (cuda/) has memory of its own, and what goes there and back is copied.
//
//   DeviceStep step;       // launches in order, and what to copy around them
//   Status status = queue->run(step, {});
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_DEVICE_H
#define INGOT_DEVICE_DEVICE_H

#include "ingot/Options.h"
#include "ingot/Status.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ingot {

/// Owns a range of memory, which does not move with the object. Move-only.
class DeviceMemory {
public:
  DeviceMemory() = default;
  /// Whoever drops `owner` last frees the memory.
  DeviceMemory(std::byte *begin, uint64_t size, std::shared_ptr<void> owner)
      : begin(begin), length(size), owner(std::move(owner)) {}
  DeviceMemory(DeviceMemory &&) noexcept = default;
  DeviceMemory &operator=(DeviceMemory &&) noexcept = default;

  /// As kernels see it. The host may follow it only where Device::isHost.
  std::byte *data() const { return begin; }
  uint64_t size() const { return length; }

private:
  std::byte *begin = nullptr;
  uint64_t length = 0;
  std::shared_ptr<void> owner;
};

/// A blob of machine code; borrowed. `name` stands for it in messages.
struct CodeImage {
  std::span<const std::byte> bytes;
  std::string name;
};

/// A function to be found in loaded code.
struct KernelRequest {
  /// Index of its image.
  size_t image = 0;
  std::string symbol;
  /// On a GPU: threads of a block, bytes of shared memory that a launch asks
  /// for, and whether it may start before the launch before it has ended.
  uint32_t block = 1, sharedBytes = 0;
  bool startsEarly = false;
  /// Arguments that launches pass, where there are any launches.
  std::optional<size_t> arguments = {};
};

/// A function that can be launched: HostKernel or CUfunction, with what a
/// launch needs beside it.
struct DeviceKernel {
  void *function = nullptr;
  uint32_t block = 1, sharedBytes = 0;
  bool startsEarly = false;
};

/// Loaded code; its kernels can be launched while it lives. Move-only.
struct DeviceCode {
  /// In the order in which they were asked for.
  std::vector<DeviceKernel> kernels;
  std::vector<std::shared_ptr<void>> modules;
};

/// A kernel over a grid of tiles; borrows the arguments, eight bytes each.
struct DeviceLaunch {
  const DeviceKernel *kernel = nullptr;
  /// Nothing runs if one is 0.
  std::array<uint32_t, 3> grid = {};
  std::span<const uint64_t> args;
  /// Of the launch and of the kernel, for messages.
  std::string_view name, kernelName;
};

/// Bytes that change sides. `host` is memory of Device::allocateStaging.
struct DeviceCopy {
  std::byte *device = nullptr;
  std::byte *host = nullptr;
  uint64_t bytes = 0;
};

/// What a queue does at a time: copies to the device, launches in order, copies
/// to the host.
struct DeviceStep {
  /// For messages: "entry 'decode' of 1 tokens".
  std::string name;
  std::vector<DeviceCopy> inputs;
  std::vector<DeviceLaunch> launches;
  std::vector<DeviceCopy> outputs;
};

/// What a step is known by: steps with equal keys consist of the same.
using StepKey = std::array<uint64_t, 4>;

/// Whether a step comes again: surely, or who knows.
enum class StepUse { Recurs, MayRecur };

/// Looks into a step; what is null is left out.
struct StepHooks {
  /// Told the seconds of each launch, in order.
  std::function<void(size_t launch, double seconds)> timed = {};
  /// Called after each launch and before the next, whose results can then be
  /// downloaded. The step ends with a failure that it returns.
  std::function<Status(size_t launch)> written = {};
};

/// Runs steps one after the other. One thread at a time; must not outlive what
/// its steps refer to.
class DeviceQueue {
public:
  virtual ~DeviceQueue() = default;

  /// Runs `step` and returns when all of it is done.
  virtual Status run(const DeviceStep &step, const StepHooks &hooks) = 0;
  /// The same, and may keep what makes the next step of the same `key` cheaper.
  virtual Status run(const DeviceStep &step, const StepKey &key,
                     StepUse use) = 0;
  /// Whether the step of `key` has been kept: run(key) then runs it again.
  virtual bool keeps(const StepKey &key) const = 0;
  virtual Status run(const StepKey &key, const std::string &name) = 0;
  /// All that were ever kept.
  virtual KeptSteps kept() const = 0;

  /// Runs `step` and need not wait for its end. Only `wait` may come next, or
  /// another `start`, whose step begins where this one has ended.
  virtual Status start(const DeviceStep &step) = 0;
  virtual Status wait(const std::string &name) = 0;
  /// Copies what earlier steps have computed.
  virtual Status download(std::span<std::byte> to, const std::byte *from) = 0;
};

/// How a queue runs.
struct QueueOptions {
  /// Of the host, where its processors run the kernels; 0: one for each.
  int threads = 0;
  /// Waits for each launch, so that a failure names the one it came from.
  bool checkLaunches = false;
};

/// Bytes that go to a device, made by the host piece by piece.
struct Upload {
  std::byte *to = nullptr;
  uint64_t bytes = 0;
  /// Writes bytes [offset, offset + out.size()); called by several threads at a
  /// time, for offsets that are multiples of 64.
  std::function<Status(uint64_t offset, std::span<std::byte> out)> write;
};

/// Fills memory of a device. One thread at a time; keeps the threads and the
/// memory that it works with from one call to the next.
class DeviceUploader {
public:
  virtual ~DeviceUploader() = default;

  /// Returns when all is where it belongs, or with the first failure.
  virtual Status upload(std::span<const Upload> uploads) = 0;
};

/// What is known of a device, and what starting it took.
struct DeviceInfo {
  /// "cpu", "GPU 0 (NVIDIA H100 80GB HBM3)".
  std::string name;
  /// Multiprocessors of a GPU.
  int multiprocessors = 0;
  /// Seconds for the driver to start, and for a context on the device.
  double driverSeconds = 0, contextSeconds = 0;
};

/// A device; any number of threads may use it. What it gives away may outlive
/// it.
class Device {
public:
  virtual ~Device() = default;

  virtual const DeviceInfo &info() const = 0;
  /// Whether kernels work in the host's own memory: nothing is copied then.
  virtual bool isHost() const = 0;
  /// Memory that is free now; none where nobody can say.
  virtual std::optional<uint64_t> availableBytes() const = 0;

  /// `bytes` zeroed bytes, aligned to 256; `what` names them in messages.
  virtual Result<DeviceMemory> allocate(uint64_t bytes,
                                        const std::string &what) = 0;
  /// Memory of the host that copies start from and end in.
  virtual Result<DeviceMemory> allocateStaging(uint64_t bytes,
                                               const std::string &what) = 0;
  /// Works with `threads` threads of the host at most; 0: one for each of its
  /// processors.
  virtual Result<std::unique_ptr<DeviceUploader>>
  createUploader(int threads) = 0;
  /// InvalidPlan if an image is no code or lacks a function.
  virtual Result<DeviceCode>
  loadCode(std::span<const CodeImage> images,
           std::span<const KernelRequest> kernels) = 0;
  virtual Result<std::unique_ptr<DeviceQueue>>
  createQueue(const QueueOptions &options) = 0;
};

} // namespace ingot

#endif // INGOT_DEVICE_DEVICE_H
