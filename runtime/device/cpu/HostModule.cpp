//===- HostModule.cpp - machine code from memory --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cpu/HostModule.h"
#include "runtime/storage/Messages.h"

#include <cerrno>
#include <utility>

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

namespace ingot {

namespace {

Status writeAll(int fd, std::span<const std::byte> bytes,
                const std::string &name) {
  while (!bytes.empty()) {
    ssize_t written = write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return storage::osError("write the code of", name, errno);
    bytes = bytes.subspan(size_t(written));
  }
  return {};
}

/// What the dynamic linker has to say, which it says once.
std::string linkerError() {
  const char *text = dlerror();
  return text ? text : "unknown reason";
}

} // namespace

Result<HostModule> HostModule::load(std::span<const std::byte> image,
                                    const std::string &name) {
  HostModule module(memfd_create("ingot-module", MFD_CLOEXEC), name);
  if (module.fd < 0)
    return storage::osError("create a file in memory for", name, errno);
  if (Status status = writeAll(module.fd, image, name); !status.ok())
    return status;
  std::string path = "/proc/self/fd/" + std::to_string(module.fd);
  // Local: two models may have kernels of the same name.
  module.handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!module.handle)
    return invalidPlan(name +
                       ": expects a shared object for this machine, "
                       "got: " +
                       linkerError());
  return module;
}

HostModule::HostModule(HostModule &&other) noexcept
    : fd(std::exchange(other.fd, -1)),
      handle(std::exchange(other.handle, nullptr)),
      name(std::move(other.name)) {}

HostModule &HostModule::operator=(HostModule &&other) noexcept {
  std::swap(fd, other.fd);
  std::swap(handle, other.handle);
  std::swap(name, other.name);
  return *this;
}

HostModule::~HostModule() {
  if (handle)
    dlclose(handle);
  if (fd >= 0)
    close(fd);
}

Result<HostKernel> HostModule::find(const std::string &symbol) const {
  void *address = dlsym(handle, symbol.c_str());
  if (!address)
    return invalidPlan(name + ": expects function " + storage::quote(symbol) +
                       ", got none");
  return reinterpret_cast<HostKernel>(address);
}

} // namespace ingot
