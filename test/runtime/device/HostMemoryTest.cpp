//===- HostMemoryTest.cpp - zeroed memory or a message --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cpu/HostMemory.h"

#include <gtest/gtest.h>

#include <algorithm>

using namespace ingot;

namespace {

TEST(HostMemory, IsZeroedAlignedAndWritable) {
  auto memory = HostMemory::allocate(10000, "test");
  ASSERT_TRUE(memory);
  EXPECT_EQ(memory->size(), 10000u);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory->data()) % 64, 0u);
  EXPECT_TRUE(std::all_of(memory->data(), memory->data() + 10000,
                          [](std::byte b) { return b == std::byte(0); }));
  memory->data()[9999] = std::byte(1);
}

TEST(HostMemory, MovesWithoutMovingTheBytes) {
  auto memory = HostMemory::allocate(64, "test");
  ASSERT_TRUE(memory);
  std::byte *data = memory->data();
  HostMemory other = std::move(*memory);
  EXPECT_EQ(other.data(), data);
}

TEST(HostMemory, NothingCanBeAllocated) {
  EXPECT_TRUE(HostMemory::allocate(0, "test"));
}

TEST(HostMemory, TooMuchIsOutOfMemory) {
  auto memory = HostMemory::allocate(uint64_t(1) << 62, "arena 'x'");
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.status().code(), StatusCode::OutOfMemory);
  EXPECT_EQ(memory.status().message(),
            "cannot allocate 4611686018427387904 bytes for arena 'x': Cannot "
            "allocate memory");
}

} // namespace
