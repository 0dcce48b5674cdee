//===- Memory.td - passes that place buffers ------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_MEMORY
#define INGOT_PASSES_MEMORY

include "mlir/Pass/PassBase.td"

def PlanMemoryPass : Pass<"ingot-plan-memory", "::mlir::ModuleOp"> {
  let summary = "gives every buffer its offset and every arena its size";
  let description = [{
    `workspace`: buffers whose lifetimes (first to last launch that names them)
    do not overlap may share bytes; the largest are placed first, each at the
    lowest offset that is free for its whole lifetime. Entries never run at the
    same time, so each starts at 0. `io`: every buffer of every entry has its own
    bytes, since the host reads and writes them between steps. `kv_cache`: the
    buffer of a layer is the same range in every entry.

    Before:
    ```mlir
    plan.symbol @T max 4
    plan.arena @workspace workspace
    plan.kernel @k
    plan.entry @step {
      %0 = plan.buffer @workspace rows @T : memref<?x16xf32>
      %1 = plan.buffer @workspace rows @T : memref<?x16xf32>
    }
    ```
    After (if no launch uses both):
    ```mlir
    plan.symbol @T max 4
    plan.arena @workspace workspace bytes 256
    plan.kernel @k
    plan.entry @step {
      %0 = plan.buffer @workspace rows @T at 0 : memref<?x16xf32>
      %1 = plan.buffer @workspace rows @T at 0 : memref<?x16xf32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::plan::PlanDialect"];
  let constructor = "::ingot::passes::createPlanMemoryPass()";
}

#endif // INGOT_PASSES_MEMORY
