//===- Model.td - passes from the textbook to what is fast ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_MODEL
#define INGOT_PASSES_MODEL

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
    - `@decode_single`, for GPUs: the newest token of one sequence, when nothing
      else is in the step. Its kernels have no room for more tokens, and so more
      of them run at once; what they compute has the bits of `@decode`;
    - `@score`: chunks of prompts, logits of every row: of fewer tokens if steps
      are long, as a row of logits is as long as the vocabulary;
    - `@draft` stays, with a bucket for prompts, since they fill its cache too,
      and for as many rows of logits as `@score`.

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

def ChooseTokensPass : Pass<"ingot-choose-tokens", "::mlir::ModuleOp"> {
  let summary = "tokens in place of logits";
  let description = [{
    For targets whose memory is not the host's: `@prefill`, `@decode` and
    `@decode_single` also return the tokens that the batch's draws give, so that
    logits, a row of the vocabulary's size for each token, need not be copied to
    the host. They are still returned, for who wants them.

    Before:
    ```mlir
    func.func @decode(%batch: !ingot.batch, %x: tensor<?x256xf32>, %head: tensor<2048x256xbf16>) -> (tensor<?x2048xf32> {ingot.name = "logits"}) {
      %0 = ingot.logits %x, %head, %batch : tensor<?x256xf32>, tensor<2048x256xbf16> -> tensor<?x2048xf32>
      return %0 : tensor<?x2048xf32>
    }
    ```
    After:
    ```mlir
    func.func @decode(%batch: !ingot.batch, %x: tensor<?x256xf32>, %head: tensor<2048x256xbf16>) -> (tensor<?x2048xf32> {ingot.name = "logits"}, tensor<?xi32> {ingot.name = "chosen"}) {
      %0 = ingot.logits %x, %head, %batch : tensor<?x256xf32>, tensor<2048x256xbf16> -> tensor<?x2048xf32>
      %1 = ingot.choose %0, %batch : tensor<?x2048xf32> -> tensor<?xi32>
      return %0, %1 : tensor<?x2048xf32>, tensor<?xi32>
    }
    ```
  }];
  let dependentDialects = ["::ingot::ir::IngotDialect"];
  let constructor = "::ingot::passes::createChooseTokensPass()";
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
    costs, as the function's `ingot.absorption` does, which the plan keeps for its
    report.

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
  let dependentDialects = ["::ingot::ir::IngotDialect", "::ingot::plan::PlanDialect"];
  let constructor = "::ingot::passes::createAbsorbLatentProjectionsPass({})";
}

#endif // INGOT_PASSES_MODEL
