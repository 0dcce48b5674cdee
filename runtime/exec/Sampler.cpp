//===- Sampler.cpp - draws the next token from logits -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Sampler.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <vector>

namespace ingot {

namespace {

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
  if (logits.empty() || logits.size() > size_t(kMostDrawnFrom))
    return invalidInput("sampling expects 1 to " +
                        std::to_string(kMostDrawnFrom) + " logits, got " +
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

uint32_t orderOf(float logit) {
  return orderOfBits(std::bit_cast<uint32_t>(logit));
}

/// The tokens that may be drawn: those whose order is above `threshold`, and
/// the first `ties` of those at it.
struct Kept {
  uint32_t threshold = 0;
  uint64_t ties = 0;
};

class Row {
public:
  Row(std::span<const float> logits, float best, float temperature)
      : logits(logits), best(best), temperature(temperature) {}

  /// The `count` best.
  Kept keepTopK(size_t count) const {
    std::vector<uint32_t> orders, best(count);
    orders.reserve(logits.size());
    for (float logit : logits)
      orders.push_back(orderOf(logit));
    std::partial_sort_copy(orders.begin(), orders.end(), best.begin(),
                           best.end(), std::greater<>());
    const uint32_t threshold = best.back();
    const auto equal = std::count(best.begin(), best.end(), threshold);
    return {threshold, uint64_t(equal)};
  }

  /// The smallest set of the best of `kept` that holds `share` of its weight.
  Kept keepShare(const Kept &kept, uint64_t share) const {
    const uint64_t all = sumOf(kept), needed = shareOf(all, share);
    // Tokens that weigh less than this hold less together than may be left out:
    // what is no better than the best of them need not be sorted.
    const uint64_t light = (all - needed) / logits.size();
    uint32_t lowest = UINT32_MAX;
    for (float logit : logits)
      if (orderOf(logit) < lowest && orderOf(logit) >= kept.threshold)
        if (uint64_t weight = weightOf(orderOf(logit));
            weight > 0 && weight >= light)
          lowest = orderOf(logit);
    std::vector<uint32_t> orders;
    for (float logit : logits)
      if (orderOf(logit) >= lowest)
        orders.push_back(orderOf(logit));
    std::sort(orders.begin(), orders.end(), std::greater<>());
    uint64_t sum = 0, ties = 0;
    for (size_t i = 0; i < orders.size(); ++i) {
      sum += weightOf(orders[i]);
      ties = i > 0 && orders[i] == orders[i - 1] ? ties + 1 : 1;
      if (sum >= needed)
        return {orders[i], ties};
    }
    return kept; // never: all of it is enough
  }

  uint64_t sumOf(const Kept &kept) const {
    return sumAbove(kept.threshold) + kept.ties * weightOf(kept.threshold);
  }

  /// The token at which the weights of those that are kept reach beyond
  /// `number`.
  int32_t find(const Kept &kept, uint64_t number) const {
    for (size_t i = 0; i < logits.size(); ++i) {
      if (orderOf(logits[i]) <= kept.threshold)
        continue;
      const uint64_t weight = weightOf(orderOf(logits[i]));
      if (number < weight)
        return int32_t(i);
      number -= weight;
    }
    uint64_t before = number / weightOf(kept.threshold);
    for (size_t i = 0; i < logits.size(); ++i)
      if (orderOf(logits[i]) == kept.threshold && before-- == 0)
        return int32_t(i);
    return 0; // never: the number is below their sum
  }

private:
  uint64_t weightOf(uint32_t order) const {
    return drawWeight(std::bit_cast<float>(bitsOfOrder(order)), best,
                      temperature);
  }
  uint64_t sumAbove(uint32_t threshold) const {
    uint64_t sum = 0;
    for (float logit : logits)
      if (orderOf(logit) > threshold)
        sum += weightOf(orderOf(logit));
    return sum;
  }

  std::span<const float> logits;
  float best, temperature;
};

/// The draw's first two words.
uint64_t randomBits(uint64_t seed, uint64_t sequence, uint64_t position) {
  std::array<uint32_t, 4> words =
      philox4x32({uint32_t(sequence), uint32_t(sequence >> 32),
                  uint32_t(position), uint32_t(position >> 32)},
                 {uint32_t(seed), uint32_t(seed >> 32)});
  return uint64_t(words[1]) << 32 | words[0];
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

Result<TokenDraw> makeDraw(const SamplingOptions &options, uint64_t sequence,
                           uint64_t position) {
  if (Status status = checkOptions(options); !status.ok())
    return status;
  TokenDraw draw;
  draw.temperature = options.temperature;
  draw.topK = options.topK;
  // Exact but for shares so small that one token is enough.
  draw.share = std::max<uint64_t>(
      1, uint64_t(double(options.topP) * double(kWholeShare)));
  draw.bits = randomBits(options.seed, sequence, position);
  return draw;
}

Result<int32_t> choose(std::span<const float> logits, const TokenDraw &draw) {
  Result<int32_t> best = findBest(logits);
  if (!best || draw.temperature == 0)
    return best;
  const Row row(logits, logits[size_t(*best)], draw.temperature);
  Kept kept;
  if (draw.topK > 0 && size_t(draw.topK) < logits.size())
    kept = row.keepTopK(size_t(draw.topK));
  if (draw.share < kWholeShare)
    kept = row.keepShare(kept, draw.share);
  return row.find(kept, numberBelow(row.sumOf(kept), draw.bits));
}

Result<int32_t> sample(std::span<const float> logits,
                       const SamplingOptions &options, uint64_t sequence,
                       uint64_t position) {
  Result<TokenDraw> draw = makeDraw(options, sequence, position);
  if (!draw)
    return draw.status();
  return choose(logits, *draw);
}

} // namespace ingot
