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

def FuseLaunchesPass : Pass<"ingot-fuse-launches", "::mlir::ModuleOp"> {
  let summary = "launches together what need not wait apart";
  let description = [{
    A launch on a GPU waits until all of the one before it is done. Two launches
    become one where the catalogue has such a kernel:

    - in sequence: the second depends on the first, both have a tile for each
      row, and a tile of the second reads nothing of other rows that the first
      writes (the catalogue says so of its kernels), so that a block can go on
      with its row by itself;
    - side by side: neither writes what the other reads or writes, and their
      grids differ along x alone, or both have a tile for each row.

    A launch moves to the earliest such one, over those that it does not depend
    on. The fused launch has the name and tap of the one that has a tap; else of the
    last in sequence, of the first side by side; what that one writes comes
    first.

    Before:
    ```mlir
    plan.symbol @T max 4
    plan.arena @workspace workspace
    plan.kernel @split_a8_b4
    plan.kernel @rope_h1_d4
    plan.entry @decode {
      %x = plan.buffer @workspace rows @T : memref<?x12xf32>
      %a = plan.buffer @workspace rows @T : memref<?x8xf32>
      %b = plan.buffer @workspace rows @T : memref<?x4xf32>
      %y = plan.buffer @workspace rows @T : memref<?x4xf32>
      plan.launch @split_a8_b4 "kv_split" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
        (%x, %a, %b : memref<?x12xf32>, memref<?x8xf32>, memref<?x4xf32>) writes [1, 2]
      plan.launch @rope_h1_d4 "k_rope" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
        (%b, %y : memref<?x4xf32>, memref<?x4xf32>) writes [1]
    }
    ```
    After:
    ```mlir
    plan.symbol @T max 4
    plan.arena @workspace workspace
    plan.kernel @split_a8_b4_then_rope_h1_d4
    plan.entry @decode {
      %x = plan.buffer @workspace rows @T : memref<?x12xf32>
      %a = plan.buffer @workspace rows @T : memref<?x8xf32>
      %b = plan.buffer @workspace rows @T : memref<?x4xf32>
      %y = plan.buffer @workspace rows @T : memref<?x4xf32>
      plan.launch @split_a8_b4_then_rope_h1_d4 "k_rope" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
        (%x, %a, %b, %b, %y : memref<?x12xf32>, memref<?x8xf32>, memref<?x4xf32>, memref<?x4xf32>, memref<?x4xf32>) writes [4, 1, 2]
    }
    ```
  }];
  let dependentDialects = ["::ingot::plan::PlanDialect"];
  let constructor = "::ingot::passes::createFuseLaunchesPass()";
}

#endif // INGOT_PASSES_LOWER
