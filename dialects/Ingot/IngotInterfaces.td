//===- IngotInterfaces.td - what passes ask ops ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_INTERFACES
#define INGOT_DIALECTS_INGOT_INTERFACES

include "mlir/IR/OpBase.td"

def Ingot_ComputeOpInterface : OpInterface<"ComputeOpInterface"> {
  let cppNamespace = "::ingot::ir";
  let description = [{
    An op that computes: it becomes one or more kernel launches when it is lowered.
  }];
  let methods = [
    InterfaceMethod<[{
      The plan symbol that the dynamic leading dimension of the results stands
      for: "T", the tokens of the step, or "R", the rows whose logits are wanted.
    }], "::llvm::StringRef", "getRowSymbol", (ins), [{}], [{ return "T"; }]>,
    InterfaceMethod<[{
      Which operands are matrices that rows are multiplied with: the weights
      whose format quantisation may choose.
    }], "::llvm::SmallVector<unsigned>", "getMatrixOperands", (ins), [{}],
    [{ return {}; }]>,
    InterfaceMethod<[{
      What a token is multiplied by of the weight that is operand `index`: so many
      parts of so many. All of it, unless the op chooses (experts) or does not
      multiply (a look-up takes none).
    }], "::std::pair<int64_t, int64_t>", "getTokenShare", (ins "unsigned":$index),
    [{}], [{ return {1, 1}; }]>,
    InterfaceMethod<[{
      Over which dimension of the weight that is operand `index` products with it
      are summed, counted from behind: the last, unless the op turns it.
    }], "int64_t", "getSumDimension", (ins "unsigned":$index), [{}],
    [{ return 1; }]>
  ];
}

def Ingot_ProductOpInterface : OpInterface<"ProductOpInterface",
    [Ingot_ComputeOpInterface]> {
  let cppNamespace = "::ingot::ir";
  let description = [{
    An op that multiplies rows with matrices and can be told to round what it
    multiplies first. `inputs`, if given, is the element that inputs of products
    are rounded to: `bf16`, to the nearest, ties to even; or `f8E4M3FN`, each run
    of 128 values of a row (the last may be shorter) as `ingot.quantize` rounds a
    block of 1x128. Sums stay in float32.
  }];
  let methods = [
    InterfaceMethod<"What inputs are rounded to; null: they are not.",
      "::mlir::TypeAttr", "getInputsAttr", (ins)>,
    InterfaceMethod<"Has inputs rounded.",
      "void", "setInputsAttr", (ins "::mlir::TypeAttr":$element)>
  ];
  let extraClassDeclaration = [{
    /// Values of a row that share a scale in f8E4M3FN.
    static constexpr int64_t kInputRun = 128;
  }];
}

#endif // INGOT_DIALECTS_INGOT_INTERFACES
