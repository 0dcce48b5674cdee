//===- Module.td - what entries share: symbols, arenas, kernels, weights --===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_PLAN_MODULE
#define INGOT_DIALECTS_PLAN_MODULE

include "mlir/IR/SymbolInterfaces.td"
include "dialects/Plan/PlanDialect.td"

def Plan_SymbolOp : Plan_Op<"symbol", [Symbol]> {
  let summary = "a quantity known only when a step runs";
  let description = [{
    "T" is the tokens of the step, "S" its sequences, "R" the rows whose logits
    are wanted. Buffers are sized for `max`.

    ```mlir
    plan.symbol @T max 256
    ```

    Constraints:
    - (C1) `max` is positive.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$max);
  let assemblyFormat = "$sym_name `max` $max attr-dict";
  let hasVerifier = 1;
}

def Plan_ModelOp : Plan_Op<"model"> {
  let summary = "facts about the model that tools print and check";
  let description = [{
    ```mlir
    plan.model context 1024 batch 4 vocab 2048 hidden 256 parameters 10600000 active 3100000 mtp 1900000
    ```

    `parameters` are those of the model without its multi-token prediction, which
    has `mtp` more; the matrices that a token is multiplied by have `active`.

    Constraints:
    - (C1) the first four are positive.
    - (C2) the others are not negative, and no more is active than there is.
  }];
  let arguments = (ins I64Attr:$max_context, I64Attr:$max_batch,
                       I64Attr:$vocab_size, I64Attr:$hidden_size,
                       I64Attr:$parameters, I64Attr:$active_parameters,
                       I64Attr:$mtp_parameters);
  let assemblyFormat = [{
    `context` $max_context `batch` $max_batch `vocab` $vocab_size
    `hidden` $hidden_size `parameters` $parameters `active` $active_parameters
    `mtp` $mtp_parameters attr-dict
  }];
  let hasVerifier = 1;
}

def Plan_KVCacheOp : Plan_Op<"kv_cache"> {
  let summary = "the pool of KV pages";
  let description = [{
    `pages` pages of `page_size` tokens, page 0 being scratch that no sequence
    owns; the longest sequence needs `pages_per_sequence`.

    ```mlir
    plan.kv_cache page 64 pages 65 per_sequence 16
    ```

    Constraints:
    - (C1) the pool holds page 0 and at least one sequence.
  }];
  let arguments = (ins I64Attr:$page_size, I64Attr:$pages,
                       I64Attr:$pages_per_sequence);
  let assemblyFormat = [{
    `page` $page_size `pages` $pages `per_sequence` $pages_per_sequence attr-dict
  }];
  let hasVerifier = 1;
}

def Plan_ArenaKind : I32EnumAttr<"ArenaKind", "what an arena is for", [
    I32EnumAttrCase<"Workspace", 0, "workspace">,
    I32EnumAttrCase<"Io", 1, "io">,
    I32EnumAttrCase<"KvCache", 2, "kv_cache">]> {
  let cppNamespace = "::ingot::plan";
  let genSpecializedAttr = 0;
}
def Plan_ArenaKindAttr : EnumAttr<Plan_Dialect, Plan_ArenaKind, "arena_kind">;

def Plan_ArenaOp : Plan_Op<"arena", [Symbol]> {
  let summary = "memory that the runtime allocates once";
  let description = [{
    `workspace` is scratch of one step, `io` what the host writes and reads,
    `kv_cache` lives from step to step. `bytes` is set by plan-memory.

    ```mlir
    plan.arena @workspace workspace bytes 65536
    ```

    Constraints:
    - (C1) `bytes`, where set, is not negative.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, Plan_ArenaKindAttr:$kind,
                       OptionalAttr<I64Attr>:$bytes);
  // The attribute prints a space of its own.
  let assemblyFormat = "$sym_name `` $kind (`bytes` $bytes^)? attr-dict";
  let hasVerifier = 1;
}

def Plan_KernelOp : Plan_Op<"kernel", [Symbol]> {
  let summary = "a function of the plan's machine code";
  let description = [{
    Named by contract, formats and shape; the exported symbol has the same name.
    `in` is the number of its module of machine code, 0 if it is left out;
    `resources` says what a kernel of a GPU takes, and is left out on a host.

    ```mlir
    plan.kernel @linear_bf16_n512_k256
    plan.kernel @linear_f8e4m3_n512_k256 in 2 resources <block = 256, shared_bytes = 65536, registers = 96>
    ```

    Constraints:
    - (C1) `in` is not negative.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       OptionalAttr<I64Attr>:$module,
                       OptionalAttr<Plan_ResourcesAttr>:$resources);
  let assemblyFormat = [{
    $sym_name (`in` $module^)? (`resources` $resources^)? attr-dict
  }];
  let builders = [OpBuilder<(ins "::llvm::StringRef":$name), [{
    build($_builder, $_state, name, ::mlir::IntegerAttr(), ResourcesAttr());
  }]>];
  let hasVerifier = 1;
}

def Plan_WeightOp : Plan_Op<"weight", [
    Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a constant tensor";
  let description = [{
    `tensor` names the checkpoint tensor; `{e}` in it stands for 0, 1, ... along
    the leading dimension, and `#{e}` behind it for the parts of one tensor along
    that dimension: the weight then has one view for each. A `packed`
    weight is computed by `plan.pack`, in so many parts along that dimension.

    ```mlir
    plan.weight @gate : tensor<16x128x256xf8E4M3FN> from "layers.1.experts.{e}.gate.weight"
    plan.weight @s : tensor<16x1x2xf32> from "layers.1.experts.{e}.gate.scale" scales @gate
    plan.weight @gate_up : tensor<16x256x256xbf16> from "layers.1.experts.gate_up#{e}"
    plan.weight @up : tensor<16x128x256xf8E4M3FN> packed in 16
    ```

    `scales` names the weight whose blocks these values scale. `fan_in` is the number
    of terms in the sums that a value takes part in, where that is not the last
    dimension: what the deviation of drawn values depends on.

    Constraints:
    - (C1) `type` has static dimensions.
    - (C2) `scales`, where set, names a plan.weight.
    - (C3) either `tensor` or `packed` is given.
    - (C4) `packed` is 1 or the size of the leading dimension.
    - (C5) `fan_in`, where set, is positive.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<AnyRankedTensor>:$type,
                       OptionalAttr<StrAttr>:$tensor,
                       OptionalAttr<FlatSymbolRefAttr>:$scales,
                       OptionalAttr<I64Attr>:$packed,
                       OptionalAttr<I64Attr>:$fan_in);
  let assemblyFormat = [{
    $sym_name `:` $type (`from` $tensor^)? (`packed` `in` $packed^)?
    (`scales` $scales^)? (`fan_in` $fan_in^)? attr-dict
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Whether kernels reach the weight through a table with an address a part.
    bool isStacked();
    /// Tensors that the weight consists of.
    int64_t countParts();
  }];
}

#endif // INGOT_DIALECTS_PLAN_MODULE
