//===- MoE.td - routing and experts ---------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_MOE
#define INGOT_DIALECTS_INGOT_MOE

include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Ingot/IngotAttrs.td"
include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotInterfaces.td"

def Ingot_RouteOp : Ingot_Op<"route",
    [Pure, DeclareOpInterfaceMethods<Ingot_ComputeOpInterface>]> {
  let summary = "chooses experts for each token";
  let description = [{
    From router logits [t, e], as `#ingot.routing` says, in float32:

    `score = sigmoid(logits)` or `softmax(logits)`; `choice = score + bias`, or
    `logits + bias` with `choose_by = logits`
    (DeepSeek-V3 (section 2.1.2): the bias takes part in the choice only). A
    group's rank is the maximum, or the sum of the two largest, of its choices;
    experts of other groups are masked with minus infinity, since a biased
    score may be negative. The `top_k` largest choices win, largest first, the
    lower index first among equals. `weights` are the winners' unbiased scores,
    divided by their sum + 1e-20 if `renormalize`, times `scale`.

    ```mlir
    #routing = #ingot.routing<score = sigmoid, top_k = 4, groups = 4, top_groups = 2, group_score = top2_sum, renormalize = true, scale = 2.5 : f64>
    func.func @f(%logits: tensor<?x16xf32>, %bias: tensor<16xf32>) -> (tensor<?x4xf32>, tensor<?x4xi32>) {
      %0:2 = ingot.route %logits bias %bias : tensor<16xf32> routing #routing : tensor<?x16xf32> -> tensor<?x4xf32>, tensor<?x4xi32>
      return %0#0, %0#1 : tensor<?x4xf32>, tensor<?x4xi32>
    }
    ```

    Constraints:
    - (C1) `logits` is [t, e] and `bias`, if given, [e].
    - (C2) `weights` and `indices` are [t, top_k].
    - (C3) `groups` divides e, and the kept groups hold at least `top_k` experts.
    - (C4) with group score `top2_sum` and more than one group, a group has at least 2 experts.
  }];
  let arguments = (ins AnyRankedTensor:$logits, Optional<AnyRankedTensor>:$bias,
                       Ingot_RoutingAttr:$routing);
  let results = (outs AnyRankedTensor:$weights, AnyRankedTensor:$indices);
  let assemblyFormat = [{
    $logits (`bias` $bias^ `:` type($bias))? `routing` $routing `:`
    type($logits) `->` type($weights) `,` type($indices) attr-dict
  }];
  let hasVerifier = 1;
}

def Ingot_ExpertsOp : Ingot_Op<"experts",
    [Pure, AllTypesMatch<["x", "result"]>,
     Ingot_ProductOpInterface,
     DeclareOpInterfaceMethods<Ingot_ComputeOpInterface, ["getMatrixOperands", "getTokenShare"]>]> {
  let summary = "the chosen experts' SwiGLU networks, weighted and summed";
  let description = [{
    With `E_j(x) = down_j (silu(gate_j x) * (up_j x))`:
    `result[t] = sum_k weights[t, k] * E_{indices[t, k]}(x[t])`, summed in the
    order of k. With `shared`, the gate, up and down of a network that takes every
    token, its result for x[t] is added to that sum. DeepSeek-V3 (section 2.1.2).
    With `weights_on_input` the weights scale what experts take, not what they
    give: `sum_k E_{indices[t, k]}(weights[t, k] * x[t])`; the shared network takes
    x[t] itself. With `inputs`, what meets gate and up, and what meets down, is
    rounded to that element before, as `ProductOpInterface` says.

    ```mlir
    func.func @f(%x: tensor<?x256xf32>, %w: tensor<?x4xf32>, %i: tensor<?x4xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.experts %x, %w, %i, %gate, %up, %down
        : tensor<?x256xf32>, tensor<?x4xf32>, tensor<?x4xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16>
      return %0 : tensor<?x256xf32>
    }
    func.func @with_shared(%x: tensor<?x256xf32>, %w: tensor<?x4xf32>, %i: tensor<?x4xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>, %g: tensor<192x256xbf16>, %u: tensor<192x256xbf16>, %d: tensor<256x192xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.experts %x, %w, %i, %gate, %up, %down shared %g, %u, %d
        : tensor<?x256xf32>, tensor<?x4xf32>, tensor<?x4xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16> shared tensor<192x256xbf16>, tensor<192x256xbf16>, tensor<256x192xbf16>
      return %0 : tensor<?x256xf32>
    }
    func.func @weighted_input(%x: tensor<?x256xf32>, %w: tensor<?x1xf32>, %i: tensor<?x1xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.experts %x, %w, %i, %gate, %up, %down weights_on_input
        : tensor<?x256xf32>, tensor<?x1xf32>, tensor<?x1xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16>
      return %0 : tensor<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `x` and `result` are [t, n]; `weights` and `indices` [t, k].
    - (C2) `gate` and `up` are [e, i, n] and `down` is [e, n, i].
    - (C3) k is at most e.
    - (C4) `shared` is empty or three weights: [s, n], [s, n] and [n, s].
    - (C5) `inputs`, if given, is bf16 or f8E4M3FN.
  }];
  let arguments = (ins AnyRankedTensor:$x, AnyRankedTensor:$weights,
                       AnyRankedTensor:$indices, AnyRankedTensor:$gate,
                       AnyRankedTensor:$up, AnyRankedTensor:$down,
                       Variadic<AnyRankedTensor>:$shared,
                       UnitAttr:$weights_on_input,
                       OptionalAttr<TypeAttr>:$inputs);
  let results = (outs AnyRankedTensor:$result);
  let assemblyFormat = [{
    $x `,` $weights `,` $indices `,` $gate `,` $up `,` $down
    (`shared` $shared^)? (`weights_on_input` $weights_on_input^)?
    (`inputs` $inputs^)? `:` type($x) `,` type($weights) `,` type($indices) `,`
    type($gate) `,` type($up) `,` type($down) (`shared` type($shared)^)?
    attr-dict
  }];
  let hasVerifier = 1;
}

#endif // INGOT_DIALECTS_INGOT_MOE
