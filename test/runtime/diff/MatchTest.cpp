//===- MatchTest.cpp - steps that two plans have in common ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/diff/Match.h"
#include "test/runtime/plan/SamplePlan.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::diff;
using namespace ingot::test;

namespace {

/// Two sample plans, one of which a test changes.
class Match : public testing::Test {
protected:
  /// "name a.result b.result" of everything that the first entries share.
  std::vector<std::string> match() {
    std::vector<std::string> names;
    for (const Common &common : all())
      names.push_back(
          std::string(common.name) + " " + std::to_string(common.a) + " " +
          std::to_string(common.b) + "." + std::to_string(common.result));
    return names;
  }

  std::vector<Common> all() {
    const fb::Plan &planA = pack(a, bytesA), &planB = pack(b, bytesB);
    return matchEntries(planA, *planA.entries()->Get(0), planB,
                        *planB.entries()->Get(0));
  }

  std::vector<std::unique_ptr<fb::LaunchT>> &launches() {
    return b.entries[0]->steps;
  }
  void insertCopy(size_t of, size_t before) {
    auto &steps = launches();
    steps.insert(steps.begin() + ptrdiff_t(before),
                 std::make_unique<fb::LaunchT>(*steps[of]));
  }

  fb::PlanT a = makeSamplePlan(), b = makeSamplePlan();

private:
  static const fb::Plan &pack(const fb::PlanT &plan,
                              flatbuffers::FlatBufferBuilder &bytes) {
    bytes.Clear();
    bytes.Finish(fb::Plan::Pack(bytes, &plan));
    return *flatbuffers::GetRoot<fb::Plan>(bytes.GetBufferPointer());
  }

  flatbuffers::FlatBufferBuilder bytesA, bytesB;
};

} // namespace

TEST_F(Match, PairsByNameAndLeavesTheCacheOut) {
  EXPECT_EQ(match(), (std::vector<std::string>{"embed 0 0.0", "attend 2 2.0",
                                               "add 3 3.0", "logits 4 4.0"}));
  Common last = all().back();
  EXPECT_EQ(last.rowBytes, kVocab * sizeof(float));
  EXPECT_EQ(last.typeA, fb::ElementType::F32);
  EXPECT_EQ(last.kernelA, "sample_logits");
}

TEST_F(Match, SkipsWhatOnlyOneHas) {
  launches()[2]->name = "attend_and_add";
  launches().erase(launches().begin() + 3);
  EXPECT_EQ(match(), (std::vector<std::string>{"embed 0 0.0", "logits 4 3.0"}));
}

TEST_F(Match, PairsTheLastOfUnequallyMany) {
  insertCopy(2, 2);
  EXPECT_EQ(match()[1], "attend 2 3.0");
  EXPECT_EQ(match().size(), 4u);
}

TEST_F(Match, PairsEquallyManyInOrder) {
  insertCopy(2, 2);
  a = b;
  EXPECT_EQ(match()[1], "attend 2 2.0");
  EXPECT_EQ(match()[2], "attend 3 3.0");
}

TEST_F(Match, SkipsWhatHasOtherSizes) {
  b.buffers[Y]->shape[1] = fb::Dim(-1, 2 * kHidden);
  EXPECT_EQ(match()[1], "add 3 3.0");
}

TEST_F(Match, SkipsWhatCountsOtherRows) {
  b.buffers[Y]->shape[0] = fb::Dim(2, kMaxRows);
  EXPECT_EQ(match()[1], "add 3 3.0");
}

TEST_F(Match, SkipsScratchWithoutRows) {
  a.buffers[Y]->shape[0] = fb::Dim(-1, kMaxTokens);
  b.buffers[Y]->shape[0] = fb::Dim(-1, kMaxTokens);
  EXPECT_EQ(match()[1], "add 3 3.0");
}

TEST_F(Match, PairsFloatsOfUnequalWidthsButNotWithIntegers) {
  b.buffers[Y]->type = fb::ElementType::BF16;
  EXPECT_EQ(match()[1], "attend 2 2.0");
  b.buffers[Y]->type = fb::ElementType::I32;
  EXPECT_EQ(match()[1], "add 3 3.0");
  b.buffers[Y]->type = fb::ElementType::F8E4M3;
  EXPECT_EQ(match()[1], "add 3 3.0");
}
