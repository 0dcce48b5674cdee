//===- GpuContext.h - one GPU, ready to be used -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CUDA_GPUCONTEXT_H
#define INGOT_DEVICE_CUDA_GPUCONTEXT_H

#include "runtime/device/Device.h"
#include "runtime/device/cuda/Driver.h"

namespace ingot::cuda {

/// Holds the primary context of a GPU. Immutable, so threads may share it; each
/// must enter it before it calls the driver.
class GpuContext {
public:
  /// Of GPU number `ordinal`, which must run code for `arch` ("sm_90a").
  /// InvalidInput if there is no such GPU, Incompatible if it is of another
  /// kind.
  static Result<std::shared_ptr<const GpuContext>>
  open(const std::string &library, int ordinal, std::string_view arch);
  ~GpuContext();
  GpuContext(const GpuContext &) = delete;
  GpuContext &operator=(const GpuContext &) = delete;

  const Api &api() const { return driver->api(); }
  const DeviceInfo &info() const { return facts; }
  /// Makes the context the calling thread's.
  Status enter() const;
  /// As Driver::check.
  Status check(Error error, const std::string &doing) const {
    return driver->check(error, doing);
  }
  std::string describe(Error error) const { return driver->describe(error); }

private:
  explicit GpuContext(std::shared_ptr<const Driver> driver)
      : driver(std::move(driver)) {}
  Status findDevice(int ordinal);
  Status checkArchitecture(std::string_view arch) const;
  Result<int> attribute(int number) const;
  Status retain();

  std::shared_ptr<const Driver> driver;
  DeviceInfo facts;
  DeviceId device = 0;
  Context context = nullptr;
};

inline DevicePointer toDevice(const std::byte *address) {
  return DevicePointer(reinterpret_cast<uintptr_t>(address));
}

} // namespace ingot::cuda

#endif // INGOT_DEVICE_CUDA_GPUCONTEXT_H
