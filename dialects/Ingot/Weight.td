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

def Ingot_WeightOp : Ingot_Op<"weight",
    [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "declares a weight by name";
  let description = [{
    Weights never enter the IR: the op names them. `tensor` names the
    checkpoint tensor; `{e}` in it stands for 0, 1, ... along the leading
    dimension of `type`, so that all experts of one slot are one weight. Where a
    checkpoint holds them as one tensor, `#{e}` behind its name stands for its
    parts along the leading dimension. A weight of scaled elements names the tensor of its scales as well. Tests may
    give the values in place (`value`, `scale_value`) instead of naming a tensor.

    A `packed` weight is computed from others when a plan is loaded: it is the
    result of `@pack`, a function of weights alone, that has its name, and comes
    in as many parts along the leading dimension as the weight that it is made
    of.

    ```mlir
    ingot.weight @up : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      from "layers.1.experts.{e}.up.weight" scale "layers.1.experts.{e}.up.weight_scale_inv"
    ingot.weight @gate_up : tensor<16x256x256xbf16> from "layers.1.experts.gate_up#{e}"
    ingot.weight @norm : tensor<2xf32> value dense<1.0> : tensor<2xf32>

    ingot.weight @w : tensor<512x256xbf16> from "w"
    ingot.weight @w.quantize : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 1
    func.func private @pack() -> (tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {ingot.name = "w.quantize"}) {
      %0 = ingot.get_weight @w : tensor<512x256xbf16>
      %1 = ingot.quantize %0 : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      return %1 : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
    }
    ```

    Constraints:
    - (C1) `type` has static dimensions.
    - (C2) exactly one of `tensor`, `value` and `packed` is given.
    - (C3) with `tensor` or `value`, a scale is given, in the same form, exactly if the elements are scaled.
    - (C4) `value` has the shape and the (unscaled) element type of `type`.
    - (C5) `scale_value` has one element for each block.
    - (C6) `tensor` has `{e}` at most once, and `type` then has rank 2 or more.
    - (C7) `packed` is 1 or the size of the leading dimension.
    - (C8) a packed weight is a result of the function `@pack`, by its `ingot.name` and type.
  }];
  let arguments = (ins
    SymbolNameAttr:$sym_name,
    TypeAttrOf<AnyRankedTensor>:$type,
    OptionalAttr<StrAttr>:$tensor,
    OptionalAttr<StrAttr>:$scale_tensor,
    OptionalAttr<ElementsAttr>:$value,
    OptionalAttr<ElementsAttr>:$scale_value,
    OptionalAttr<I64Attr>:$packed);
  let assemblyFormat = [{
    $sym_name `:` $type (`from` $tensor^ (`scale` $scale_tensor^)?)?
    (`value` $value^ (`scale_value` $scale_value^)?)?
    (`packed` `in` $packed^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::RankedTensorType getTensorType() {
      return ::mlir::cast<::mlir::RankedTensorType>(getType());
    }
    /// What stands for the index along the leading dimension in a tensor name.
    static constexpr ::llvm::StringLiteral kStackIndex = "{e}";
    /// The same behind the name of a tensor that holds all of the stack.
    static constexpr ::llvm::StringLiteral kPartIndex = "#{e}";
    /// Whether the weight stacks several tensors: of the checkpoint, or packed in
    /// parts of their own.
    bool isStacked();
    /// Which result of `pack` a packed weight is; none if it is none.
    std::optional<unsigned> findResult(::mlir::func::FuncOp pack);
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
    - (C3) in the function `@pack`, the weight is none that it computes.
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$weight `:` type($result) attr-dict";
}

#endif // INGOT_DIALECTS_INGOT_WEIGHT
