//===- Elementwise.td - sums, joins and gates of rows ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_ELEMENTWISE
#define INGOT_DIALECTS_INGOT_ELEMENTWISE

include "mlir/Interfaces/InferTypeOpInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotInterfaces.td"

def Ingot_AddOp : Ingot_Op<"add",
    [Pure, SameOperandsAndResultType,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "the sum of two rows, element by element";
  let description = [{
    The residual connection: `result = lhs + rhs` in float32.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %y: tensor<?x256xf32>) -> tensor<?x256xf32> {
      %0 = ingot.add %x, %y : tensor<?x256xf32>
      return %0 : tensor<?x256xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs `:` type($result) attr-dict";
}

def Ingot_ConcatOp : Ingot_Op<"concat",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "two rows, one behind the other";
  let description = [{
    `result[t] = [lhs[t], rhs[t]]`.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %y: tensor<?x32xf32>) -> tensor<?x288xf32> {
      %0 = ingot.concat %x, %y : tensor<?x256xf32>, tensor<?x32xf32> -> tensor<?x288xf32>
      return %0 : tensor<?x288xf32>
    }
    ```

    Constraints:
    - (C1) `lhs` is [t, a], `rhs` [t, b] and `result` [t, a + b].
  }];
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs `:` type($lhs) `,` type($rhs) `->` type($result) attr-dict";
  let hasVerifier = 1;
}

def Ingot_SplitOp : Ingot_Op<"split",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "the two parts of a row";
  let description = [{
    The inverse of `ingot.concat`: `x[t] = [head[t], tail[t]]`.

    ```mlir
    func.func @f(%x: tensor<?x160xf32>) -> (tensor<?x128xf32>, tensor<?x32xf32>) {
      %0:2 = ingot.split %x : tensor<?x160xf32> -> tensor<?x128xf32>, tensor<?x32xf32>
      return %0#0, %0#1 : tensor<?x128xf32>, tensor<?x32xf32>
    }
    ```

    Constraints:
    - (C1) `head` is [t, a], `tail` [t, b] and `x` [t, a + b].
  }];
  let arguments = (ins AnyRankedTensor:$x);
  let results = (outs AnyRankedTensor:$head, AnyRankedTensor:$tail);
  let assemblyFormat = "$x `:` type($x) `->` type($head) `,` type($tail) attr-dict";
  let hasVerifier = 1;
}

def Ingot_SwigluOp : Ingot_Op<"swiglu",
    [Pure, SameOperandsAndResultType,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "the gate of a SwiGLU feed-forward network";
  let description = [{
    `result = silu(gate) * up` with `silu(x) = x / (1 + exp(-x))` (Shazeer 2020).

    ```mlir
    func.func @f(%gate: tensor<?x512xf32>, %up: tensor<?x512xf32>) -> tensor<?x512xf32> {
      %0 = ingot.swiglu %gate, %up : tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$gate, AnyRankedTensor:$up);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$gate `,` $up `:` type($result) attr-dict";
}

#endif // INGOT_DIALECTS_INGOT_ELEMENTWISE
