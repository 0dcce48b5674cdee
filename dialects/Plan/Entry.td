//===- Entry.td - entries: inputs, buffers, launches ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_PLAN_ENTRY
#define INGOT_DIALECTS_PLAN_ENTRY

include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialects/Plan/PlanDialect.td"

def Plan_EntryOp : Plan_Op<"entry",
    [Symbol, NoTerminator, SingleBlock, NoRegionArguments,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a function of the plan";
  let description = [{
    The host writes the inputs, the runtime runs the launches in order, the
    host reads the outputs. `bucket` bounds the symbols in this entry, whose
    buffers are sized for it; a symbol that it leaves out keeps its maximum.
    `absorption` says how an entry with latent attention computes it.

    ```mlir
    plan.symbol @T max 256
    plan.arena @io io
    plan.kernel @embed
    plan.entry @decode bucket {T = 8} {
      %tokens = plan.buffer @io rows @T : memref<?xi32>
      plan.input "tokens" %tokens : memref<?xi32>
      %h = plan.buffer @io rows @T : memref<?x256xf32>
      plan.launch @embed "embed" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
        (%tokens, %h : memref<?xi32>, memref<?x256xf32>) writes [1]
      plan.output "hidden" %h : memref<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `bucket` gives plan.symbols values of 1 up to their maximum.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name,
                       OptionalAttr<DictionaryAttr>:$bucket,
                       OptionalAttr<Plan_AbsorptionAttr>:$absorption);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $sym_name (`bucket` $bucket^)? (`absorption` $absorption^)?
    attr-dict-with-keyword $body
  }];
}

def Plan_BufferOp : Plan_Op<"buffer", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a typed range of an arena";
  let description = [{
    A dynamic leading dimension is the symbol that `rows` names, sized for its
    maximum. `offset`, in bytes, is set by plan-memory.

    ```mlir
    plan.symbol @T max 256
    plan.arena @workspace workspace
    plan.entry @step {
      %0 = plan.buffer @workspace rows @T at 4096 : memref<?x256xf32>
    }
    ```

    Constraints:
    - (C1) `arena` names a plan.arena.
    - (C2) `rows` names a plan.symbol, and is given exactly if the leading dimension is dynamic.
    - (C3) only the leading dimension may be dynamic.
    - (C4) `offset`, where set, is a multiple of 64.
  }];
  let arguments = (ins FlatSymbolRefAttr:$arena,
                       OptionalAttr<FlatSymbolRefAttr>:$rows,
                       OptionalAttr<I64Attr>:$offset);
  let results = (outs AnyMemRef:$result);
  let assemblyFormat = "$arena (`rows` $rows^)? (`at` $offset^)? `:` type($result) attr-dict";
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// Alignment of buffers in bytes: a cache line.
    static constexpr int64_t kAlignment = 64;
  }];
}

def Plan_GetWeightOp : Plan_Op<"get_weight", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the address of a weight";
  let description = [{
    For a stacked weight, the address of a table with one address a view.

    ```mlir
    plan.weight @w : tensor<256xbf16> from "model.norm.weight"
    plan.entry @step {
      %0 = plan.get_weight @w : !plan.address
    }
    ```

    Constraints:
    - (C1) `weight` names a plan.weight.
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight);
  let results = (outs Plan_AddressType:$result);
  let assemblyFormat = "$weight `:` type($result) attr-dict";
}

def Plan_PackOp : Plan_Op<"pack",
    [NoTerminator, SingleBlock, NoRegionArguments,
     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "computes the packed weights when a plan is loaded";
  let description = [{
    Its launches run in order, each once for each part of the weights that it
    names. So the sources, which may be larger than memory, are needed one part
    at a time.

    ```mlir
    plan.kernel @quantize_bf16_n128_k256
    plan.weight @w : tensor<16x128x256xbf16> from "layers.1.experts.{e}.gate.weight"
    plan.weight @q : tensor<16x128x256xf8E4M3FN> packed in 16
    plan.weight @s : tensor<16x1x2xf32> packed in 16 scales @q
    plan.pack {
      %w = plan.get_part @w : !plan.address
      %q = plan.get_part @q : !plan.address
      %s = plan.get_part @s : !plan.address
      plan.launch @quantize_bf16_n128_k256 "layers.1.experts.gate" grid [#plan.expr<"" * 0 + 2 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
        (%w, %q, %s : !plan.address, !plan.address, !plan.address) writes [1, 2]
    }
    ```

    Constraints:
    - (C1) it holds plan.get_part and plan.launch ops only.
    - (C2) the weights of a launch have equally many parts.
    - (C3) a launch reads no packed weight that none before it has written, and writes packed weights that none before it has written.
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasVerifier = 1;
}

def Plan_GetPartOp : Plan_Op<"get_part", [Pure, HasParent<"PackOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the address of the part of a weight that is being packed";
  let description = [{
    ```mlir
    plan.weight @w : tensor<256xbf16> from "model.norm.weight"
    plan.pack {
      %0 = plan.get_part @w : !plan.address
    }
    ```

    Constraints:
    - (C1) `weight` names a plan.weight.
  }];
  let arguments = (ins FlatSymbolRefAttr:$weight);
  let results = (outs Plan_AddressType:$result);
  let assemblyFormat = "$weight `:` type($result) attr-dict";
}

def Plan_GetSymbolOp : Plan_Op<"get_symbol", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "the value of a symbol";
  let description = [{
    ```mlir
    plan.symbol @T max 256
    plan.entry @step {
      %0 = plan.get_symbol @T : i64
    }
    ```

    Constraints:
    - (C1) `symbol` names a plan.symbol.
  }];
  let arguments = (ins FlatSymbolRefAttr:$symbol);
  let results = (outs I64:$result);
  let assemblyFormat = "$symbol `:` type($result) attr-dict";
}

def Plan_LaunchOp : Plan_Op<"launch", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "runs a kernel once for each tile of a grid";
  let description = [{
    `args` fill the kernel's argument slots in order; `writes` lists the slots
    of the buffers, or of the parts of weights, it writes. `name` says where the launch comes from; `tap`,
    if given, is a name under which the first written buffer can be watched;
    `cost` says what the launch reads and computes.

    ```mlir
    plan.symbol @T max 256
    plan.arena @workspace workspace
    plan.kernel @k
    plan.entry @step {
      %x = plan.buffer @workspace rows @T : memref<?x256xf32>
      plan.launch @k "layers.0.norm" grid [#plan.expr<"T" * 1 + 0 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>, #plan.expr<"" * 0 + 1 ceildiv 1>]
        (%x : memref<?x256xf32>) writes [0] tap "hidden.0" cost <rows = "T", row_bytes = 2048>
    }
    ```

    Constraints:
    - (C1) `kernel` names a plan.kernel.
    - (C2) the grid has three sizes.
    - (C3) at least one slot is written, and each is the slot of a buffer or a part.
    - (C4) the symbols of the grid and of the cost are plan.symbols.
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, StrAttr:$name,
                       Plan_ExprArrayAttr:$grid, Variadic<AnyType>:$args,
                       DenseI64ArrayAttr:$writes, OptionalAttr<StrAttr>:$tap,
                       OptionalAttr<Plan_CostAttr>:$cost);
  let assemblyFormat = [{
    $kernel $name `grid` $grid `(` $args `:` type($args) `)` `writes` $writes
    (`tap` $tap^)? (`cost` $cost^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Plan_InputOp : Plan_Op<"input"> {
  let summary = "a buffer that the host writes before the launches";
  let description = [{
    ```mlir
    plan.symbol @T max 256
    plan.arena @io io
    plan.entry @step {
      %0 = plan.buffer @io rows @T : memref<?xi32>
      plan.input "tokens" %0 : memref<?xi32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, AnyMemRef:$buffer);
  let assemblyFormat = "$name $buffer `:` type($buffer) attr-dict";
}

def Plan_OutputOp : Plan_Op<"output"> {
  let summary = "a buffer that the host reads after the launches";
  let description = [{
    ```mlir
    plan.symbol @R max 256
    plan.arena @io io
    plan.entry @step {
      %0 = plan.buffer @io rows @R : memref<?x2048xf32>
      plan.output "logits" %0 : memref<?x2048xf32>
    }
    ```
  }];
  let arguments = (ins StrAttr:$name, AnyMemRef:$buffer);
  let assemblyFormat = "$name $buffer `:` type($buffer) attr-dict";
}

#endif // INGOT_DIALECTS_PLAN_ENTRY
