//===- Host.h - from MLIR to a shared object for this machine ---*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Turns a module of func, arith, math, vector, memref, scf and llvm ops into
// the bytes of an x86-64 shared object that needs no library: what a plan keeps
// as HostObject. Code generation and linking happen in this process.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CODEGEN_HOST_H
#define INGOT_COMPILER_CODEGEN_HOST_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace ingot::compiler {

/// A processor to generate code for.
struct HostTarget {
  /// "x86-64-v3", "x86-64-v4", or the name of this machine's processor.
  std::string cpu;
  /// What the code may use, as LLVM spells it: "+avx2,+fma,...".
  std::string features;
  /// The same as /proc/cpuinfo spells it: what a machine must have to run it.
  std::vector<std::string> required;
  /// float32 lanes of the widest vector register: 16 or 8.
  int64_t lanes = 8;
  /// Whether bytes can be looked up in tables of 128: AVX512-VBMI.
  bool byteTables = false;
};

/// The target that `name` stands for: "x86-64-v3" (AVX2), "x86-64-v4" (AVX-512)
/// or "native", what this machine offers beyond x86-64-v3. Fails on any other
/// name, and for "native" on a machine below x86-64-v3.
llvm::Expected<HostTarget> resolveHostTarget(llvm::StringRef name);

/// Compiles `module`, which is lowered in place, to a relocatable object.
/// Public functions are exported by their names; what the module only declares
/// is left to whoever links the object. Equal modules give equal bytes.
llvm::Expected<std::string> compileObject(mlir::ModuleOp module,
                                          const HostTarget &target);

/// Compiles `module`, which is lowered in place. Public functions are exported
/// by their names; the object refers to nothing outside itself. Equal modules
/// give equal bytes. Not thread-safe: lld keeps its state in globals.
llvm::Expected<std::string> compileSharedObject(mlir::ModuleOp module,
                                                const HostTarget &target);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CODEGEN_HOST_H
