//===- PackWeightsTest.cpp - weights computed at load ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/ModelImpl.h"
#include "test/runtime/exec/ReferenceModel.h"

using namespace ingot;
using namespace ingot::test;

namespace {

class PackWeightsTest : public SampleModel {
protected:
  PackWeightsTest() { packSampleWeights(plan); }

  std::shared_ptr<const Model> load(const LoadOptions &options) {
    path = writeSampleArtifact(folder.path(), plan, readSampleKernels());
    auto model = Model::load(path, options);
    EXPECT_TRUE(model) << model.status().message();
    return model ? *model : nullptr;
  }

  /// The bytes of a weight, view after view.
  static std::vector<float> valuesOf(const Model &model, uint32_t weight) {
    std::vector<float> values;
    const auto &views = *model.impl().plan().weights()->Get(weight)->views();
    for (uint32_t i = 0; i < views.size(); ++i) {
      auto *begin =
          reinterpret_cast<const float *>(model.impl().weights[weight][i]);
      values.insert(values.end(), begin, begin + views.Get(i)->size() / 4);
    }
    return values;
  }

  std::string path;
};

TEST_F(PackWeightsTest, EachPartIsComputedFromItsSource) {
  auto model = load({});
  std::vector<float> unembed;
  for (int64_t v = 0; v < kVocab; ++v)
    for (int64_t n = 0; n < kHidden; ++n)
      unembed.push_back(2 * unembedValue(v, n));
  EXPECT_EQ(valuesOf(*model, Unembed2), unembed);
  // The source is embedded in the artifact.
  EXPECT_EQ(valuesOf(*model, Bias2), (std::vector<float>{2, 4, 6, 8}));
}

TEST_F(PackWeightsTest, EntriesReadPackedWeights) {
  Session session = start();
  const int32_t tokens[] = {3, 1, 4};
  StepOutput out =
      stepOne(session, *session.addSequence(), tokens, LogitRows::All);
  ReferenceRows expected = computeReference(tokens);
  for (size_t i = 0; i < expected.hidden.size(); ++i)
    expected.hidden[i] += kBias[i % kHidden];
  std::vector<float> logits;
  for (size_t t = 0; t < 3; ++t)
    for (int64_t v = 0; v < kVocab; ++v) {
      logits.push_back(0);
      for (int64_t n = 0; n < kHidden; ++n)
        logits.back() +=
            expected.hidden[t * kHidden + n] * 2 * unembedValue(v, n);
    }
  EXPECT_EQ(toVector(out.hidden), expected.hidden);
  EXPECT_EQ(toVector(out.logits), logits);
}

TEST_F(PackWeightsTest, DrawnSourcesAreThoseOfAPlanThatPacksNothing) {
  auto packed = load({.randomSeed = 7});
  plan = makeSamplePlan(folder.path());
  auto plain = load({.randomSeed = 7});
  for (auto [source, doubled] :
       {std::pair(Bias, Bias2), std::pair(Unembed, Unembed2)}) {
    std::vector<float> expected = valuesOf(*plain, source);
    for (float &value : expected)
      value *= 2;
    EXPECT_EQ(valuesOf(*packed, doubled), expected);
    // Nothing but packing needs them.
    EXPECT_TRUE(packed->impl().weights[source].empty());
  }
}

TEST_F(PackWeightsTest, ThreadsDoNotChangeABit) {
  auto one = load({.randomSeed = 3, .threads = 1});
  auto four = load({.randomSeed = 3, .threads = 4});
  EXPECT_EQ(valuesOf(*one, Unembed2), valuesOf(*four, Unembed2));
}

TEST_F(PackWeightsTest, MemoryCountsWhatIsHeld) {
  MemoryUse use = start().memoryUse();
  EXPECT_EQ(use.packedWeights, 16u + 128u);
  EXPECT_EQ(use.mappedWeights, 128u); // the table
  EXPECT_EQ(use.drawnWeights, 0u);
  auto session = Session::create(load({.randomSeed = 1}), {.threads = 1});
  EXPECT_EQ(session->memoryUse().packedWeights, 16u + 128u);
  EXPECT_EQ(session->memoryUse().drawnWeights, 128u);
  EXPECT_EQ(session->memoryUse().mappedWeights, 0u);
}

TEST_F(PackWeightsTest, SourceThatAnEntryReadsIsHeldToo) {
  // The draft goes on with the bias as it is.
  for (fb::Arg &arg : plan.entries.back()->steps[3]->args)
    if (arg.kind() == fb::ArgKind::Weight)
      arg = fb::Arg(fb::ArgKind::Weight, Bias);
  auto model = load({.randomSeed = 2});
  std::vector<float> bias = valuesOf(*model, Bias);
  for (float &value : bias)
    value *= 2;
  EXPECT_EQ(valuesOf(*model, Bias2), bias);
  auto session = Session::create(model, {.threads = 1});
  EXPECT_EQ(session->memoryUse().drawnWeights, 128u + 16u);
}

} // namespace
