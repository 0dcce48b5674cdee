//===- Token.td - from token ids to rows and back to logits ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_TOKEN
#define INGOT_DIALECTS_INGOT_TOKEN

include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotInterfaces.td"
include "dialects/Ingot/IngotTypes.td"

def Ingot_EmbedOp : Ingot_Op<"embed",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getTokenShare"]>]> {
  let summary = "the embedding of each token of the batch";
  let description = [{
    `result[t] = table[token[t]]`.

    ```mlir
    func.func @f(%batch: !ingot.batch, %table: tensor<2048x256xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.embed %batch, %table : tensor<2048x256xbf16> -> tensor<?x256xf32>
      return %0 : tensor<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `table` is [v, n] and `result` [t, n].
  }];
  let arguments = (ins Ingot_BatchType:$batch, AnyRankedTensor:$table);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = "$batch `,` $table `:` type($table) `->` type($result) attr-dict";
  let hasVerifier = 1;
}

def Ingot_LogitsOp : Ingot_Op<"logits",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getRowSymbol"]>]> {
  let summary = "the logits of the rows that the batch asks for";
  let description = [{
    `result[j, v] = sum_n x[logit_row[j], n] * head[v, n]`, in float32.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %head: tensor<2048x256xbf16>, %batch: !ingot.batch) -> tensor<?x2048xf32> {
      %0 = ingot.logits %x, %head, %batch : tensor<?x256xf32>, tensor<2048x256xbf16> -> tensor<?x2048xf32>
      return %0 : tensor<?x2048xf32>
    }
    ```

    Constraints:
    - (C1) `x` is [t, n], `head` [v, n] and `result` [rows, v].
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$head,
                       Ingot_BatchType:$batch);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $x `,` $head `,` $batch `:` type($x) `,` type($head) `->` type($result) attr-dict
  }];
  let hasVerifier = 1;
}

#endif // INGOT_DIALECTS_INGOT_TOKEN
