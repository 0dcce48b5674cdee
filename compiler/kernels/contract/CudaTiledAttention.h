//===- CudaTiledAttention.h - tiled attention on a GPU ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block has up to 64 rows, each a head of a token: as many heads as share
// keys, up to 16, of as many tokens as there is room for.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CUDATILEDATTENTION_H
#define INGOT_KERNELS_CUDATILEDATTENTION_H

#include "compiler/kernels/contract/CudaAttention.h"
#include "compiler/kernels/contract/TiledAttention.h"

namespace ingot::kernels {

struct TiledAttendConfig {
  /// Heads and values, as of a block with one token.
  AttendConfig token;
  /// Positions whose keys and values are in shared memory at a time.
  int64_t unit;

  static constexpr int64_t kRows = 64;
  /// Warps that share 16 rows: each has some of the columns of their queries.
  static constexpr int64_t kShares = 2;

  constexpr int64_t tokens() const { return kRows / token.heads; }
  /// From one row's scores of a unit to the next's: 8 banks further.
  constexpr int64_t weightPitch() const { return unit + 8; }
  /// Keys and values, partial scores, four floats and two positions a row, and
  /// rows of the cache.
  constexpr int64_t sharedBytes(int64_t bytes) const {
    int64_t row = AttendConfig::pitch(token.query, bytes) +
                  AttendConfig::pitch(token.value, bytes);
    return unit * row +
           4 * (kShares * kRows * weightPitch() + 6 * kRows + unit);
  }
};

template <>
struct OnCuda<AttentionTiled> {
  using Config = TiledAttendConfig;

  static constexpr Config configure(const AttentionHeads &p) {
    Config c{OnCuda<Attention>::configure(p), 64};
    if (c.sharedBytes(p.cache.bytes()) > kMostBytes)
      c.unit = 32;
    return c;
  }
  static constexpr const char *reject(const AttentionHeads &p,
                                      const Config &c) {
    if (c.sharedBytes(p.cache.bytes()) > kMostBytes)
      return "expects 32 positions' keys and values to fit in shared memory";
    return OnCuda<Attention>::reject(p, c.token);
  }
  static constexpr Grid grid(const AttentionHeads &p, const Config &c) {
    return {blocks('T', c.tokens()), fixed(p.heads / c.token.heads)};
  }
  static constexpr int64_t threads(const Config &) { return kBlockThreads; }
  static constexpr int64_t sharedBytes(const AttentionHeads &p,
                                       const Config &c) {
    return c.sharedBytes(p.cache.bytes());
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CUDATILEDATTENTION_H
