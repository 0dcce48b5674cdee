//===- ModuleDeclarations.h - what all entries of a plan share --*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_LOWER_MODULEDECLARATIONS_H
#define INGOT_PASSES_LOWER_MODULEDECLARATIONS_H

#include "dialects/Ingot/IngotDialect.h"
#include "dialects/Plan/PlanDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "passes/Lower/KernelCatalogue.h"
#include "passes/Passes.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

namespace ingot::passes {

/// Names of the arenas.
inline constexpr llvm::StringLiteral kWorkspace = "workspace", kIo = "io",
                                     kKvCache = "kv_cache";

/// Names a launch after its op's location: "layers.1.self_attn.q_a_proj".
std::string launchName(mlir::Operation *op);

/// The grid of `launch` as an attribute.
mlir::ArrayAttr gridOf(mlir::Builder &builder, const LaunchChoice &launch);

/// What the module declares once for all entries: symbols, arenas, kernels and
/// weights, each added when it is first needed. Strings that it returns live as
/// long as the module's attributes.
class ModuleDeclarations {
public:
  ModuleDeclarations(mlir::ModuleOp module, const PlanLimits &limits);

  /// The ingot.weight of that name, or null.
  ir::WeightOp lookupWeight(llvm::StringRef name) const {
    return weights.lookup(name);
  }

  /// Declares the model's facts, the symbols, the pool of pages and the arenas.
  void declareFixed();

  void declareKernel(mlir::Location loc, llvm::StringRef name);

  /// Declares the values of `weight` and gives their name; fails with a
  /// diagnostic at a weight whose values are in the module.
  mlir::FailureOr<llvm::StringRef> declareValues(ir::WeightOp weight);

  /// Declares the scales of `weight`, whose elements are scaled.
  llvm::StringRef declareScales(ir::WeightOp weight);

  const PlanLimits &getLimits() const { return limits; }

private:
  struct StepMaxima {
    int64_t tokens, sequences, rows;
  };

  /// Of all functions; one without a bucket takes whatever the limits allow.
  StepMaxima stepMaxima();

  /// What import noted in the module's `ingot.model`; `otherwise` where a
  /// test's module says nothing.
  int64_t fact(llvm::StringRef name, int64_t otherwise);

  llvm::StringRef declareWeight(ir::WeightOp weight, mlir::StringAttr name,
                                mlir::RankedTensorType type,
                                mlir::StringAttr tensor,
                                mlir::FlatSymbolRefAttr scales);

  /// Notes which weights' sums run over another dimension than the last.
  void findFanIns();

  mlir::ModuleOp module;
  mlir::OpBuilder builder;
  const PlanLimits &limits;
  /// The declaration behind which the next one goes: all stand before the
  /// entries, in the order in which they come up.
  mlir::Operation *last = nullptr;
  llvm::StringMap<ir::WeightOp> weights;
  /// By weight, where it is not the last dimension.
  llvm::StringMap<int64_t> fanIns;
  llvm::StringSet<> declared;
};

} // namespace ingot::passes

#endif // INGOT_PASSES_LOWER_MODULEDECLARATIONS_H
