//===- Passes.td - every pass, with IR before and after -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES
#define INGOT_PASSES

include "mlir/Pass/PassBase.td"

def SplitEntriesPass : Pass<"ingot-split-entries", "::mlir::ModuleOp"> {
  let summary = "one function for each kind of step";
  let description = [{
    Replaces `@step`, which takes any step, by copies that later passes shape
    for what they are for, and says with `ingot.bucket` how large a step each
    takes:

    - `@prefill`: chunks of prompts, logits of each sequence's last row;
    - `@decode`: the newest token of each sequence and those drafted after it,
      as many as the model has draft layers;
    - `@score`: chunks of prompts, logits of every row;
    - `@draft` stays, with a bucket for prompts, since they fill its cache too.

    A draft that is verified runs through `@decode` like any token, so that what
    is accepted has the bits that decoding alone would have had.

    Before:
    ```mlir
    func.func @step(%batch: !ingot.batch, %x: tensor<?x256xf32>) -> tensor<?x256xf32> {
      return %x : tensor<?x256xf32>
    }
    ```
    After:
    ```mlir
    func.func @prefill(%batch: !ingot.batch, %x: tensor<?x256xf32>) -> tensor<?x256xf32>
        attributes {ingot.bucket = #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 4, context = 1024>} {
      return %x : tensor<?x256xf32>
    }
    func.func @decode(%batch: !ingot.batch, %x: tensor<?x256xf32>) -> tensor<?x256xf32>
        attributes {ingot.bucket = #ingot.bucket<tokens = 4, per_sequence = 1, sequences = 4, rows = 4, context = 1024>} {
      return %x : tensor<?x256xf32>
    }
    func.func @score(%batch: !ingot.batch, %x: tensor<?x256xf32>) -> tensor<?x256xf32>
        attributes {ingot.bucket = #ingot.bucket<tokens = 256, per_sequence = 256, sequences = 4, rows = 256, context = 1024>} {
      return %x : tensor<?x256xf32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createSplitEntriesPass({})";
}

def FuseGateUpPass : Pass<"ingot-fuse-gate-up", "::mlir::ModuleOp"> {
  let summary = "gate and up in one product";
  let description = [{
    The two products of a SwiGLU network read the same rows, and their results
    meet at once: one op computes both and the gate. The weights stay two, since
    scaled in blocks they cannot be laid one behind the other. A remark on each
    function states the launches and bytes saved.

    Before:
    ```mlir
    func.func @decode(%x: tensor<?x256xf32>, %gate: tensor<512x256xbf16>, %up: tensor<512x256xbf16>) -> tensor<?x512xf32> {
      %g = ingot.linear %x, %gate : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      %u = ingot.linear %x, %up : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      %0 = ingot.swiglu %g, %u : tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```
    After:
    ```mlir
    func.func @decode(%x: tensor<?x256xf32>, %gate: tensor<512x256xbf16>, %up: tensor<512x256xbf16>) -> tensor<?x512xf32> {
      %0 = ingot.gated_linear %x, %gate, %up : tensor<?x256xf32>, tensor<512x256xbf16>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %0 : tensor<?x512xf32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createFuseGateUpPass()";
}

def FuseSharedExpertPass : Pass<"ingot-fuse-shared-expert", "::mlir::ModuleOp"> {
  let summary = "the shared network beside the routed ones";
  let description = [{
    A network that takes every token reads the same rows as the routed experts
    and is added to their sum, but waits for neither: as part of `ingot.experts`
    its products run beside theirs. It is recognised with its gate fused and
    without. A remark on each function states the launches saved.

    Before:
    ```mlir
    func.func @decode(%x: tensor<?x256xf32>, %w: tensor<?x4xf32>, %i: tensor<?x4xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>, %g: tensor<192x256xbf16>, %u: tensor<192x256xbf16>, %d: tensor<256x192xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.experts %x, %w, %i, %gate, %up, %down : tensor<?x256xf32>, tensor<?x4xf32>, tensor<?x4xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16>
      %1 = ingot.gated_linear %x, %g, %u : tensor<?x256xf32>, tensor<192x256xbf16>, tensor<192x256xbf16> -> tensor<?x192xf32>
      %2 = ingot.linear %1, %d : tensor<?x192xf32>, tensor<256x192xbf16> -> tensor<?x256xf32>
      %3 = ingot.add %0, %2 : tensor<?x256xf32>
      return %3 : tensor<?x256xf32>
    }
    ```
    After:
    ```mlir
    func.func @decode(%x: tensor<?x256xf32>, %w: tensor<?x4xf32>, %i: tensor<?x4xi32>, %gate: tensor<16x128x256xbf16>, %up: tensor<16x128x256xbf16>, %down: tensor<16x256x128xbf16>, %g: tensor<192x256xbf16>, %u: tensor<192x256xbf16>, %d: tensor<256x192xbf16>) -> tensor<?x256xf32> {
      %0 = ingot.experts %x, %w, %i, %gate, %up, %down shared %g, %u, %d : tensor<?x256xf32>, tensor<?x4xf32>, tensor<?x4xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16> shared tensor<192x256xbf16>, tensor<192x256xbf16>, tensor<256x192xbf16>
      return %0 : tensor<?x256xf32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createFuseSharedExpertPass()";
}

def FuseNormPass : Pass<"ingot-fuse-norm", "::mlir::ModuleOp"> {
  let summary = "the residual sum and its norm in one step";
  let description = [{
    Between two blocks of a layer stand a sum and a norm of it, each a launch
    that waits for the one before and moves a row for a few operations. One op
    does both. A remark on each function states the launches and bytes saved.

    Before:
    ```mlir
    func.func @decode(%x: tensor<?x256xf32>, %y: tensor<?x256xf32>, %w: tensor<256xbf16>) -> (tensor<?x256xf32>, tensor<?x256xf32>) {
      %sum = ingot.add %x, %y : tensor<?x256xf32>
      %normed = ingot.rms_norm %sum, %w eps 1.0e-6 : tensor<?x256xf32>, tensor<256xbf16>
      return %sum, %normed : tensor<?x256xf32>, tensor<?x256xf32>
    }
    ```
    After:
    ```mlir
    func.func @decode(%x: tensor<?x256xf32>, %y: tensor<?x256xf32>, %w: tensor<256xbf16>) -> (tensor<?x256xf32>, tensor<?x256xf32>) {
      %0:2 = ingot.add_rms_norm %x, %y, %w eps 1.0e-6 : tensor<?x256xf32>, tensor<256xbf16>
      return %0#0, %0#1 : tensor<?x256xf32>, tensor<?x256xf32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createFuseNormPass()";
}

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

def AbsorbLatentProjectionsPass
    : Pass<"ingot-absorb-latent-projections", "::mlir::ModuleOp"> {
  let summary = "computes latent attention in the cheaper of two forms";
  let description = [{
    `ingot.latent_attention` expands the keys and values of every cached token from
    the latent: work for each token of each sequence, shared by all that the step
    brings. Reassociated, the query is multiplied by W_UK and the gathered latent
    by W_UV: work for each token of the step alone, but
    every score then takes r + p products instead of d + p. Which is cheaper depends
    on the step: decoding wants the latter, a long chunk of a prompt the former. The
    choice is made for a whole function, by bytes, operations and exchanges of its
    `ingot.bucket` and the target's balance between them. A remark states both forms'
    costs, as the function's `ingot.absorption` does.

    Folding W_UK into the query's weight is not tried: at the published 128 heads it
    costs 1.36 times the parameters of attention and 1.9 times the bytes, as the product
    is no longer FP8; W_UV in the output's as well costs 3.2 times the parameters.

    Before:
    ```mlir
    func.func @decode(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<5x160xf32>, %kv_b: tensor<512x128xbf16>, %batch: !ingot.batch) -> tensor<?x256xf32>
        attributes {ingot.bucket = #ingot.bucket<tokens = 4, per_sequence = 1, sequences = 4, rows = 4, context = 1024>} {
      %0 = ingot.latent_attention %q, %c[2], %kv_b, %batch heads 4 nope 64 rope 32 value 64 scale 0.1
        : tensor<?x384xf32>, !ingot.kv_cache<5x160xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>
      return %0 : tensor<?x256xf32>
    }
    ```
    After (without the attributes):
    ```mlir
    func.func @decode(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<5x160xf32>, %kv_b: tensor<512x128xbf16>, %batch: !ingot.batch) -> tensor<?x256xf32> {
      %0 = ingot.absorb_query %q, %kv_b heads 4 nope 64 rope 32 value 64
        : tensor<?x384xf32>, tensor<512x128xbf16> -> tensor<?x640xf32>
      %1 = ingot.attend_latent %0, %c[2], %batch heads 4 rope 32 scale 0.1
        : tensor<?x640xf32>, !ingot.kv_cache<5x160xf32> -> tensor<?x512xf32>
      %2 = ingot.project_value %1, %kv_b heads 4 nope 64 value 64
        : tensor<?x512xf32>, tensor<512x128xbf16> -> tensor<?x256xf32>
      return %2 : tensor<?x256xf32>
    }
    ```
  }];
  let options = [
    Option<"form", "form", "::ingot::passes::Absorb",
           /*default=*/"::ingot::passes::Absorb::Auto",
           "auto (the cheaper one for each function), none or reassociate",
           [{::llvm::cl::values(
               clEnumValN(::ingot::passes::Absorb::Auto, "auto", ""),
               clEnumValN(::ingot::passes::Absorb::None, "none", ""),
               clEnumValN(::ingot::passes::Absorb::Reassociate, "reassociate", ""))}]>
  ];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createAbsorbLatentProjectionsPass({})";
}

def QuantizeWeightsPass : Pass<"ingot-quantize-weights", "::mlir::ModuleOp"> {
  let summary = "matrices of plain floats become scaled E4M3";
  let description = [{
    A type rule: the matrices that an op multiplies rows with
    (`ComputeOpInterface::getMatrixOperands`) become E4M3 with a float32 scale
    for each block of 128x128 if they are f32, f16 or bf16. A matrix whose
    product an `ingot.route` chooses by stays as it is; so do tables, heads and
    norms, which are no such operands, and what is scaled already. A remark says
    how many bytes of weights become how many.

    Before:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %y = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
    After:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createQuantizeWeightsPass()";
}

def HoistWeightWorkPass : Pass<"ingot-hoist-weight-work", "::mlir::ModuleOp"> {
  let summary = "computes once what depends on weights alone";
  let description = [{
    Moves ops whose operands are weights into the function `@pack`; the same
    work of several functions is done once. Each result becomes a `packed`
    weight, named after the weight that it is made of and the op, and in as many
    parts.

    Before:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
    After:
    ```mlir
    ingot.weight @w : tensor<512x256xbf16> from "w"
    ingot.weight @w.quantize : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 1
    func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
      %q = ingot.get_weight @w.quantize : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    func.func private @pack() -> (tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {ingot.name = "w.quantize"}) {
      %w = ingot.get_weight @w : tensor<512x256xbf16>
      %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
      return %q : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createHoistWeightWorkPass()";
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

#endif // INGOT_PASSES
