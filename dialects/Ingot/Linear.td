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
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getMatrixOperands"]>]> {
  let summary = "the product of each row with a weight";
  let description = [{
    `result[t, n] = sum_k x[t, k] * weight[n, k]`, accumulated in float32; a
    weight of scaled elements counts with its scales. `bias[n]`, if given, is
    added to the sum in float32.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %w: tensor<512x256xbf16>) -> tensor<?x512xf32> {
      %0 = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    func.func @biased(%x: tensor<?x256xf32>, %w: tensor<512x256xbf16>, %b: tensor<512xbf16>) -> tensor<?x512xf32> {
      %0 = ingot.linear %x, %w bias %b : tensor<512xbf16> : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```

    Constraints:
    - (C1) `x` is [t, k], `weight` [n, k] and `result` [t, n].
    - (C2) `bias`, if given, is [n].
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$weight,
                       Optional<AnyRankedTensor>:$bias);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $x `,` $weight (`bias` $bias^ `:` type($bias))? `:` type($x) `,`
    type($weight) `->` type($result) attr-dict
  }];
  let hasVerifier = 1;
}

def Ingot_GatedLinearOp : Ingot_Op<"gated_linear",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getMatrixOperands"]>]> {
  let summary = "the first half of a SwiGLU network";
  let description = [{
    `result = silu(x gate^T) * (x up^T)`: `ingot.swiglu` of two `ingot.linear`s
    of the same rows. Gate and up remain two weights: scaled in blocks they
    cannot be laid one behind the other unless their rows fill whole blocks.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %gate: tensor<512x256xbf16>, %up: tensor<512x256xbf16>) -> tensor<?x512xf32> {
      %0 = ingot.gated_linear %x, %gate, %up : tensor<?x256xf32>, tensor<512x256xbf16>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```

    Constraints:
    - (C1) `x` is [t, k], `gate` and `up` [n, k] and `result` [t, n].
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$gate,
                       AnyRankedTensor:$up);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $x `,` $gate `,` $up `:` type($x) `,` type($gate) `,` type($up) `->`
    type($result) attr-dict
  }];
  let hasVerifier = 1;
}

#endif // INGOT_DIALECTS_INGOT_LINEAR
