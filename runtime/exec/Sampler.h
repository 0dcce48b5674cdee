//===- Sampler.h - draws the next token from logits -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sampling without state: the random number is a function of seed, sequence and
// position (Philox, Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1,
// 2, 3"), so a draw does not depend on what else is in the batch, and a run can
// be repeated from any position. Pure functions; safe on any thread.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_EXEC_SAMPLER_H
#define INGOT_RUNTIME_EXEC_SAMPLER_H

#include "ingot/Status.h"
#include "ingot/TokenDraw.h"

#include <array>
#include <cstdint>
#include <span>

namespace ingot {

/// How a token is chosen; the limits apply in the order of the fields.
struct SamplingOptions {
  /// Divides the logits; 0: the best token, always.
  float temperature = 1.0f;
  /// Keep this many of the best tokens; 0: all.
  int topK = 0;
  /// Keep the smallest set of the best tokens whose probability reaches this,
  /// in (0, 1]; 1: all.
  float topP = 1.0f;
  uint64_t seed = 0;
};

/// The draw that `sequence` and `position` name. Fails on options out of range.
Result<TokenDraw> makeDraw(const SamplingOptions &options, uint64_t sequence,
                           uint64_t position);

/// Draws a token id in [0, logits.size()). Of equal logits the lower index is
/// the better one. A logit of -inf is never drawn, nor is one whose probability
/// is below 2^-40 of the best one's. Fails on logits that are empty, all -inf,
/// or hold NaN or +inf.
Result<int32_t> choose(std::span<const float> logits, const TokenDraw &draw);

/// Both.
Result<int32_t> sample(std::span<const float> logits,
                       const SamplingOptions &options, uint64_t sequence,
                       uint64_t position);

/// Philox4x32-10: four random words from a counter and a key.
std::array<uint32_t, 4> philox4x32(std::array<uint32_t, 4> counter,
                                   std::array<uint32_t, 2> key);

} // namespace ingot

#endif // INGOT_RUNTIME_EXEC_SAMPLER_H
