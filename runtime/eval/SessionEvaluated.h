//===- SessionEvaluated.h - a running plan under evaluation -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Lets the evaluations run a Session: each call takes a fresh sequence, feeds
// it in chunks that a step takes, and frees it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_SESSIONEVALUATED_H
#define INGOT_EVAL_SESSIONEVALUATED_H

#include "ingot/Runtime.h"
#include "runtime/eval/Evaluated.h"

namespace ingot::eval {

/// Borrows the session, which must outlive it and must have room for one more
/// sequence; takes over its observer during a run with taps.
class SessionEvaluated : public Evaluated {
public:
  explicit SessionEvaluated(Session &session) : session(session) {}

  int64_t vocabSize() const override;
  int64_t hiddenSize() const override;
  bool hasDraft() const override;
  Result<Evaluation> run(std::span<const int32_t> tokens, int64_t rows,
                         bool taps) override;
  /// Through `prefill` and `decode`, as text is generated.
  Result<std::vector<float>> decode(std::span<const int32_t> prompt,
                                    std::span<const int32_t> answer) override;
  Result<std::vector<float>> draft(std::span<const int32_t> tokens,
                                   std::span<const float> hidden) override;

private:
  Status generate(int sequence, std::span<const int32_t> prompt,
                  std::span<const int32_t> answer, std::vector<float> &logits);
  Status runChunks(int sequence, std::span<const int32_t> tokens, int64_t rows,
                   Evaluation &evaluation);

  Session &session;
};

} // namespace ingot::eval

#endif // INGOT_EVAL_SESSIONEVALUATED_H
