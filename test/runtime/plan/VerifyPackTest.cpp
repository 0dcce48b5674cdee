//===- VerifyPackTest.cpp - weights that cannot be packed -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/plan/BrokenPlan.h"

using namespace ingot;
using namespace ingot::test;

namespace {

class VerifyPackTest : public BrokenPlan {
protected:
  VerifyPackTest() { packSampleWeights(plan); }

  /// Packs the bias.
  fb::LaunchT &first() { return *plan.pack[0]; }
  /// Packs the eight parts of unembed.
  fb::LaunchT &second() { return *plan.pack[1]; }
};

TEST_F(VerifyPackTest, AcceptsTheSample) {
  EXPECT_TRUE(PlanFile::open(writeSampleArtifact(folder.path(), plan)));
}

TEST_F(VerifyPackTest, LaunchOfNoKernel) {
  first().kernel = 7;
  expectRefused("pack launch 'bias.doubled' expects one of 7 kernels, got 7");
}

TEST_F(VerifyPackTest, GridOfTwoSizes) {
  first().grid.pop_back();
  expectRefused("pack launch 'bias.doubled' expects a grid of 3 sizes, got 2");
}

TEST_F(VerifyPackTest, GridOverASymbol) {
  first().grid[0] = fb::Expr(0, 1, 0, 1);
  expectRefused("pack launch 'bias.doubled' expects a grid of plain numbers, "
                "got symbol 0 and ceil_div 1");
  first().grid[0] = fb::Expr(-1, 0, 1, 2);
  expectRefused("pack launch 'bias.doubled' expects a grid of plain numbers, "
                "got symbol -1 and ceil_div 2");
}

TEST_F(VerifyPackTest, MoreTilesThanCanBeCounted) {
  for (int64_t size : {int64_t(-1), int64_t(1) << 31, INT64_MAX}) {
    first().grid[1] = fb::Expr(-1, 0, size, 1);
    expectRefused("pack launch 'bias.doubled' expects a grid of 0 to "
                  "2147483647 tiles, got a size of " +
                  std::to_string(size));
  }
}

TEST_F(VerifyPackTest, ResultInABuffer) {
  first().results = {X};
  expectRefused("pack launch 'bias.doubled' expects neither results nor a tap, "
                "got 1 results");
}

TEST_F(VerifyPackTest, Tap) {
  first().tap = "hidden.0";
  expectRefused("pack launch 'bias.doubled' expects neither results nor a tap, "
                "got 0 results");
}

TEST_F(VerifyPackTest, NegativeCost) {
  first().cost =
      std::make_unique<fb::Cost>(-1, false, -5, 0, 0, 0, 0, 0, 0, 0, 0);
  expectRefused("pack launch 'bias.doubled' cost expects weight_bytes that are "
                "not negative, got -5");
}

TEST_F(VerifyPackTest, ArgumentThatIsNoPart) {
  first().args[0] = fb::Arg(fb::ArgKind::Weight, Bias);
  expectRefused("pack launch 'bias.doubled' argument 0 expects a kind of 4 "
                "(part of a weight), got 1");
}

TEST_F(VerifyPackTest, ArgumentOutOfRange) {
  first().args[0] = fb::Arg(fb::ArgKind::WeightPart, 5);
  expectRefused("pack launch 'bias.doubled' argument 0 expects one of 5 "
                "weights, got 5");
}

TEST_F(VerifyPackTest, WeightWithAnotherNumberOfParts) {
  second().args[0] = fb::Arg(fb::ArgKind::WeightPart, Bias);
  expectRefused("pack launch 'unembed.{v}.doubled' argument 0 expects weight "
                "'bias' to have a view for each of 8 runs, got 1");
  second().args[0] = fb::Arg(fb::ArgKind::WeightPart, Unembed);
  second().runs = 0;
  expectRefused("pack launch 'unembed.{v}.doubled' argument 0 expects weight "
                "'unembed.{v}' to have a view for each of 0 runs, got 8");
}

TEST_F(VerifyPackTest, ReadBeforeItIsPacked) {
  // Another weight of one part, computed from twice the bias.
  repeat(plan.weights, Bias2);
  plan.weights.back()->name = "again";
  repeat(plan.pack, 0);
  fb::LaunchT &again = *plan.pack.back();
  again.name = "again";
  again.args = {fb::Arg(fb::ArgKind::WeightPart, Bias2),
                fb::Arg(fb::ArgKind::WeightPart, 5)};
  again.packs = {5};
  EXPECT_TRUE(PlanFile::open(writeSampleArtifact(folder.path(), plan)));
  std::swap(plan.pack[0], plan.pack.back());
  expectRefused("pack launch 'again' argument 0 expects weight 'bias.doubled' "
                "to be packed before it is read, got a launch before that");
}

TEST_F(VerifyPackTest, LaunchThatPacksNothing) {
  first().packs.clear();
  expectRefused("pack launch 'bias.doubled' argument 1 expects weight "
                "'bias.doubled' to be packed before it is read, got a launch "
                "before that");
  first().args.pop_back();
  expectRefused("pack launch 'bias.doubled' expects a weight to pack, got "
                "none");
}

TEST_F(VerifyPackTest, PacksNoWeight) {
  first().packs = {9};
  first().args.pop_back();
  expectRefused("pack launch 'bias.doubled' packs expects one of 5 weights, "
                "got 9");
}

TEST_F(VerifyPackTest, PacksWhatIsNoArgument) {
  first().packs = {Unembed2};
  first().args.pop_back();
  expectRefused("pack launch 'bias.doubled' expects to pack weights that are "
                "arguments, got weight 'unembed.{v}.doubled'");
}

TEST_F(VerifyPackTest, PacksAWeightOfAFile) {
  first().packs = {Bias};
  first().args.pop_back();
  expectRefused("pack launch 'bias.doubled' expects to write weights that are "
                "packed, got weight 'bias'");
}

TEST_F(VerifyPackTest, PackedTwice) {
  repeat(plan.pack, 0);
  expectRefused("pack launch 'bias.doubled' expects to pack weights that "
                "nothing has packed before, got weight 'bias.doubled'");
}

TEST_F(VerifyPackTest, NeverPacked) {
  plan.pack.pop_back();
  expectRefused("weight 'unembed.{v}.doubled' expects a launch that packs it, "
                "got none");
}

TEST_F(VerifyPackTest, OnlySomePartsPacked) {
  plan.weights[Unembed2]->views[3] = fb::View(0, 48, 16);
  expectRefused("weight 'unembed.{v}.doubled' expects all views or none to be "
                "packed, got 0");
}

TEST_F(VerifyPackTest, EntryThatPacks) {
  plan.entries[0]->steps[0]->packs = {Bias2};
  expectRefused(
      "entry 'prefill' launch 'embed' expects 1 run that packs nothing, "
      "got 1 that pack 1 weights");
}

TEST_F(VerifyPackTest, EntryThatTakesAPart) {
  plan.entries[0]->steps[0]->args[2] = fb::Arg(fb::ArgKind::WeightPart, Table);
  expectRefused(
      "entry 'prefill' launch 'embed' argument 2 expects a kind of 0 to "
      "3, got 4");
}

} // namespace
