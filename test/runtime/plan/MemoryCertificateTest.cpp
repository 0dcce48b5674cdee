//===- MemoryCertificateTest.cpp - what memory holds, and what it refuses -===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/MemoryCertificate.h"
#include "test/runtime/plan/SamplePlan.h"

#include <gtest/gtest.h>

using namespace ingot;
using namespace ingot::test;

namespace {

constexpr uint64_t kMiB = uint64_t(1) << 20;

class MemoryCertificate : public testing::Test {
protected:
  uint64_t bytesOf(std::string_view kind, const RunSetup &setup) {
    flatbuffers::FlatBufferBuilder builder;
    builder.Finish(fb::CreatePlan(builder, &plan));
    for (const MemoryNeed &need :
         listMemory(*fb::GetPlan(builder.GetBufferPointer()), setup))
      if (need.kind == kind)
        return need.bytes;
    return 0;
  }

  fb::PlanT plan = makeSamplePlan();
};

TEST_F(MemoryCertificate, ArenasAreExact) {
  EXPECT_EQ(bytesOf("workspace", {}), plan.arenas[0]->bytes);
  EXPECT_EQ(bytesOf("io", {}), plan.arenas[1]->bytes);
  EXPECT_EQ(bytesOf("kv cache", {}), plan.arenas[2]->bytes);
}

TEST_F(MemoryCertificate, WeightsAreMappedOrDrawn) {
  EXPECT_EQ(bytesOf("mapped weights", {}), 128u + 128 + 16);
  EXPECT_EQ(bytesOf("drawn weights", {}), 0u);
  RunSetup setup;
  setup.drawn = true;
  // Each begins at a cache line.
  EXPECT_EQ(bytesOf("drawn weights", setup), 128u + 128 + 64);
  EXPECT_EQ(bytesOf("mapped weights", setup), 0u);
}

TEST_F(MemoryCertificate, TheCallersThreadHasItsStack) {
  RunSetup setup;
  EXPECT_EQ(bytesOf("thread stacks", setup), 0u);
  setup.threads = 4;
  EXPECT_EQ(bytesOf("thread stacks", setup), 3 * kThreadStackBytes);
}

TEST_F(MemoryCertificate, ThePlanEndsWithItsCode) {
  plan.modules[0]->offset = 8192;
  plan.modules[0]->size = 100;
  EXPECT_EQ(bytesOf("plan", {}), 8292u);
  EXPECT_EQ(bytesOf("machine code", {}), 100u);
}

TEST_F(MemoryCertificate, AGpuHoldsWeightsAndArenas) {
  moveToGpu(plan);
  // Every part begins at a multiple of 256 bytes: a table, 8 rows and a bias.
  EXPECT_EQ(bytesOf("gpu weights", {}), 256u + 8 * 256 + 256);
  EXPECT_EQ(bytesOf("gpu workspace", {}), plan.arenas[0]->bytes);
  EXPECT_EQ(bytesOf("gpu io", {}), plan.arenas[1]->bytes);
  EXPECT_EQ(bytesOf("gpu kv cache", {}), plan.arenas[2]->bytes);
  EXPECT_EQ(bytesOf("gpu driver", {}), kDriverDeviceBytes);
  EXPECT_EQ(bytesOf("workspace", {}), 0u);
  EXPECT_EQ(bytesOf("mapped weights", {}), 0u);
  EXPECT_EQ(bytesOf("io", {}), plan.arenas[1]->bytes);
}

TEST_F(MemoryCertificate, WhatIsPackedPassesThroughAGpuInParts) {
  packSampleWeights(plan);
  moveToGpu(plan);
  EXPECT_EQ(bytesOf("gpu weights", {}), 256u);
  EXPECT_EQ(bytesOf("gpu packed weights", {}), 256u + 8 * 256);
  // All rows fit at a time, and the next launch's beside them.
  EXPECT_EQ(bytesOf("gpu packing", {}), 2 * 8u * 256);
  // One at a time, and the next beside it.
  plan.weights[Unembed]->views.assign(8, fb::View(0, 0, 100 * kMiB));
  EXPECT_EQ(bytesOf("gpu packing", {}), 2 * 100 * kMiB);
  // So large that it has the memory to itself.
  plan.weights[Unembed]->views.assign(8, fb::View(0, 0, 300 * kMiB));
  EXPECT_EQ(bytesOf("gpu packing", {}), 300 * kMiB);
}

TEST_F(MemoryCertificate, WeightsThatNoGpuHoldsDoNotWrapAround) {
  moveToGpu(plan);
  plan.weights[Unembed]->views.assign(8, fb::View(0, 0, uint64_t(1) << 62));
  EXPECT_EQ(bytesOf("gpu weights", {}), uint64_t(1) << 62);
}

const std::vector<MemoryNeed> kNeeds = {{"mapped weights", 10 * kMiB, true},
                                        {"kv cache", 4 * kMiB},
                                        {"process", 2 * kMiB}};

std::string refusal(std::optional<uint64_t> limit,
                    std::optional<uint64_t> available) {
  Status status = checkMemory(kNeeds, limit, available, "m.ingot");
  EXPECT_TRUE(status.ok() || status.code() == StatusCode::OutOfMemory);
  return status.message();
}

TEST(CheckMemory, FitsExactly) {
  EXPECT_EQ(refusal(16 * kMiB, 6 * kMiB), "");
  EXPECT_EQ(refusal(std::nullopt, std::nullopt), "");
}

TEST(CheckMemory, ALimitCountsMappedWeights) {
  EXPECT_EQ(refusal(12 * kMiB, std::nullopt),
            "m.ingot: needs 16.0 MiB of memory, the limit is 12.0 MiB\n"
            "  mapped weights: 10.0 MiB needed, 12.0 MiB available\n"
            "  kv cache: 4.0 MiB needed, 2.0 MiB available\n"
            "  process: 2.0 MiB needed, 0.0 MiB available");
}

TEST(CheckMemory, TheMachineNeedNotHoldMappedWeights) {
  EXPECT_EQ(refusal(std::nullopt, 5 * kMiB),
            "m.ingot: needs 6.0 MiB of memory, beside mapped files, the "
            "machine has 5.0 MiB\n"
            "  kv cache: 4.0 MiB needed, 5.0 MiB available\n"
            "  process: 2.0 MiB needed, 1.0 MiB available");
}

TEST(CheckMemory, TheHostAndTheGpuHaveMemoryOfTheirOwn) {
  const std::vector<MemoryNeed> needs = {
      {"process", 2 * kMiB}, {"gpu weights", 10 * kMiB, false, true}};
  EXPECT_TRUE(checkMemory(needs, 2 * kMiB, 2 * kMiB, "m.ingot").ok());
  EXPECT_TRUE(
      checkDeviceMemory(needs, 10 * kMiB, 10 * kMiB, "G", "m.ingot").ok());
  EXPECT_EQ(checkDeviceMemory(needs, {}, 9 * kMiB, "GPU 1 (Fake)", "m.ingot")
                .message(),
            "m.ingot: needs 10.0 MiB of GPU memory, GPU 1 (Fake) has 9.0 MiB\n"
            "  gpu weights: 10.0 MiB needed, 9.0 MiB available");
  EXPECT_EQ(checkDeviceMemory(needs, 1 * kMiB, {}, "G", "m.ingot").message(),
            "m.ingot: needs 10.0 MiB of GPU memory, the limit is 1.0 MiB\n"
            "  gpu weights: 10.0 MiB needed, 1.0 MiB available");
}

TEST(AvailableMemory, IsKnownHere) { EXPECT_GT(availableMemory(), kMiB); }

} // namespace
