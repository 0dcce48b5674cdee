//===- SessionEvaluated.cpp - a running plan under evaluation -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/SessionEvaluated.h"

#include <algorithm>

namespace ingot::eval {

int64_t SessionEvaluated::vocabSize() const {
  return session.model().info().vocabSize;
}

int64_t SessionEvaluated::hiddenSize() const {
  return session.model().info().hiddenSize;
}

bool SessionEvaluated::hasDraft() const {
  return session.model().info().hasDraft;
}

static void append(std::vector<float> &to, std::span<const float> from) {
  to.insert(to.end(), from.begin(), from.end());
}

Status SessionEvaluated::runChunks(int sequence,
                                   std::span<const int32_t> tokens,
                                   int64_t rows, Evaluation &evaluation) {
  int64_t chunk = session.model().info().maxScoredTokens, vocab = vocabSize();
  int64_t length = int64_t(tokens.size()), firstRow = length - rows;
  for (int64_t begin = 0; begin < length; begin += chunk) {
    int64_t end = std::min(begin + chunk, length);
    LogitRows wanted = end <= firstRow ? LogitRows::None : LogitRows::All;
    Rows step{sequence, tokens.subspan(begin, end - begin), wanted};
    auto output = session.score({&step, 1});
    if (!output)
      return output.status();
    append(evaluation.hidden, output->hidden);
    if (wanted == LogitRows::All)
      append(evaluation.logits,
             output->logits.subspan(std::max<int64_t>(firstRow - begin, 0) *
                                    vocab));
  }
  return {};
}

Result<Evaluation> SessionEvaluated::run(std::span<const int32_t> tokens,
                                         int64_t rows, bool taps) {
  auto sequence = session.addSequence();
  if (!sequence)
    return sequence.status();
  Evaluation evaluation;
  if (taps)
    session.observe([&](const Written &written) {
      if (written.tap.empty())
        return;
      // Each chunk shows every tap once.
      auto &all = evaluation.taps;
      auto tap = std::find_if(all.begin(), all.end(), [&](const Tap &t) {
        return t.name == written.tap;
      });
      if (tap == all.end())
        tap = all.insert(tap, {std::string(written.tap), {}});
      append(tap->values, written.floats());
    });
  Status status = runChunks(*sequence, tokens, rows, evaluation);
  session.observe(nullptr);
  session.removeSequence(*sequence);
  if (!status.ok())
    return status;
  return evaluation;
}

Status SessionEvaluated::generate(int sequence, std::span<const int32_t> prompt,
                                  std::span<const int32_t> answer,
                                  std::vector<float> &logits) {
  const size_t chunk = size_t(session.model().info().maxStepTokens);
  for (size_t begin = 0; begin < prompt.size(); begin += chunk) {
    bool last = begin + chunk >= prompt.size();
    Rows rows{sequence,
              prompt.subspan(begin, std::min(chunk, prompt.size() - begin)),
              last ? LogitRows::Last : LogitRows::None};
    auto output = session.prefill({&rows, 1});
    if (!output)
      return output.status();
    append(logits, output->logits);
  }
  for (size_t i = 0; i < answer.size(); ++i) {
    Rows rows{sequence, answer.subspan(i, 1), LogitRows::Last};
    auto output = session.decode({&rows, 1});
    if (!output)
      return output.status();
    append(logits, output->logits);
  }
  return {};
}

Result<std::vector<float>>
SessionEvaluated::decode(std::span<const int32_t> prompt,
                         std::span<const int32_t> answer) {
  auto sequence = session.addSequence();
  if (!sequence)
    return sequence.status();
  std::vector<float> logits;
  Status status = generate(*sequence, prompt, answer, logits);
  session.removeSequence(*sequence);
  if (!status.ok())
    return status;
  return logits;
}

Result<std::vector<float>>
SessionEvaluated::draft(std::span<const int32_t> tokens,
                        std::span<const float> hidden) {
  auto sequence = session.addSequence();
  if (!sequence)
    return sequence.status();
  std::vector<float> logits;
  Status status;
  const ModelInfo &info = session.model().info();
  size_t chunk = size_t(std::min(info.maxStepTokens, info.maxScoredTokens));
  size_t width = size_t(hiddenSize());
  for (size_t begin = 0; begin < tokens.size(); begin += chunk) {
    size_t count = std::min(chunk, tokens.size() - begin);
    Rows rows{*sequence, tokens.subspan(begin, count), LogitRows::All};
    auto output =
        session.draft({&rows, 1}, hidden.subspan(begin * width, count * width));
    if (!output) {
      status = output.status();
      break;
    }
    append(logits, output->logits);
  }
  session.removeSequence(*sequence);
  if (!status.ok())
    return status;
  return logits;
}

} // namespace ingot::eval
