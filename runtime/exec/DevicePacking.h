//===- DevicePacking.h - packs weights on a device --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is only there to be packed passes through memory of the device for some
// parts at a time. While the device packs some, the next are on their way.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_DEVICEPACKING_H
#define INGOT_EXEC_DEVICEPACKING_H

#include "runtime/exec/ModelImpl.h"

namespace ingot {

/// Runs Plan.pack on the device of `model`, which is not the host. All weights
/// that are read or packed have their places in Model::Impl::weights, and those
/// that are not packed are there.
Status packOnDevice(Model::Impl &model, DeviceUploader &uploader);

} // namespace ingot

#endif // INGOT_EXEC_DEVICEPACKING_H
