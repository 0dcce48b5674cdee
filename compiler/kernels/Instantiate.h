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

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>
#include <vector>

namespace ingot::compiler {

/// A body with nothing left open.
struct KernelBody {
  /// Definitions of the aliases that the parts are written in.
  std::string aliases;
  /// Files of cpu/, without ".mlir". One of them defines @body, whose last
  /// three arguments are the tile.
  std::vector<std::string> parts;

  bool operator==(const KernelBody &) const = default;
};

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
  void join(KernelInstance second, int64_t at);
};

/// A module with a public function for each instance. A function reads its
/// arguments from slots of eight bytes, pointers or i64 by the type that @body
/// gives them, and calls @body with them and the tile. Fails with the parser's
/// message; that is a mistake in a body or a contract.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
instantiateKernels(mlir::MLIRContext &context,
                   llvm::ArrayRef<KernelInstance> instances);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_INSTANTIATE_H
