//===- Runtime.h - loads a compiled model and runs it -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   auto model = ingot::Model::load("model.ingot", {});
//   if (!model)
//     return fail(model.status());
//   auto session = ingot::Session::create(*model, {});
//   if (!session)
//     return fail(session.status());
//   auto sequence = session->addSequence();
//   ingot::Rows rows{*sequence, promptIds, ingot::LogitRows::Last};
//   auto out = session->prefill({&rows, 1});
//   // out->logits: the scores of the token that follows the prompt
//
// Shapes use t (tokens of a step), n (hidden size) and v (vocabulary size).
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_H
#define INGOT_RUNTIME_H

#include "ingot/Observe.h"
#include "ingot/Options.h"
#include "ingot/Status.h"
#include "ingot/TokenDraw.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace ingot {

namespace text {
class Tokenizer;
class ChatTemplate;
struct GenerationDefaults;
} // namespace text

/// Version of the runtime library: "0.1.0".
const char *version();

/// What a model is and what it was compiled for.
struct ModelInfo {
  int64_t vocabSize = 0;
  int64_t hiddenSize = 0;
  /// Longest sequence in tokens, and most sequences live at a time.
  int64_t maxContext = 0;
  int64_t maxBatch = 0;
  /// Most tokens that a step with prompts takes; longer prompts go in chunks.
  int64_t maxStepTokens = 0;
  /// Most tokens that `score` takes, and rows whose logits `draft` returns.
  int64_t maxScoredTokens = 0;
  /// Most tokens that `decode` takes: for each sequence the newest one, and one
  /// for each draft layer.
  int64_t maxDecodeTokens = 0;
  /// Whether the device draws the tokens of `decode`.
  bool choosesTokens = false;
  /// Whether the model has a draft entry (multi-token prediction).
  bool hasDraft = false;
};

/// A loaded plan with its weights in place. Immutable after load, so any number
/// of sessions and threads may share it; it must outlive none of them, since
/// sessions hold a reference.
class Model {
public:
  /// Loads and verifies the artifact at `path`, maps its weights in place (on a
  /// GPU, copies them there) and computes those that the plan has packed.
  /// OutOfMemory, before the first weight is touched, if the memory certificate
  /// exceeds the limit, or what of it is not mapped the memory available.
  /// Incompatible if the machine is not of the kind that the plan is for.
  static Result<std::shared_ptr<const Model>> load(const std::string &path,
                                                   const LoadOptions &options);
  ~Model();

  const ModelInfo &info() const;
  /// Without a single piece if the model was compiled without a checkpoint.
  const text::Tokenizer &tokenizer() const;
  /// Null if the checkpoint came without a chat template.
  const text::ChatTemplate *chatTemplate() const;
  const text::GenerationDefaults &generationDefaults() const;
  /// Texts of the special tokens that chat templates name.
  const std::string &bosToken() const;
  const std::string &eosToken() const;
  const LoadTimes &loadTimes() const;

  struct Impl;
  const Impl &impl() const { return *self; }

private:
  explicit Model(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> self;
};

/// Which rows of a sequence's new tokens get logits.
enum class LogitRows { None, Last, All };

/// New tokens of one sequence for one step.
struct Rows {
  int sequence;
  /// They take the positions after those the sequence already has.
  std::span<const int32_t> tokens;
  LogitRows logits;
  /// If any, one for each row whose logits are wanted, in all rows of the step:
  /// then it gives tokens, and no logits. A GPU that draws need not copy them
  /// back.
  std::span<const TokenDraw> draws = {};
};

/// Output of a step. The spans are the session's and valid until its next step.
struct StepOutput {
  /// [rows asked for, v], float32, in the order of the sequences' tokens.
  std::span<const float> logits;
  /// [t, n]: the rows behind the logits (after the final norm), every token;
  /// empty if the session's options leave them out.
  std::span<const float> hidden;
  /// In place of logits, if the rows came with draws: the token of each.
  std::span<const int32_t> chosen = {};
};

/// Running sequences of one model: their KV cache and the memory of a step. One
/// thread at a time.
class Session {
public:
  static Result<Session> create(std::shared_ptr<const Model> model,
                                const SessionOptions &options);
  Session(Session &&) noexcept;
  Session &operator=(Session &&) noexcept;
  ~Session();

  const Model &model() const;

  /// A new empty sequence. OutOfMemory if maxBatch sequences are live.
  Result<int> addSequence();
  /// Frees the sequence's pages; nothing happens if there is no such sequence.
  void removeSequence(int sequence);
  /// Tokens the sequence has so far; 0 if there is no such sequence.
  int64_t length(int sequence) const;
  /// Forgets the tokens from `length` on, for the main model and the draft.
  Status truncate(int sequence, int64_t length);

  // Steps of the main model. Each fails without having changed anything if a
  // sequence would outgrow maxContext, or the rows what a step takes; and after
  // it has run, if there are draws for logits from which none can be drawn.

  /// Chunks of prompts, at most maxStepTokens in all. Logits of each sequence's
  /// last token at most.
  Result<StepOutput> prefill(std::span<const Rows> rows);
  /// The newest token of each sequence, perhaps with drafts to be verified; at
  /// most maxDecodeTokens in all. What it computes for a position has the same
  /// bits whatever else is in the step.
  Result<StepOutput> decode(std::span<const Rows> rows);
  /// As prefill, with logits of any row; at most maxScoredTokens in all.
  Result<StepOutput> score(std::span<const Rows> rows);

  /// Runs the draft entry, at most maxStepTokens in all: `hidden` is [t, n],
  /// for each token the main model's hidden row of the token before it. Keeps
  /// its own length for each sequence.
  Result<StepOutput> draft(std::span<const Rows> rows,
                           std::span<const float> hidden);

  /// Calls `observer` for each result of each launch; null to stop.
  void observe(Observer observer);
  /// Calls `timer` after each launch; null to stop.
  void timeLaunches(LaunchTimer timer);
  MemoryUse memoryUse() const;
  KeptSteps keptSteps() const;

private:
  struct Impl;
  explicit Session(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> self;
};

} // namespace ingot

#endif // INGOT_RUNTIME_H
