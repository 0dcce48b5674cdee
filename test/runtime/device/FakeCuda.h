//===- FakeCuda.h - a CUDA driver that is none ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A shared object with the functions that DriverApi.h declares. Its GPU has
// memory of the host's, which nobody can touch outside of the driver's calls
// (unless it is large), and its cubins are shared objects of host kernels: so
// plans really run on it. A stream does what is on it when somebody waits for
// it, as late as a GPU may.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_DEVICE_FAKECUDA_H
#define INGOT_TEST_DEVICE_FAKECUDA_H

#include "runtime/device/cuda/DriverApi.h"

#include <dlfcn.h>
#include <map>
#include <string>
#include <vector>

namespace ingot::test {

/// A launch that has run.
struct FakeLaunch {
  std::string symbol;
  unsigned gridX, gridY, gridZ, block, sharedBytes;
  bool startsEarly;
};

struct FakeCuda {
  int version = 13000, gpus = 1, major = 9, minor = 0;
  size_t memory = size_t(1) << 30;
  /// What a function answers instead of doing anything, by its name: from the
  /// call on that has the number.
  struct Failure {
    cuda::Error error;
    int fromCall = 0;
  };
  std::map<std::string, Failure> failures;
  /// Functions that the driver does not have.
  std::map<std::string, bool> missing;
  /// What launches of a symbol end with, once the stream is waited for.
  std::map<std::string, cuda::Error> faults;

  std::map<std::string, int> calls;
  std::vector<FakeLaunch> launches;
  size_t allocated = 0;
  int openHandles = 0;
};

/// The state of the fake driver at `library`, from now on as a new one.
inline FakeCuda &resetFakeCuda(const char *library) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  auto get = reinterpret_cast<FakeCuda *(*)()>(dlsym(handle, "fakeCuda"));
  FakeCuda &fake = *get();
  fake = FakeCuda();
  return fake;
}

} // namespace ingot::test

#endif // INGOT_TEST_DEVICE_FAKECUDA_H
