//===- HostMemory.h - memory that kernels work in ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pages straight from the operating system: zeroed, aligned to 4096 bytes, and
// resident only once touched, so an arena sized for the longest context costs
// what is used of it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CPU_HOSTMEMORY_H
#define INGOT_DEVICE_CPU_HOSTMEMORY_H

#include "ingot/Status.h"

#include <cstddef>
#include <cstdint>

namespace ingot {

/// Owns the memory, which does not move with the object. Move-only.
class HostMemory {
public:
  /// `bytes` zeroed bytes; `what` names them in messages. OutOfMemory if the
  /// system has not that many.
  static Result<HostMemory> allocate(uint64_t bytes, const std::string &what);

  HostMemory(HostMemory &&other) noexcept;
  HostMemory &operator=(HostMemory &&other) noexcept;
  ~HostMemory();

  std::byte *data() const { return begin; }
  uint64_t size() const { return length; }

private:
  HostMemory(std::byte *begin, uint64_t length)
      : begin(begin), length(length) {}

  std::byte *begin = nullptr;
  uint64_t length = 0;
};

} // namespace ingot

#endif // INGOT_DEVICE_CPU_HOSTMEMORY_H
