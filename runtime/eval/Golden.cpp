//===- Golden.cpp - a model against its golden outputs --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Golden.h"
#include "runtime/eval/GoldenTensors.h"

#include <string>
#include <vector>

namespace ingot::eval {
namespace {

constexpr int64_t kAny = GoldenTensors::kAny;

/// A greedy continuation of the file.
struct Greedy {
  std::vector<int32_t> prompt, ids;
  std::vector<float> margin;
};

/// All of the file, checked before the model runs once.
struct GoldenData {
  GoldenTensor<int32_t> promptIds, longIds;
  GoldenTensor<float> promptLogits, longLogits;
  std::optional<GoldenTensor<float>> draftLogits, hidden;
  std::vector<Greedy> greedy;
};

/// Assigns a result's value, or keeps its failure in `status`.
template <typename T, typename Slot>
bool take(Result<T> result, Slot &slot, Status &status) {
  if (!result) {
    status = result.status();
    return false;
  }
  slot = *std::move(result);
  return true;
}

/// Sequences are numbered without a gap; the first one must exist, so that a
/// file without any cannot pass for agreement.
Status readGreedy(const GoldenTensors &file, int64_t vocab,
                  std::vector<Greedy> &greedy) {
  std::string prefix = "greedy0";
  do {
    auto prompt = file.ids(prefix + "_prompt", {kAny}, vocab);
    if (!prompt)
      return prompt.status();
    auto ids = file.ids(prefix + "_ids", {kAny}, vocab);
    if (!ids)
      return ids.status();
    auto margin = file.floats(prefix + "_margin", {ids->shape[0]});
    if (!margin)
      return margin.status();
    greedy.push_back({std::move(prompt->values), std::move(ids->values),
                      std::move(margin->values)});
    prefix = "greedy" + std::to_string(greedy.size());
  } while (file.has(prefix + "_prompt"));
  return {};
}

Result<GoldenData> readGolden(const storage::SafeTensors &safetensors,
                              const Evaluated &model, bool wantHidden) {
  GoldenTensors file(safetensors);
  GoldenData data;
  Status status;
  int64_t vocab = model.vocabSize();
  if (!take(file.ids("prompt_ids", {kAny, kAny}, vocab), data.promptIds,
            status))
    return status;
  int64_t prompts = data.promptIds.shape[0], length = data.promptIds.shape[1];
  if (!take(file.floats("prompt_logits", {prompts, length, vocab}),
            data.promptLogits, status) ||
      !take(file.ids("long_ids", {1, kAny}, vocab), data.longIds, status) ||
      !take(file.floats("long_last_logits", {1, kAny, vocab}), data.longLogits,
            status))
    return status;
  if (data.longLogits.shape[1] > data.longIds.shape[1])
    return invalidInput(safetensors.file().path() +
                        ": tensor 'long_last_logits' expects at most " +
                        std::to_string(data.longIds.shape[1]) +
                        " positions, got " +
                        std::to_string(data.longLogits.shape[1]));
  if (model.hasDraft() && length > 1 && file.has("mtp0_logits") &&
      !take(file.floats("mtp0_logits", {prompts, length - 1, vocab}),
            data.draftLogits, status))
    return status;
  if (wantHidden &&
      !take(file.floats("prompt0_hidden", {kAny, length, model.hiddenSize()}),
            data.hidden, status))
    return status;
  if (status = readGreedy(file, vocab, data.greedy); !status.ok())
    return status;
  return data;
}

/// Walks the file's parts and fills a report.
class GoldenRun {
public:
  GoldenRun(Evaluated &model, const GoldenData &data,
            const GoldenOptions &options, const Progress &progress)
      : model(model), data(data), options(options), progress(progress),
        total(data.promptIds.shape[0] * (data.draftLogits ? 2 : 1) + 1 +
              int64_t(data.greedy.size())) {}

  Status prompts(GoldenReport &report);
  Status longContext(GoldenReport &report);
  Status greedy(GoldenReport &report);

private:
  Status draft(std::span<const int32_t> tokens, std::span<const float> hidden,
               std::span<const float> golden, LogitComparison &comparison);
  void step() {
    if (progress)
      progress(++done, total);
  }

  Evaluated &model;
  const GoldenData &data;
  const GoldenOptions &options;
  const Progress &progress;
  int64_t done = 0, total;
};

Status GoldenRun::prompts(GoldenReport &report) {
  LogitComparison main, draftComparison;
  int64_t vocab = model.vocabSize();
  int64_t prompts = data.promptIds.shape[0], length = data.promptIds.shape[1];
  for (int64_t i = 0; i < prompts; ++i) {
    auto tokens = std::span(data.promptIds.values).subspan(i * length, length);
    bool taps = i == 0 && data.hidden;
    auto output = model.run(tokens, length, taps);
    if (!output)
      return output.status();
    step();
    main.add(std::span(data.promptLogits.values)
                 .subspan(i * length * vocab, length * vocab),
             output->logits, vocab);
    if (taps) {
      auto hidden = compareHidden(*data.hidden, output->taps);
      if (!hidden)
        return hidden.status();
      report.hidden = *std::move(hidden);
    }
    // While this prompt's hidden states are at hand.
    if (!data.draftLogits)
      continue;
    int64_t rows = length - 1;
    if (Status s = draft(tokens, output->hidden,
                         std::span(data.draftLogits->values)
                             .subspan(i * rows * vocab, rows * vocab),
                         draftComparison);
        !s.ok())
      return s;
  }
  report.prompt = main.agreement();
  if (data.draftLogits)
    report.draft = draftComparison.agreement();
  return {};
}

Status GoldenRun::draft(std::span<const int32_t> tokens,
                        std::span<const float> hidden,
                        std::span<const float> golden,
                        LogitComparison &comparison) {
  // Row i pairs token i + 1 with the hidden state of token i.
  auto logits =
      model.draft(tokens.subspan(1),
                  hidden.first((tokens.size() - 1) * model.hiddenSize()));
  if (!logits)
    return logits.status();
  step();
  comparison.add(golden, *logits, model.vocabSize());
  return {};
}

Status GoldenRun::longContext(GoldenReport &report) {
  // All but the first of the positions compared run as if they had been drawn.
  std::span<const int32_t> tokens = data.longIds.values;
  const size_t answer = size_t(data.longLogits.shape[1]) - 1;
  auto logits =
      model.decode(tokens.first(tokens.size() - answer), tokens.last(answer));
  if (!logits)
    return logits.status();
  step();
  LogitComparison comparison;
  comparison.add(data.longLogits.values, *logits, model.vocabSize());
  report.longContext = comparison.agreement();
  return {};
}

Status GoldenRun::greedy(GoldenReport &report) {
  GreedyAgreement &agreement = report.greedy;
  int64_t vocab = model.vocabSize();
  for (const Greedy &greedy : data.greedy) {
    int64_t sequence = &greedy - data.greedy.data();
    int64_t steps = int64_t(greedy.ids.size());
    // The golden tokens are fed, whatever we would have drawn, but for the last
    // one, which is only predicted.
    auto logits = model.decode(greedy.prompt,
                               std::span(greedy.ids).first(size_t(steps - 1)));
    if (!logits)
      return logits.status();
    step();
    agreement.steps += steps;
    for (int64_t i = 0; i < steps; ++i) {
      int32_t ours =
          int32_t(bestOf(std::span(*logits).subspan(i * vocab, vocab)));
      if (ours == greedy.ids[i])
        continue;
      double margin = greedy.margin[i];
      ++agreement.mismatches;
      // A NaN margin excuses nothing.
      agreement.mismatchesBeyondMargin += !(margin <= options.margin);
      if (!agreement.worst || margin > agreement.worst->margin)
        agreement.worst = {sequence, i, greedy.ids[i], ours, margin};
    }
  }
  return {};
}

} // namespace

Result<GoldenReport> compareWithGolden(Evaluated &model,
                                       const storage::SafeTensors &golden,
                                       const GoldenOptions &options,
                                       const Progress &progress) {
  auto data = readGolden(golden, model, options.hidden);
  if (!data)
    return data.status();
  GoldenReport report;
  GoldenRun run(model, *data, options, progress);
  if (Status s = run.prompts(report); !s.ok())
    return s;
  if (Status s = run.longContext(report); !s.ok())
    return s;
  if (Status s = run.greedy(report); !s.ok())
    return s;
  return report;
}

} // namespace ingot::eval
