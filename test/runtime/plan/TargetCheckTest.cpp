//===- TargetCheckTest.cpp - plans for other machines ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/TargetCheck.h"
#include "runtime/plan/plan_generated.h"

#include <gtest/gtest.h>

using namespace ingot;

namespace {

Status check(const std::string &name, std::vector<std::string> features,
             const std::set<std::string> &present) {
  fb::TargetT target;
  target.name = name;
  target.cpu = "x86-64-v4";
  target.features = std::move(features);
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(fb::Target::Pack(builder, &target));
  return checkTarget(
      *flatbuffers::GetRoot<fb::Target>(builder.GetBufferPointer()), present,
      "m.ingot");
}

TEST(TargetCheck, MachineWithAllFeatures) {
  EXPECT_TRUE(check("cpu", {"avx2", "fma"}, {"avx2", "fma", "sse"}).ok());
}

TEST(TargetCheck, MissingFeaturesAreListed) {
  Status status = check("cpu", {"avx2", "avx512f", "avx512bw"}, {"avx2"});
  EXPECT_EQ(status.code(), StatusCode::Incompatible);
  EXPECT_EQ(status.message(), "m.ingot: compiled for 'x86-64-v4', this machine "
                              "lacks 'avx512f, avx512bw'");
}

TEST(TargetCheck, AnotherKindOfDevice) {
  EXPECT_EQ(check("abacus", {}, {}).message(),
            "m.ingot: runtime expects target 'cpu' or a GPU's, got 'abacus'");
}

TEST(TargetCheck, ThisMachineHasFeatures) {
  auto features = readProcessorFeatures();
  ASSERT_TRUE(features) << features.status().message();
  EXPECT_TRUE(features->contains("sse2"));
}

} // namespace
