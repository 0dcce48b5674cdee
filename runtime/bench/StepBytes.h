//===- StepBytes.h - weights that a step must read --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The least that a step must read, counted from its plan: decoding is bound by
// the weights' bytes, so this against a read loop says how much is left to win.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_BENCH_STEPBYTES_H
#define INGOT_BENCH_STEPBYTES_H

#include "runtime/exec/EntryProgram.h"

#include <cstdint>

namespace ingot {

/// Bytes of weights, each counted once however many launches read it. The KV
/// cache and activations are not in it.
struct StepBytes {
  /// Of all but the output projection.
  uint64_t body = 0;
  /// Of the launch that writes the logits.
  uint64_t head = 0;
  /// Whether this is a bound: which experts a step with several tokens takes is
  /// not known, so each token counts as if it took others than the rest.
  bool atMost = false;

  uint64_t total() const { return body + head; }
};

/// Counts for a step of `entry` with `sizes`. Of a table that is indexed by the
/// entry's tokens, only a row a token counts; of stacked weights beside indices
/// [T, k], min(stack, k * T) parts. No logits asked for: no head. `entry` must
/// be one of the verified `plan`.
StepBytes countStepBytes(const fb::Plan &plan, const fb::Entry &entry,
                         const StepSizes &sizes);

} // namespace ingot

#endif // INGOT_BENCH_STEPBYTES_H
