//===- Driver.h - finds the CUDA driver -------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CUDA_DRIVER_H
#define INGOT_DEVICE_CUDA_DRIVER_H

#include "ingot/Status.h"
#include "runtime/device/cuda/DriverApi.h"

#include <memory>
#include <string>

namespace ingot::cuda {

/// The driver's library, open for as long as the object lives. Immutable, so
/// threads may share it.
class Driver {
public:
  /// Opens `library` as the dynamic linker finds it ("libcuda.so.1"), and
  /// starts the driver. Incompatible if there is none, it is older than
  /// kNeededVersion, or it finds no GPU.
  static Result<std::shared_ptr<const Driver>> open(const std::string &library);
  ~Driver();
  Driver(const Driver &) = delete;
  Driver &operator=(const Driver &) = delete;

  /// The driver of CUDA 13.0, whose compiler makes the cubins.
  static constexpr int kNeededVersion = 13000;

  const Api &api() const { return functions; }

  /// Ok, or what `doing` failed with: OutOfMemory, else Device.
  Status check(Error error, const std::string &doing) const;
  /// "CUDA_ERROR_ILLEGAL_ADDRESS (an illegal memory access was encountered)".
  std::string describe(Error error) const;

private:
  explicit Driver(void *library) : library(library) {}
  Status findFunctions(const std::string &name);
  Status start() const;

  void *library;
  Api functions;
};

} // namespace ingot::cuda

#endif // INGOT_DEVICE_CUDA_DRIVER_H
