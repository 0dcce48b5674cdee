//===- PrintDatum.h - Print the interpreter's values ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Text for people and for FileCheck: six digits a number, NaN without a sign.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_INTERPRETER_PRINTDATUM_H
#define INGOT_COMPILER_INTERPRETER_PRINTDATUM_H

#include "compiler/interpreter/Tensor.h"
#include "mlir/IR/Types.h"

namespace ingot::compiler {

/// Prints `[[0.5, 1, -2], [3, 4, 5]]`.
template <typename Real>
void printValues(const Tensor<Real> &tensor, llvm::raw_ostream &out);

/// Prints a value of an IR type and a newline: a tensor with its type, a cache
/// with a line for each row it has, a batch as its number of rows.
template <typename Real>
void printDatum(mlir::Type type, const Datum<Real> &datum,
                llvm::raw_ostream &out);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_INTERPRETER_PRINTDATUM_H
