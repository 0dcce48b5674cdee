//===- Logits.cpp - how far two sets of logits differ ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Logits.h"

#include <algorithm>
#include <cmath>

namespace ingot::eval {

int64_t bestOf(std::span<const float> logits) {
  return std::max_element(logits.begin(), logits.end()) - logits.begin();
}

double logSumExp(std::span<const float> logits) {
  double top = logits[bestOf(logits)];
  double sum = 0;
  for (float logit : logits)
    sum += std::exp(logit - top);
  return top + std::log(sum);
}

/// sum_i p_i (log p_i - log q_i), p and q the softmax of the two rows.
static double divergence(std::span<const float> golden,
                         std::span<const float> ours) {
  double goldenNorm = logSumExp(golden), ourNorm = logSumExp(ours);
  double sum = 0;
  for (size_t i = 0; i < golden.size(); ++i) {
    double logP = golden[i] - goldenNorm, logQ = ours[i] - ourNorm;
    sum += std::exp(logP) * (logP - logQ);
  }
  return sum;
}

void LogitComparison::add(std::span<const float> golden,
                          std::span<const float> ours, int64_t vocab) {
  for (size_t i = 0; i < golden.size(); ++i) {
    double diff = std::abs(double(golden[i]) - double(ours[i]));
    // Written so that a NaN, once met, stays.
    if (!(diff <= maxAbsDiff) && !std::isnan(maxAbsDiff))
      maxAbsDiff = diff;
  }
  for (size_t begin = 0; begin < golden.size(); begin += vocab) {
    auto goldenRow = golden.subspan(begin, vocab);
    auto ourRow = ours.subspan(begin, vocab);
    sumKl += divergence(goldenRow, ourRow);
    equalTop += bestOf(goldenRow) == bestOf(ourRow);
    ++positions;
  }
}

LogitAgreement LogitComparison::agreement() const {
  return {positions, maxAbsDiff, sumKl / double(positions),
          double(equalTop) / double(positions)};
}

} // namespace ingot::eval
