//===- GoldenCheck.cpp - golden outputs in an artifact --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/emit/GoldenCheck.h"
#include "runtime/eval/GoldenTensors.h"

#include <algorithm>

namespace ingot::compiler {

/// Enough for weights and code to be used, few enough for a second of a large
/// model's time and a megabyte or two of logits.
static constexpr int64_t kPrompts = 4, kTokens = 64;

Result<std::unique_ptr<fb::GoldenCheckT>>
readGoldenCheck(const GoldenSource &source, const fb::ModelT &model) {
  constexpr int64_t any = eval::GoldenTensors::kAny;
  auto file = storage::SafeTensors::open(source.path);
  if (!file)
    return file.status();
  eval::GoldenTensors tensors(*file);
  auto ids = tensors.ids("prompt_ids", {any, any}, model.vocab_size);
  if (!ids)
    return ids.status();
  int64_t count = ids->shape[0], length = ids->shape[1];
  auto logits =
      tensors.floats("prompt_logits", {count, length, model.vocab_size});
  if (!logits)
    return logits.status();

  auto check = std::make_unique<fb::GoldenCheckT>();
  check->max_kl = source.maxKl;
  int64_t taken = std::min({length, kTokens, model.max_context});
  for (int64_t i = 0; i < std::min(count, kPrompts); ++i) {
    auto prompt = std::make_unique<fb::GoldenPromptT>();
    const int32_t *tokens = ids->values.data() + i * length;
    prompt->tokens.assign(tokens, tokens + taken);
    const float *row =
        logits->values.data() + (i * length + taken - 1) * model.vocab_size;
    prompt->logits.assign(row, row + model.vocab_size);
    check->prompts.push_back(std::move(prompt));
  }
  return check;
}

} // namespace ingot::compiler
