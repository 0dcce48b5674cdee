//===- Verify.td - the gates between phases -------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_VERIFY
#define INGOT_PASSES_VERIFY

include "mlir/Pass/PassBase.td"

def VerifyEntriesPass : Pass<"ingot-verify-entries", "::mlir::ModuleOp"> {
  let summary = "the gate after the model phase: functions are entries";
  let description = [{
    Changes nothing. A function `@step`, a function without a bucket and a module
    without `@prefill`, `@decode` or `@score` are errors.

    Before and after:
    ```mlir
    #prompts = #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 1024>
    #answers = #ingot.bucket<tokens = 4, per_sequence = 1, sequences = 4, rows = 4, context = 1024>
    func.func private @prefill(!ingot.batch) attributes {ingot.bucket = #prompts}
    func.func private @decode(!ingot.batch) attributes {ingot.bucket = #answers}
    func.func private @score(!ingot.batch) attributes {ingot.bucket = #prompts}
    ```
  }];
  let constructor = "::ingot::passes::createVerifyEntriesPass()";
}

def VerifyQuantizedPass : Pass<"ingot-verify-quantized", "::mlir::ModuleOp"> {
  let summary = "the gate after quantisation: work on weights is in @pack";
  let description = [{
    Changes nothing. An op outside `@pack` that works on weights alone and an op
    in it that does not are errors.

    Before and after:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    func.func private @pack() {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      return
    }
    ```
  }];
  let constructor = "::ingot::passes::createVerifyQuantizedPass()";
}

def VerifyLoweredPass : Pass<"ingot-verify-lowered", "::mlir::ModuleOp"> {
  let summary = "the gate after lowering: no model op is left";
  let description = [{
    Changes nothing. Any op of the ingot or func dialect is an error at its
    location.

    Before and after:
    ```mlir
    plan.entry @step {
    }
    ```
  }];
  let constructor = "::ingot::passes::createVerifyLoweredPass()";
}

def VerifyPlannedPass : Pass<"ingot-verify-planned", "::mlir::ModuleOp"> {
  let summary = "the gate after memory planning: every byte has its place";
  let description = [{
    Changes nothing. A buffer without an offset, an arena without a size, a
    buffer that reaches beyond its arena and a launch argument that shares bytes
    with a buffer written by the same launch are errors.

    Before and after:
    ```mlir
    plan.arena @workspace workspace bytes 256
    plan.entry @step {
      %0 = plan.buffer @workspace at 0 : memref<64xf32>
    }
    ```
  }];
  let constructor = "::ingot::passes::createVerifyPlannedPass()";
}

#endif // INGOT_PASSES_VERIFY
