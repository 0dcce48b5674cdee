//===- CpuDevice.cpp - the host's processors as a device ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/device/cpu/HostMemory.h"
#include "runtime/device/cpu/HostModule.h"
#include "runtime/device/cpu/ThreadPool.h"
#include "runtime/device/cpu/TileLoop.h"

#include <chrono>
#include <cstring>

namespace ingot {

namespace {

using Clock = std::chrono::steady_clock;

/// Keeps nothing: what a step needs is in it.
class CpuQueue : public DeviceQueue {
public:
  explicit CpuQueue(std::unique_ptr<ThreadPool> pool) : pool(std::move(pool)) {}

  Status run(const DeviceStep &step, const StepHooks &hooks) override {
    for (size_t i = 0; i < step.launches.size(); ++i) {
      const auto begin = hooks.timed ? Clock::now() : Clock::time_point();
      launch(step.launches[i]);
      if (hooks.timed)
        hooks.timed(
            i, std::chrono::duration<double>(Clock::now() - begin).count());
      if (!hooks.written)
        continue;
      if (Status status = hooks.written(i); !status.ok())
        return status;
    }
    return {};
  }

  Status run(const DeviceStep &step, const StepKey &, StepUse) override {
    return start(step);
  }

  bool keeps(const StepKey &) const override { return false; }
  Status run(const StepKey &, const std::string &name) override {
    return internalError(name + " was not kept");
  }
  KeptSteps kept() const override { return {}; }

  Status start(const DeviceStep &step) override {
    for (const DeviceLaunch &one : step.launches)
      launch(one);
    return {};
  }
  Status wait(const std::string &) override { return {}; }

  Status download(std::span<std::byte> to, const std::byte *from) override {
    std::memcpy(to.data(), from, to.size());
    return {};
  }

private:
  void launch(const DeviceLaunch &launch) {
    runTiles(*pool, reinterpret_cast<HostKernel>(launch.kernel->function),
             launch.args.data(), launch.grid);
  }

  std::unique_ptr<ThreadPool> pool;
};

/// Writes in place.
class CpuUploader : public DeviceUploader {
public:
  Status upload(std::span<const Upload> uploads) override {
    for (const Upload &upload : uploads)
      if (Status s = upload.write(0, {upload.to, upload.bytes}); !s.ok())
        return s;
    return {};
  }
};

class CpuDevice : public Device {
public:
  const DeviceInfo &info() const override { return facts; }
  bool isHost() const override { return true; }
  /// The system's memory is not the device's own: see MemoryCertificate.h.
  std::optional<uint64_t> availableBytes() const override { return {}; }

  Result<DeviceMemory> allocate(uint64_t bytes,
                                const std::string &what) override {
    Result<HostMemory> memory = HostMemory::allocate(bytes, what);
    if (!memory)
      return memory.status();
    auto owner = std::make_shared<HostMemory>(std::move(*memory));
    // Apart: arguments are evaluated in any order, and the last one moves.
    std::byte *begin = owner->data();
    uint64_t size = owner->size();
    return DeviceMemory(begin, size, std::move(owner));
  }

  Result<DeviceMemory> allocateStaging(uint64_t bytes,
                                       const std::string &what) override {
    return allocate(bytes, what);
  }

  Result<std::unique_ptr<DeviceUploader>> createUploader(int) override {
    return std::unique_ptr<DeviceUploader>(std::make_unique<CpuUploader>());
  }

  Result<DeviceCode> loadCode(std::span<const CodeImage> images,
                              std::span<const KernelRequest> kernels) override {
    DeviceCode code;
    std::vector<std::shared_ptr<HostModule>> modules;
    for (const CodeImage &image : images) {
      Result<HostModule> module = HostModule::load(image.bytes, image.name);
      if (!module)
        return module.status();
      modules.push_back(std::make_shared<HostModule>(std::move(*module)));
      code.modules.push_back(modules.back());
    }
    for (const KernelRequest &kernel : kernels) {
      Result<HostKernel> found = modules[kernel.image]->find(kernel.symbol);
      if (!found)
        return found.status();
      code.kernels.push_back({.function = reinterpret_cast<void *>(*found)});
    }
    return code;
  }

  Result<std::unique_ptr<DeviceQueue>>
  createQueue(const QueueOptions &options) override {
    Result<std::unique_ptr<ThreadPool>> pool =
        ThreadPool::create(options.threads);
    if (!pool)
      return pool.status();
    return std::unique_ptr<DeviceQueue>(
        std::make_unique<CpuQueue>(std::move(*pool)));
  }

private:
  DeviceInfo facts = {.name = "cpu"};
};

} // namespace

std::shared_ptr<Device> createCpuDevice() {
  return std::make_shared<CpuDevice>();
}

} // namespace ingot
