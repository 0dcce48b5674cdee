//===- NvJitLink.h - from PTX to machine code of a GPU ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NVIDIA's assembler as a library that is looked for when it is wanted, as
// Nvrtc.h is: neither a GPU nor a driver is needed.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CODEGEN_NVJITLINK_H
#define INGOT_COMPILER_CODEGEN_NVJITLINK_H

#include "compiler/codegen/Toolkit.h"

namespace ingot::compiler {

/// The library. May be used by several threads at a time.
class NvJitLink {
public:
  /// Paths of `libnvJitLink.so.13`, as toolkitPlaces says.
  static std::vector<std::string> usualPlaces();

  /// Opens the library at the first of `places` that has one of version 13.
  /// Fails, and says what to install, if none has.
  static llvm::Expected<NvJitLink> open(llvm::ArrayRef<std::string> places);

  /// Assembles `ptx`, which defines the one kernel `name`, for an architecture,
  /// e.g. "sm_90a". Equal texts give equal bytes. Fails with the assembler's
  /// log, and as readResources does.
  llvm::Expected<CudaCode> assemble(llvm::StringRef name, std::string ptx,
                                    llvm::StringRef arch) const;

private:
  struct Api;
  explicit NvJitLink(std::shared_ptr<const Api> api) : api(std::move(api)) {}

  std::shared_ptr<const Api> api;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CODEGEN_NVJITLINK_H
