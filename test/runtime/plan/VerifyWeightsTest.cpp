//===- VerifyWeightsTest.cpp - weights that lie nowhere -------------------===//
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

class VerifyWeightsTest : public BrokenPlan {
protected:
  fb::View &view(SampleWeight weight, size_t index = 0) {
    return plan.weights[weight]->views[index];
  }
};

TEST_F(VerifyWeightsTest, FileOutsideTheFolder) {
  for (const char *name : {"/etc/passwd", "../x", "a/../../x", "a/.."}) {
    plan.files[0]->name = name;
    expectRefused(
        std::string("file expects a relative name without '..', got '") + name +
        "'");
  }
}

TEST_F(VerifyWeightsTest, DotsWithinANameAreNoWayOut) {
  plan.files[0]->name = "a..b/..c";
  EXPECT_TRUE(PlanFile::open(writeSampleArtifact(folder.path(), plan)));
}

TEST_F(VerifyWeightsTest, FileTwice) {
  repeat(plan.files, 0);
  expectRefused(
      "file expects names that are unique, got 'model.safetensors' twice");
}

TEST_F(VerifyWeightsTest, WeightTwice) {
  repeat(plan.weights, Table);
  expectRefused("weight expects names that are unique, got 'table' twice");
}

TEST_F(VerifyWeightsTest, UnknownType) {
  plan.weights[Table]->type = fb::ElementType(5);
  expectRefused("weight 'table' expects an element type of 0 to 4, got 5");
}

TEST_F(VerifyWeightsTest, EmptyShape) {
  plan.weights[Table]->shape = {0, 4};
  expectRefused("weight 'table' expects positive sizes whose product is below "
                "2^63, got 0");
}

TEST_F(VerifyWeightsTest, NumberOfViews) {
  plan.weights[Unembed]->views.pop_back();
  expectRefused("weight 'unembed.{v}' expects 1 view or one for each of 8 "
                "parts, got 7");
}

TEST_F(VerifyWeightsTest, ViewOfAnotherSize) {
  view(Table) = fb::View(0, 0, 124);
  expectRefused("weight 'table' expects views of 128 bytes, got 124");
}

TEST_F(VerifyWeightsTest, PartOfAnotherSize) {
  view(Unembed, 3) = fb::View(0, 0, 128);
  expectRefused("weight 'unembed.{v}' expects views of 16 bytes, got 128");
}

TEST_F(VerifyWeightsTest, ViewOfAnUnknownFile) {
  view(Table) = fb::View(1, 0, 128);
  expectRefused("weight 'table' expects one of 1 files, got 1");
}

TEST_F(VerifyWeightsTest, ViewBehindItsFile) {
  view(Table) = fb::View(0, 4000, 128);
  expectRefused("weight 'table' expects a view within bytes 0 to 4096 of its "
                "file, got 128 bytes at offset 4000");
  view(Table) = fb::View(0, ~0ull - 3, 128);
  expectRefused("weight 'table' expects a view within bytes 0 to 4096 of its "
                "file, got 128 bytes at offset 18446744073709551612");
}

TEST_F(VerifyWeightsTest, PartsWithoutAFileFollowEachOther) {
  for (uint64_t i = 0; i < 8; ++i)
    view(Unembed, i) = fb::View(kNoFile, i * 16, 16);
  EXPECT_TRUE(PlanFile::open(writeSampleArtifact(folder.path(), plan)));
  view(Unembed, 3) = fb::View(kNoFile, 16, 16);
  expectRefused("weight 'unembed.{v}' expects offset 48, got 16");
}

TEST_F(VerifyWeightsTest, OnlySomePartsWithoutAFile) {
  view(Unembed, 0) = fb::View(kNoFile, 0, 16);
  expectRefused("weight 'unembed.{v}' expects all views or none without a "
                "file, got 0");
}

TEST_F(VerifyWeightsTest, LaterPartWithoutAFile) {
  view(Unembed, 3) = fb::View(kNoFile, 48, 16);
  expectRefused("weight 'unembed.{v}' expects one of 1 files, got -2");
}

TEST_F(VerifyWeightsTest, ScalesOfAnUnknownWeight) {
  plan.weights[Table]->scales = 3;
  expectRefused("weight 'table' expects one of 3 weights, got 3");
}

TEST_F(VerifyWeightsTest, ScalesOfAWeightWithoutBlocks) {
  plan.weights[Table]->scales = Bias;
  expectRefused("weight 'table' expects to scale an f8e4m3 matrix, got weight "
                "'bias'");
}

TEST_F(VerifyWeightsTest, NegativeFanIn) {
  plan.weights[Table]->fan_in = -1;
  expectRefused("weight 'table' expects a fan_in of 0 or more, got -1");
}

TEST_F(VerifyWeightsTest, ViewUnalignedForItsElements) {
  view(Table) = fb::View(0, 2, 128);
  expectRefused("weight 'table' expects an offset aligned to 4, got 2");
}

} // namespace
