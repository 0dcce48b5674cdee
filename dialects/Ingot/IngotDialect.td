//===- IngotDialect.td - the ingot dialect itself -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT_DIALECT
#define INGOT_DIALECTS_INGOT_DIALECT

include "mlir/IR/OpBase.td"

def Ingot_Dialect : Dialect {
  let name = "ingot";
  let cppNamespace = "::ingot::ir";
  let summary = "What a language model computes, in the words of its paper";
  let description = [{
    Ops stand at the level at which a model paper speaks: a latent attention, a
    routing decision, a group of experts. Values are tensors with value
    semantics: there is no device, no buffer and no address here.

    A module holds `ingot.weight` symbols and functions. `@pack`, if there is
    one, computes weights from weights, once; every other function is one
    ragged step over `t` tokens of `s` sequences, described by its
    `!ingot.batch`; activations are `tensor<?xNxf32>`, one row a token.

    Shape letters, used in every description: `t` tokens, `s` sequences, `h`
    heads, `d` head width, `r` latent rank, `e` experts, `k` experts chosen per
    token, `i` intermediate width, `v` vocabulary size.

    Discardable attributes carry facts through the compiler: `ingot.name` on a
    function's arguments and results (the name of a plan's input or output),
    `ingot.tap` on an op (its result can be watched by that name when the plan
    runs), `ingot.bucket` on a function (the largest step that it takes, an
    `#ingot.bucket`), and `ingot.absorption` on one (the form of its latent
    attention, and the costs of both forms: the `#plan.absorption` of its entry).
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::mlir::func::FuncDialect"];
  let extraClassDeclaration = [{
    void registerAttributes();
    void registerTypes();

    /// Name of a function argument or result in the plan.
    static constexpr ::llvm::StringLiteral kNameAttr = "ingot.name";
    /// Name under which an op's result can be watched while a plan runs.
    static constexpr ::llvm::StringLiteral kTapAttr = "ingot.tap";
    /// The largest step that a function takes.
    static constexpr ::llvm::StringLiteral kBucketAttr = "ingot.bucket";
    /// Which form a function's latent attention has, and what both forms cost.
    static constexpr ::llvm::StringLiteral kAbsorptionAttr = "ingot.absorption";
    /// The function of weights alone whose results are the packed weights.
    static constexpr ::llvm::StringLiteral kPackFunction = "pack";
  }];
}

// Every op of the dialect. `mnemonic` is a noun or a verb of the model papers.
class Ingot_Op<string mnemonic, list<Trait> traits = []>
    : Op<Ingot_Dialect, mnemonic, traits>;

#endif // INGOT_DIALECTS_INGOT_DIALECT
