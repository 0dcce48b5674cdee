//===- EvalFixtures.cpp - a small model and its golden file ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/eval/EvalFixtures.h"
#include "runtime/storage/SafeTensorsWriter.h"
#include "test/runtime/storage/TempFolder.h"

#include <cstring>
#include <gtest/gtest.h>

namespace ingot::eval {

static void appendLogits(std::vector<float> &logits, int32_t best) {
  for (int32_t id = 0; id < TableModel::kVocab; ++id)
    logits.push_back(id == best ? 1.0f : 0.0f);
}

Result<Evaluation> TableModel::run(std::span<const int32_t> tokens,
                                   int64_t rows, bool taps) {
  runs.emplace_back(tokens.begin(), tokens.end());
  Evaluation evaluation;
  for (int32_t token : tokens.last(rows))
    appendLogits(evaluation.logits, (token + 1) % kVocab);
  for (int32_t token : tokens) {
    evaluation.hidden.push_back(float(token));
    evaluation.hidden.push_back(float(-token));
  }
  for (int64_t layer = 0; taps && layer < kLayers; ++layer)
    evaluation.taps.push_back(
        {"hidden." + std::to_string(layer), evaluation.hidden});
  if (fault)
    fault(evaluation);
  return evaluation;
}

Result<std::vector<float>> TableModel::draft(std::span<const int32_t> tokens,
                                             std::span<const float> hidden) {
  std::vector<float> logits;
  for (size_t i = 0; i < tokens.size(); ++i) {
    // Proves that a row got the state of the token before its own.
    bool paired = (int32_t(hidden[i * kHidden]) + 1) % kVocab == tokens[i];
    appendLogits(logits, paired ? (tokens[i] + 1) % kVocab : 0);
  }
  return logits;
}

GoldenBuilder::GoldenBuilder() {
  TableModel model;
  std::vector<int32_t> prompts = {0, 1, 2, 1, 2, 3},
                       longIds = {0, 1, 2, 3, 0, 1};
  std::vector<float> logits, draftLogits;
  for (int32_t token : prompts)
    appendLogits(logits, (token + 1) % 4);
  for (int32_t token : {1, 2, 2, 3})
    appendLogits(draftLogits, (token + 1) % 4);
  setIds("prompt_ids", {2, 3}, prompts);
  setFloats("prompt_logits", {2, 3, 4}, logits);
  setFloats("mtp0_logits", {2, 2, 4}, draftLogits);
  setFloats("prompt0_hidden", {2, 3, 2},
            {0, -0.0f, 1, -1, 2, -2, 0, -0.0f, 1, -1, 2, -2});
  setIds("long_ids", {1, 6}, longIds);
  setFloats("long_last_logits", {1, 2, 4}, {0, 1, 0, 0, 0, 0, 1, 0});
  setIds("greedy0_prompt", {2}, {3, 0});
  setIds("greedy0_ids", {3}, {1, 2, 3});
  setFloats("greedy0_margin", {3}, {1, 1, 1});
}

void GoldenBuilder::setFloats(const std::string &name,
                              std::vector<int64_t> shape,
                              std::vector<float> values) {
  auto bytes = std::as_bytes(std::span(values));
  tensors[name] = {storage::ElementType::F32,
                   std::move(shape),
                   {bytes.begin(), bytes.end()}};
}

void GoldenBuilder::setIds(const std::string &name, std::vector<int64_t> shape,
                           std::vector<int32_t> values) {
  auto bytes = std::as_bytes(std::span(values));
  tensors[name] = {storage::ElementType::I32,
                   std::move(shape),
                   {bytes.begin(), bytes.end()}};
}

void GoldenBuilder::poke(const std::string &name, size_t index, float value) {
  std::memcpy(tensors.at(name).bytes.data() + index * sizeof value, &value,
              sizeof value);
}

storage::SafeTensors GoldenBuilder::open() const {
  storage::test::TempFolder folder;
  std::string path = folder.path("golden.safetensors");
  std::vector<storage::TensorToWrite> list;
  for (const auto &[name, tensor] : tensors)
    list.push_back({{name, tensor.type, tensor.shape}, tensor.bytes});
  Status written = storage::writeSafeTensors(path, list);
  EXPECT_TRUE(written.ok()) << written.message();
  auto file = storage::SafeTensors::open(path);
  EXPECT_TRUE(file) << file.status().message();
  // The mapping outlives the folder.
  return *std::move(file);
}

} // namespace ingot::eval
