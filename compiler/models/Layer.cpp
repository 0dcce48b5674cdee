//===- Layer.cpp - Layer descriptions that families share -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Layer.h"

#include "compiler/models/Shape.h"

#include <cmath>

namespace ingot::compiler {

/// How much YaRN raises the attention's temperature.
static double yarnMscale(double factor, double coefficient) {
  return factor > 1 ? 0.1 * coefficient * std::log(factor) + 1 : 1;
}

LatentAttention latentAttention(const Shape &shape) {
  LatentAttention result;
  result.heads = shape.heads;
  result.queryRank = shape.queryRank;
  result.latentRank = shape.latentRank;
  result.nopeDim = shape.nopeDim;
  result.valueDim = shape.valueDim;
  result.rope.dim = shape.ropeDim;
  result.rope.theta = shape.ropeTheta;
  result.scale = 1 / std::sqrt(double(shape.nopeDim + shape.ropeDim));
  if (shape.yarnFactor == 0)
    return result;
  // The scale enters the scores through the query and through the key.
  double all = yarnMscale(shape.yarnFactor, shape.yarnMscaleAllDim);
  result.scale *= all * all;
  result.rope.scaling =
      Yarn{.factor = shape.yarnFactor,
           .original = shape.yarnOriginal,
           .betaFast = shape.yarnBetaFast,
           .betaSlow = shape.yarnBetaSlow,
           .magnitude = yarnMscale(shape.yarnFactor, shape.yarnMscale) / all};
  return result;
}

} // namespace ingot::compiler
