//===- Layout.td - how a weight lies in memory ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_INGOT_LAYOUT
#define INGOT_DIALECTS_INGOT_LAYOUT

include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotInterfaces.td"

def Ingot_TransposeOp : Ingot_Op<"transpose",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getSumDimension"]>]> {
  let summary = "columns of a weight as rows";
  let description = [{
    Turns a weight that is stored [in, out], to be used as `x W`, into the
    [out, in] that products take; `columns` keeps a range of the outputs, where
    several matrices are stored side by side:

    `result[..., n, k] = x[..., k, from + n]`.

    ```mlir
    func.func @f(%gate_up: tensor<16x256x128xbf16>) -> (tensor<16x64x256xbf16>, tensor<16x64x256xbf16>) {
      %0 = ingot.transpose %gate_up columns 0 to 64 : tensor<16x256x128xbf16> -> tensor<16x64x256xbf16>
      %1 = ingot.transpose %gate_up columns 64 to 128 : tensor<16x256x128xbf16> -> tensor<16x64x256xbf16>
      return %0, %1 : tensor<16x64x256xbf16>, tensor<16x64x256xbf16>
    }
    ```

    Constraints:
    - (C1) `x` is [k, n] or [e, k, n] with static dimensions.
    - (C2) the elements of `x` are f32, f16 or bf16.
    - (C3) 0 <= `from` < `to` <= n.
    - (C4) `result` has the elements of `x` and is [`to` - `from`, k], or [e, `to` - `from`, k].
  }];
  let arguments = (ins AnyRankedTensor:$x, I64Attr:$from, I64Attr:$to);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $x `columns` $from `to` $to `:` type($x) `->` type($result) attr-dict
  }];
  let hasVerifier = 1;
}

#endif // INGOT_DIALECTS_INGOT_LAYOUT
