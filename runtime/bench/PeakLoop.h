//===- PeakLoop.h - how fast the machine multiplies -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The yardstick of products with many rows: the same threads do as many float32
// multiply-adds as they can, and touch no memory.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_BENCH_PEAKLOOP_H
#define INGOT_BENCH_PEAKLOOP_H

#include "runtime/device/cpu/ThreadPool.h"

namespace ingot {

/// Operations a second of all threads of `pool` together, a multiply-add being
/// two: the best of some runs. Takes about a tenth of a second.
double measurePeakFlops(ThreadPool &pool);

} // namespace ingot

#endif // INGOT_BENCH_PEAKLOOP_H
