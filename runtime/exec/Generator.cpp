//===- Generator.cpp - continues texts ------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Generator.h"
#include "runtime/exec/Generation.h"
#include "runtime/exec/ModelImpl.h"

#include <algorithm>
#include <memory>

namespace ingot {

namespace {

double rate(int64_t count, double seconds) {
  return seconds > 0 ? double(count) / seconds : 0;
}

/// `held`: tokens that the sequence has already.
Status checkPrompt(const Session &session, int64_t held,
                   std::span<const int32_t> prompt, const std::string &object) {
  if (prompt.empty())
    return invalidInput(object + " expects at least 1 token, got 0");
  // Before the first chunk rather than in the middle.
  int64_t most = session.model().info().maxContext - held;
  if (int64_t(prompt.size()) > most)
    return outOfMemory(object + " expects at most " + std::to_string(most) +
                       " tokens, got " + std::to_string(prompt.size()));
  return {};
}

Status checkOptions(const GenerateOptions &options) {
  if (options.maxTokens < 1)
    return invalidInput("generation expects at least 1 new token, got " +
                        std::to_string(options.maxTokens));
  return makeDraw(options.sampling, 0, 0).status();
}

/// What some generations want to run in one step.
struct Step {
  std::vector<Rows> rows;
  std::vector<Generation *> takers;

  void add(Generation &generation, int64_t most) {
    rows.push_back(generation.next(most));
    takers.push_back(&generation);
  }
};

/// Runs `step` with one of the session's kinds of steps; nothing if it is
/// empty.
Status runStep(Session &session, const Step &step,
               Result<StepOutput> (Session::*kind)(std::span<const Rows>)) {
  if (step.rows.empty())
    return {};
  Result<StepOutput> out = (session.*kind)(step.rows);
  if (!out)
    return out.status();
  std::span<const int32_t> chosen = out->chosen;
  for (size_t i = 0; i < step.rows.size(); ++i) {
    std::optional<int32_t> token;
    if (!step.rows[i].draws.empty()) {
      token = chosen.front();
      chosen = chosen.subspan(1);
    }
    if (Status status = step.takers[i]->take(step.rows[i], token); !status.ok())
      return status;
  }
  return {};
}

/// One round for all of `generations`, none of which may be done: a token for
/// every answer in progress, and chunks of prompts as far as a step has room,
/// the first come first. They are steps apart, since what an answer computes
/// must not depend on the prompts beside it.
Status runRound(Session &session,
                std::span<const std::unique_ptr<Generation>> generations) {
  Step decode, prefill;
  int64_t room = session.model().info().maxStepTokens;
  for (const auto &generation : generations) {
    if (generation->decodes()) {
      decode.add(*generation, 1);
    } else if (room > 0) {
      prefill.add(*generation, room);
      room -= int64_t(prefill.rows.back().tokens.size());
    }
  }
  if (Status status = runStep(session, decode, &Session::decode); !status.ok())
    return status;
  return runStep(session, prefill, &Session::prefill);
}

/// The prompts of one call on their way through the session's sequences.
class Batch {
public:
  Batch(Session &session, std::span<const std::vector<int32_t>> prompts,
        const GenerateOptions &options, const AnswerObserver &onAnswer)
      : session(session), prompts(prompts), options(options),
        onAnswer(onAnswer), results(prompts.size()),
        finished(prompts.size(), false),
        freePages(session.model().impl().plan().kv_cache()->pages() - 1) {}
  ~Batch() {
    for (const auto &generation : running)
      session.removeSequence(generation->sequence());
  }

  Result<std::vector<GenerateResult>> run() {
    while (told < prompts.size()) {
      if (Status status = admit(); !status.ok())
        return status;
      if (Status status = runRound(session, running); !status.ok())
        return status;
      retire();
    }
    return std::move(results);
  }

private:
  /// Pages of the cache that a prompt and its longest answer need.
  int64_t countPages(size_t prompt) const {
    const Model &model = session.model();
    int64_t pageSize = model.impl().plan().kv_cache()->page_size();
    // The last token drawn does not run.
    int64_t room = model.info().maxContext - int64_t(prompts[prompt].size());
    int64_t tokens =
        int64_t(prompts[prompt].size()) + std::min(options.maxTokens - 1, room);
    return (tokens + pageSize - 1) / pageSize;
  }

  /// Starts prompts until they, the places or the pages run out: a pool may be
  /// smaller than all sequences at their longest.
  Status admit() {
    while (admitted < prompts.size()) {
      const int64_t pages = countPages(admitted);
      if (pages > freePages && !running.empty())
        return {};
      Result<int> sequence = session.addSequence();
      if (!sequence)
        return running.empty() ? sequence.status() : Status();
      freePages -= pages;
      running.push_back(std::make_unique<Generation>(
          session, *sequence, prompts[admitted], options,
          options.drawSequence + admitted, nullptr, watch));
      promptOf.push_back(admitted++);
    }
    return {};
  }

  /// Takes out what is done and tells of it, in the order of the prompts.
  void retire() {
    for (size_t i = running.size(); i-- > 0;) {
      if (!running[i]->done())
        continue;
      freePages += countPages(promptOf[i]);
      results[promptOf[i]] = running[i]->finish();
      finished[promptOf[i]] = true;
      session.removeSequence(running[i]->sequence());
      running.erase(running.begin() + ptrdiff_t(i));
      promptOf.erase(promptOf.begin() + ptrdiff_t(i));
    }
    for (; told < prompts.size() && finished[told]; ++told)
      if (onAnswer)
        onAnswer(told, results[told]);
  }

  Session &session;
  std::span<const std::vector<int32_t>> prompts;
  const GenerateOptions &options;
  const AnswerObserver &onAnswer;
  Stopwatch watch;
  std::vector<std::unique_ptr<Generation>> running;
  /// By index into `running`: which prompt it answers.
  std::vector<size_t> promptOf;
  std::vector<GenerateResult> results;
  std::vector<bool> finished;
  /// How many prompts have got a sequence, and how many `onAnswer` knows of.
  size_t admitted = 0, told = 0;
  /// Pages that no running prompt may need.
  int64_t freePages;
};

} // namespace

std::string_view name(FinishReason reason) {
  switch (reason) {
  case FinishReason::StopId:
    return "stop";
  case FinishReason::StopString:
    return "stop_string";
  case FinishReason::MaxTokens:
    return "length";
  case FinishReason::MaxContext:
    return "context";
  }
  return "";
}

double GenerateTimings::prefillTokensPerSecond() const {
  return rate(promptTokens, prefillSeconds);
}

double GenerateTimings::decodeTokensPerSecond() const {
  return rate(newTokens - 1, decodeSeconds);
}

Result<GenerateResult> generate(Session &session, int sequence,
                                std::span<const int32_t> prompt,
                                const GenerateOptions &options,
                                const TextObserver &onText) {
  if (Status status =
          checkPrompt(session, session.length(sequence), prompt, "prompt");
      !status.ok())
    return status;
  if (Status status = checkOptions(options); !status.ok())
    return status;
  Stopwatch watch;
  auto generation = std::make_unique<Generation>(
      session, sequence, prompt, options, options.drawSequence, onText, watch);
  while (!generation->done())
    if (Status status = runRound(session, {&generation, 1}); !status.ok())
      return status;
  return generation->finish();
}

Result<std::vector<GenerateResult>>
generateBatch(Session &session, std::span<const std::vector<int32_t>> prompts,
              const GenerateOptions &options, const AnswerObserver &onAnswer) {
  for (size_t i = 0; i < prompts.size(); ++i)
    if (Status status = checkPrompt(session, 0, prompts[i],
                                    "prompt " + std::to_string(i + 1));
        !status.ok())
      return status;
  if (Status status = checkOptions(options); !status.ok())
    return status;
  return Batch(session, prompts, options, onAnswer).run();
}

} // namespace ingot
