//===- CudaDevice.h - a GPU as a device -------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CUDA_CUDADEVICE_H
#define INGOT_DEVICE_CUDA_CUDADEVICE_H

#include "runtime/device/Device.h"

namespace ingot {

/// Which GPU, and how to reach it.
struct CudaOptions {
  /// The driver, as the dynamic linker finds it.
  std::string driver = "libcuda.so.1";
  int ordinal = 0;
  /// What code there is: "sm_90a".
  std::string arch;
};

/// A GPU by the CUDA driver, which is opened at run time: nothing of CUDA is
/// needed to build this. Incompatible, with the reason, if there is no driver,
/// it is too old, or there is no GPU that runs code for the architecture.
Result<std::shared_ptr<Device>> openCudaDevice(const CudaOptions &options);

} // namespace ingot

#endif // INGOT_DEVICE_CUDA_CUDADEVICE_H
