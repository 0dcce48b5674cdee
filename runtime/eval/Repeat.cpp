//===- Repeat.cpp - whether bits are the same every time ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Repeat.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

namespace ingot::eval {

namespace {

using Logits = std::vector<float>;

/// The bits, not the numbers: NaN equals NaN, and 0 is not -0.
bool sameBits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

class Repeater {
public:
  Repeater(Session &session, const RepeatOptions &options)
      : session(session), options(options) {}
  ~Repeater() { removeAll(); }

  Status checkRuns(RepeatReport &report) {
    Logits first;
    for (int64_t run = 0; run <= options.runs; ++run) {
      Result<Logits> logits = runAlone(0);
      if (!logits)
        return logits.status();
      if (run == 0)
        first = std::move(*logits);
      else
        report.differingRuns += !sameBits(first, *logits);
    }
    report.runs = options.runs;
    return {};
  }

  Status checkBatch(RepeatReport &report) {
    report.batch = std::min(options.batch, session.model().info().maxBatch);
    std::vector<Logits> alone;
    for (int64_t s = 0; s < report.batch; ++s) {
      Result<Logits> logits = runAlone(s);
      if (!logits)
        return logits.status();
      alone.push_back(std::move(*logits));
    }
    for (int64_t s = 0; s < report.batch; ++s)
      if (Status status = add(s); !status.ok())
        return status;
    const size_t width = size_t(session.model().info().vocabSize);
    for (int64_t step = 0; step < options.steps; ++step) {
      Result<Logits> together = decode(step);
      if (!together)
        return together.status();
      for (int64_t s = 0; s < report.batch; ++s, ++report.rows)
        report.differingRows += !sameBits(
            std::span(*together).subspan(size_t(s) * width, width),
            std::span(alone[size_t(s)]).subspan(size_t(step) * width, width));
    }
    removeAll();
    return {};
  }

private:
  struct Live {
    int sequence;
    int64_t number;
  };

  /// The logits of every step of decoding.
  Result<Logits> runAlone(int64_t number) {
    if (Status status = add(number); !status.ok())
      return status;
    Logits all;
    for (int64_t step = 0; step < options.steps; ++step) {
      Result<Logits> logits = decode(step);
      if (!logits)
        return logits.status();
      all.insert(all.end(), logits->begin(), logits->end());
    }
    removeAll();
    return all;
  }

  /// Sequence `number`, with its prompt: those of a batch differ in length too.
  Status add(int64_t number) {
    Result<int> sequence = session.addSequence();
    if (!sequence)
      return sequence.status();
    live.push_back({*sequence, number});
    const int64_t length = std::max<int64_t>(1, options.promptTokens - number);
    const int64_t most = session.model().info().maxStepTokens;
    for (int64_t at = 0; at < length; at += most) {
      std::vector<int32_t> tokens;
      for (int64_t i = at; i < std::min(length, at + most); ++i)
        tokens.push_back(tokenAt(number, i));
      Rows rows{*sequence, tokens, LogitRows::None};
      if (auto out = session.prefill({&rows, 1}); !out)
        return out.status();
    }
    return {};
  }

  /// One more token of every live sequence.
  Result<Logits> decode(int64_t step) {
    std::vector<int32_t> tokens;
    for (const Live &one : live)
      tokens.push_back(tokenAt(one.number, options.promptTokens + step));
    std::vector<Rows> rows;
    for (size_t i = 0; i < live.size(); ++i)
      rows.push_back({live[i].sequence, {&tokens[i], 1}, LogitRows::Last});
    auto out = session.decode(rows);
    if (!out)
      return out.status();
    return Logits(out->logits.begin(), out->logits.end());
  }

  /// A function of both: whatever else runs. Constant: 2^64 over the golden
  /// ratio.
  int32_t tokenAt(int64_t number, int64_t index) const {
    uint64_t bits = uint64_t(number * 1000003 + index + 1) * 0x9e3779b97f4a7c15;
    return int32_t((bits >> 33) % uint64_t(session.model().info().vocabSize));
  }

  void removeAll() {
    for (const Live &one : live)
      session.removeSequence(one.sequence);
    live.clear();
  }

  Session &session;
  const RepeatOptions &options;
  std::vector<Live> live;
};

Status checkOptions(const ModelInfo &info, const RepeatOptions &options) {
  for (auto [what, got] :
       {std::pair("run", options.runs), std::pair("sequence", options.batch),
        std::pair("token in a prompt", options.promptTokens),
        std::pair("step", options.steps)})
    if (got < 1)
      return invalidInput(std::string("repeating expects at least 1 ") + what +
                          ", got " + std::to_string(got));
  if (options.promptTokens >= info.maxContext ||
      options.steps > info.maxContext - options.promptTokens)
    return invalidInput("repeating expects at most " +
                        std::to_string(info.maxContext) +
                        " tokens in prompt and steps, got " +
                        std::to_string(options.promptTokens) + " and " +
                        std::to_string(options.steps));
  return {};
}

} // namespace

Result<RepeatReport> checkRepeats(Session &session,
                                  const RepeatOptions &options) {
  if (Status s = checkOptions(session.model().info(), options); !s.ok())
    return s;
  RepeatReport report;
  Repeater repeater(session, options);
  if (Status status = repeater.checkRuns(report); !status.ok())
    return status;
  if (Status status = repeater.checkBatch(report); !status.ok())
    return status;
  return report;
}

std::string asText(const RepeatReport &report) {
  std::string text;
  for (auto [name, value] :
       {std::pair("runs", report.runs),
        std::pair("differing_runs", report.differingRuns),
        std::pair("batch", report.batch), std::pair("rows", report.rows),
        std::pair("differing_rows", report.differingRows)})
    text += std::string("repeat.") + name + ": " + std::to_string(value) + "\n";
  return text;
}

std::string asJson(const RepeatReport &report) {
  nlohmann::ordered_json json = {{"repeat",
                                  {{"runs", report.runs},
                                   {"differing_runs", report.differingRuns},
                                   {"batch", report.batch},
                                   {"rows", report.rows},
                                   {"differing_rows", report.differingRows}}}};
  return json.dump(2);
}

} // namespace ingot::eval
