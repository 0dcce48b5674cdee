//===- Driver.cpp - finds the CUDA driver ---------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/Driver.h"
#include "runtime/storage/Messages.h"

#include <dlfcn.h>

namespace ingot::cuda {

namespace {

/// What a machine must have, for whoever lacks it.
constexpr const char *kNeeds =
    "; the artifact needs an NVIDIA GPU and its driver, of CUDA 13.0 or later";

/// 12040 is "12.4".
std::string spellVersion(int version) {
  return std::to_string(version / 1000) + "." +
         std::to_string(version % 1000 / 10);
}

} // namespace

Result<std::shared_ptr<const Driver>> Driver::open(const std::string &library) {
  // Its threads must not lose their code: it stays when the last user is gone.
  void *opened = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!opened)
    return incompatible("no CUDA driver: " + storage::escape(dlerror()) +
                        kNeeds);
  std::shared_ptr<Driver> driver(new Driver(opened));
  if (Status status = driver->findFunctions(library); !status.ok())
    return status;
  if (Status status = driver->start(); !status.ok())
    return status;
  return std::shared_ptr<const Driver>(std::move(driver));
}

Driver::~Driver() { dlclose(library); }

Status Driver::findFunctions(const std::string &name) {
  auto find =
      reinterpret_cast<GetProcAddress>(dlsym(library, "cuGetProcAddress_v2"));
  if (!find)
    return incompatible("CUDA driver " + storage::quote(name) +
                        " is older than CUDA 12" + kNeeds);
  const char *missing = nullptr;
  auto fill = [&](const char *symbol, auto &function) {
    void *found = nullptr;
    int state = 0;
    if (find(symbol, &found, kApiVersion, 0, &state) != kSuccess || !found)
      missing = symbol;
    function =
        reinterpret_cast<std::remove_reference_t<decltype(function)>>(found);
  };
#define INGOT_CUDA_FILL(symbol, parameters) fill(#symbol, functions.symbol);
  INGOT_CUDA_FUNCTIONS(INGOT_CUDA_FILL)
#undef INGOT_CUDA_FILL
  if (!missing)
    return {};
  return incompatible("CUDA driver " + storage::quote(name) +
                      " lacks the function " + storage::quote(missing) +
                      kNeeds);
}

Status Driver::start() const {
  int version = 0;
  if (Status s =
          check(functions.cuDriverGetVersion(&version), "cuDriverGetVersion");
      !s.ok())
    return s;
  if (version < kNeededVersion)
    return incompatible("CUDA driver is too old: expects CUDA " +
                        spellVersion(kNeededVersion) + " or later, got " +
                        spellVersion(version));
  Error error = functions.cuInit(0);
  int count = 0;
  if (error == kSuccess)
    error = functions.cuDeviceGetCount(&count);
  if (error == kNoDevice || (error == kSuccess && count == 0))
    return incompatible("the CUDA driver finds no GPU on this machine");
  return check(error, "the CUDA driver does not start");
}

Status Driver::check(Error error, const std::string &doing) const {
  if (error == kSuccess)
    return {};
  std::string message = doing + ": " + describe(error);
  return error == kOutOfMemory ? outOfMemory(message) : deviceError(message);
}

std::string Driver::describe(Error error) const {
  const char *name = nullptr, *text = nullptr;
  if (functions.cuGetErrorName(error, &name) != kSuccess || !name)
    return "CUDA error " + std::to_string(error);
  if (functions.cuGetErrorString(error, &text) != kSuccess || !text)
    return name;
  return name + (" (" + std::string(text) + ")");
}

} // namespace ingot::cuda
