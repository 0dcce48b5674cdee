//===- Yardstick.h - how fast memory is, beside a model ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_BENCH_YARDSTICK_H
#define INGOT_BENCH_YARDSTICK_H

#include "runtime/bench/ReadLoop.h"
#include "runtime/exec/ModelImpl.h"

#include <memory>

namespace ingot {

/// What decoding is compared with: something that only reads, where the weights
/// of a model are read from. One thread at a time.
class Yardstick {
public:
  virtual ~Yardstick() = default;

  /// Whether memory of its own is read, since the weights may sit in caches.
  virtual bool anonymous() const = 0;
  /// Bytes after which it begins again.
  virtual uint64_t bytes() const = 0;
  /// Reads the next piece. Returns bytes a second.
  virtual Result<double> readOn() = 0;
};

/// That of the device that `model` is on; on the host with the threads of
/// `pool`.
Result<std::unique_ptr<Yardstick>> createYardstick(const Model::Impl &model,
                                                   ThreadPool &pool);

} // namespace ingot

#endif // INGOT_BENCH_YARDSTICK_H
