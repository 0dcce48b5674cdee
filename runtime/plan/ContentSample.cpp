//===- ContentSample.cpp - what identifies a checkpoint file --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/ContentSample.h"

#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ingot {

/// SplitMix64 (Steele et al. 2014): the next of a sequence of random numbers.
static uint64_t nextRandom(uint64_t &state) {
  uint64_t z = state += 0x9E3779B97F4A7C15;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
  return z ^ (z >> 31);
}

uint64_t sampleContent(std::span<const std::byte> file) {
  constexpr uint64_t samples = 64, bytes = 64 << 10;
  if (file.size() <= samples * bytes)
    return XXH3_64bits(file.data(), file.size());

  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  uint64_t random = file.size();
  uint64_t stride = file.size() / samples; // >= bytes
  for (uint64_t i = 0; i < samples; ++i) {
    uint64_t offset = i * stride + nextRandom(random) % (stride - bytes + 1);
    XXH3_64bits_update(&state, file.data() + offset, bytes);
  }
  return XXH3_64bits_digest(&state);
}

std::optional<uint64_t> hashSafeTensorsHeader(std::span<const std::byte> file) {
  uint64_t length;
  if (file.size() < sizeof(length))
    return std::nullopt;
  std::memcpy(&length, file.data(), sizeof(length));
  if (length > file.size() - sizeof(length))
    return std::nullopt;
  return XXH3_64bits(file.data() + sizeof(length), length);
}

uint64_t hashContent(std::span<const std::span<const std::byte>> parts) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  for (std::span<const std::byte> part : parts)
    XXH3_64bits_update(&state, part.data(), part.size());
  return XXH3_64bits_digest(&state);
}

} // namespace ingot
