//===- RandomWeights.h - weights drawn instead of read ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lets a model of a published size run without its checkpoint. A value depends
// on the seed, the weight's name and the place of its element in the whole
// weight, and on nothing else: any device or shard draws the same bits.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_RANDOMWEIGHTS_H
#define INGOT_EXEC_RANDOMWEIGHTS_H

#include "runtime/exec/WeightMemory.h"

namespace ingot {

class ThreadPool;

/// How the elements of one weight are drawn: amplitude * (center + width * u)
/// with u uniform in (-1, 1); FP8 elements are any finite code instead, all
/// equally likely. Either center is 0 or width a power of two, so that a fused
/// multiply-add rounds to the same bits.
struct RandomElements {
  /// Of seed and name.
  uint64_t stream = 0;
  fb::ElementType type = fb::ElementType::F32;
  float amplitude = 1, center = 0, width = 1;
};

/// The distribution of `weight`. Products keep the size of their input: a
/// matrix [..., n, k] has mean 0 and deviation k^-0.5 (or that of its fan_in),
/// for FP8 together with its scales. Vectors, which multiply (norms) or rank
/// (biases of a choice), lie within 1/8 of 1.
RandomElements randomElements(const fb::Plan &plan, const fb::Weight &weight,
                              uint64_t seed);

/// Draws elements [begin, begin + count) to `out`, aligned for the type. All
/// are finite.
void drawElements(const RandomElements &elements, uint64_t begin,
                  uint64_t count, std::byte *out);

/// The same with the threads of `pool`.
void drawOver(ThreadPool &pool, const RandomElements &elements, uint64_t begin,
              uint64_t count, std::byte *out);

/// Incompatible if any weight has integer elements, which cannot be drawn.
Status checkDrawable(const fb::Plan &plan);

/// Draws the `wanted` weights of a verified plan that is drawable. OutOfMemory
/// names the bytes.
Result<WeightMemory> drawWeights(const fb::Plan &plan, const WeightSet &wanted,
                                 uint64_t seed, ThreadPool &pool);

} // namespace ingot

#endif // INGOT_EXEC_RANDOMWEIGHTS_H
