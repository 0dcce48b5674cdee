//===- Diff.cpp - finds where two artifacts part --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Diff.h"

#include "runtime/diff/Lockstep.h"
#include "runtime/exec/ModelImpl.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ingot::diff {

namespace {

/// Hidden states that can be watched: one a layer, and the embedding.
int64_t countTaps(const Model &model) {
  int64_t count = 0;
  for (const fb::Entry *entry : *model.impl().plan().entries()) {
    int64_t taps = 0;
    for (const fb::Launch *launch : *entry->steps())
      taps += launch->tap() != nullptr;
    count = std::max(count, taps);
  }
  return count;
}

/// What a plan says of its model, whatever it was compiled for.
Status checkSameModel(const Model &a, const Model &b) {
  auto expectEqual = [](const char *what, int64_t left, int64_t right) {
    if (left == right)
      return Status();
    return incompatible("the artifacts are of different models: expects a " +
                        std::string(what) + " of " + std::to_string(left) +
                        ", got " + std::to_string(right));
  };
  const std::tuple<const char *, int64_t, int64_t> facts[] = {
      {"vocabulary", a.info().vocabSize, b.info().vocabSize},
      {"hidden size", a.info().hiddenSize, b.info().hiddenSize},
      {"number of hidden states", countTaps(a), countTaps(b)}};
  for (const auto &[what, left, right] : facts)
    if (Status status = expectEqual(what, left, right); !status.ok())
      return status;
  return {};
}

Status checkInput(const Session &a, const Session &b,
                  std::span<const int32_t> prompt, const DiffOptions &options) {
  if (prompt.empty())
    return invalidInput("diff expects a prompt of at least 1 token, got 0");
  if (options.steps < 0)
    return invalidInput("diff expects at least 0 steps, got " +
                        std::to_string(options.steps));
  const int64_t most =
      std::min(a.model().info().maxContext, b.model().info().maxContext);
  if (int64_t(prompt.size()) + options.steps > most)
    return invalidInput("diff expects prompt and steps of at most " +
                        std::to_string(most) + " tokens, got " +
                        std::to_string(prompt.size()) + " and " +
                        std::to_string(options.steps));
  return {};
}

/// A sequence that is removed at the end.
class OwnSequence {
public:
  static Result<OwnSequence> add(Session &session) {
    auto id = session.addSequence();
    if (!id)
      return id.status();
    return OwnSequence(session, *id);
  }
  OwnSequence(OwnSequence &&other) noexcept
      : session(std::exchange(other.session, nullptr)), number(other.number) {}
  ~OwnSequence() {
    if (session)
      session->removeSequence(number);
  }
  int id() const { return number; }

private:
  OwnSequence(Session &session, int id) : session(&session), number(id) {}

  Session *session;
  int number;
};

} // namespace

Result<DiffReport> compare(Session &a, Session &b,
                           std::span<const int32_t> prompt,
                           const DiffOptions &options) {
  if (Status status = checkSameModel(a.model(), b.model()); !status.ok())
    return status;
  if (Status status = checkInput(a, b, prompt, options); !status.ok())
    return status;
  Lockstep lockstep(a, b, options);
  if (Status status = lockstep.check(); !status.ok())
    return status;
  auto sequenceA = OwnSequence::add(a);
  if (!sequenceA)
    return sequenceA.status();
  auto sequenceB = OwnSequence::add(b);
  if (!sequenceB)
    return sequenceB.status();

  const auto length = int64_t(prompt.size());
  std::vector<int32_t> text(prompt.begin(), prompt.end());
  for (int64_t begin = 0; begin < length + options.steps && !lockstep.done();) {
    // Chunks of the prompt, then one token at a time.
    const bool isPrompt = begin < length;
    const int64_t count =
        isPrompt ? std::min(lockstep.maxStepTokens(), length - begin) : 1;
    const int64_t end = begin + count;
    std::optional<int32_t> known;
    if (end < length)
      known = prompt[size_t(end)];
    auto next =
        lockstep.run({sequenceA->id(), sequenceB->id(),
                      std::span(text).subspan(size_t(begin), size_t(count)),
                      begin, isPrompt, known});
    if (!next)
      return next.status();
    if (end >= length)
      text.push_back(*next);
    begin = end;
  }
  return lockstep.finish();
}

} // namespace ingot::diff
