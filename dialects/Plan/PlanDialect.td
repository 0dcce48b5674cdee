//===- PlanDialect.td - the plan dialect itself, its attributes and type --===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_PLAN_DIALECT
#define INGOT_DIALECTS_PLAN_DIALECT

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"

def Plan_Dialect : Dialect {
  let name = "plan";
  let cppNamespace = "::ingot::plan";
  let summary = "How a model runs: buffers in arenas and launches of kernels";
  let description = [{
    Mirrors runtime/plan/plan.fbs, op for table; the emitter translates one to
    one. What is no decision of a pass (target, files, tokenizer, generation
    defaults) is not in the IR: the emitter gets it beside the module.

    A module holds `plan.symbol`, `plan.kv_cache`, `plan.arena`, `plan.kernel`
    and `plan.weight`, then one `plan.entry` for each function of the model.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerTypes();
  }];
}

class Plan_Op<string mnemonic, list<Trait> traits = []>
    : Op<Plan_Dialect, mnemonic, traits>;

def Plan_ExprAttr : AttrDef<Plan_Dialect, "Expr"> {
  let mnemonic = "expr";
  let summary = "a size known when a step runs";
  let description = [{
    `ceil((symbol * mul + add) / ceil_div)`; an empty symbol counts as 0. The
    only arithmetic that the runtime does.

    ```mlir
    #plan.expr<"T" * 1 + 3 ceildiv 4>
    ```
  }];
  let parameters = (ins
    StringRefParameter<"name of a plan.symbol, or empty">:$symbol,
    "int64_t":$mul, "int64_t":$add, "int64_t":$ceilDiv);
  let assemblyFormat = "`<` $symbol `*` $mul `+` $add `ceildiv` $ceilDiv `>`";
  let genVerifyDecl = 1;
}

def Plan_ExprArrayAttr : TypedArrayAttrBase<Plan_ExprAttr, "an array of sizes">;

def Plan_CostAttr : AttrDef<Plan_Dialect, "Cost"> {
  let mnemonic = "cost";
  let summary = "what a launch costs at the least, in terms of the step";
  let description = [{
    `rows` is the symbol that counts the launch's rows, or empty if it has none.
    Weights: `weight_bytes` are read whole; of `parts` parts of `part_bytes` each
    (rows of a table, experts) a row reads `row_parts`, and no part is read
    twice. Activations: `row_bytes` read and written for a row. KV cache:
    `cached_bytes` read for each cached token of each sequence. Operations:
    `row_flops` for a row, `cached_flops` for each cached token of each sequence,
    `pair_flops` for each cached token that a row attends to. `product` says that
    the operations are products with weights. What is 0 is left out.

    ```mlir
    #plan.cost<rows = "T", product = true, weight_bytes = 131072, row_bytes = 3072, row_flops = 262144>
    ```
  }];
  let parameters = (ins
    StringRefParameter<"name of a plan.symbol, or empty">:$rows,
    DefaultValuedParameter<"bool", "false">:$product,
    DefaultValuedParameter<"int64_t", "0">:$weight_bytes,
    DefaultValuedParameter<"int64_t", "0">:$parts,
    DefaultValuedParameter<"int64_t", "0">:$part_bytes,
    DefaultValuedParameter<"int64_t", "0">:$row_parts,
    DefaultValuedParameter<"int64_t", "0">:$row_bytes,
    DefaultValuedParameter<"int64_t", "0">:$row_flops,
    DefaultValuedParameter<"int64_t", "0">:$cached_bytes,
    DefaultValuedParameter<"int64_t", "0">:$cached_flops,
    DefaultValuedParameter<"int64_t", "0">:$pair_flops);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Plan_ResourcesAttr : AttrDef<Plan_Dialect, "Resources"> {
  let mnemonic = "resources";
  let summary = "what a kernel of a GPU takes while it runs";
  let description = [{
    `block` threads, `shared_bytes` of shared memory given at launch and
    `static_shared_bytes` that the code has of its own, for each block;
    `registers` and `local_bytes` (stack and spilled registers) for each thread.
    With `early_start` it may begin before the launch before it has ended, and
    waits itself before it reads what that writes. What is 0 is left out.

    ```mlir
    #plan.resources<block = 256, shared_bytes = 65536, registers = 96, early_start = true>
    ```
  }];
  let parameters = (ins
    "int64_t":$block,
    DefaultValuedParameter<"int64_t", "0">:$shared_bytes,
    DefaultValuedParameter<"int64_t", "0">:$static_shared_bytes,
    DefaultValuedParameter<"int64_t", "0">:$registers,
    DefaultValuedParameter<"int64_t", "0">:$local_bytes,
    DefaultValuedParameter<"bool", "false">:$early_start);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Plan_AttentionForm : I32EnumAttr<"AttentionForm", "how latent attention is computed", [
    I32EnumAttrCase<"Expanded", 0, "expanded">,
    I32EnumAttrCase<"Reassociated", 1, "reassociated">]> {
  let cppNamespace = "::ingot::plan";
  let genSpecializedAttr = 0;
}

def Plan_FormCostAttr : AttrDef<Plan_Dialect, "FormCost"> {
  let mnemonic = "form_cost";
  let summary = "what latent attention in one form costs a step";
  let description = [{
    Bytes of weights, cached rows and activations, each read or written once;
    multiplications and additions; launches that wait for one another.

    ```mlir
    #plan.form_cost<bytes = 183808, flops = 278528, exchanges = 3>
    ```
  }];
  let parameters = (ins "int64_t":$bytes, "int64_t":$flops, "int64_t":$exchanges);
  let assemblyFormat = "`<` struct(params) `>`";
  let genVerifyDecl = 1;
}

def Plan_AbsorptionAttr : AttrDef<Plan_Dialect, "Absorption"> {
  let mnemonic = "absorption";
  let summary = "the form of latent attention, and what each form costs";
  let description = [{
    `expanded`: keys and values of the cached tokens are computed from the latent.
    `reassociated`: W_UK is absorbed into the query, W_UV into the result. The
    costs are those of the largest step at the end of the longest contexts, over
    all layers.

    ```mlir
    #plan.absorption<form = reassociated,
                     expanded = <bytes = 174592, flops = 8470528, exchanges = 1>,
                     reassociated = <bytes = 183808, flops = 278528, exchanges = 3>>
    ```
  }];
  let parameters = (ins
    EnumParameter<Plan_AttentionForm>:$form,
    "::ingot::plan::FormCostAttr":$expanded,
    "::ingot::plan::FormCostAttr":$reassociated);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Plan_AddressType : TypeDef<Plan_Dialect, "Address"> {
  let mnemonic = "address";
  let summary = "an address that binding weights makes known";
  let description = [{
    ```mlir
    func.func private @takes(!plan.address)
    ```
  }];
}

#endif // INGOT_DIALECTS_PLAN_DIALECT
