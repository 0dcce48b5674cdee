//===- TokenDraw.h - how one token is drawn ---------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the host's sampler and a GPU's kernel have in common, so that they draw
// the same token: a GPU's compiler reads this text too. Weights are integers,
// whose sums are the same in any order, and they are computed by operations
// that IEEE 754 defines to the bit; neither compiler may fuse them.
//
// Of a row of logits the tokens that are kept are the best ones, of equal
// logits the lower ids: all whose order is above a threshold, and the first few
// of those at it. A number below the sum of their weights chooses one: it
// counts through those above, by their ids, then through those at the
// threshold.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOKENDRAW_H
#define INGOT_TOKENDRAW_H

#include <cstdint>

namespace ingot {

/// Which token to draw: eight words, which go to a GPU as they are.
struct TokenDraw {
  /// Divides the logits; 0: the best token, whatever else is said.
  float temperature = 0;
  /// Keep this many of the best tokens; 0: all.
  int32_t topK = 0;
  /// Of those, keep the smallest set of the best whose share reaches this, from
  /// 1 to kWholeShare.
  uint64_t share = uint64_t(1) << 32;
  /// Chooses one of the kept: random.
  uint64_t bits = 0;
  uint64_t unused = 0;
};
static_assert(sizeof(TokenDraw) == 32);

inline constexpr uint64_t kWholeShare = uint64_t(1) << 32;
/// The best token's weight is 2 to the power of this.
inline constexpr int kWeightBits = 40;
/// Most logits of a row: the sum of their weights fits.
inline constexpr int64_t kMostDrawnFrom = (int64_t(1) << 23) - 1;

/// A token's unscaled probability, exp((logit - best) / temperature), in units
/// of 2^-40; below one unit it is 0. `best` is finite and no smaller, and the
/// temperature above 0. Its relative error is below 1e-5.
inline uint64_t drawWeight(float logit, float best, float temperature) {
  const float x = (logit - best) / temperature;
  if (!(x > -28.0f)) // 2^-40 is e^-27.7
    return 0;
  // 2^power = 2^whole * 2^part, and that by its Taylor series.
  const float power = x * 1.44269504f;
  int whole = static_cast<int>(power);
  if (static_cast<float>(whole) > power)
    --whole;
  const float part = power - static_cast<float>(whole);
  float sum = 1.32154868e-06f;
  sum = sum * part + 1.52527338e-05f;
  sum = sum * part + 0.000154035304f;
  sum = sum * part + 0.00133335581f;
  sum = sum * part + 0.00961812911f;
  sum = sum * part + 0.0555041087f;
  sum = sum * part + 0.240226507f;
  sum = sum * part + 0.693147181f;
  sum = sum * part + 1.0f;
  // From 1 to 2: 23 bits behind the point say all of it.
  const uint64_t scaled = static_cast<uint64_t>(sum * 8388608.0f)
                          << (kWeightBits - 23);
  return scaled >> -whole;
}

/// The bits of a logit, which is no NaN, as a number that has its order.
inline uint32_t orderOfBits(uint32_t bits) {
  if (bits == 0x80000000u) // -0 is 0
    bits = 0;
  return bits >> 31 ? ~bits : bits | 0x80000000u;
}
inline uint32_t bitsOfOrder(uint32_t order) {
  return order >> 31 ? order & 0x7fffffffu : ~order;
}

/// The high half of a product.
inline uint64_t highProduct(uint64_t a, uint64_t b) {
  const uint64_t low = (a & 0xffffffffu) * (b & 0xffffffffu);
  const uint64_t middle = (a >> 32) * (b & 0xffffffffu) + (low >> 32);
  const uint64_t other = (a & 0xffffffffu) * (b >> 32) + (middle & 0xffffffffu);
  return (a >> 32) * (b >> 32) + (middle >> 32) + (other >> 32);
}

/// The part of `sum`, which is below 2^63, that a share makes, rounded up.
inline uint64_t shareOf(uint64_t sum, uint64_t share) {
  const uint64_t low = sum * share;
  return (highProduct(sum, share) << 32) + (low >> 32) +
         ((low & 0xffffffffu) != 0 ? 1 : 0);
}

/// A number below `sum`.
inline uint64_t numberBelow(uint64_t sum, uint64_t bits) {
  return highProduct(sum, bits);
}

} // namespace ingot

#endif // INGOT_TOKENDRAW_H
