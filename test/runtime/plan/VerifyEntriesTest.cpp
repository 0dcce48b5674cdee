//===- VerifyEntriesTest.cpp - entries that cannot be run -----------------===//
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

class VerifyEntriesTest : public BrokenPlan {
protected:
  fb::EntryT &prefill() { return *plan.entries[0]; }
  fb::LaunchT &launch(size_t index) { return *prefill().steps[index]; }

  void setAbsorption(fb::AttentionForm form, fb::FormCost expanded,
                     fb::FormCost reassociated) {
    prefill().absorption =
        std::make_unique<fb::Absorption>(form, expanded, reassociated);
  }
};

TEST_F(VerifyEntriesTest, MainEntryMissing) {
  auto score = std::move(plan.entries[2]);
  plan.entries.erase(plan.entries.begin() + 2);
  expectRefused("plan expects an entry 'score', got none");
}

TEST_F(VerifyEntriesTest, BucketWithoutASizeForEachSymbol) {
  prefill().bucket.pop_back();
  expectRefused("entry 'prefill' expects a bucket of 3 sizes, got 2");
}

TEST_F(VerifyEntriesTest, BucketBeyondTheSymbolsMaximum) {
  prefill().bucket[0] = kMaxTokens + 1;
  expectRefused("entry 'prefill' bucket expects symbol 'T' of 1 to 5, got 6");
}

TEST_F(VerifyEntriesTest, InputThatIsTooSmallForTheBucket) {
  plan.buffers[Tokens]->shape[0] = fb::Dim(0, kMaxTokens - 1);
  expectRefused(
      "entry 'prefill' input 'tokens' expects a buffer for 5 of symbol "
      "'T', got 4");
}

TEST_F(VerifyEntriesTest, ScratchThatIsTooSmallForTheBucket) {
  plan.buffers[X]->shape[0] = fb::Dim(0, kMaxTokens - 1);
  expectRefused(
      "entry 'prefill' launch 'embed' argument 0 expects a buffer for "
      "5 of symbol 'T', got 4");
}

TEST_F(VerifyEntriesTest, UnknownEntry) {
  prefill().name = "train";
  expectRefused("entry expects the name 'prefill', 'decode', "
                "'decode_single', 'score' or 'draft', got 'train'");
}

TEST_F(VerifyEntriesTest, EntryTwice) {
  repeat(plan.entries, 0);
  expectRefused("entry expects names that are unique, got 'prefill' twice");
}

TEST_F(VerifyEntriesTest, MissingInput) {
  prefill().inputs.pop_back();
  expectRefused("entry 'prefill' expects input 'logit_row', got none");
}

TEST_F(VerifyEntriesTest, MissingOutput) {
  prefill().outputs.pop_back();
  expectRefused("entry 'prefill' expects output 'hidden', got none");
}

TEST_F(VerifyEntriesTest, ChosenTokensWithoutDraws) {
  chooseInSample(plan);
  prefill().inputs.pop_back();
  expectRefused("entry 'prefill' expects input 'draws', got none");
}

TEST_F(VerifyEntriesTest, DrawsWithoutChosenTokens) {
  chooseInSample(plan);
  prefill().outputs.pop_back();
  expectRefused("entry 'prefill' expects output 'chosen', got none");
}

TEST_F(VerifyEntriesTest, DrawsOfAnotherSize) {
  chooseInSample(plan);
  plan.buffers[Draws]->shape[1] = fb::Dim(-1, 4);
  expectRefused(
      "entry 'prefill' input 'draws' expects I32 x R x 8, got I32 x R "
      "x 4");
}

TEST_F(VerifyEntriesTest, InputThatNobodyWrites) {
  prefill().inputs[0]->name = "colour";
  expectRefused("entry 'prefill' expects inputs that are known and unique, got "
                "'colour'");
}

TEST_F(VerifyEntriesTest, HiddenRowsAreNoInputOfPrefill) {
  repeat(plan.entries[3]->inputs, 7);
  prefill().inputs.push_back(std::move(plan.entries[3]->inputs.back()));
  plan.entries[3]->inputs.pop_back();
  expectRefused("entry 'prefill' expects inputs that are known and unique, got "
                "'hidden'");
}

TEST_F(VerifyEntriesTest, InputTwice) {
  repeat(prefill().inputs, 0);
  expectRefused("entry 'prefill' expects inputs that are known and unique, got "
                "'tokens'");
}

TEST_F(VerifyEntriesTest, InputInNoBuffer) {
  prefill().inputs[0]->buffer = SampleBufferCount;
  expectRefused("entry 'prefill' input 'tokens' expects one of 14 buffers, got "
                "14");
}

TEST_F(VerifyEntriesTest, InputOfAnotherType) {
  plan.buffers[Tokens]->type = fb::ElementType::F32;
  expectRefused("entry 'prefill' input 'tokens' expects I32 x T, got F32 x T");
}

TEST_F(VerifyEntriesTest, InputOfAnotherShape) {
  prefill().inputs[5]->buffer = LogitRow;
  expectRefused(
      "entry 'prefill' input 'pages' expects I32 x S x 3, got I32 x R");
}

TEST_F(VerifyEntriesTest, FixedSizeInsteadOfASymbol) {
  plan.buffers[Tokens]->shape[0] = fb::Dim(-1, 5);
  expectRefused("entry 'prefill' input 'tokens' expects I32 x T, got I32 x 5");
}

TEST_F(VerifyEntriesTest, OutputOfAnotherWidth) {
  plan.buffers[Logits]->shape[1] = fb::Dim(-1, 7);
  expectRefused(
      "entry 'prefill' output 'logits' expects F32 x R x 8, got F32 x R "
      "x 7");
}

TEST_F(VerifyEntriesTest, InputInTheWorkspace) {
  plan.buffers[Tokens]->arena = 0;
  expectRefused(
      "entry 'prefill' input 'tokens' expects a buffer in an io arena, "
      "got arena 'workspace'");
}

TEST_F(VerifyEntriesTest, LaunchOfNoKernel) {
  launch(0).kernel = 6;
  expectRefused(
      "entry 'prefill' launch 'embed' expects one of 6 kernels, got 6");
}

TEST_F(VerifyEntriesTest, GridOfTwoSizes) {
  launch(0).grid.pop_back();
  expectRefused(
      "entry 'prefill' launch 'embed' expects a grid of 3 sizes, got 2");
}

TEST_F(VerifyEntriesTest, DivisionByZero) {
  launch(0).grid[1] = fb::Expr(-1, 0, 1, 0);
  expectRefused("entry 'prefill' launch 'embed' expects a ceil_div of 1 to "
                "2147483647, got 0");
}

TEST_F(VerifyEntriesTest, GridOverAnUnknownSymbol) {
  launch(0).grid[2] = fb::Expr(3, 1, 0, 1);
  expectRefused(
      "entry 'prefill' launch 'embed' grid expects one of 3 symbols, got 3");
}

TEST_F(VerifyEntriesTest, NegativeGrid) {
  launch(0).grid[0] = fb::Expr(0, 1, -1, 1);
  expectRefused(
      "entry 'prefill' launch 'embed' expects a grid of 0 to 2147483647 "
      "tiles, got a size of 1 * 5 + -1");
}

TEST_F(VerifyEntriesTest, GridThatOverflows) {
  launch(0).grid[0] = fb::Expr(0, INT64_MAX, 0, 1);
  expectRefused(
      "entry 'prefill' launch 'embed' expects a grid of 0 to 2147483647 "
      "tiles, got a size of 9223372036854775807 * 5 + 0");
}

TEST_F(VerifyEntriesTest, MoreTilesThanCanBeCounted) {
  launch(0).grid[1] = launch(0).grid[2] = fb::Expr(-1, 0, 1 << 20, 1);
  expectRefused(
      "entry 'prefill' launch 'embed' expects a grid of 0 to 2147483647 "
      "tiles, got a size of 0 * 0 + 1048576");
}

TEST_F(VerifyEntriesTest, ArgumentOfUnknownKind) {
  launch(0).args[1] = fb::Arg(fb::ArgKind(4), 0);
  expectRefused(
      "entry 'prefill' launch 'embed' argument 1 expects a kind of 0 to "
      "3, got 4");
}

TEST_F(VerifyEntriesTest, ArgumentOutOfRange) {
  const std::pair<fb::ArgKind, const char *> kinds[] = {
      {fb::ArgKind::Buffer, "14 buffers"},
      {fb::ArgKind::Weight, "3 weights"},
      {fb::ArgKind::WeightTable, "3 weights"},
      {fb::ArgKind::Symbol, "3 symbols"}};
  for (auto [kind, things] : kinds) {
    launch(0).args[1] = fb::Arg(kind, 14);
    expectRefused("entry 'prefill' launch 'embed' argument 1 expects one of " +
                  std::string(things) + ", got 14");
  }
}

TEST_F(VerifyEntriesTest, StackedWeightWhereOneIsWanted) {
  launch(0).args[2] = fb::Arg(fb::ArgKind::Weight, Unembed);
  expectRefused("entry 'prefill' launch 'embed' argument 2 expects weight "
                "'unembed.{v}' to have 1 view, got 8");
}

TEST_F(VerifyEntriesTest, ResultThatIsNoBuffer) {
  launch(0).results = {99};
  expectRefused("entry 'prefill' launch 'embed' result expects one of 14 "
                "buffers, got 99");
}

TEST_F(VerifyEntriesTest, ResultThatIsNoArgument) {
  launch(0).results = {Y};
  expectRefused("entry 'prefill' launch 'embed' expects results that are "
                "arguments, got buffer 10");
}

TEST_F(VerifyEntriesTest, TapWithoutAResult) {
  launch(0).results.clear();
  expectRefused("entry 'prefill' launch 'embed' expects a result to tap, got "
                "none");
}

TEST_F(VerifyEntriesTest, TapOfSomethingThatIsNoRows) {
  launch(1).tap = "cache";
  expectRefused(
      "entry 'prefill' launch 'append' expects a tapped result of type "
      "F32 x T x n, got F32 x 28 x 4");
}

TEST_F(VerifyEntriesTest, RowsOfACostThatNoSymbolCounts) {
  *launch(0).cost = fb::Cost(3, false, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  expectRefused("entry 'prefill' launch 'embed' cost expects one of 3 symbols, "
                "got 3");
}

TEST_F(VerifyEntriesTest, NegativeCost) {
  *launch(0).cost = fb::Cost(0, false, 0, 0, 0, 0, -16, 0, 0, 0, 0);
  expectRefused(
      "entry 'prefill' launch 'embed' cost expects row_bytes that are "
      "not negative, got -16");
}

TEST_F(VerifyEntriesTest, UnknownFormOfAttention) {
  setAbsorption(fb::AttentionForm(2), {1, 1, 1}, {1, 1, 1});
  expectRefused("entry 'prefill' absorption expects a form of 0 to 1, got 2");
}

TEST_F(VerifyEntriesTest, NegativeCostOfAFormOfAttention) {
  const auto chosen = fb::AttentionForm::Expanded;
  const std::string object = "entry 'prefill' absorption expects ";
  const fb::FormCost right(1, 1, 1);
  const std::pair<fb::FormCost, std::string> wrong[] = {
      {{-4, 1, 1}, "bytes that are not negative, got -4"},
      {{1, INT64_MIN, 1},
       "flops that are not negative, got -9223372036854775808"},
      {{1, 1, -1}, "exchanges that are not negative, got -1"}};
  for (const auto &[cost, message] : wrong) {
    setAbsorption(chosen, cost, right);
    expectRefused(object + "expanded " + message);
    setAbsorption(chosen, right, cost);
    expectRefused(object + "reassociated " + message);
  }
}

} // namespace
