//===- MemoryTest.cpp - what loading takes, against the certificate -------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "CompiledModel.h"
#include "runtime/plan/MemoryCertificate.h"
#include "runtime/plan/PlanFile.h"

#include <gtest/gtest.h>
#include <malloc.h>

using namespace ingot;
using namespace ingot::test;

namespace {

class Memory : public testing::Test {
protected:
  /// The certificate's bytes of one kind.
  static uint64_t needed(const std::string &path, std::string_view kind,
                         bool drawn) {
    auto file = PlanFile::open(path);
    EXPECT_TRUE(file) << file.status().message();
    for (const MemoryNeed &need : listMemory(file->plan(), {drawn, 2}))
      if (need.kind == kind)
        return need.bytes;
    return 0;
  }

  /// Bytes that malloc has handed out.
  static uint64_t heapBytes() {
    struct mallinfo2 heap = mallinfo2();
    return heap.uordblks + heap.hblkhd;
  }
};

TEST_F(Memory, ArenasAndWeightsAreThoseOfTheCertificate) {
  const std::string &path = artifact("deepseek-v3-tiny");
  for (bool drawn : {false, true}) {
    LoadOptions options;
    if (drawn)
      options.randomSeed = 1;
    auto session = Session::create(load(path, options), {2});
    ASSERT_TRUE(session) << session.status().message();
    MemoryUse use = session->memoryUse();
    EXPECT_EQ(use.workspace, needed(path, "workspace", drawn));
    EXPECT_EQ(use.io, needed(path, "io", drawn));
    EXPECT_EQ(use.kvCache, needed(path, "kv cache", drawn));
    EXPECT_EQ(use.mappedWeights, needed(path, "mapped weights", drawn));
    // Drawn ones begin at cache lines.
    EXPECT_LE(use.drawnWeights, needed(path, "drawn weights", drawn));
  }
}

TEST_F(Memory, TheHeapHoldsTokenizerAndStepsWithinTheirBounds) {
#if __has_feature(address_sanitizer)
  GTEST_SKIP() << "the sanitizer's heap is not the one that is asked";
#endif
  const std::string &path = artifact("deepseek-v3-tiny");
  const uint64_t before = heapBytes();
  auto session = Session::create(load(path), {2});
  ASSERT_TRUE(session) << session.status().message();
  const uint64_t held = heapBytes() - before;
  EXPECT_LE(held, needed(path, "tokenizer", false) +
                      needed(path, "steps", false) + (64 << 10));
  // A bound, but not one that nothing could break.
  EXPECT_GE(held * 8, needed(path, "tokenizer", false));
}

} // namespace
