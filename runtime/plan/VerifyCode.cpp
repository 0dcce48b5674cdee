//===- VerifyCode.cpp - whether machine code can be run -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whether a module is machine code, and of which instructions, nothing here can
// tell: a plan is trusted like a program. What is checked is that it lies where
// it says, is of one kind with the target, and asks no more of a GPU than there
// is.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/VerifyParts.h"

namespace ingot::verify {

namespace {

// What a block and a multiprocessor of compute capability 9.0 have: CUDA C++
// Programming Guide, "Technical Specifications per Compute Capability".
constexpr int64_t kMaxThreads = 1024;
constexpr int64_t kMaxSharedBytes = 227 << 10;
constexpr int64_t kMaxStaticSharedBytes = 48 << 10;
constexpr int64_t kMaxRegisters = 255;
constexpr int64_t kRegistersOfABlock = 64 << 10;
constexpr int64_t kMaxLocalBytes = 512 << 10;
/// Arguments of eight bytes in the 4 KB that every driver passes.
constexpr int64_t kMaxArguments = 4096 / 8;
/// Blocks of a grid along y or z.
constexpr int64_t kMaxGridYZ = 65535;

bool isForHost(const Context &c) {
  return c.plan.target()->name()->string_view() == "cpu";
}

std::string target(const Context &c) {
  return "target " + storage::quote(c.plan.target()->name()->string_view());
}

/// "sm_90a": a number, and perhaps a letter for what later hardware lacks.
bool isArchitecture(std::string_view name) {
  if (!name.starts_with("sm_"))
    return false;
  name.remove_prefix(3);
  if (name.ends_with('a') || name.ends_with('f'))
    name.remove_suffix(1);
  return name.size() >= 2 && name.size() <= 3 &&
         name.find_first_not_of("0123456789") == std::string_view::npos;
}

Status verifyKind(const Context &c, const std::string &object,
                  const fb::Module &module) {
  if (isForHost(c)) {
    if (module.kind() != fb::ModuleKind::HostObject)
      return c.fail(object, "kind 0 (host object) on " + target(c),
                    int64_t(module.kind()));
    if (module.arch())
      return c.fail(object, "no architecture on " + target(c),
                    storage::quote(module.arch()->string_view()));
    return {};
  }
  if (module.kind() != fb::ModuleKind::Cubin &&
      module.kind() != fb::ModuleKind::Ptx)
    return c.fail(object, "kind 1 (cubin) or 2 (ptx) on " + target(c),
                  int64_t(module.kind()));
  std::string_view arch = module.arch() ? module.arch()->string_view() : "";
  if (!isArchitecture(arch))
    return c.fail(object, "an architecture such as 'sm_90a'",
                  storage::quote(arch));
  if (arch != c.plan.target()->name()->string_view())
    return c.fail(object, "the architecture of " + target(c),
                  storage::quote(arch));
  return {};
}

Status verifySource(const Context &c, const std::string &object,
                    const fb::Module &module) {
  if (module.source() == -1)
    return {};
  if (module.kind() != fb::ModuleKind::Cubin)
    return c.fail(object, "a source of -1, as it is no cubin", module.source());
  if (Status s = c.checkIndex(object + " source", "modules", module.source(),
                              c.plan.modules()->size());
      !s.ok())
    return s;
  fb::ModuleKind kind =
      c.plan.modules()->Get(uint32_t(module.source()))->kind();
  if (kind == fb::ModuleKind::Ptx)
    return {};
  return c.fail(object, "a source of kind 2 (ptx)", int64_t(kind));
}

Status verifyResources(const Context &c, const std::string &object,
                       const fb::Resources &resources) {
  // Computed where it cannot overflow, whatever the fields hold.
  const int64_t shared = int64_t(resources.shared_bytes()) +
                         int64_t(resources.static_shared_bytes());
  const int64_t registers = int64_t(resources.registers()) * resources.block();
  const std::tuple<const char *, int64_t, int64_t, int64_t> limits[] = {
      {"a block", resources.block(), 1, kMaxThreads},
      {"static_shared_bytes", resources.static_shared_bytes(), 0,
       kMaxStaticSharedBytes},
      {"shared memory", shared, 0, kMaxSharedBytes},
      {"registers", resources.registers(), 0, kMaxRegisters},
      {"registers of a block", registers, 0, kRegistersOfABlock},
      {"local_bytes", resources.local_bytes(), 0, kMaxLocalBytes}};
  for (auto [what, value, low, high] : limits)
    if (Status s = c.checkRange(object, what, value, low, high); !s.ok())
      return s;
  return {};
}

Status verifyKernel(const Context &c, const std::string &object,
                    const fb::Kernel &kernel) {
  if (Status s = c.checkIndex(object, "modules", kernel.module_(),
                              c.plan.modules()->size());
      !s.ok())
    return s;
  if (c.plan.modules()->Get(kernel.module_())->kind() == fb::ModuleKind::Ptx)
    return c.fail(object, "a module of machine code", "ptx");
  if (isForHost(c))
    return kernel.resources()
               ? c.fail(object, "no resources on " + target(c), "some")
               : Status();
  if (!kernel.resources())
    return c.fail(object, "resources on " + target(c), "none");
  return verifyResources(c, object, *kernel.resources());
}

} // namespace

Status verifyModules(const Context &c) {
  uint64_t begin = c.header.planOffset + c.header.planSize;
  for (uint32_t i = 0; i < c.plan.modules()->size(); ++i) {
    const fb::Module &module = *c.plan.modules()->Get(i);
    const std::string object = numbered("module", i);
    if (Status s = verifyKind(c, object, module); !s.ok())
      return s;
    if (Status s = verifySource(c, object, module); !s.ok())
      return s;
    if (module.offset() % kBlobAlignment != 0)
      return c.failUnsigned(object, "an offset aligned to 4096",
                            module.offset());
    if (module.offset() < begin || module.offset() > c.header.hashedSize ||
        module.size() == 0 ||
        module.size() > c.header.hashedSize - module.offset())
      return c.fail(object,
                    "a range within bytes " + std::to_string(begin) + " to " +
                        std::to_string(c.header.hashedSize),
                    std::to_string(module.size()) + " bytes at offset " +
                        std::to_string(module.offset()));
  }
  return {};
}

Status verifyKernels(const Context &c) {
  UniqueNames names(c, "kernel");
  for (const fb::Kernel *kernel : *c.plan.kernels()) {
    if (Status s = names.add(kernel->name()); !s.ok())
      return s;
    if (Status s = verifyKernel(c, named("kernel", kernel->name()), *kernel);
        !s.ok())
      return s;
  }
  return {};
}

Status verifyArguments(const Context &c, const std::string &object,
                       const fb::Launch &launch) {
  const fb::Kernel &kernel = *c.plan.kernels()->Get(launch.kernel());
  if (!kernel.resources())
    return {};
  return c.checkRange(object, "arguments", launch.args()->size(), 0,
                      kMaxArguments);
}

int64_t maxGridSize(const fb::Kernel &kernel, size_t axis) {
  return kernel.resources() && axis > 0 ? kMaxGridYZ : kMaxCount;
}

} // namespace ingot::verify
