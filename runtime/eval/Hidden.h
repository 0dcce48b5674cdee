//===- Hidden.h - where hidden states first differ --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compares the hidden states "hidden.0" (the embedding), "hidden.1", ... of one
// sequence with golden ones, to name the layer at which a fault begins. Pure.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_HIDDEN_H
#define INGOT_EVAL_HIDDEN_H

#include "ingot/Status.h"
#include "runtime/eval/Evaluated.h"
#include "runtime/eval/GoldenTensors.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ingot::eval {

/// One hidden state against its golden values.
struct HiddenLayer {
  std::string name;
  double maxAbsDiff = 0;
  /// Of the golden values.
  double rms = 0;
  /// Where the difference is largest (a NaN is larger than all), and the
  /// values.
  int64_t row = 0, column = 0;
  float golden = 0, ours = 0;

  /// Whether the largest difference exceeds kHiddenTolerance of the rms.
  bool differs() const;
};

/// Float32 noise stays far below; one wrong weight or position far above.
inline constexpr double kHiddenTolerance = 1e-3;

struct HiddenAgreement {
  /// In the order of the layers.
  std::vector<HiddenLayer> layers;

  /// The first layer that differs; null if none does.
  const HiddenLayer *firstDifference() const;
};

/// `golden` is [l, t, n]; layer i is compared with the tap "hidden.<i>".
/// NotFound if the model gave no such tap, Internal if it has another size.
Result<HiddenAgreement> compareHidden(const GoldenTensor<float> &golden,
                                      std::span<const Tap> taps);

} // namespace ingot::eval

#endif // INGOT_EVAL_HIDDEN_H
