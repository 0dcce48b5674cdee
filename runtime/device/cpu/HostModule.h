//===- HostModule.h - machine code from memory ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan carries its kernels as the image of a shared object. It is opened
// through an anonymous file in memory: nothing is written to a disk, and
// nothing is left behind.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CPU_HOSTMODULE_H
#define INGOT_DEVICE_CPU_HOSTMODULE_H

#include "ingot/Status.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ingot {

/// A kernel of the host: computes one tile. `args` are pointers or i64 values,
/// eight bytes each; `tile` is {x, y, z}.
using HostKernel = void (*)(const uint64_t *args, const int64_t *tile);

/// Owns the loaded image; its kernels may be called while it lives. Move-only.
/// Immutable, so threads may share it.
class HostModule {
public:
  /// Loads the shared object `image`; `name` stands for it in messages.
  /// InvalidPlan if the linker refuses it, Device if the system has no file for
  /// it.
  static Result<HostModule> load(std::span<const std::byte> image,
                                 const std::string &name);

  HostModule(HostModule &&other) noexcept;
  HostModule &operator=(HostModule &&other) noexcept;
  ~HostModule();

  /// The function that the image exports as `symbol`; InvalidPlan if there is
  /// none.
  Result<HostKernel> find(const std::string &symbol) const;

private:
  HostModule(int fd, std::string name) : fd(fd), name(std::move(name)) {}

  /// The image's file stays open while it is loaded: the linker knows objects
  /// by their path, and would take a second module for the first if the number
  /// came again.
  int fd = -1;
  void *handle = nullptr;
  std::string name;
};

} // namespace ingot

#endif // INGOT_DEVICE_CPU_HOSTMODULE_H
