//===- Hidden.cpp - where hidden states first differ ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Hidden.h"

#include <algorithm>
#include <cmath>

namespace ingot::eval {

bool HiddenLayer::differs() const {
  // A NaN compares false, and differs.
  return !(maxAbsDiff <= kHiddenTolerance * rms);
}

const HiddenLayer *HiddenAgreement::firstDifference() const {
  for (const HiddenLayer &layer : layers)
    if (layer.differs())
      return &layer;
  return nullptr;
}

static HiddenLayer compareLayer(std::string name, std::span<const float> golden,
                                std::span<const float> ours, int64_t columns) {
  HiddenLayer layer;
  layer.name = std::move(name);
  layer.golden = golden[0];
  layer.ours = ours[0];
  double squares = 0;
  for (size_t i = 0; i < golden.size(); ++i) {
    squares += double(golden[i]) * double(golden[i]);
    double diff = std::abs(double(golden[i]) - double(ours[i]));
    if (diff <= layer.maxAbsDiff || std::isnan(layer.maxAbsDiff))
      continue;
    layer.maxAbsDiff = diff;
    layer.row = int64_t(i) / columns;
    layer.column = int64_t(i) % columns;
    layer.golden = golden[i];
    layer.ours = ours[i];
  }
  layer.rms = std::sqrt(squares / double(golden.size()));
  return layer;
}

Result<HiddenAgreement> compareHidden(const GoldenTensor<float> &golden,
                                      std::span<const Tap> taps) {
  HiddenAgreement agreement;
  size_t size = size_t(golden.shape[1] * golden.shape[2]);
  for (int64_t i = 0; i < golden.shape[0]; ++i) {
    std::string name = "hidden." + std::to_string(i);
    auto tap = std::find_if(taps.begin(), taps.end(),
                            [&](const Tap &t) { return t.name == name; });
    if (tap == taps.end())
      return notFound("the model has no tap '" + name + "', the golden file " +
                      "has " + std::to_string(golden.shape[0]) +
                      " hidden states");
    if (tap->values.size() != size)
      return internalError("tap '" + name + "' expects " +
                           std::to_string(size) + " values, got " +
                           std::to_string(tap->values.size()));
    agreement.layers.push_back(compareLayer(
        name, std::span(golden.values).subspan(size_t(i) * size, size),
        tap->values, golden.shape[2]));
  }
  return agreement;
}

} // namespace ingot::eval
