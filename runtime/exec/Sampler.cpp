//===- Sampler.cpp - draws the next token from logits -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Sampler.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace ingot {

namespace {

/// A token that may still be drawn; `weight` is its logit, then its unscaled
/// probability.
struct Candidate {
  double weight;
  int32_t id;
};

bool isBetter(const Candidate &a, const Candidate &b) {
  return a.weight != b.weight ? a.weight > b.weight : a.id < b.id;
}

Status checkOptions(const SamplingOptions &options) {
  // Written so that NaN fails too.
  if (!(options.temperature >= 0) || std::isinf(options.temperature))
    return invalidInput("sampling expects a finite temperature of at least 0, "
                        "got " +
                        std::to_string(options.temperature));
  if (options.topK < 0)
    return invalidInput("sampling expects a top-k of at least 0, got " +
                        std::to_string(options.topK));
  if (!(options.topP > 0 && options.topP <= 1))
    return invalidInput("sampling expects a top-p in (0, 1], got " +
                        std::to_string(options.topP));
  return {};
}

/// Index of the best logit.
Result<int32_t> findBest(std::span<const float> logits) {
  if (logits.empty() || logits.size() > INT32_MAX)
    return invalidInput("sampling expects 1 to 2147483647 logits, got " +
                        std::to_string(logits.size()));
  size_t best = 0;
  for (size_t i = 0; i < logits.size(); ++i) {
    if (std::isnan(logits[i]) || logits[i] == INFINITY)
      return invalidInput("logit " + std::to_string(i) +
                          " expects a number, got " +
                          std::to_string(logits[i]));
    if (logits[i] > logits[best])
      best = i;
  }
  if (logits[best] == -INFINITY)
    return invalidInput("sampling expects a token to choose, got " +
                        std::to_string(logits.size()) + " logits of -inf");
  return int32_t(best);
}

/// Keeps the `count` best, best first.
void keepTopK(std::vector<Candidate> &candidates, size_t count) {
  std::partial_sort(candidates.begin(), candidates.begin() + count,
                    candidates.end(), isBetter);
  candidates.resize(count);
}

/// Turns weights from logits into exp(logit / temperature), scaled so that the
/// best is 1. \returns their sum.
double exponentiate(std::vector<Candidate> &candidates, double best,
                    double temperature) {
  double sum = 0;
  for (Candidate &candidate : candidates) {
    candidate.weight = std::exp((candidate.weight - best) / temperature);
    sum += candidate.weight;
  }
  return sum;
}

/// Keeps the smallest set whose share of `sum` reaches `topP`, best first.
/// \returns the sum of what is left.
double keepTopP(std::vector<Candidate> &candidates, double sum, double topP) {
  // Tokens under this share hold less than 1 - topP together: none of them is
  // needed, and without them few are left to sort. Half, to be safe from
  // rounding.
  double floor = sum * (1 - topP) / double(candidates.size()) / 2;
  std::erase_if(candidates,
                [=](const Candidate &c) { return c.weight < floor; });
  std::sort(candidates.begin(), candidates.end(), isBetter);
  double kept = 0;
  size_t count = 0;
  while (count < candidates.size() && kept < topP * sum)
    kept += candidates[count++].weight;
  candidates.resize(count);
  return kept;
}

/// A number in [0, 1) from the 53 high bits of the draw's first two words.
double uniform(uint64_t seed, uint64_t sequence, uint64_t position) {
  std::array<uint32_t, 4> words =
      philox4x32({uint32_t(sequence), uint32_t(sequence >> 32),
                  uint32_t(position), uint32_t(position >> 32)},
                 {uint32_t(seed), uint32_t(seed >> 32)});
  uint64_t bits = uint64_t(words[1]) << 32 | words[0];
  return double(bits >> 11) * 0x1p-53;
}

} // namespace

std::array<uint32_t, 4> philox4x32(std::array<uint32_t, 4> counter,
                                   std::array<uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t(0xD2511F53) * counter[0];
    uint64_t b = uint64_t(0xCD9E8D57) * counter[2];
    counter = {uint32_t(b >> 32) ^ counter[1] ^ key[0], uint32_t(b),
               uint32_t(a >> 32) ^ counter[3] ^ key[1], uint32_t(a)};
    key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
  }
  return counter;
}

Result<int32_t> sample(std::span<const float> logits,
                       const SamplingOptions &options, uint64_t sequence,
                       uint64_t position) {
  if (Status status = checkOptions(options); !status.ok())
    return status;
  Result<int32_t> best = findBest(logits);
  if (!best || options.temperature == 0)
    return best;

  std::vector<Candidate> candidates;
  candidates.reserve(logits.size());
  for (size_t i = 0; i < logits.size(); ++i)
    if (logits[i] != -INFINITY)
      candidates.push_back({logits[i], int32_t(i)});
  if (options.topK > 0 && size_t(options.topK) < candidates.size())
    keepTopK(candidates, options.topK);
  double sum = exponentiate(candidates, logits[*best], options.temperature);
  if (options.topP < 1)
    sum = keepTopP(candidates, sum, options.topP);

  double target = uniform(options.seed, sequence, position) * sum;
  int32_t last = *best; // of those that can be drawn
  for (const Candidate &candidate : candidates) {
    if (candidate.weight == 0)
      continue;
    last = candidate.id;
    target -= candidate.weight;
    if (target < 0)
      break;
  }
  return last;
}

} // namespace ingot
