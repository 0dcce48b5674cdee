//===- Rope.h - the frequencies that an ingot.rope means --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one place that turns #ingot.rope and its scaling into numbers: the
// interpreter and the kernels both ask here.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_INGOT_ROPE_H
#define INGOT_DIALECTS_INGOT_ROPE_H

#include "dialects/Ingot/IngotDialect.h"

namespace ingot::ir {

/// The angle in radians by which pair j of `rope` turns from one position to
/// the next, for j = 0 to dim/2 - 1. Formulas: RoFormer (Su et al. 2021),
/// section 3.2.2, and YaRN (Peng et al. 2023), section 3.2; how each scaling
/// changes them stands in its description.
llvm::SmallVector<double> inverseFrequencies(RopeAttr rope);

/// What `cos` and `sin` are multiplied by: 1 without scaling.
double rotationMagnitude(RopeAttr rope);

} // namespace ingot::ir

#endif // INGOT_DIALECTS_INGOT_ROPE_H
