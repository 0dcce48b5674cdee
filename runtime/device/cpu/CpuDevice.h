//===- CpuDevice.h - the host's processors as a device ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CPU_CPUDEVICE_H
#define INGOT_DEVICE_CPU_CPUDEVICE_H

#include "runtime/device/Device.h"

namespace ingot {

/// Kernels are functions of shared objects, tiles are run by a pool of threads,
/// and memory is the host's.
std::shared_ptr<Device> createCpuDevice();

} // namespace ingot

#endif // INGOT_DEVICE_CPU_CPUDEVICE_H
