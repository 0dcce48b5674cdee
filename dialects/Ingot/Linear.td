//===- Linear.td - products of rows with a weight -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_LINEAR
#define INGOT_DIALECTS_INGOT_LINEAR

include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotInterfaces.td"

def Ingot_LinearOp : Ingot_Op<"linear",
    [Pure, Ingot_ProductOpInterface,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getMatrixOperands"]>]> {
  let summary = "the product of each row with a weight";
  let description = [{
    `result[t, n] = sum_k x[t, k] * weight[n, k]`, accumulated in float32; a
    weight of scaled elements counts with its scales. `bias[n]`, if given, is
    added to the sum in float32. With `inputs`, `x` is rounded to that element
    before, as `ProductOpInterface` says.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %w: tensor<512x256xbf16>) -> tensor<?x512xf32> {
      %0 = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    func.func @biased(%x: tensor<?x256xf32>, %w: tensor<512x256xbf16>, %b: tensor<512xbf16>) -> tensor<?x512xf32> {
      %0 = ingot.linear %x, %w bias %b : tensor<512xbf16> : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    func.func @rounded(%x: tensor<?x256xf32>, %w: tensor<512x256xbf16>) -> tensor<?x512xf32> {
      %0 = ingot.linear %x, %w inputs bf16 : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```

    Constraints:
    - (C1) `x` is [t, k], `weight` [n, k] and `result` [t, n].
    - (C2) `bias`, if given, is [n].
    - (C3) `inputs`, if given, is bf16 or f8E4M3FN.
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$weight,
                       Optional<AnyRankedTensor>:$bias,
                       OptionalAttr<TypeAttr>:$inputs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $x `,` $weight (`bias` $bias^ `:` type($bias))? (`inputs` $inputs^)? `:`
    type($x) `,` type($weight) `->` type($result) attr-dict
  }];
  let hasVerifier = 1;
}

def Ingot_GatedLinearOp : Ingot_Op<"gated_linear",
    [Pure, Ingot_ProductOpInterface,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getMatrixOperands"]>]> {
  let summary = "the first half of a SwiGLU network";
  let description = [{
    `result = silu(x gate^T) * (x up^T)`: `ingot.swiglu` of two `ingot.linear`s
    of the same rows. Gate and up remain two weights: scaled in blocks they
    cannot be laid one behind the other unless their rows fill whole blocks.
    With `inputs`, `x` is rounded as in `ingot.linear`.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %gate: tensor<512x256xbf16>, %up: tensor<512x256xbf16>) -> tensor<?x512xf32> {
      %0 = ingot.gated_linear %x, %gate, %up : tensor<?x256xf32>, tensor<512x256xbf16>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```

    Constraints:
    - (C1) `x` is [t, k], `gate` and `up` [n, k] and `result` [t, n].
    - (C2) `inputs`, if given, is bf16 or f8E4M3FN.
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$gate,
                       AnyRankedTensor:$up, OptionalAttr<TypeAttr>:$inputs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $x `,` $gate `,` $up (`inputs` $inputs^)? `:` type($x) `,` type($gate) `,` type($up) `->`
    type($result) attr-dict
  }];
  let hasVerifier = 1;
}

#endif // INGOT_DIALECTS_INGOT_LINEAR
