//===- GpuContext.cpp - one GPU, ready to be used -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/GpuContext.h"
#include "runtime/device/Stopwatch.h"
#include "runtime/storage/Messages.h"

namespace ingot::cuda {

namespace {

/// A compute capability: 9.0 is {9, 0}.
struct Capability {
  int major = 0, minor = 0;

  std::string spell() const {
    return std::to_string(major) + "." + std::to_string(minor);
  }
};

/// What code for `arch`, "sm_" and a number, runs on; verification has seen
/// that it is spelled like this.
Capability capabilityOf(std::string_view arch) {
  int number = 0;
  for (char c : arch)
    if (c >= '0' && c <= '9')
      number = 10 * number + (c - '0');
  return {number / 10, number % 10};
}

} // namespace

Result<std::shared_ptr<const GpuContext>>
GpuContext::open(const std::string &library, int ordinal,
                 std::string_view arch) {
  const Stopwatch starting;
  Result<std::shared_ptr<const Driver>> driver = Driver::open(library);
  if (!driver)
    return driver.status();
  std::shared_ptr<GpuContext> gpu(new GpuContext(std::move(*driver)));
  if (Status status = gpu->findDevice(ordinal); !status.ok())
    return status;
  if (Status status = gpu->checkArchitecture(arch); !status.ok())
    return status;
  gpu->facts.driverSeconds = starting.seconds();
  const Stopwatch entering;
  if (Status status = gpu->retain(); !status.ok())
    return status;
  gpu->facts.contextSeconds = entering.seconds();
  return std::shared_ptr<const GpuContext>(std::move(gpu));
}

GpuContext::~GpuContext() {
  if (context)
    api().cuDevicePrimaryCtxRelease(device);
}

Status GpuContext::findDevice(int ordinal) {
  int count = 0;
  if (Status s = check(api().cuDeviceGetCount(&count), "cuDeviceGetCount");
      !s.ok())
    return s;
  if (ordinal < 0 || ordinal >= count)
    return invalidInput("expects a device of 0 to " +
                        std::to_string(count - 1) + ", got " +
                        std::to_string(ordinal));
  if (Status s = check(api().cuDeviceGet(&device, ordinal), "cuDeviceGet");
      !s.ok())
    return s;
  char name[256] = {};
  if (Status s = check(api().cuDeviceGetName(name, sizeof(name) - 1, device),
                       "cuDeviceGetName");
      !s.ok())
    return s;
  facts.name = "GPU " + std::to_string(ordinal) + " (" + name + ")";
  Result<int> multiprocessors = attribute(kMultiprocessorCount);
  if (!multiprocessors)
    return multiprocessors.status();
  facts.multiprocessors = *multiprocessors;
  return {};
}

Result<int> GpuContext::attribute(int number) const {
  int value = 0;
  if (Status s = check(api().cuDeviceGetAttribute(&value, number, device),
                       "cuDeviceGetAttribute");
      !s.ok())
    return s;
  return value;
}

Status GpuContext::checkArchitecture(std::string_view arch) const {
  Result<int> major = attribute(kCapabilityMajor);
  if (!major)
    return major.status();
  Result<int> minor = attribute(kCapabilityMinor);
  if (!minor)
    return minor.status();
  const Capability has{*major, *minor}, needs = capabilityOf(arch);
  // A letter stands for what this very capability has and others lack; without
  // one, code runs on later ones of the same major number too.
  const bool exact = arch.ends_with('a');
  if (has.major == needs.major &&
      (exact ? has.minor == needs.minor : has.minor >= needs.minor))
    return {};
  return incompatible(facts.name + " expects code for compute capability " +
                      has.spell() + ", got " + storage::quote(arch) +
                      ", which needs " + needs.spell());
}

Status GpuContext::retain() {
  if (Status s = check(api().cuDevicePrimaryCtxRetain(&context, device),
                       facts.name + " gives no context");
      !s.ok()) {
    context = nullptr;
    return s;
  }
  return enter();
}

Status GpuContext::enter() const {
  return check(api().cuCtxSetCurrent(context), "cuCtxSetCurrent");
}

} // namespace ingot::cuda
