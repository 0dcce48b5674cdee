//===- GpuTest.cpp - the sample plan on a GPU that is none ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// FakeCuda.h is the driver. What a session computes must be what it computes on
// the host, whatever of steps is recorded and replayed.
//
//===----------------------------------------------------------------------===//

#include "test/runtime/exec/GpuModel.h"

#include <filesystem>

using namespace ingot;
using namespace ingot::test;

namespace {

TEST_F(GpuTest, AStepComputesThePlan) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  auto tokens = std::span(text).first(5);
  StepOutput out = stepOne(session, sequence, tokens, LogitRows::All);
  ReferenceRows expected = computeReference(tokens);
  EXPECT_EQ(toVector(out.hidden), expected.hidden);
  EXPECT_EQ(toVector(out.logits), expected.logits);
  EXPECT_EQ(session.model().loadTimes().device, "GPU 0 (Fake)");
  // A table, a matrix in parts and a bias.
  EXPECT_EQ(session.model().loadTimes().uploadedBytes, 128u + 128 + 16);
}

TEST_F(GpuTest, LaunchesSayWhatThePlanSays) {
  *plan.kernels[2]->resources = fb::Resources(64, 4096, 16, 24, 0, true);
  Session session = startOnGpu();
  stepOne(session, *session.addSequence(), std::span(text).first(2),
          LogitRows::Last);
  ASSERT_EQ(fake.launches.size(), 5u);
  const FakeLaunch &append = fake.launches[1];
  EXPECT_EQ(append.symbol, "sample_append");
  EXPECT_EQ(append.gridX, 2u);
  EXPECT_EQ(append.block, 64u);
  EXPECT_EQ(append.sharedBytes, 4096u);
  EXPECT_TRUE(append.startsEarly);
  EXPECT_FALSE(fake.launches[2].startsEarly);
  const FakeLaunch &logits = fake.launches[4];
  EXPECT_EQ(logits.gridX, 1u);
  EXPECT_EQ(logits.gridY, unsigned(kVocab));
}

TEST_F(GpuTest, TheFirstLaunchHasNoneToOverlapWith) {
  *plan.kernels[0]->resources = fb::Resources(64, 0, 0, 24, 0, true);
  Session session = startOnGpu();
  stepOne(session, *session.addSequence(), std::span(text).first(2),
          LogitRows::Last);
  EXPECT_EQ(fake.launches[0].symbol, "sample_embed");
  EXPECT_FALSE(fake.launches[0].startsEarly);
}

TEST_F(GpuTest, LaunchesWithoutTilesAreLeftOut) {
  Session session = startOnGpu();
  stepOne(session, *session.addSequence(), std::span(text).first(2),
          LogitRows::None);
  EXPECT_EQ(fake.launches.size(), 4u);
}

TEST_F(GpuTest, StepsThatComeAgainAreRecordedOnce) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  for (int64_t t = 0; t < 9; ++t) {
    StepOutput out = stepOne(session, sequence, std::span(text).subspan(t, 1),
                             LogitRows::Last);
    EXPECT_EQ(toVector(out.logits), computeReference(text).logitsOf(t, t + 1));
  }
  EXPECT_EQ(count("cuGraphInstantiateWithFlags"), 1);
  EXPECT_EQ(count("cuGraphLaunch"), 8);
  // Of the first step, and of the one that was recorded.
  EXPECT_EQ(count("cuLaunchKernelEx"), 10);
  EXPECT_EQ(session.keptSteps().count, 1u);
  EXPECT_GT(session.keptSteps().seconds, 0);
}

TEST_F(GpuTest, StepsOfAnswersAreRecordedAtOnce) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  for (int64_t t = 0; t < 3; ++t) {
    Rows rows{sequence, std::span(text).subspan(t, 1), LogitRows::Last};
    auto out = session.decode({&rows, 1});
    ASSERT_TRUE(out) << out.status().message();
    EXPECT_EQ(toVector(out->logits), computeReference(text).logitsOf(t, t + 1));
  }
  EXPECT_EQ(count("cuGraphInstantiateWithFlags"), 1);
  EXPECT_EQ(count("cuGraphLaunch"), 3);
  EXPECT_EQ(count("cuLaunchKernelEx"), 5);
}

TEST_F(GpuTest, StepsOfOtherSizesHaveGraphsOfTheirOwn) {
  Session session = startOnGpu();
  int a = *session.addSequence(), b = *session.addSequence();
  // Each size comes twice and more, in turns.
  for (int64_t t = 0; t < 4; ++t) {
    auto one = std::span(text).subspan(t, 1);
    auto two = std::span(text).subspan(2 * t, 2);
    StepOutput out = stepOne(session, a, one, LogitRows::Last);
    EXPECT_EQ(toVector(out.logits), computeReference(text).logitsOf(t, t + 1));
    out = stepOne(session, b, two, LogitRows::All);
    EXPECT_EQ(toVector(out.logits),
              computeReference(text).logitsOf(2 * t, 2 * t + 2));
  }
  EXPECT_EQ(count("cuGraphInstantiateWithFlags"), 2);
}

TEST_F(GpuTest, GraphsThatWereNotUsedForLongAreLeft) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  using Step = Result<StepOutput> (Session::*)(std::span<const Rows>);
  int steps = 0;
  // Every size of three entries, one after the other: more than are kept.
  for (int round = 0; round < 3; ++round)
    for (Step step : {&Session::prefill, &Session::decode, &Session::score})
      for (int64_t t = 1; t <= kMaxTokens; ++t)
        for (LogitRows wanted : {LogitRows::None, LogitRows::Last}) {
          ASSERT_TRUE(session.truncate(sequence, 0).ok());
          Rows rows{sequence, std::span(text).first(size_t(t)), wanted};
          auto out = (session.*step)({&rows, 1});
          ASSERT_TRUE(out) << out.status().message();
          if (wanted == LogitRows::Last) {
            EXPECT_EQ(toVector(out->logits),
                      computeReference(text).logitsOf(t - 1, t));
          }
          ++steps;
        }
  ASSERT_EQ(steps, 3 * 30);
  // All fit: recorded in the second round (those of answers in the first) and
  // replayed from then on.
  EXPECT_EQ(count("cuGraphInstantiateWithFlags"), 30);
  EXPECT_EQ(count("cuGraphExecDestroy"), 0);
  // Three more, of two sequences, are one too many: the oldest goes.
  for (int round = 0; round < 2; ++round)
    for (int64_t t = 1; t <= 3; ++t) {
      int other = *session.addSequence();
      ASSERT_TRUE(session.truncate(sequence, 0).ok());
      Rows rows[] = {
          {sequence, std::span(text).first(1), LogitRows::Last},
          {other, std::span(text).first(size_t(t)), LogitRows::Last}};
      ASSERT_TRUE(session.score(rows));
      session.removeSequence(other);
    }
  EXPECT_EQ(count("cuGraphInstantiateWithFlags"), 33);
  EXPECT_EQ(count("cuGraphExecDestroy"), 1);
}

TEST_F(GpuTest, BatchesComputeWhatSequencesDoAlone) {
  Session session = startOnGpu();
  int a = *session.addSequence(), b = *session.addSequence();
  std::vector<int32_t> first = {1, 2}, second = {5, 6, 7}, more = {3};
  stepOne(session, a, first, LogitRows::None);
  Rows rows[] = {{b, second, LogitRows::None}, {a, more, LogitRows::Last}};
  auto out = session.score(rows);
  ASSERT_TRUE(out);
  std::vector<int32_t> all = {1, 2, 3};
  EXPECT_EQ(toVector(out->logits), computeReference(all).logitsOf(2, 3));
}

TEST_F(GpuTest, DraftTakesTheHiddenRowsOfTheHost) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  std::vector<int32_t> tokens = {1, 2, 3, 4}, next = {2, 3, 4};
  StepOutput main = stepOne(session, sequence, tokens, LogitRows::None);
  std::vector<float> hidden = toVector(main.hidden.first(3 * kHidden));
  Rows rows{sequence, next, LogitRows::All};
  auto out = session.draft({&rows, 1}, main.hidden.first(3 * kHidden));
  ASSERT_TRUE(out) << out.status().message();
  EXPECT_EQ(toVector(out->logits), computeReference(next, hidden).logits);
}

TEST_F(GpuTest, HiddenRowsStayThereIfNobodyWantsThem) {
  auto session = Session::create(loadOnGpu(), {.hiddenRows = false});
  ASSERT_TRUE(session);
  auto tokens = std::span(text).first(3);
  StepOutput out =
      stepOne(*session, *session->addSequence(), tokens, LogitRows::All);
  EXPECT_EQ(toVector(out.logits), computeReference(tokens).logits);
  EXPECT_TRUE(out.hidden.empty());
}

TEST_F(GpuTest, ObserverSeesWhatEveryLaunchWrites) {
  Session session = startOnGpu();
  std::vector<float> seen;
  int results = 0;
  session.observe([&](const Written &written) {
    ++results;
    if (!written.tap.empty())
      seen = toVector(written.floats());
  });
  std::vector<int32_t> tokens = {2, 7};
  StepOutput out =
      stepOne(session, *session.addSequence(), tokens, LogitRows::Last);
  EXPECT_EQ(results, 5);
  std::vector<float> expected;
  for (int32_t token : tokens)
    for (int64_t n = 0; n < kHidden; ++n)
      expected.push_back(tableValue(token, n));
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(toVector(out.logits), computeReference(tokens).logitsOf(1, 2));
}

TEST_F(GpuTest, TimesAreThoseOfEachLaunch) {
  Session session = startOnGpu();
  std::vector<size_t> launches;
  session.timeLaunches(
      [&](std::string_view entry, size_t launch, double seconds) {
        EXPECT_EQ(entry, "score");
        EXPECT_GE(seconds, 0);
        launches.push_back(launch);
      });
  auto tokens = std::span(text).first(3);
  StepOutput out =
      stepOne(session, *session.addSequence(), tokens, LogitRows::All);
  EXPECT_EQ(launches, (std::vector<size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(toVector(out.logits), computeReference(tokens).logits);
}

TEST_F(GpuTest, PackedWeightsAreComputedOnTheGpu) {
  packSampleWeights(plan);
  plan.kernels.back()->resources =
      std::make_unique<fb::Resources>(*plan.kernels[0]->resources);
  Session session = startOnGpu();
  stepOne(session, *session.addSequence(), std::span(text).first(1),
          LogitRows::Last);
  // Once for the bias, and for each part of unembed.
  int packed = 0;
  for (const FakeLaunch &launch : fake.launches)
    packed += launch.symbol == "sample_double";
  EXPECT_EQ(packed, 1 + kVocab);
  // They pass through two buffers, in turns, as one is packed after the other.
  EXPECT_EQ(session.model().loadTimes().packedFromBytes, 144u);
  // Nobody but packing reads what was packed.
  EXPECT_EQ(session.memoryUse().packedWeights, 144u);
  EXPECT_EQ(session.memoryUse().uploadedWeights, 128u);
}

TEST_F(GpuTest, PackedWeightsAreThoseOfTheHost) {
  packSampleWeights(plan);
  plan.kernels.back()->resources =
      std::make_unique<fb::Resources>(*plan.kernels[0]->resources);
  Session session = startOnGpu();
  auto tokens = std::span(text).first(3);
  std::vector<float> gpu = toVector(
      stepOne(session, *session.addSequence(), tokens, LogitRows::All).logits);
  fb::PlanT host = makeSamplePlan(folder.path());
  packSampleWeights(host);
  std::filesystem::create_directory(folder.path() + "/host");
  auto model = Model::load(
      writeSampleArtifact(folder.path() + "/host", host, readSampleKernels()),
      {.weightsDirectory = folder.path()});
  ASSERT_TRUE(model) << model.status().message();
  auto onHost = Session::create(*model, {});
  ASSERT_TRUE(onHost);
  EXPECT_EQ(gpu, toVector(stepOne(*onHost, *onHost->addSequence(), tokens,
                                  LogitRows::All)
                              .logits));
}

TEST_F(GpuTest, DrawnWeightsAreThoseOfTheHost) {
  LoadOptions drawn = options();
  drawn.randomSeed = 7;
  auto onGpu = Session::create(loadOnGpu(drawn), {});
  ASSERT_TRUE(onGpu);
  fb::PlanT host = makeSamplePlan(folder.path());
  std::filesystem::create_directory(folder.path() + "/host");
  auto model = Model::load(
      writeSampleArtifact(folder.path() + "/host", host, readSampleKernels()),
      {.randomSeed = 7});
  ASSERT_TRUE(model) << model.status().message();
  auto onHost = Session::create(*model, {});
  ASSERT_TRUE(onHost);
  auto tokens = std::span(text).first(4);
  std::vector<float> gpu = toVector(
      stepOne(*onGpu, *onGpu->addSequence(), tokens, LogitRows::All).logits);
  EXPECT_EQ(gpu, toVector(stepOne(*onHost, *onHost->addSequence(), tokens,
                                  LogitRows::All)
                              .logits));
  EXPECT_EQ(onGpu->memoryUse().drawnWeights, onHost->memoryUse().drawnWeights);
}

TEST_F(GpuTest, NothingIsLeftBehind) {
  {
    Session session = startOnGpu();
    int sequence = *session.addSequence();
    for (int64_t t = 0; t < 3; ++t)
      stepOne(session, sequence, std::span(text).subspan(t, 1),
              LogitRows::Last);
    EXPECT_GT(fake.allocated, 0u);
  }
  EXPECT_EQ(fake.allocated, 0u);
  EXPECT_EQ(fake.openHandles, 0);
}

TEST_F(GpuTest, SessionsMayOutliveTheirModel) {
  auto model = loadOnGpu();
  auto session = Session::create(model, {});
  ASSERT_TRUE(session);
  model.reset();
  StepOutput out = stepOne(*session, *session->addSequence(),
                           std::span(text).first(2), LogitRows::Last);
  EXPECT_EQ(toVector(out.logits),
            computeReference(std::span(text).first(2)).logitsOf(1, 2));
}

TEST_F(GpuTest, NoDriver) {
  auto how = options();
  how.cudaDriver = "libno-such-driver.so.1";
  auto model = Model::load(write(), how);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().code(), StatusCode::Incompatible);
  EXPECT_TRUE(model.status().message().starts_with("no CUDA driver: "))
      << model.status().message();
  EXPECT_TRUE(model.status().message().ends_with(
      "; the artifact needs an NVIDIA GPU and its driver, of CUDA 13.0 or "
      "later"))
      << model.status().message();
}

TEST_F(GpuTest, MemoryThatTheGpuLacks) {
  fake.memory = 512 << 20;
  auto model = Model::load(write(), options());
  ASSERT_FALSE(model);
  EXPECT_EQ(model.status().code(), StatusCode::OutOfMemory);
  const std::string &message = model.status().message();
  EXPECT_NE(message.find(" of GPU memory, GPU 0 (Fake) has 512.0 MiB\n  gpu "
                         "weights: 0.0 MiB needed, 512.0 MiB available\n"),
            std::string::npos)
      << message;
  EXPECT_EQ(count("cuMemAlloc"), 0);
}

TEST_F(GpuTest, LimitBelowWhatIsNeeded) {
  auto how = options();
  how.memoryLimit = 256 << 20;
  auto model = Model::load(write(), how);
  ASSERT_FALSE(model);
  EXPECT_NE(
      model.status().message().find(" of GPU memory, the limit is 256.0 MiB\n"),
      std::string::npos)
      << model.status().message();
}

TEST_F(GpuTest, FunctionThatTakesOtherArguments) {
  plan.entries[0]->steps[1]->args.pop_back();
  plan.entries[1]->steps[1]->args.pop_back();
  plan.entries[2]->steps[1]->args.pop_back();
  plan.entries[3]->steps[1]->args.pop_back();
  expectRefused(StatusCode::InvalidPlan,
                "module 0: function 'sample_append' expects launches with 3 "
                "arguments, got 2");
}

TEST_F(GpuTest, LaunchThatFailsIsNamed) {
  Session session = startOnGpu();
  fake.failures["cuLaunchKernelEx"] = {cuda::kInvalidValue, 3};
  Rows rows{*session.addSequence(), std::span(text).first(2), LogitRows::Last};
  auto out = session.score({&rows, 1});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.status().code(), StatusCode::Device);
  EXPECT_EQ(
      out.status().message(),
      "entry 'score' (T 2, S 1, R 1), launch 3 'add' of 'sample_add' with "
      "a grid of 3 x 1 x 1, blocks of 32 and 64 bytes of shared memory: "
      "CUDA_ERROR_INVALID_VALUE");
}

TEST_F(GpuTest, FaultOfAKernelNamesTheStep) {
  Session session = startOnGpu();
  fake.faults["sample_attend"] = 700;
  Rows rows{*session.addSequence(), std::span(text).first(2), LogitRows::Last};
  auto out = session.score({&rows, 1});
  ASSERT_FALSE(out);
  EXPECT_EQ(
      out.status().message(),
      "entry 'score' (T 2, S 1, R 1) (--check-launches finds the launch "
      "that failed): CUDA_ERROR_ILLEGAL_ADDRESS (an illegal memory access "
      "was encountered)");
}

TEST_F(GpuTest, FaultOfAKernelIsNamedOnRequest) {
  Session session = startOnGpu(/*checkLaunches=*/true);
  fake.faults["sample_attend"] = 700;
  Rows rows{*session.addSequence(), std::span(text).first(2), LogitRows::Last};
  auto out = session.score({&rows, 1});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.status().message(),
            "entry 'score' (T 2, S 1, R 1), launch 2 'attend' of "
            "'sample_attend' with a grid of 2 x 1 x 1, blocks of 32 and 64 "
            "bytes of shared memory: CUDA_ERROR_ILLEGAL_ADDRESS (an illegal "
            "memory access was encountered)");
}

TEST_F(GpuTest, RecordingThatFails) {
  Session session = startOnGpu();
  int sequence = *session.addSequence();
  stepOne(session, sequence, std::span(text).first(1), LogitRows::Last);
  fake.failures["cuGraphInstantiateWithFlags"] = {cuda::kOutOfMemory};
  Rows rows{sequence, std::span(text).subspan(1, 1), LogitRows::Last};
  auto out = session.score({&rows, 1});
  ASSERT_FALSE(out);
  EXPECT_EQ(out.status().code(), StatusCode::OutOfMemory);
  EXPECT_EQ(out.status().message(),
            "entry 'score' (T 1, S 1, R 1) cannot be recorded as a graph: "
            "CUDA_ERROR_OUT_OF_MEMORY (out of memory)");
}

} // namespace
