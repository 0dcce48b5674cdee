//===- Nvrtc.h - from CUDA C++ to machine code of a GPU ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// NVIDIA's run-time compiler as a library that is looked for when it is wanted:
// a build needs none of it, and neither a GPU nor a driver is needed.
//
//   auto nvrtc = Nvrtc::open(Nvrtc::usualPlaces());
//   auto code = nvrtc->compile({"axpy", source, headers}, "sm_90a");
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CODEGEN_NVRTC_H
#define INGOT_COMPILER_CODEGEN_NVRTC_H

#include "compiler/codegen/Toolkit.h"

namespace ingot::compiler {

/// A text that sources include by its name.
struct HeaderText {
  std::string name, text;
};

/// What is compiled: the text that defines the one kernel `name`.
struct CudaSource {
  std::string name, text;
  llvm::ArrayRef<HeaderText> headers;
};

/// The library. May be used by several threads at a time.
class Nvrtc {
public:
  /// Paths of `libnvrtc.so.13`, as toolkitPlaces says.
  static std::vector<std::string> usualPlaces();

  /// Opens the library at the first of `places` that has one of version 13.
  /// Fails, and says what to install, if none has.
  static llvm::Expected<Nvrtc> open(llvm::ArrayRef<std::string> places);

  /// Compiles for an architecture, e.g. "sm_90a". Multiplications and additions
  /// are fused only where the text says so. Equal sources give equal bytes.
  /// Fails with the compiler's log, and as readResources does.
  llvm::Expected<CudaCode> compile(const CudaSource &source,
                                   llvm::StringRef arch) const;

private:
  struct Api;
  explicit Nvrtc(std::shared_ptr<const Api> api) : api(std::move(api)) {}

  std::shared_ptr<const Api> api;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CODEGEN_NVRTC_H
