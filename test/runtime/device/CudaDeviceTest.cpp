//===- CudaDeviceTest.cpp - GPUs that cannot be used ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/CudaDevice.h"
#include "test/runtime/device/FakeCuda.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

using namespace ingot;
using namespace ingot::test;

namespace {

constexpr const char *kNeeds =
    "; the artifact needs an NVIDIA GPU and its driver, of CUDA 13.0 or later";

class CudaDeviceTest : public testing::Test {
protected:
  std::shared_ptr<Device> open() {
    auto device = openCudaDevice(options);
    EXPECT_TRUE(device) << device.status().message();
    return device ? *device : nullptr;
  }
  void expectRefused(StatusCode code, const std::string &message) {
    auto device = openCudaDevice(options);
    ASSERT_FALSE(device) << "expected: " << message;
    EXPECT_EQ(device.status().code(), code);
    EXPECT_EQ(device.status().message(), message);
  }

  CudaOptions options = {FAKE_CUDA, 0, "sm_90a"};
  FakeCuda &fake = resetFakeCuda(FAKE_CUDA);
};

TEST_F(CudaDeviceTest, HasANameAndMemory) {
  auto device = open();
  EXPECT_EQ(device->info().name, "GPU 0 (Fake)");
  EXPECT_EQ(device->info().multiprocessors, 2);
  EXPECT_FALSE(device->isHost());
  EXPECT_EQ(device->availableBytes(), fake.memory);
}

TEST_F(CudaDeviceTest, LibraryThatIsNoDriver) {
  options.driver = TEST_MODULE;
  expectRefused(StatusCode::Incompatible, "CUDA driver '" + options.driver +
                                              "' is older than CUDA 12" +
                                              kNeeds);
}

TEST_F(CudaDeviceTest, DriverWithoutAFunction) {
  fake.missing["cuLaunchKernelEx"] = true;
  expectRefused(StatusCode::Incompatible,
                "CUDA driver '" + options.driver +
                    "' lacks the function 'cuLaunchKernelEx'" + kNeeds);
}

TEST_F(CudaDeviceTest, DriverTooOld) {
  fake.version = 12020;
  expectRefused(StatusCode::Incompatible,
                "CUDA driver is too old: expects CUDA 13.0 or later, got 12.2");
}

TEST_F(CudaDeviceTest, NoGpu) {
  fake.gpus = 0;
  expectRefused(StatusCode::Incompatible,
                "the CUDA driver finds no GPU on this machine");
}

TEST_F(CudaDeviceTest, DriverThatDoesNotStart) {
  fake.failures["cuInit"] = {999};
  expectRefused(StatusCode::Device,
                "the CUDA driver does not start: CUDA error 999");
}

TEST_F(CudaDeviceTest, GpuThatIsNotThere) {
  options.ordinal = 3;
  expectRefused(StatusCode::InvalidInput, "expects a device of 0 to 0, got 3");
}

TEST_F(CudaDeviceTest, GpuOfAnotherGeneration) {
  fake.major = 8;
  expectRefused(StatusCode::Incompatible,
                "GPU 0 (Fake) expects code for compute capability 8.0, got "
                "'sm_90a', which needs 9.0");
}

TEST_F(CudaDeviceTest, LaterGpuOfTheSameGeneration) {
  fake.minor = 3;
  // The letter asks for what this very capability has.
  expectRefused(StatusCode::Incompatible,
                "GPU 0 (Fake) expects code for compute capability 9.3, got "
                "'sm_90a', which needs 9.0");
  options.arch = "sm_90";
  open();
}

TEST_F(CudaDeviceTest, GpuInUse) {
  fake.failures["cuDevicePrimaryCtxRetain"] = {cuda::kOutOfMemory};
  expectRefused(StatusCode::OutOfMemory,
                "GPU 0 (Fake) gives no context: CUDA_ERROR_OUT_OF_MEMORY (out "
                "of memory)");
}

TEST_F(CudaDeviceTest, MemoryIsZeroed) {
  auto device = open();
  auto memory = device->allocate(100, "a test");
  ASSERT_TRUE(memory);
  auto queue = device->createQueue({});
  ASSERT_TRUE(queue);
  std::vector<std::byte> bytes(100, std::byte(1));
  ASSERT_TRUE((*queue)->download(bytes, memory->data()).ok());
  EXPECT_EQ(bytes, std::vector<std::byte>(100));
}

TEST_F(CudaDeviceTest, MemoryThatCannotBeHad) {
  auto memory = open()->allocate(uint64_t(2) << 30, "a test");
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.status().code(), StatusCode::OutOfMemory);
  EXPECT_EQ(memory.status().message(),
            "cannot allocate 2147483648 bytes for a test: "
            "CUDA_ERROR_OUT_OF_MEMORY (out of memory)");
}

TEST_F(CudaDeviceTest, MemoryThatCannotBeCleared) {
  auto device = open();
  fake.failures["cuMemsetD8Async"] = {cuda::kInvalidValue};
  auto memory = device->allocate(64, "a test");
  ASSERT_FALSE(memory);
  EXPECT_EQ(memory.status().message(),
            "cannot clear memory for a test: CUDA_ERROR_INVALID_VALUE");
}

TEST_F(CudaDeviceTest, UploadsArriveWhateverTheThreads) {
  auto device = open();
  // Pieces of 2 MiB: three whole ones and a bit, and an upload of a bit.
  const uint64_t bytes = (uint64_t(6) << 20) + 12, small = 20;
  for (int threads : {1, 2, 5}) {
    auto memory = device->allocate(bytes + small, "a test");
    ASSERT_TRUE(memory);
    auto write = [](uint64_t offset, std::span<std::byte> out) {
      for (size_t i = 0; i < out.size(); ++i)
        out[i] = std::byte((offset + i) * 7 >> 3);
      return Status();
    };
    Upload uploads[] = {{memory->data(), bytes, write},
                        {memory->data() + bytes, small, write},
                        {memory->data(), 0, write}};
    auto uploader = device->createUploader(threads);
    ASSERT_TRUE(uploader);
    ASSERT_TRUE((*uploader)->upload(uploads).ok());
    auto queue = device->createQueue({});
    ASSERT_TRUE(queue);
    std::vector<std::byte> got(bytes + small), expected(bytes + small);
    ASSERT_TRUE((*queue)->download(got, memory->data()).ok());
    ASSERT_TRUE(write(0, std::span(expected).first(bytes)).ok());
    ASSERT_TRUE(write(0, std::span(expected).last(small)).ok());
    EXPECT_EQ(got, expected);
  }
}

/// Writes an upload that nobody looks at.
Status nothing(uint64_t, std::span<std::byte>) { return {}; }

TEST_F(CudaDeviceTest, PinnedMemoryServesOneUploadAfterTheOther) {
  auto device = open();
  auto memory = device->allocate(64, "a test");
  ASSERT_TRUE(memory);
  Upload upload{memory->data(), 64, nothing};
  {
    auto uploader = device->createUploader(2);
    ASSERT_TRUE(uploader);
    for (int i = 0; i < 3; ++i)
      ASSERT_TRUE((*uploader)->upload({&upload, 1}).ok());
    // One piece: two buffers of one thread.
    EXPECT_EQ(fake.calls["cuMemHostAlloc"], 2);
  }
  EXPECT_EQ(fake.calls["cuMemFreeHost"], 2);
}

TEST_F(CudaDeviceTest, UploadWhoseBytesCannotBeHad) {
  auto device = open();
  auto memory = device->allocate(64, "a test");
  ASSERT_TRUE(memory);
  Upload upload{memory->data(), 64, [](uint64_t, std::span<std::byte>) {
                  return deviceError("no bytes");
                }};
  auto uploader = device->createUploader(2);
  ASSERT_TRUE(uploader);
  EXPECT_EQ((*uploader)->upload({&upload, 1}).message(), "no bytes");
}

TEST_F(CudaDeviceTest, UploadThatFails) {
  auto device = open();
  auto memory = device->allocate(64, "a test");
  ASSERT_TRUE(memory);
  Upload upload{memory->data(), 64, nothing};
  fake.failures["cuMemcpyHtoDAsync"] = {cuda::kInvalidValue};
  auto uploader = device->createUploader(1);
  ASSERT_TRUE(uploader);
  EXPECT_EQ((*uploader)->upload({&upload, 1}).message(),
            "cannot upload weights: CUDA_ERROR_INVALID_VALUE");
  fake.failures["cuMemHostAlloc"] = {cuda::kOutOfMemory};
  uploader = device->createUploader(1);
  ASSERT_TRUE(uploader);
  EXPECT_EQ((*uploader)->upload({&upload, 1}).message(),
            "cannot allocate memory to upload from: CUDA_ERROR_OUT_OF_MEMORY "
            "(out of memory)");
}

TEST_F(CudaDeviceTest, DownloadThatFails) {
  auto device = open();
  auto memory = device->allocate(64, "a test");
  ASSERT_TRUE(memory);
  auto queue = device->createQueue({});
  ASSERT_TRUE(queue);
  std::vector<std::byte> bytes(64);
  fake.failures["cuMemcpyDtoHAsync"] = {cuda::kInvalidValue};
  EXPECT_EQ((*queue)->download(bytes, memory->data()).message(),
            "cannot copy 64 bytes to the host: CUDA_ERROR_INVALID_VALUE");
}

TEST_F(CudaDeviceTest, ImageThatIsNoCode) {
  auto device = open();
  std::vector<std::byte> zeros(256);
  CodeImage image{zeros, "module 0"};
  auto code = device->loadCode({&image, 1}, {});
  ASSERT_FALSE(code);
  EXPECT_EQ(code.status().code(), StatusCode::InvalidPlan);
  EXPECT_EQ(code.status().message(),
            "module 0: expects code that the driver takes: "
            "CUDA_ERROR_INVALID_IMAGE");
}

/// Code is what HostModuleTest.cpp loads.
class CudaCodeTest : public CudaDeviceTest {
protected:
  CudaCodeTest() {
    std::ifstream file(TEST_MODULE, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
    image = {std::as_bytes(std::span(bytes)), "module 0"};
  }
  Status refusal(const KernelRequest &request) {
    auto code = open()->loadCode({&image, 1}, {&request, 1});
    EXPECT_FALSE(code);
    return code.status();
  }

  std::string bytes;
  CodeImage image;
};

TEST_F(CudaCodeTest, FunctionThatIsNotThere) {
  Status status = refusal({0, "nothing"});
  EXPECT_EQ(status.code(), StatusCode::InvalidPlan);
  EXPECT_EQ(status.message(), "module 0: expects function 'nothing', got none");
}

TEST_F(CudaCodeTest, MoreSharedMemoryThanTheGpuGives) {
  fake.failures["cuFuncSetAttribute"] = {cuda::kInvalidValue};
  EXPECT_EQ(refusal({0, "add_tile", 32, 232448}).message(),
            "module 0: function 'add_tile' with 232448 bytes of shared memory: "
            "CUDA_ERROR_INVALID_VALUE");
}

TEST_F(CudaCodeTest, ArgumentsThatAreNoPointers) {
  EXPECT_EQ(refusal({0, "narrow", 32, 0, false, 1}).message(),
            "module 0: function 'narrow' expects argument 0 to have 8 bytes, "
            "got 4");
}

TEST_F(CudaCodeTest, CodeThatDoesNotSayItsArgumentsIsTaken) {
  KernelRequest request{0, "add_tile", 32, 0, false, 9};
  auto code = open()->loadCode({&image, 1}, {&request, 1});
  EXPECT_TRUE(code) << code.status().message();
}

} // namespace
