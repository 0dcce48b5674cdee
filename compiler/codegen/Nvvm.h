//===- Nvvm.h - from MLIR to machine code of a GPU --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The second way to machine code of a GPU, beside Nvrtc.h: a module of func,
// arith, math, vector, memref, scf, gpu, nvvm and llvm ops becomes PTX by LLVM,
// and that a cubin by nvJitLink. Everything happens in this process.
//
//   auto nvvm = Nvvm::open(NvJitLink::usualPlaces());
//   auto code = nvvm->compile({"add", module, 256}, "sm_90a");
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CODEGEN_NVVM_H
#define INGOT_COMPILER_CODEGEN_NVVM_H

#include "compiler/codegen/NvJitLink.h"
#include "mlir/IR/BuiltinOps.h"

namespace ingot::compiler {

/// What is compiled: a module whose one public function is the kernel `name`.
struct NvvmSource {
  std::string name;
  mlir::ModuleOp module;
  /// Threads of a block.
  int64_t threads = 0;
};

/// LLVM for a GPU, and the assembler. May be used by several threads at a time,
/// each with a context of its own.
class Nvvm {
public:
  /// Opens nvJitLink, and fails, as it does.
  static llvm::Expected<Nvvm> open(llvm::ArrayRef<std::string> places);

  /// Compiles for an architecture, e.g. "sm_90a"; the module is lowered in
  /// place. An operand of the kernel becomes a parameter of eight bytes: a
  /// memref its address. A product and a sum become one operation only where
  /// they are written as one. No memory is touched across griddepcontrol.
  /// Equal modules give equal bytes. Fails as NvJitLink::assemble does, and on
  /// what neither lowers nor is known to LLVM's target.
  llvm::Expected<CudaCode> compile(const NvvmSource &source,
                                   llvm::StringRef arch) const;

private:
  explicit Nvvm(NvJitLink assembler) : assembler(std::move(assembler)) {}

  NvJitLink assembler;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CODEGEN_NVVM_H
