//===- Lower.td - passes from ops to launches -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_LOWER
#define INGOT_PASSES_LOWER

include "mlir/Pass/PassBase.td"

def SelectKernelsPass : Pass<"ingot-select-kernels", "::mlir::ModuleOp"> {
  let summary = "replaces ops by launches of the target's kernels";
  let description = [{
    Turns each function into a `plan.entry`. Every op that computes asks the
    kernel catalogue for its launches; every value becomes a buffer: results
    that the function returns in the `io` arena, the others in `workspace`. The
    batch becomes the entry's input buffers, a KV cache one buffer a layer.
    Fails where the catalogue has no kernel for an op. `@pack` becomes a
    `plan.pack` in the same way, from weights to packed weights.

    Before:
    ```mlir
    ingot.weight @w : tensor<256xbf16> from "norm.weight"
    func.func @step(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"}) -> (tensor<?x256xf32> {ingot.name = "hidden"}) {
      %w = ingot.get_weight @w : tensor<256xbf16>
      %y = ingot.rms_norm %x, %w eps 1.0e-6 : tensor<?x256xf32>, tensor<256xbf16>
      return %y : tensor<?x256xf32>
    }
    ```
    After (the inputs of the batch and the other arenas left out):
    ```mlir
    plan.symbol @T max 256
    plan.arena @io io
    plan.kernel @rms_norm_bf16_n256
    plan.weight @w : tensor<256xbf16> from "norm.weight"
    plan.entry @step {
      %x = plan.buffer @io rows @T : memref<?x256xf32>
      plan.input "hidden" %x : memref<?x256xf32>
      %w = plan.get_weight @w : !plan.address
      %y = plan.buffer @io rows @T : memref<?x256xf32>
      %t = plan.get_symbol @T : i64
      plan.launch @rms_norm_bf16_n256 "norm" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
        (%x, %w, %y, %t : memref<?x256xf32>, !plan.address, memref<?x256xf32>, i64) writes [2]
      plan.output "hidden" %y : memref<?x256xf32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect", "::ingot::plan::PlanDialect"];
  let constructor = "::ingot::passes::createSelectKernelsPass()";
}

#endif // INGOT_PASSES_LOWER
