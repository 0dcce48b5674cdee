//===- Bench.cpp - how fast a model runs ----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/Bench.h"
#include "runtime/bench/PeakLoop.h"
#include "runtime/bench/Yardstick.h"
#include "runtime/exec/Generation.h"
#include "runtime/exec/ModelImpl.h"

#include <algorithm>
#include <string>

namespace ingot {

namespace {

Status checkAtLeastOne(const char *what, int64_t got) {
  if (got >= 1)
    return {};
  return invalidInput(std::string("bench expects at least 1 ") + what +
                      ", got " + std::to_string(got));
}

Status checkOptions(const ModelInfo &info, const BenchOptions &options) {
  for (auto [what, got] : {std::pair("token in a prompt", options.promptTokens),
                           std::pair("step", options.tokens),
                           std::pair("sequence", options.batch)})
    if (Status status = checkAtLeastOne(what, got); !status.ok())
      return status;
  const int64_t most = info.maxBatch;
  if (options.batch > most)
    return invalidInput("bench expects a batch of at most " +
                        std::to_string(most) + ", got " +
                        std::to_string(options.batch));
  // One step more than is timed. Neither sum may overflow.
  if (options.promptTokens >= info.maxContext ||
      options.tokens >= info.maxContext - options.promptTokens)
    return invalidInput("bench expects fewer than " +
                        std::to_string(info.maxContext) +
                        " tokens in prompt and steps, got " +
                        std::to_string(options.promptTokens) + " and " +
                        std::to_string(options.tokens));
  return {};
}

const fb::Entry &findEntry(const fb::Plan &plan, std::string_view name) {
  for (const fb::Entry *entry : *plan.entries())
    if (entry->name()->string_view() == name)
      return *entry;
  return *plan.entries()->Get(0); // never: verification demands it
}

/// The middle one of the steps that are timed.
StepShape shapeOfDecode(const BenchOptions &options, int64_t batch) {
  return shapeOfStep(batch, 1, options.promptTokens + options.tokens / 2);
}

/// What a decode step of `batch` sequences costs.
DecodeRate describeDecode(const fb::Plan &plan, const BenchOptions &options,
                          int64_t batch) {
  const StepShape shape = shapeOfDecode(options, batch);
  const fb::Entry &entry = findEntry(plan, decodeEntryFor(plan, shape.tokens));
  DecodeRate rate;
  rate.batch = batch;
  rate.cost = costOf(plan, entry, shape);
  for (const fb::Launch *launch : *entry.steps())
    if (writesLogits(entry, *launch))
      rate.headBytes += costOf(plan, *launch, shape).weightBytes;
  return rate;
}

/// What the chunks of a prompt cost, of at most `most` tokens each.
PrefillRate describePrefill(const fb::Plan &plan, int64_t tokens,
                            int64_t most) {
  const fb::Entry &entry = findEntry(plan, "prefill");
  PrefillRate rate;
  rate.tokens = tokens;
  for (int64_t past = 0; past < tokens; past += most) {
    StepShape shape = shapeOfStep(1, std::min(most, tokens - past), past);
    if (past + most < tokens)
      shape.logitRows = 0;
    for (const fb::Launch *launch : *entry.steps()) {
      const uint64_t flops = costOf(plan, *launch, shape).flops;
      rate.flops += flops;
      if (launch->cost() && launch->cost()->product())
        rate.productFlops += flops;
    }
  }
  return rate;
}

double median(std::vector<double> values) {
  auto middle = values.begin() + ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

/// Sequences that grow in number, all with the same length.
class Runner {
public:
  Runner(Session &session, const BenchOptions &options)
      : session(session), options(options) {}
  ~Runner() {
    for (int sequence : sequences)
      session.removeSequence(sequence);
  }

  /// Adds a sequence and runs its prompt.
  Status add() {
    Result<int> sequence = session.addSequence();
    if (!sequence)
      return sequence.status();
    sequences.push_back(*sequence);
    return prefill();
  }

  /// Runs the prompt of the sequence added last.
  Status prefill() {
    const int64_t most = session.model().info().maxStepTokens;
    for (int64_t left = options.promptTokens; left > 0; left -= most) {
      std::vector<int32_t> tokens;
      for (int64_t i = 0; i < std::min(left, most); ++i)
        tokens.push_back(makeId());
      Rows rows{sequences.back(), tokens,
                left > most ? LogitRows::None : LogitRows::Last};
      if (auto out = session.prefill({&rows, 1}); !out)
        return out.status();
    }
    return {};
  }

  Status truncate(int64_t length) {
    for (int sequence : sequences)
      if (Status s = session.truncate(sequence, length); !s.ok())
        return s;
    return {};
  }

  /// Seconds of a step, and bytes a second of the read loop beside it.
  struct Decoded {
    double seconds = 0, readBytesPerSecond = 0;
  };

  /// Medians of the steps, in turns with `loop` if that is given; the first is
  /// not counted.
  Result<Decoded> decode(LogitRows logits, Yardstick *loop) {
    std::vector<double> seconds, rates;
    for (int64_t i = 0; i <= options.tokens; ++i) {
      std::vector<int32_t> tokens;
      for (size_t s = 0; s < sequences.size(); ++s)
        tokens.push_back(makeId());
      // The best token, where the device gives it in place of logits.
      const TokenDraw best;
      std::span<const TokenDraw> draws;
      if (logits == LogitRows::Last && session.model().info().choosesTokens)
        draws = {&best, 1};
      std::vector<Rows> rows;
      for (size_t s = 0; s < sequences.size(); ++s)
        rows.push_back({sequences[s], {&tokens[s], 1}, logits, draws});
      Stopwatch watch;
      if (auto out = session.decode(rows); !out)
        return out.status();
      const double taken = watch.seconds();
      Result<double> rate = loop ? loop->readOn() : Result<double>(0.0);
      if (!rate)
        return rate.status();
      if (i == 0)
        continue;
      seconds.push_back(taken);
      rates.push_back(*rate);
    }
    return Decoded{median(std::move(seconds)), median(std::move(rates))};
  }

private:
  /// Different tokens take different experts. Constants: Knuth's MMIX.
  int32_t makeId() {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return int32_t((state >> 33) % uint64_t(session.model().info().vocabSize));
  }

  Session &session;
  const BenchOptions &options;
  std::vector<int> sequences;
  uint64_t state = 1;
};

/// Three times: to get all weights into memory, for the time, and launch by
/// launch.
Status measurePrefill(Runner &runner, Session &session, bool trace,
                      BenchReport &report) {
  if (Status status = runner.add(); !status.ok())
    return status;
  if (Status status = runner.truncate(0); !status.ok())
    return status;
  Stopwatch watch;
  if (Status status = runner.prefill(); !status.ok())
    return status;
  report.prefill.seconds = watch.seconds();
  if (Status status = runner.truncate(0); !status.ok())
    return status;
  LaunchTimes times(session);
  if (Status status = runner.prefill(); !status.ok())
    return status;
  for (const KernelTime &kernel : times.byKernel())
    if (kernel.product)
      report.prefill.productSeconds += kernel.seconds;
  if (trace)
    report.prefillTrace = times.byKernel();
  return {};
}

/// Steps of batches that grow; then, if asked for, launch by launch.
Status measureDecode(Runner &runner, Session &session, Yardstick &loop,
                     const BenchOptions &options, BenchReport &report) {
  const fb::Plan &plan = session.model().impl().plan();
  int64_t live = 1;
  for (int64_t batch : listBatches(options.batch)) {
    for (; live < batch; ++live)
      if (Status status = runner.add(); !status.ok())
        return status;
    report.decode.push_back(describeDecode(plan, options, batch));
    DecodeRate &rate = report.decode.back();
    // A step without logits is one without the head.
    for (LogitRows logits : {LogitRows::Last, LogitRows::None}) {
      Result<Runner::Decoded> decoded = runner.decode(logits, &loop);
      if (!decoded)
        return decoded.status();
      const bool head = logits == LogitRows::Last;
      (head ? rate.stepSeconds : rate.bodySeconds) = decoded->seconds;
      (head ? rate.readBytesPerSecond : rate.bodyReadBytesPerSecond) =
          decoded->readBytesPerSecond;
      if (Status s = runner.truncate(options.promptTokens); !s.ok())
        return s;
    }
  }
  if (!options.trace && !options.profile)
    return {};
  LaunchTimes times(session);
  if (auto decoded = runner.decode(LogitRows::Last, nullptr); !decoded)
    return decoded.status();
  if (options.trace)
    report.decodeTrace = times.byKernel();
  if (options.profile) {
    const StepShape shape = shapeOfDecode(options, options.batch);
    report.profiles.push_back(
        profileOf(plan, decodeEntryFor(plan, shape.tokens), shape, times,
                  report.decode.back().readBytesPerSecond));
  }
  return {};
}

} // namespace

std::vector<int64_t> listBatches(int64_t batch) {
  std::vector<int64_t> batches;
  for (int64_t b = 1; b < batch; b *= 2)
    batches.push_back(b);
  batches.push_back(batch);
  return batches;
}

Result<BenchReport> runBench(Session &session, const BenchOptions &options) {
  const Model::Impl &model = session.model().impl();
  if (Status status = checkOptions(model.info, options); !status.ok())
    return status;
  Runner runner(session, options);
  BenchReport report;
  report.prefill = describePrefill(model.plan(), options.promptTokens,
                                   model.info.maxStepTokens);
  if (Status status = measurePrefill(runner, session, options.trace, report);
      !status.ok())
    return status;
  auto pool = ThreadPool::create(options.threads);
  if (!pool)
    return pool.status();
  Result<std::unique_ptr<Yardstick>> loop = createYardstick(model, **pool);
  if (!loop)
    return loop.status();
  report.readBytes = (*loop)->bytes();
  report.readAnonymous = (*loop)->anonymous();
  if (Status status = measureDecode(runner, session, **loop, options, report);
      !status.ok())
    return status;
  if (model.device->isHost())
    report.peakFlops = measurePeakFlops(**pool);
  return report;
}

} // namespace ingot
