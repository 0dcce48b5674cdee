//===- PackWeights.h - computes the packed weights of a plan ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Packing streams: one run of a launch reads one part of a weight (a checkpoint
// tensor), mapped or drawn for it alone and let go of afterwards. So a model
// whose weights are quantised at load needs the memory of what is packed and of
// one tensor beside it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_PACKWEIGHTS_H
#define INGOT_EXEC_PACKWEIGHTS_H

#include "runtime/device/cpu/ThreadPool.h"
#include "runtime/exec/ModelImpl.h"

namespace ingot {

/// Runs Plan.pack: `model` has its kernels and, unless `seed` says that they
/// are drawn, the places of all weights in files. Gives it the packed weights.
/// The same sources give the same bits, whatever the threads. OutOfMemory names
/// the bytes.
Status packWeights(Model::Impl &model, const std::optional<uint64_t> &seed,
                   ThreadPool &pool);

} // namespace ingot

#endif // INGOT_EXEC_PACKWEIGHTS_H
