//===- SamplePlan.h - a small plan that is right ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A model small enough to compute by hand, as a plan. With table[v] the row of
// a token and T(v) = table[v]:
//   step:   x = T(token); y = sum over positions p <= own of (p + 1) * x[p]
//           hidden = x + y + bias; logits[r][v] = hidden[row r] . unembed[v]
//   draft:  the same with x = T(token) + the hidden row it is given, and a
//   cache
//           of its own
// It has every kind of argument: buffers in all arenas, weights from a file,
// embedded and stacked, and symbols. Tests break it and look for the message.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_PLAN_SAMPLEPLAN_H
#define INGOT_TEST_PLAN_SAMPLEPLAN_H

#include "runtime/plan/plan_generated.h"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace ingot::test {

inline constexpr int64_t kHidden = 4, kVocab = 8;
inline constexpr int64_t kMaxTokens = 5, kMaxSequences = 3, kMaxRows = 5;
inline constexpr int64_t kPageSize = 4, kPages = 7, kPagesPerSequence = 3;
inline constexpr int64_t kMaxContext = 11;

/// Plan.buffers, in order.
enum SampleBuffer : uint32_t {
  Tokens,
  Positions,
  SequenceOf,
  Slot,
  Pages,
  LogitRow,
  HiddenIn,
  Logits,
  HiddenOut,
  X,
  Y,
  Cache,
  DraftCache,
  QueryEnd,
  SampleBufferCount,
  /// What chooseInSample adds.
  Draws = SampleBufferCount,
  Chosen
};

/// Plan.weights, in order: table [v, n] and unembed [v][n] lie in the file
/// "model.safetensors", bias [n] is embedded.
/// What packSampleWeights adds comes last.
enum SampleWeight : uint32_t { Table, Unembed, Bias, Bias2, Unembed2 };

/// The weights' values: small integers, so that float sums are exact.
float tableValue(int64_t token, int64_t column);
float unembedValue(int64_t token, int64_t column);
inline constexpr std::array<float, kHidden> kBias = {1, 2, 3, 4};

/// Writes "model.safetensors" to `folder`, which must exist.
void writeSampleWeights(const std::string &folder);

/// A plan for the weights in `folder`; with a `folder` of "" it describes a
/// file of the right size that does not exist.
fb::PlanT makeSamplePlan(const std::string &folder = "");

/// Adds packed weights, twice the bias and twice unembed, that the entries then
/// read in the place of the two: hidden = x + y + 2 * bias, logits = hidden . 2
/// * unembed. Unembed is packed part by part.
void packSampleWeights(fb::PlanT &plan);

/// Lets `prefill` and `decode` choose tokens: the best, unless the temperature
/// is not 0; then the one whose number are the draw's lowest random bits. Where
/// the first logit is NaN none is chosen.
void chooseInSample(fb::PlanT &plan);

/// Gives the plan the target "sm_90a": module 0 becomes a cubin with resources
/// for each kernel, made of module 1, its assembly text.
void moveToGpu(fb::PlanT &plan);

/// Writes the plan with `module` as its machine code. \returns the path.
std::string writeSampleArtifact(const std::string &folder, fb::PlanT plan,
                                const std::string &module = "machine code");

} // namespace ingot::test

#endif // INGOT_TEST_PLAN_SAMPLEPLAN_H
