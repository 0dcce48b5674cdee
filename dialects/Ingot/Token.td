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

def Ingot_ChooseOp : Ingot_Op<"choose",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getRowSymbol"]>]> {
  let summary = "the tokens that the batch's draws give";
  let description = [{
    `result[j]` is the token that draw j of the batch gives of `logits[j]`: the
    best one or, by the draw's random bits, one of the best in proportion to
    `exp(logit / temperature)`. What a draw holds, and how the weights are
    computed to the bit, is in runtime/include/ingot/TokenDraw.h. Negative if no
    token can be drawn.

    ```mlir
    func.func @f(%logits: tensor<?x2048xf32>, %batch: !ingot.batch) -> tensor<?xi32> {
      %0 = ingot.choose %logits, %batch : tensor<?x2048xf32> -> tensor<?xi32>
      return %0 : tensor<?xi32>
    }
    ```

    Constraints:
    - (C1) `logits` is [rows, v] and `result` [rows].
  }];
  let arguments = (ins AnyRankedTensor:$logits, Ingot_BatchType:$batch);
  let results = (outs RankedTensorOf<[I32]>:$result);
  let assemblyFormat = "$logits `,` $batch `:` type($logits) `->` type($result) attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    int64_t vocabulary() {
      return ::llvm::cast<::mlir::RankedTensorType>(getLogits().getType()).getDimSize(1);
    }
  }];
}

#endif // INGOT_DIALECTS_INGOT_TOKEN
