//===- HostMemory.cpp - memory that kernels work in -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cpu/HostMemory.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <sys/mman.h>

namespace ingot {

Result<HostMemory> HostMemory::allocate(uint64_t bytes,
                                        const std::string &what) {
  // The system refuses to map nothing.
  uint64_t mapped = bytes ? bytes : 1;
  void *begin = mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED)
    return outOfMemory("cannot allocate " + std::to_string(bytes) +
                       " bytes for " + what + ": " +
                       std::generic_category().message(errno));
  return HostMemory(static_cast<std::byte *>(begin), mapped);
}

HostMemory::HostMemory(HostMemory &&other) noexcept
    : begin(std::exchange(other.begin, nullptr)),
      length(std::exchange(other.length, 0)) {}

HostMemory &HostMemory::operator=(HostMemory &&other) noexcept {
  std::swap(begin, other.begin);
  std::swap(length, other.length);
  return *this;
}

HostMemory::~HostMemory() {
  if (begin)
    munmap(begin, length);
}

} // namespace ingot
