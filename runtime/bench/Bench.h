//===- Bench.h - how fast a model runs --------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   BenchOptions options;
//   options.batch = 4;
//   auto report = runBench(session, options);
//   // report->decode: rates at batches of 1, 2 and 4
//
// Token ids are made up and nothing is drawn, so that every run does the same.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_BENCH_BENCH_H
#define INGOT_BENCH_BENCH_H

#include "runtime/bench/Profile.h"
#include "runtime/exec/LaunchTimes.h"
#include "runtime/plan/StepCost.h"

#include "ingot/Runtime.h"
#include <vector>

namespace ingot {

struct BenchOptions {
  /// Tokens of each prompt, and steps that are timed after it; at least 1.
  int64_t promptTokens = 256, tokens = 32;
  /// Batches of 1, 2, 4 and so on are measured up to this one.
  int64_t batch = 1;
  /// Threads of the read loop: those of the session. 0: one for each processor.
  int threads = 0;
  /// Also time every launch, and sum up by kernel.
  bool trace = false;
  /// Also time every launch, and keep them apart.
  bool profile = false;
};

/// Steps that run one token of each sequence.
struct DecodeRate {
  int64_t batch = 0;
  /// Medians of the steps, and of steps that want no logits.
  double stepSeconds = 0, bodySeconds = 0;
  /// Bytes a second of the read loop between these steps; medians.
  double readBytesPerSecond = 0, bodyReadBytesPerSecond = 0;
  /// Of the middle one of the steps.
  StepCost cost;
  /// Bytes of weights that the launch of the logits reads.
  uint64_t headBytes = 0;

  double tokensPerSecond() const { return double(batch) / stepSeconds; }
  /// Bytes of weights without those of the head.
  uint64_t bodyBytes() const { return cost.weightBytes - headBytes; }
  double bytesPerSecond() const {
    return double(cost.weightBytes) / stepSeconds;
  }
  /// Of a step without the head.
  double bodyBytesPerSecond() const {
    return double(bodyBytes()) / bodySeconds;
  }
  /// Shares of the read loop.
  double share() const { return bytesPerSecond() / readBytesPerSecond; }
  double bodyShare() const {
    return bodyBytesPerSecond() / bodyReadBytesPerSecond;
  }
};

/// A prompt, in chunks.
struct PrefillRate {
  int64_t tokens = 0;
  double seconds = 0;
  /// Of all launches, and of those that multiply by weights.
  uint64_t flops = 0, productFlops = 0;
  /// Of the latter; measured in a run of its own, launch by launch.
  double productSeconds = 0;

  double tokensPerSecond() const { return double(tokens) / seconds; }
  double flopsPerSecond() const { return double(flops) / seconds; }
  double productFlopsPerSecond() const {
    return double(productFlops) / productSeconds;
  }
};

struct BenchReport {
  /// Bytes that the read loop goes through, and whether they are memory of its
  /// own in place of weights that may sit in caches.
  uint64_t readBytes = 0;
  bool readAnonymous = false;
  /// float32 operations a second of a loop that only multiplies and adds on the
  /// host; 0 if the model is not there.
  double peakFlops = 0;
  PrefillRate prefill;
  std::vector<DecodeRate> decode;
  /// Where the time of one more prefill and of one more step of the largest
  /// batch went; empty unless asked for.
  std::vector<KernelTime> prefillTrace, decodeTrace;
  /// Of the largest batch's steps of decoding; empty unless asked for.
  std::vector<StepProfile> profiles;
};

/// 1, 2, 4 and so on below `batch`, then `batch`.
std::vector<int64_t> listBatches(int64_t batch);

/// Measures with sequences of its own, which are gone at the end. InvalidInput
/// for options out of range or longer than the context; else the errors of
/// Session and ReadLoop.
Result<BenchReport> runBench(Session &session, const BenchOptions &options);

} // namespace ingot

#endif // INGOT_BENCH_BENCH_H
