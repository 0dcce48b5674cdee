//===- KernelBody.h - kernel texts in MLIR ----------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bodies of cpu/ and nvvm/, and how one is parsed.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_KERNELBODY_H
#define INGOT_COMPILER_KERNELS_KERNELBODY_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace ingot::compiler {

/// A body with nothing left open.
struct KernelBody {
  /// Definitions of the aliases that the parts are written in.
  std::string aliases;
  /// Files, without ".mlir": "cpu/exp". One of them defines @body, whose last
  /// three arguments are the tile.
  std::vector<std::string> parts;

  bool operator==(const KernelBody &) const = default;
};

/// Arguments of a @body that say which tile is computed.
inline constexpr unsigned kTileArguments = 3;

/// Loads the dialects that bodies of any folder are written in.
void loadBodyDialects(mlir::MLIRContext &context);

/// The functions of a body by which it is called.
struct ParsedBody {
  mlir::func::FuncOp body;
  /// @prepare, or null if it has none.
  mlir::func::FuncOp prepare;

  /// Types of the launch's arguments.
  llvm::ArrayRef<mlir::Type> argumentTypes() {
    return body.getArgumentTypes().drop_back(kTileArguments);
  }
};

/// Parses a body into `all`, its symbols behind `prefix` and a dot. Fails with
/// the parser's message; that is a mistake in a body or a contract.
llvm::Expected<ParsedBody> addBody(mlir::ModuleOp all, const KernelBody &kernel,
                                   const std::string &prefix);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_KERNELBODY_H
