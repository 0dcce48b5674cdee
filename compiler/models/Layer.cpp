//===- Layer.cpp - Layer descriptions that families share -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Layer.h"

#include "compiler/models/Shape.h"

#include <algorithm>
#include <cmath>

namespace ingot::compiler {

/// How much YaRN raises the attention's temperature.
static double yarnMscale(double factor, double coefficient) {
  return factor > 1 ? 0.1 * coefficient * std::log(factor) + 1 : 1;
}

static YarnScaling yarn(const Shape &shape, double magnitude) {
  return {.factor = shape.ropeFactor,
          .original = shape.ropeOriginal,
          .betaFast = shape.yarnBetaFast,
          .betaSlow = shape.yarnBetaSlow,
          .magnitude = magnitude};
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
  if (shape.ropeFactor == 0)
    return result;
  // The scale enters the scores through the query and through the key.
  double all = yarnMscale(shape.ropeFactor, shape.yarnMscaleAllDim);
  result.scale *= all * all;
  result.rope.scaling =
      yarn(shape, yarnMscale(shape.ropeFactor, shape.yarnMscale) / all);
  return result;
}

/// The magnitude that the config states, or that follows from what it states.
static double magnitude(const Shape &shape) {
  if (shape.yarnMagnitude != 0)
    return shape.yarnMagnitude;
  if (shape.yarnMscale == 0 || shape.yarnMscaleAllDim == 0)
    return yarnMscale(shape.ropeFactor, 1);
  return yarnMscale(shape.ropeFactor, shape.yarnMscale) /
         yarnMscale(shape.ropeFactor, shape.yarnMscaleAllDim);
}

static Rope rope(const Shape &shape, ir::PairLayout layout) {
  Rope result{.dim = shape.headDim,
              .theta = shape.ropeTheta,
              .layout = layout,
              .scaling = {}};
  switch (shape.ropeScaling) {
  case LinearPositions:
    result.scaling = LinearScaling{shape.ropeFactor};
    break;
  case NtkByParts:
    result.scaling = NtkByPartsScaling{
        .factor = shape.ropeFactor,
        .lowFreqFactor = shape.lowFreqFactor,
        .highFreqFactor = shape.highFreqFactor,
        .original = shape.ropeOriginal,
    };
    break;
  case Yarn:
    result.scaling = yarn(shape, magnitude(shape));
    break;
  default:
    break;
  }
  return result;
}

GroupedAttention groupedAttention(const Shape &shape, ir::PairLayout layout) {
  GroupedAttention result;
  result.heads = shape.heads;
  result.kvHeads = shape.kvHeads;
  result.headDim = shape.headDim;
  result.bias = shape.attentionBias;
  result.rope = rope(shape, layout);
  result.scale = 1 / std::sqrt(double(shape.headDim));
  return result;
}

bool hasExperts(const Shape &shape, int64_t layer) {
  auto lists = [&](const std::vector<int64_t> &layers) {
    return std::find(layers.begin(), layers.end(), layer) != layers.end();
  };
  if (lists(shape.expertFreeLayers))
    return false;
  return shape.expertLayers.empty() ? (layer + 1) % shape.expertStep == 0
                                    : lists(shape.expertLayers);
}

int64_t cacheWidth(const Layer &layer) {
  if (auto *latent = std::get_if<LatentAttention>(&layer.attention))
    return latent->latentRank + latent->rope.dim;
  const auto &grouped = std::get<GroupedAttention>(layer.attention);
  return 2 * grouped.kvHeads * grouped.headDim;
}

} // namespace ingot::compiler
