//===- SampleKernels.c - the kernels of the sample plan -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What SamplePlan.h computes, a tile a call. Arguments are pointers or i64
// values of eight bytes, in the order of the plan's launches.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>

enum { Hidden = 4, PageSize = 4, PagesPerSequence = 3 };

/// For a driver that asks: how many arguments a function has, and the bytes of
/// each.
#define ARGUMENTS(name, count)                                                 \
  const uint64_t name##_arguments[] = {count, 8};
ARGUMENTS(sample_double, 2)
ARGUMENTS(sample_embed, 4)
ARGUMENTS(sample_embed_draft, 4)
ARGUMENTS(sample_append, 3)
ARGUMENTS(sample_attend, 5)
ARGUMENTS(sample_add, 5)
ARGUMENTS(sample_logits, 4)
ARGUMENTS(sample_choose, 3)

#define POINTER(type, index) ((type *)(uintptr_t)args[index])

/// doubled[n] = 2 * values[n], an element a tile
void sample_double(const uint64_t *args, const int64_t *tile) {
  POINTER(float, 1)[tile[0]] = 2 * POINTER(const float, 0)[tile[0]];
}

/// x[t] = table[tokens[t]]
void sample_embed(const uint64_t *args, const int64_t *tile) {
  float *x = POINTER(float, 0) + tile[0] * Hidden;
  int32_t token = POINTER(const int32_t, 1)[tile[0]];
  const float *row = POINTER(const float, 2) + token * Hidden;
  for (int n = 0; n < Hidden; ++n)
    x[n] = row[n];
}

/// x[t] = table[tokens[t]] + hidden[t]
void sample_embed_draft(const uint64_t *args, const int64_t *tile) {
  sample_embed(args, tile);
  float *x = POINTER(float, 0) + tile[0] * Hidden;
  const float *hidden = POINTER(const float, 3) + tile[0] * Hidden;
  for (int n = 0; n < Hidden; ++n)
    x[n] += hidden[n];
}

/// cache[slot[t]] = x[t]
void sample_append(const uint64_t *args, const int64_t *tile) {
  int32_t slot = POINTER(const int32_t, 1)[tile[0]];
  float *row = POINTER(float, 0) + slot * Hidden;
  const float *x = POINTER(const float, 2) + tile[0] * Hidden;
  for (int n = 0; n < Hidden; ++n)
    row[n] = x[n];
}

/// y[t] = sum of (p + 1) * cached row of position p, for p up to positions[t]
void sample_attend(const uint64_t *args, const int64_t *tile) {
  float *y = POINTER(float, 0) + tile[0] * Hidden;
  const float *cache = POINTER(const float, 1);
  int32_t position = POINTER(const int32_t, 2)[tile[0]];
  int32_t sequence = POINTER(const int32_t, 3)[tile[0]];
  const int32_t *pages =
      POINTER(const int32_t, 4) + sequence * PagesPerSequence;
  for (int n = 0; n < Hidden; ++n)
    y[n] = 0;
  for (int p = 0; p <= position; ++p) {
    int32_t slot = pages[p / PageSize] * PageSize + p % PageSize;
    for (int n = 0; n < Hidden; ++n)
      y[n] += (float)(p + 1) * cache[slot * Hidden + n];
  }
}

/// hidden = x + y + bias, three elements a tile
void sample_add(const uint64_t *args, const int64_t *tile) {
  float *hidden = POINTER(float, 0);
  const float *x = POINTER(const float, 1), *y = POINTER(const float, 2);
  const float *bias = POINTER(const float, 3);
  int64_t end = (int64_t)args[4] * Hidden;
  for (int64_t i = tile[0] * 3; i < tile[0] * 3 + 3 && i < end; ++i)
    hidden[i] = x[i] + y[i] + bias[i % Hidden];
}

/// logits[r][v] = hidden[row r] . unembed[v]; tile {r, v}
void sample_logits(const uint64_t *args, const int64_t *tile) {
  int32_t row = POINTER(const int32_t, 2)[tile[0]];
  const float *hidden = POINTER(const float, 1) + row * Hidden;
  const float *weights = POINTER(const float *const, 3)[tile[1]];
  float sum = 0;
  for (int n = 0; n < Hidden; ++n)
    sum += hidden[n] * weights[n];
  POINTER(float, 0)[tile[0] * 8 + tile[1]] = sum;
}

/// chosen[r] as SamplePlan.h says; tile {r}
void sample_choose(const uint64_t *args, const int64_t *tile) {
  const float *logits = POINTER(const float, 0) + tile[0] * 8;
  const int32_t *draw = POINTER(const int32_t, 1) + tile[0] * 8;
  int32_t best = 0;
  for (int32_t v = 1; v < 8; ++v)
    if (logits[v] > logits[best])
      best = v;
  if (draw[0] != 0)
    best = draw[4] & 7;
  POINTER(int32_t, 2)[tile[0]] = logits[0] != logits[0] ? -1 : best;
}
