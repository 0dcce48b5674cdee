//===- CpuDeviceTest.cpp - the host as a device ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cpu/CpuDevice.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

using namespace ingot;

namespace {

class CpuDeviceTest : public testing::Test {
protected:
  CpuDeviceTest() {
    std::ifstream file(TEST_MODULE, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
    image = {std::as_bytes(std::span(bytes)), "module 0"};
    KernelRequest request{0, "add_tile"};
    auto loaded = device->loadCode({&image, 1}, {&request, 1});
    EXPECT_TRUE(loaded) << loaded.status().message();
    code = std::move(*loaded);
    queue = *device->createQueue({.threads = 2});
  }

  /// Two launches that write 107 and 8 over 0.
  DeviceStep makeStep() {
    DeviceStep step;
    step.name = "a step";
    step.launches = {{&code.kernels[0], {1, 1, 1}, first, "a", "add_tile"},
                     {&code.kernels[0], {1, 1, 1}, second, "b", "add_tile"}};
    return step;
  }

  std::shared_ptr<Device> device = createCpuDevice();
  std::string bytes;
  CodeImage image;
  DeviceCode code;
  std::unique_ptr<DeviceQueue> queue;
  int64_t values[2] = {};
  uint64_t first[2] = {uint64_t(uintptr_t(&values[0])), 107};
  uint64_t second[2] = {uint64_t(uintptr_t(&values[1])), 8};
};

TEST_F(CpuDeviceTest, KernelsWorkInTheHostsMemory) {
  EXPECT_TRUE(device->isHost());
  EXPECT_TRUE(
      queue->run(makeStep(), StepKey{1, 2, 3, 4}, StepUse::Recurs).ok());
  EXPECT_EQ(values[0], 107);
  EXPECT_EQ(values[1], 8);
}

TEST_F(CpuDeviceTest, NothingIsKept) {
  const StepKey key = {1, 2, 3, 4};
  ASSERT_TRUE(queue->run(makeStep(), key, StepUse::Recurs).ok());
  EXPECT_FALSE(queue->keeps(key));
  EXPECT_EQ(queue->kept().count, 0u);
  EXPECT_EQ(queue->run(key, "a step").code(), StatusCode::Internal);
}

TEST_F(CpuDeviceTest, AStartedStepIsDoneOnceItIsWaitedFor) {
  ASSERT_TRUE(queue->start(makeStep()).ok());
  ASSERT_TRUE(queue->wait("a step").ok());
  EXPECT_EQ(values[1], 8);
}

TEST_F(CpuDeviceTest, HooksAreCalledBetweenLaunches) {
  std::vector<std::string> calls;
  StepHooks hooks;
  hooks.timed = [&](size_t launch, double seconds) {
    EXPECT_GE(seconds, 0);
    calls.push_back("timed " + std::to_string(launch));
  };
  hooks.written = [&](size_t launch) {
    calls.push_back("written " + std::to_string(launch));
    EXPECT_EQ(values[1], launch == 0 ? 0 : 8);
    return Status();
  };
  EXPECT_TRUE(queue->run(makeStep(), hooks).ok());
  EXPECT_EQ(calls, (std::vector<std::string>{"timed 0", "written 0", "timed 1",
                                             "written 1"}));
}

TEST_F(CpuDeviceTest, AHookThatFailsEndsTheStep) {
  StepHooks hooks;
  hooks.written = [](size_t) { return invalidInput("enough"); };
  EXPECT_EQ(queue->run(makeStep(), hooks).message(), "enough");
  EXPECT_EQ(values[1], 0);
}

TEST_F(CpuDeviceTest, BytesAreCopied) {
  auto memory = device->allocate(8, "a test");
  ASSERT_TRUE(memory);
  Upload upload{memory->data(), 8, [](uint64_t, std::span<std::byte> out) {
                  std::fill(out.begin(), out.end(), std::byte(7));
                  return Status();
                }};
  auto uploader = device->createUploader(1);
  ASSERT_TRUE(uploader);
  ASSERT_TRUE((*uploader)->upload({&upload, 1}).ok());
  std::vector<std::byte> got(8);
  ASSERT_TRUE(queue->download(got, memory->data()).ok());
  EXPECT_EQ(got, std::vector<std::byte>(8, std::byte(7)));
}

TEST_F(CpuDeviceTest, BytesThatCannotBeHad) {
  auto memory = device->allocate(8, "a test");
  ASSERT_TRUE(memory);
  Upload upload{memory->data(), 8, [](uint64_t, std::span<std::byte>) {
                  return deviceError("no bytes");
                }};
  auto uploader = device->createUploader(1);
  ASSERT_TRUE(uploader);
  EXPECT_EQ((*uploader)->upload({&upload, 1}).message(), "no bytes");
}

} // namespace
