//===- AbsorptionCost.h - latent attention in both forms --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Latent attention can be computed as it is written, keys and values of all
// cached tokens being expanded from the latent (for each sequence), or
// reassociated, the query being multiplied by W_UK instead (for each token).
// This counts both for the largest step that a function takes.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_MODEL_ABSORPTIONCOST_H
#define INGOT_PASSES_MODEL_ABSORPTIONCOST_H

#include "dialects/Ingot/IngotDialect.h"
#include "passes/Passes.h"

namespace ingot::passes {

/// What one form costs a step.
struct FormCost {
  /// Of weights, cached rows and activations, each read or written once.
  int64_t bytes = 0;
  /// Multiplications and additions.
  int64_t flops = 0;
  /// Launches that wait for one another.
  int64_t exchanges = 0;

  FormCost &operator+=(const FormCost &other);
  /// The time it takes, as the bytes that could be read meanwhile: reading and
  /// computing overlap, exchanges do not.
  double weigh(const MachineBalance &balance) const;
};

/// Both forms of one op or of all in a function.
struct AbsorptionCost {
  FormCost expanded, reassociated;

  AbsorptionCost &operator+=(const AbsorptionCost &other);
};

/// Counts a full step: as many tokens as the bucket has, of as few sequences as
/// can bring them, each as long as the context with the step's tokens at its
/// end. Neither form needs workspace but for the activations between launches:
/// the expanded keys and values of a page never leave a core's cache.
AbsorptionCost absorptionCost(ir::LatentAttentionOp op, ir::BucketAttr bucket);

} // namespace ingot::passes

#endif // INGOT_PASSES_MODEL_ABSORPTIONCOST_H
