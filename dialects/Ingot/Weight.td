//===- Weight.td - the tensors of a checkpoint ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_WEIGHT
#define INGOT_DIALECTS_INGOT_WEIGHT

include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotDialect.td"

def Ingot_WeightOp : Ingot_Op<"weight", [Symbol]> {
  let summary = "declares a weight by name";
  let description = [{
    Weights never enter the IR: the op names them. `tensor` names the
    checkpoint tensor; `{e}` in it stands for 0, 1, ... along the leading
    dimension of `type`, so that all experts of one slot are one weight. A
    weight of scaled elements names the tensor of its scales as well. Tests may
    give the values in place (`value`, `scale_value`) instead of naming a tensor.

    ```mlir
    ingot.weight @up : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      from "layers.1.experts.{e}.up.weight" scale "layers.1.experts.{e}.up.weight_scale_inv"
    ingot.weight @norm : tensor<2xf32> value dense<1.0> : tensor<2xf32>
    ```

    Constraints:
    - (C1) `type` has static dimensions.
    - (C2) exactly one of `tensor` and `value` is given.
    - (C3) a scale is given, in the same form, exactly if the elements are scaled.
    - (C4) `value` has the shape and the (unscaled) element type of `type`.
    - (C5) `scale_value` has one element for each block.
    - (C6) `tensor` has `{e}` at most once, and `type` then has rank 2 or more.
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    TypeAttrOf<AnyRankedTensor>:$type,
    OptionalAttr<StrAttr>:$tensor,
    OptionalAttr<StrAttr>:$scale_tensor,
    OptionalAttr<ElementsAttr>:$value,
    OptionalAttr<ElementsAttr>:$scale_value);
  let assemblyFormat = [{
    $sym_name `:` $type (`from` $tensor^ (`scale` $scale_tensor^)?)?
    (`value` $value^ (`scale_value` $scale_value^)?)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getTensorType() {
      return ::mlir::cast<::mlir::RankedTensorType>(getType());
    }
    /// What stands for the index along the leading dimension in a tensor name.
    static constexpr ::llvm::StringLiteral kStackIndex = "{e}";
    /// Whether the weight stacks several checkpoint tensors.
    bool isStacked() {
      return getTensor() && getTensor()->contains(kStackIndex);
    }
  }];
}

def Ingot_GetWeightOp : Ingot_Op<"get_weight",
    [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a weight";
  let description = [{
    ```mlir
    ingot.weight @gamma : tensor<256xbf16> from "model.norm.weight"
    func.func @f() -> tensor<256xbf16> {
      %0 = ingot.get_weight @gamma : tensor<256xbf16>
      return %0 : tensor<256xbf16>
    }
    ```

    Constraints:
    - (C1) `weight` names an `ingot.weight`.
    - (C2) the result type is that weight's type.
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$weight `:` type($result) attr-dict";
}

#endif // INGOT_DIALECTS_INGOT_WEIGHT
