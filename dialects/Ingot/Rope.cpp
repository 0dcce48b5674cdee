//===- Rope.cpp - the frequencies that an ingot.rope means ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/Rope.h"
#include <algorithm>
#include <cmath>

using namespace mlir;

namespace ingot::ir {

/// The (fractional) pair that turns `turns` times within `original` positions.
static double pairThatTurns(double turns, double dim, double theta,
                            double original) {
  return dim * std::log(original / (turns * 2.0 * M_PI)) /
         (2.0 * std::log(theta));
}

static void applyYarn(YarnAttr yarn, double dim, double theta,
                      SmallVectorImpl<double> &frequencies) {
  double original = static_cast<double>(yarn.getOriginal());
  double low = std::floor(pairThatTurns(yarn.getBetaFast().getValueAsDouble(),
                                        dim, theta, original));
  double high = std::ceil(pairThatTurns(yarn.getBetaSlow().getValueAsDouble(),
                                        dim, theta, original));
  // The published code clamps to dim - 1, not to the dim / 2 - 1 of the last
  // pair; checkpoints are trained with that.
  low = std::max(low, 0.0);
  high = std::min(high, dim - 1.0);
  double width = std::max(high - low, 0.001);
  double factor = yarn.getFactor().getValueAsDouble();
  for (auto [j, frequency] : llvm::enumerate(frequencies)) {
    double ramp = std::clamp((static_cast<double>(j) - low) / width, 0.0, 1.0);
    frequency = frequency / factor * ramp + frequency * (1.0 - ramp);
  }
}

static void applyNtkByParts(NtkByPartsAttr scaling,
                            SmallVectorImpl<double> &frequencies) {
  double factor = scaling.getFactor().getValueAsDouble(),
         low = scaling.getLowFreqFactor().getValueAsDouble(),
         high = scaling.getHighFreqFactor().getValueAsDouble(),
         original = static_cast<double>(scaling.getOriginal());
  for (double &frequency : frequencies) {
    double turns = original * frequency / (2.0 * M_PI);
    double kept = high > low
                      ? std::clamp((turns - low) / (high - low), 0.0, 1.0)
                      : double(turns >= low);
    frequency = frequency / factor * (1.0 - kept) + frequency * kept;
  }
}

SmallVector<double> inverseFrequencies(RopeAttr rope) {
  double dim = static_cast<double>(rope.getDim());
  double theta = rope.getTheta().getValueAsDouble();
  SmallVector<double> frequencies;
  for (int64_t j = 0; j < rope.getDim() / 2; ++j)
    frequencies.push_back(std::pow(theta, -2.0 * static_cast<double>(j) / dim));
  Attribute scaling = rope.getScaling();
  if (auto yarn = dyn_cast_if_present<YarnAttr>(scaling))
    applyYarn(yarn, dim, theta, frequencies);
  else if (auto parts = dyn_cast_if_present<NtkByPartsAttr>(scaling))
    applyNtkByParts(parts, frequencies);
  else if (auto linear = dyn_cast_if_present<LinearPositionsAttr>(scaling))
    for (double &frequency : frequencies)
      frequency /= linear.getFactor().getValueAsDouble();
  return frequencies;
}

double rotationMagnitude(RopeAttr rope) {
  auto yarn = dyn_cast_if_present<YarnAttr>(rope.getScaling());
  return yarn ? yarn.getMagnitude().getValueAsDouble() : 1.0;
}

} // namespace ingot::ir
