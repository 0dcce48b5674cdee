//===- ThreadPoolTest.cpp - every tile once -------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cpu/ThreadPool.h"

#include <gtest/gtest.h>

#include <chrono>
#include <numeric>
#include <vector>

using namespace ingot;

namespace {

std::unique_ptr<ThreadPool> makePool(int threads) {
  auto pool = ThreadPool::create(threads);
  EXPECT_TRUE(pool) << pool.status().message();
  return std::move(*pool);
}

class ThreadPoolOf : public testing::TestWithParam<int> {};

TEST_P(ThreadPoolOf, EveryTileIsDoneOnce) {
  auto pool = makePool(GetParam());
  for (uint32_t tiles : {0u, 1u, 2u, 3u, 7u, 64u, 1000u, 99999u}) {
    // Plain ints: two threads on one tile would be a race that sanitizers see.
    std::vector<int> counts(tiles, 0);
    pool->parallelFor(tiles, [&](uint32_t begin, uint32_t end) {
      for (uint32_t i = begin; i < end; ++i)
        ++counts[i];
    });
    EXPECT_EQ(counts, std::vector<int>(tiles, 1)) << tiles << " tiles";
  }
}

TEST_P(ThreadPoolOf, LaunchesInARowSeeEachOthersResults) {
  auto pool = makePool(GetParam());
  std::vector<uint64_t> values(37, 1);
  uint64_t expected = 1;
  for (int launch = 0; launch < 20000; ++launch) {
    // Other sizes from launch to launch, so that a late worker of the last one
    // would do harm.
    uint32_t tiles = launch % 3 == 0 ? 37 : launch % 3 == 1 ? 1 : 20;
    uint64_t before = values[0];
    pool->parallelFor(tiles, [&, before](uint32_t begin, uint32_t end) {
      for (uint32_t i = begin; i < end; ++i)
        values[i] = before * 3 + 1;
    });
    expected = expected * 3 + 1;
    for (uint32_t i = 0; i < tiles; ++i)
      ASSERT_EQ(values[i], expected) << "launch " << launch << " tile " << i;
  }
}

TEST_P(ThreadPoolOf, SleepingWorkersWakeUp) {
  auto pool = makePool(GetParam());
  for (int launch = 0; launch < 20; ++launch) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::atomic<int> done = 0;
    pool->parallelFor(
        100, [&](uint32_t begin, uint32_t end) { done += int(end - begin); });
    EXPECT_EQ(done, 100);
  }
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolOf, testing::Values(1, 2, 3, 8));

TEST(ThreadPool, WorkersTakePartInLongLaunches) {
  auto pool = makePool(2);
  std::atomic<int> inside = 0;
  std::atomic<bool> met = false;
  pool->parallelFor(2, [&](uint32_t begin, uint32_t end) {
    ++inside;
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!met && std::chrono::steady_clock::now() < until)
      if (inside == 2)
        met = true;
  });
  EXPECT_TRUE(met);
}

TEST(ThreadPool, CallerCountsAsAThread) {
  EXPECT_EQ(makePool(3)->threads(), 3);
  EXPECT_GE(makePool(0)->threads(), 1);
}

TEST(ThreadPool, NumberOfThreadsOutOfRange) {
  for (int threads : {-1, 1025}) {
    auto pool = ThreadPool::create(threads);
    ASSERT_FALSE(pool);
    EXPECT_EQ(pool.status().message(),
              "expects 0 to 1024 threads, got " + std::to_string(threads));
  }
}

} // namespace
