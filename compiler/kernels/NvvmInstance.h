//===- NvvmInstance.h - a kernel of a GPU, in MLIR --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Instantiate.h does for the host. All threads of a block execute a @body
// (nvvm/*.mlir) on the block's tile; what puts them into a kernel is built
// here.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_NVVMINSTANCE_H
#define INGOT_COMPILER_KERNELS_NVVMINSTANCE_H

#include "compiler/kernels/CudaInstance.h"
#include "mlir/IR/OwningOpRef.h"

namespace ingot::compiler {

/// A module with the kernel as its one public function, whose arguments are
/// those of the launch as the bodies take them. `instance` is in MLIR.
///
/// A block releases the next launch, runs what its bodies prepare, waits for
/// earlier launches, and runs its bodies, between which its threads meet. Fails
/// as addBody does.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
instantiateInMLIR(mlir::MLIRContext &context, const CudaInstance &instance);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_NVVMINSTANCE_H
