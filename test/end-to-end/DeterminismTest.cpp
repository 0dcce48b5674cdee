//===- DeterminismTest.cpp - the same bits, whatever else runs ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a sequence computes depends on its own tokens only: not on the threads,
// the chunks it came in, its neighbours in the step or its place in the cache.
// Compared are bits, since a sum in another order is already close.
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Generator.h"
#include "test/end-to-end/CompiledModel.h"

#include <algorithm>
#include <bit>
#include <gtest/gtest.h>
#include <map>

using namespace ingot;
using passes::CacheFormat;

namespace {

constexpr int64_t kSequences = 8;
constexpr int kNewTokens = 12;

using Bits = std::vector<uint32_t>;
using Ids = std::vector<int32_t>;

/// A checkpoint and what its KV cache keeps values in.
using Case = std::pair<std::string, CacheFormat>;

/// Compiled once for all tests of this file.
std::shared_ptr<const Model> modelOf(const Case &which) {
  static std::map<Case, std::shared_ptr<const Model>> models;
  std::shared_ptr<const Model> &model = models[which];
  if (!model) {
    compiler::CompileOptions options;
    options.checkpoint = test::checkpointFolder(which.first);
    options.output = test::scratchFolder() / "determinism.ingot";
    options.maxBatch = kSequences;
    options.kvCache = which.second;
    Status status = test::compileQuietly(options);
    EXPECT_TRUE(status.ok()) << status.message();
    model = test::load(options.output);
  }
  return model;
}

void append(Bits &bits, std::span<const float> values) {
  for (float value : values)
    bits.push_back(std::bit_cast<uint32_t>(value));
}

/// Ids that differ from prompt to prompt; lengths on both sides of a page and
/// of a tile of tokens.
Ids makePrompt(size_t index) {
  constexpr size_t kLengths[] = {5, 64, 65, 130, 1, 17, 90, 33};
  Ids ids;
  for (size_t i = 0; i < kLengths[index]; ++i)
    ids.push_back(int32_t((index * 997 + i * 131 + i * i * 7) % 2000));
  return ids;
}

int32_t best(std::span<const float> logits) {
  return int32_t(std::max_element(logits.begin(), logits.end()) -
                 logits.begin());
}

/// What one sequence computed: the bits of all its logits (every token of the
/// prompt, then every drawn one), and what it drew.
struct Trace {
  Bits bits;
  Ids drawn;

  bool operator==(const Trace &) const = default;
};

/// A sequence of a test: gets its prompt, then draws greedily.
struct Runner {
  int sequence;
  Ids prompt;
  Trace trace;

  void take(std::span<const float> logits, int64_t vocab) {
    append(trace.bits, logits);
    trace.drawn.push_back(best(logits.last(size_t(vocab))));
  }
};

/// For each format of the KV cache: what is rounded into it is rounded alike.
class Determinism : public testing::TestWithParam<Case> {
protected:
  Session start(int threads = 2) {
    auto session = Session::create(modelOf(GetParam()), {.threads = threads});
    EXPECT_TRUE(session) << session.status().message();
    return std::move(*session);
  }

  /// A round for `runners`: those that have run draw on, the others get their
  /// prompts.
  void step(Session &session, const std::vector<Runner *> &runners) {
    std::vector<Runner *> drawing, prompts;
    for (Runner *runner : runners)
      (runner->trace.drawn.empty() ? prompts : drawing).push_back(runner);
    run(session, drawing, &Session::decode);
    run(session, prompts, &Session::score);
  }

  void run(Session &session, const std::vector<Runner *> &runners,
           Result<StepOutput> (Session::*kind)(std::span<const Rows>)) {
    if (runners.empty())
      return;
    std::vector<Rows> rows;
    for (Runner *runner : runners) {
      std::span<const int32_t> tokens = runner->prompt;
      if (!runner->trace.drawn.empty())
        tokens = {&runner->trace.drawn.back(), 1};
      rows.push_back({runner->sequence, tokens, LogitRows::All});
    }
    auto out = (session.*kind)(rows);
    ASSERT_TRUE(out) << out.status().message();
    std::span<const float> logits = out->logits;
    for (size_t i = 0; i < rows.size(); ++i) {
      int64_t vocab = session.model().info().vocabSize;
      size_t count = rows[i].tokens.size() * size_t(vocab);
      runners[i]->take(logits.first(count), vocab);
      logits = logits.subspan(count);
    }
  }

  Runner makeRunner(Session &session, size_t index) {
    return {*session.addSequence(), makePrompt(index), {}};
  }

  /// The trace of a prompt that runs alone, in a session of its own.
  Trace runAlone(size_t index, int threads = 2) {
    Session session = start(threads);
    Runner runner = makeRunner(session, index);
    for (int i = 0; i <= kNewTokens; ++i)
      step(session, {&runner});
    return runner.trace;
  }
};

INSTANTIATE_TEST_SUITE_P(
    Latent, Determinism,
    testing::Values(Case{"deepseek-v3-tiny", CacheFormat::F32},
                    Case{"deepseek-v3-tiny", CacheFormat::BF16},
                    Case{"deepseek-v3-tiny", CacheFormat::FP8}));
// With masks, a temperature and experts of one tensor; with norms of heads.
INSTANTIATE_TEST_SUITE_P(
    Grouped, Determinism,
    testing::Values(Case{"llama4-tiny", CacheFormat::F32},
                    Case{"llama4-tiny", CacheFormat::FP8},
                    Case{"qwen3-moe-tiny", CacheFormat::F32},
                    Case{"qwen3-moe-tiny", CacheFormat::BF16}));

} // namespace

TEST_P(Determinism, RunsRepeat) { EXPECT_EQ(runAlone(3), runAlone(3)); }

TEST_P(Determinism, ThreadsDoNotMatter) {
  Trace single = runAlone(3, 1);
  EXPECT_EQ(runAlone(3, 2), single);
  EXPECT_EQ(runAlone(3, 3), single);
}

TEST_P(Determinism, NeighboursInPrefillAndDecodeDoNotMatter) {
  Session session = start();
  std::vector<Runner> runners;
  for (size_t i = 0; i < kSequences; ++i)
    runners.push_back(makeRunner(session, i));
  // At most 256 tokens a step: {5, 64, 65, 1, 17, 90} and {130, 33}.
  step(session, {&runners[0], &runners[1], &runners[2], &runners[4],
                 &runners[5], &runners[6]});
  step(session, {&runners[7], &runners[3]});
  for (int i = 0; i < kNewTokens; ++i) {
    std::vector<Runner *> all;
    for (Runner &runner : runners)
      all.push_back(&runner);
    // Other neighbours and another row of the batch every time.
    std::rotate(all.begin(), all.begin() + i % kSequences, all.end());
    step(session, all);
  }
  for (size_t i = 0; i < kSequences; ++i)
    EXPECT_EQ(runners[i].trace, runAlone(i)) << "prompt " << i;
}

TEST_P(Determinism, PromptsBesideDecodingSequencesDoNotMatter) {
  Session session = start();
  Runner first = makeRunner(session, 1), second = makeRunner(session, 2);
  step(session, {&first});
  step(session, {&first, &second});
  for (int i = 1; i < kNewTokens; ++i)
    step(session, {&second, &first});
  step(session, {&second});
  EXPECT_EQ(first.trace, runAlone(1));
  EXPECT_EQ(second.trace, runAlone(2));
}

TEST_P(Determinism, PlacesInTheCacheDoNotMatter) {
  Session session = start();
  std::vector<Runner> earlier;
  for (size_t i : {3, 6, 2, 1})
    earlier.push_back(makeRunner(session, i));
  for (Runner &runner : earlier)
    step(session, {&runner});
  // Pages come back in another order than they were taken, and are not clean.
  for (size_t i : {2, 0, 1})
    session.removeSequence(earlier[i].sequence);
  Runner other = makeRunner(session, 5), runner = makeRunner(session, 3);
  ASSERT_NE(runner.sequence, 0);
  step(session, {&other});
  step(session, {&other, &runner});
  for (int i = 0; i < kNewTokens; ++i)
    step(session, {&other, &runner});
  EXPECT_EQ(runner.trace, runAlone(3));
}

TEST_P(Determinism, ChunksOfThePromptDoNotMatter) {
  Trace whole = runAlone(3);
  for (size_t chunk : {1, 7, 16, 64, 100}) {
    Session session = start();
    Runner runner = makeRunner(session, 3);
    std::span<const int32_t> rest = runner.prompt;
    while (!rest.empty()) {
      Rows rows{runner.sequence, rest.first(std::min(chunk, rest.size())),
                LogitRows::All};
      auto out = session.score({&rows, 1});
      ASSERT_TRUE(out) << out.status().message();
      rest = rest.subspan(rows.tokens.size());
      runner.trace.drawn.clear(); // only the last chunk's token counts
      runner.take(out->logits, session.model().info().vocabSize);
    }
    for (int i = 0; i < kNewTokens; ++i)
      step(session, {&runner});
    EXPECT_EQ(runner.trace, whole) << "chunks of " << chunk;
  }
}

TEST_P(Determinism, PrefillHasTheBitsOfScoring) {
  Session session = start();
  Ids prompt = makePrompt(3);
  Rows rows{*session.addSequence(), prompt, LogitRows::Last};
  auto out = session.prefill({&rows, 1});
  ASSERT_TRUE(out) << out.status().message();
  Bits last;
  append(last, out->logits);
  Runner scored = makeRunner(session, 3);
  step(session, {&scored});
  const Bits &all = scored.trace.bits;
  EXPECT_EQ(last, Bits(all.end() - ptrdiff_t(last.size()), all.end()));
}

// What makes speculation exact: a draft that is right changes nothing.
TEST_P(Determinism, DraftsVerifiedInOneStepDoNotMatter) {
  Session session = start();
  Runner single = makeRunner(session, 3), joint = makeRunner(session, 3);
  for (Runner *runner : {&single, &joint})
    step(session, {runner});
  Bits before = single.trace.bits;
  step(session, {&single});
  step(session, {&single});
  // The token drawn, and the one that it leads to as its draft.
  Ids tokens(single.trace.drawn.begin(), single.trace.drawn.begin() + 2);
  Rows rows{joint.sequence, tokens, LogitRows::All};
  auto out = session.decode({&rows, 1});
  ASSERT_TRUE(out) << out.status().message();
  append(before, out->logits);
  EXPECT_EQ(before, single.trace.bits);
}

TEST_P(Determinism, BatchesGenerateWhatTheirPromptsGenerateAlone) {
  GenerateOptions options;
  options.maxTokens = kNewTokens;
  options.sampling.temperature = 0.8f;
  options.sampling.seed = 7;
  // More than the session takes at a time.
  std::vector<Ids> prompts;
  for (size_t i = 0; i < kSequences + 3; ++i)
    prompts.push_back(makePrompt(i % kSequences));
  Session session = start();
  auto answers = generateBatch(session, prompts, options, nullptr);
  ASSERT_TRUE(answers) << answers.status().message();
  for (size_t i = 0; i < prompts.size(); ++i) {
    Session own = start();
    options.drawSequence = i;
    auto alone =
        generate(own, *own.addSequence(), prompts[i], options, nullptr);
    ASSERT_TRUE(alone) << alone.status().message();
    EXPECT_EQ((*answers)[i].ids, alone->ids) << "prompt " << i;
  }
}
