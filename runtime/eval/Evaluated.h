//===- Evaluated.h - a model under evaluation -------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the evaluations ask of a model, so that a running plan and any other way
// to compute the same model are judged by the same code. Shapes use t (tokens),
// n (hidden size) and v (vocabulary size); tensors are row-major and packed.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_EVALUATED_H
#define INGOT_EVAL_EVALUATED_H

#include "ingot/Status.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace ingot::eval {

/// A hidden state that was watched, [t, n].
struct Tap {
  std::string name;
  std::vector<float> values;
};

/// What a model computes for one sequence of t tokens.
struct Evaluation {
  /// [rows asked for, v]: scores of the token after each of the last positions.
  std::vector<float> logits;
  /// [t, n]: after the final norm.
  std::vector<float> hidden;
  /// In the order in which they were computed; empty unless asked for.
  std::vector<Tap> taps;
};

/// One model under evaluation. One thread at a time.
class Evaluated {
public:
  virtual ~Evaluated();

  virtual int64_t vocabSize() const = 0;
  virtual int64_t hiddenSize() const = 0;
  /// Whether `draft` may be called.
  virtual bool hasDraft() const = 0;

  /// Runs a fresh sequence over `tokens`, ids in [0, v), at least one. Logits
  /// of the last `rows` positions, 0 <= rows <= t; `taps` asks for the hidden
  /// states "hidden.0", "hidden.1", ... too.
  virtual Result<Evaluation> run(std::span<const int32_t> tokens, int64_t rows,
                                 bool taps) = 0;

  /// Runs a fresh sequence over `prompt` and then over `answer`, token by
  /// token, as if it were drawn. Logits [1 + answer, v], from the prompt's last
  /// position on. Where one step is like any other this is `run`.
  virtual Result<std::vector<float>> decode(std::span<const int32_t> prompt,
                                            std::span<const int32_t> answer);

  /// Runs the draft over a fresh sequence: row i takes `tokens[i]`, row i of
  /// `hidden` [t, n] (the main model's, of the token before) and position i.
  /// Returns logits [t, v].
  virtual Result<std::vector<float>> draft(std::span<const int32_t> tokens,
                                           std::span<const float> hidden) = 0;
};

/// Told after each of `total` runs how many are done, on the caller's thread;
/// may be null.
using Progress = std::function<void(int64_t done, int64_t total)>;

} // namespace ingot::eval

#endif // INGOT_EVAL_EVALUATED_H
