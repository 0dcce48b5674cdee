//===- Lockstep.h - runs two sessions over the same rows --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A runs a step first, and a copy of all that B has too is kept; then B runs
// it, and each result is compared as soon as it is written.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIFF_LOCKSTEP_H
#define INGOT_DIFF_LOCKSTEP_H

#include "runtime/diff/Diff.h"
#include "runtime/diff/Match.h"

#include <map>
#include <optional>
#include <utility>

namespace ingot::diff {

/// Borrows the sessions, whose observer it takes, and the options. One thread.
class Lockstep {
public:
  Lockstep(Session &a, Session &b, const DiffOptions &options);
  ~Lockstep();

  /// Incompatible if no two steps of the entries can be compared, NotFound if
  /// none is that to stop after.
  Status check() const;

  /// Most tokens that a step may have, so that the copies stay below a bound.
  int64_t maxStepTokens() const;

  /// Tokens that both run, in a sequence of each.
  struct Chunk {
    int sequenceA, sequenceB;
    std::span<const int32_t> tokens;
    /// Position of the first.
    int64_t begin;
    /// Whether they are part of the prompt.
    bool isPrompt;
    /// The token after them; none if it is to be drawn.
    std::optional<int32_t> next;
  };
  /// Runs the main model, and the draft where both have one. Returns the token
  /// after them: the best by A's logits if it is to be drawn.
  Result<int32_t> run(const Chunk &chunk);

  /// Whether there is nothing more to find out.
  bool done() const;

  /// What was found; leaves nothing behind.
  DiffReport finish();

private:
  /// A result that both write, and what came of it.
  struct Tracked {
    Common common;
    /// A's values in this run.
    std::vector<std::byte> copy;
    std::optional<StepDifference> worst;
  };
  /// What either plan runs for the same steps.
  struct Entry {
    std::string_view nameA, nameB;
    std::vector<Tracked> tracked;
    /// Index into `tracked`, by launch and result of either side.
    std::map<std::pair<size_t, size_t>, size_t> byA, byB;
    size_t launchesA = 0, launchesB = 0;
    bool ran = false;
  };

  void match(const fb::Plan &planA, const fb::Plan &planB);
  /// What is tracked of the entries; null if they do not run together.
  Entry *entryOf(std::string_view nameA, std::string_view nameB);
  Status runDraft(const Chunk &chunk, int32_t next, const StepOutput &outA,
                  const StepOutput &outB);
  /// Keeps what A has written, if B writes it too.
  void keep(const Written &written);
  /// Compares what B has written with what was kept.
  void compareWith(const Written &written);
  void note(Tracked &tracked, StepDifference difference);

  Session &a, &b;
  const DiffOptions &options;
  /// In the order of B's plan.
  std::vector<Entry> entries;
  /// The entry that A has run last.
  std::string ranA;
  /// Of the rows that run.
  int64_t firstPosition = 0, lastPosition = 0;
  DiffReport report;
};

} // namespace ingot::diff

#endif // INGOT_DIFF_LOCKSTEP_H
