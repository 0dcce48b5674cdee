//===- Logits.h - how far two sets of logits differ -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pure functions over rows of logits, [rows, v], all arithmetic in double.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_LOGITS_H
#define INGOT_EVAL_LOGITS_H

#include <cstdint>
#include <span>

namespace ingot::eval {

/// Agreement of logits with golden ones, over some positions. A NaN on either
/// side makes maxAbsDiff and meanKl NaN.
struct LogitAgreement {
  int64_t positions = 0;
  double maxAbsDiff = 0;
  /// KL(golden || ours) in nats, the mean over the positions.
  double meanKl = 0;
  /// Share of the positions whose best token is the same, in [0, 1].
  double top1Agreement = 0;
};

/// Sums up agreement over several calls.
class LogitComparison {
public:
  /// Compares rows of `vocab` logits; both spans have the same length, a
  /// multiple of `vocab`.
  void add(std::span<const float> golden, std::span<const float> ours,
           int64_t vocab);
  /// What was added so far; at least one row.
  LogitAgreement agreement() const;

private:
  int64_t positions = 0;
  int64_t equalTop = 0;
  double maxAbsDiff = 0;
  double sumKl = 0;
};

/// Index of the largest logit; of equal ones the lowest. NaN is never largest
/// unless it comes first. At least one logit.
int64_t bestOf(std::span<const float> logits);

/// log(sum(exp(logits))), without overflow.
double logSumExp(std::span<const float> logits);

} // namespace ingot::eval

#endif // INGOT_EVAL_LOGITS_H
