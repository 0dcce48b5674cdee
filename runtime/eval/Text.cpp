//===- Text.cpp - how well a model predicts a text ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Text.h"
#include "runtime/eval/Logits.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

namespace ingot::eval {

/// Sum of -log p of each token of the window given those before it; row i of
/// `logits` predicts token i + 1.
static double windowLoss(std::span<const int32_t> window,
                         std::span<const float> logits, int64_t vocab) {
  double loss = 0;
  for (size_t i = 0; i + 1 < window.size(); ++i) {
    auto row = logits.subspan(i * vocab, vocab);
    loss += logSumExp(row) - row[window[i + 1]];
  }
  return loss;
}

/// Rows of the draft whose best token the main model, one position later,
/// chooses too.
static Result<int64_t> agreeingDrafts(Evaluated &model,
                                      std::span<const int32_t> window,
                                      const Evaluation &main) {
  int64_t vocab = model.vocabSize();
  size_t rows = window.size() - 1;
  auto logits =
      model.draft(window.subspan(1),
                  std::span(main.hidden).first(rows * model.hiddenSize()));
  if (!logits)
    return logits.status();
  int64_t agreeing = 0;
  for (size_t i = 0; i < rows; ++i)
    agreeing += bestOf(std::span(*logits).subspan(i * vocab, vocab)) ==
                bestOf(std::span(main.logits).subspan((i + 1) * vocab, vocab));
  return agreeing;
}

Result<TextReport> scoreText(Evaluated &model, std::span<const int32_t> tokens,
                             int32_t bos, const TextOptions &options,
                             const Progress &progress) {
  if (options.window < 2 || options.windows < 1)
    return invalidInput(
        "a text is scored in windows of at least 2 tokens, got " +
        std::to_string(options.windows) + " windows of " +
        std::to_string(options.window));
  size_t step = size_t(options.window - 1);
  if (tokens.size() < step)
    return invalidInput("the text expects at least " + std::to_string(step) +
                        " tokens to fill a window, got " +
                        std::to_string(tokens.size()));

  TextReport report;
  report.windows = std::min<int64_t>(options.windows, tokens.size() / step);
  report.tokens = report.windows * int64_t(step);
  bool draft = options.draft && model.hasDraft();
  double loss = 0;
  int64_t agreeing = 0;
  for (int64_t i = 0; i < report.windows; ++i) {
    std::vector<int32_t> window{bos};
    auto part = tokens.subspan(size_t(i) * step, step);
    window.insert(window.end(), part.begin(), part.end());
    auto output = model.run(window, options.window, /*taps=*/false);
    if (!output)
      return output.status();
    loss += windowLoss(window, output->logits, model.vocabSize());
    if (draft) {
      auto drafts = agreeingDrafts(model, window, *output);
      if (!drafts)
        return drafts.status();
      agreeing += *drafts;
    }
    if (progress)
      progress(i + 1, report.windows);
  }
  report.nllPerToken = loss / double(report.tokens);
  report.perplexity = std::exp(report.nllPerToken);
  if (draft)
    report.draftAgreement = double(agreeing) / double(report.tokens);
  return report;
}

} // namespace ingot::eval
