//===- DeviceWeights.h - weights in the memory of a device ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What entries read, and what Plan.pack computes, lies in one allocation of the
// device; files are read, and values drawn, straight into it. What is only
// there to be packed passes through memory for some parts at a time.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_DEVICEWEIGHTS_H
#define INGOT_EXEC_DEVICEWEIGHTS_H

#include "runtime/exec/ModelImpl.h"

namespace ingot {

/// Puts the weights of `model` into the memory of its device, which is not the
/// host, with `threads` threads at most: those that lie in its files or are
/// drawn, and those that its code packs. Lets go of the files. The same sources
/// give the same bytes as on the host, before they are packed.
Status placeWeights(Model::Impl &model, int threads);

} // namespace ingot

#endif // INGOT_EXEC_DEVICEWEIGHTS_H
