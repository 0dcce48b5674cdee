//===- Instantiate.h - from kernel texts to one module ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Parses the bodies of kernel instances, keeps their names apart and puts the
// launch ABI in front of each.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_INSTANTIATE_H
#define INGOT_COMPILER_KERNELS_INSTANTIATE_H

#include "compiler/kernels/KernelBody.h"
#include "mlir/IR/OwningOpRef.h"
#include <optional>

namespace ingot::compiler {

/// A kernel: one body, or two side by side in one grid.
struct KernelInstance {
  /// Name of the exported function, unique in a plan.
  std::string name;
  KernelBody body;
  /// Computes the tiles from x = `split` on, counted from there; its arguments
  /// stand behind those of the first.
  std::optional<KernelBody> beside = std::nullopt;
  int64_t split = 0;

  /// Puts the body of `second`, which is one alone, beside this one's.
  void join(const KernelInstance &second, int64_t at);
  bool isSameAs(const KernelInstance &other) const {
    return body == other.body && beside == other.beside;
  }
};

/// A module with a public function for each instance. A function reads its
/// arguments from slots of eight bytes, pointers or i64 by the type that @body
/// gives them, and calls @body with them and the tile. Fails as addBody does.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
instantiateKernels(mlir::MLIRContext &context,
                   llvm::ArrayRef<KernelInstance> instances);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_INSTANTIATE_H
