//===- KernelCatalogue.h - kernels, as passes see them ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes see kernels only through this interface; the compiler injects the
// catalogue of its target. A catalogue turns one op into the launches that
// compute it and says, argument by argument, what each launch is handed.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_LOWER_KERNELCATALOGUE_H
#define INGOT_PASSES_LOWER_KERNELCATALOGUE_H

#include "dialects/Plan/PlanDialect.h"
#include <array>
#include <string>
#include <vector>

namespace ingot::passes {

/// ceil((symbol * mul + add) / ceilDiv); an empty symbol counts as 0. Symbols
/// are "T" (tokens), "S" (sequences) and "R" (rows whose logits are wanted).
struct SizeExpr {
  std::string symbol;
  int64_t mul = 0;
  int64_t add = 0;
  int64_t ceilDiv = 1;

  static SizeExpr constant(int64_t value) { return {"", 0, value, 1}; }
};

/// What a kernel gets in one of its argument slots.
struct KernelArg {
  enum Kind {
    /// Buffer of the op's operand `index`. For a weight: its values (a table of
    /// pointers if the weight is stacked). For a KV cache: the pages of the
    /// layer
    /// that the op's `layer` attribute names.
    Operand,
    /// Buffer of the first operand of the op that makes operand `index`, a
    /// packed
    /// weight that need not exist then.
    Source,
    /// Scales of the weight that is operand `index`, values alike.
    Scales,
    /// Buffer of the op's result `index`.
    Result,
    /// Scales of the op's result `index`.
    ResultScales,
    /// Scratch buffer `index` of the selection.
    Scratch,
    /// Field `name` of the batch: "tokens", "positions", "sequence", "slot",
    /// "query_end", "pages", "logit_row" or "draws".
    Batch,
    /// Value of symbol `name` as an i64.
    Symbol
  };
  Kind kind;
  unsigned index = 0;
  std::string name;
  /// For scratch: whether the launch writes it.
  bool written = false;

  static KernelArg operand(unsigned i) { return {Operand, i, {}}; }
  static KernelArg source(unsigned i) { return {Source, i, {}}; }
  static KernelArg scales(unsigned i) { return {Scales, i, {}}; }
  static KernelArg result(unsigned i) { return {Result, i, {}}; }
  static KernelArg resultScales(unsigned i) { return {ResultScales, i, {}}; }
  static KernelArg scratch(unsigned i, bool written) {
    return {Scratch, i, {}, written};
  }
  static KernelArg batch(std::string n) { return {Batch, 0, std::move(n)}; }
  static KernelArg symbol(std::string n) { return {Symbol, 0, std::move(n)}; }
};

/// One launch: a kernel of the catalogue over a grid of independent tiles.
struct LaunchChoice {
  /// Name of the kernel instance, unique by contract, shape and configuration.
  std::string kernel;
  std::array<SizeExpr, 3> grid;
  std::vector<KernelArg> args;
  plan::CostAttr cost;
};

/// A buffer that lives between the launches of one op: [rows, columns].
struct ScratchBuffer {
  enum Element { F32, I32, F8E4M3 };
  /// A constant, or a symbol times a constant.
  SizeExpr rows;
  int64_t columns;
  Element element = F32;
};

/// The launches that compute an op, in order.
struct Selection {
  std::vector<LaunchChoice> launches;
  std::vector<ScratchBuffer> scratch;
};

enum class Axis { X, Y };

/// The kernels of one target.
class KernelCatalogue {
public:
  virtual ~KernelCatalogue() = default;

  /// Chooses the launches for `op`, an ir::ComputeOpInterface. Fails with a
  /// diagnostic at the op that says which kernel was rejected and why.
  virtual mlir::FailureOr<Selection> select(mlir::Operation *op) = 0;

  /// The kernel whose tiles do what those of `first` and then those of `second`
  /// do, both of which have a tile for each row; empty if there is none, as on
  /// targets where a launch costs little.
  virtual std::string inSequence(llvm::StringRef first,
                                 llvm::StringRef second) {
    return {};
  }
  /// The kernel that has `tiles` tiles of `first` along an axis and those of
  /// `second` behind them, which may run at the same time; empty likewise.
  /// Along y stand kernels that have one tile there, for each row.
  virtual std::string sideBySide(llvm::StringRef first, Axis axis,
                                 int64_t tiles, llvm::StringRef second) {
    return {};
  }
};

} // namespace ingot::passes

#endif // INGOT_PASSES_LOWER_KERNELCATALOGUE_H
