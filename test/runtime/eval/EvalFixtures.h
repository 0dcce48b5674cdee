//===- EvalFixtures.h - a small model and its golden file -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// TableModel is a model simple enough to see through; GoldenBuilder writes what
// it computes as a golden file, which tests then bend.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_EVAL_EVALFIXTURES_H
#define INGOT_TEST_EVAL_EVALFIXTURES_H

#include "runtime/eval/Evaluated.h"
#include "runtime/storage/ElementType.h"
#include "runtime/storage/SafeTensors.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace ingot::eval {

/// Vocabulary 4, hidden size 2. The next token is the last one plus one (mod
/// 4): its logit is 1, the others are 0. The hidden state of token i is
/// {i, -i} at every layer. The draft predicts the token after the next one.
class TableModel : public Evaluated {
public:
  static constexpr int64_t kVocab = 4, kHidden = 2, kLayers = 2;

  int64_t vocabSize() const override { return kVocab; }
  int64_t hiddenSize() const override { return kHidden; }
  bool hasDraft() const override { return draftEnabled; }
  Result<Evaluation> run(std::span<const int32_t> tokens, int64_t rows,
                         bool taps) override;
  Result<std::vector<float>> draft(std::span<const int32_t> tokens,
                                   std::span<const float> hidden) override;

  bool draftEnabled = true;
  /// Bends the result of each run.
  std::function<void(Evaluation &)> fault;
  /// The tokens of every run so far.
  std::vector<std::vector<int32_t>> runs;
};

/// Tensors of a golden file, by name.
class GoldenBuilder {
public:
  /// What TableModel computes: two prompts of 3 tokens, a long context of 6
  /// with 2 rows, one greedy continuation of 3 steps with margins 1.
  GoldenBuilder();

  void setFloats(const std::string &name, std::vector<int64_t> shape,
                 std::vector<float> values);
  void setIds(const std::string &name, std::vector<int64_t> shape,
              std::vector<int32_t> values);
  void erase(const std::string &name) { tensors.erase(name); }
  /// Changes one value of an F32 tensor.
  void poke(const std::string &name, size_t index, float value);

  /// Writes "golden.safetensors" to a fresh folder of the running test and
  /// opens it.
  storage::SafeTensors open() const;

private:
  struct Tensor {
    storage::ElementType type;
    std::vector<int64_t> shape;
    std::vector<std::byte> bytes;
  };
  std::map<std::string, Tensor> tensors;
};

} // namespace ingot::eval

#endif // INGOT_TEST_EVAL_EVALFIXTURES_H
