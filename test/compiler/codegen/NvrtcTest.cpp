//===- NvrtcTest.cpp - CUDA C++ to machine code of a GPU ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Nvrtc.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

namespace ingot::compiler {
namespace {

/// The library, which these tests need.
Nvrtc nvrtc() {
  auto opened = Nvrtc::open(Nvrtc::usualPlaces());
  if (!opened) {
    ADD_FAILURE() << llvm::toString(opened.takeError());
    abort();
  }
  return *opened;
}

CudaCode compiled(const std::string &text,
                  llvm::ArrayRef<HeaderText> headers = {}) {
  auto code = nvrtc().compile({"kernel", text, headers}, "sm_90a");
  if (code)
    return *code;
  ADD_FAILURE() << llvm::toString(code.takeError());
  return {};
}

std::string refusal(const std::string &text) {
  auto code = nvrtc().compile({"kernel", text, {}}, "sm_90a");
  return code ? "" : llvm::toString(code.takeError());
}

constexpr const char *kAxpy = R"(
extern "C" __global__ void kernel(const float *x, float *y, float a) {
  __shared__ float staged[64];
  staged[threadIdx.x] = x[threadIdx.x];
  __syncthreads();
  y[threadIdx.x] = a * staged[63 - threadIdx.x] + y[threadIdx.x];
})";

TEST(Nvrtc, GivesAssemblyMachineCodeAndWhatAThreadTakes) {
  CudaCode code = compiled(kAxpy);
  EXPECT_THAT(code.ptx, HasSubstr(".visible .entry kernel("));
  EXPECT_THAT(code.ptx, HasSubstr(".target sm_90a"));
  EXPECT_THAT(code.cubin, StartsWith("\177ELF"));
  EXPECT_GT(code.registers, 4);
  EXPECT_LT(code.registers, 64);
  EXPECT_EQ(code.staticSharedBytes, 64 * 4);
}

TEST(Nvrtc, FusesNoProductWithASum) {
  EXPECT_THAT(compiled(kAxpy).ptx, Not(HasSubstr("fma")));
}

TEST(Nvrtc, GivesEqualBytesForEqualSources) {
  CudaCode first = compiled(kAxpy), second = compiled(kAxpy);
  EXPECT_EQ(first.ptx, second.ptx);
  EXPECT_EQ(first.cubin, second.cubin);
}

TEST(Nvrtc, FindsHeadersByTheirNames) {
  HeaderText header{"a/b.h", "#include <cstdint>\nconstexpr int64_t kB = 7;"};
  CudaCode code = compiled("#include \"a/b.h\"\nextern \"C\" __global__ void "
                           "kernel(int64_t *y) { *y = kB; }",
                           header);
  EXPECT_THAT(code.ptx, HasSubstr("7;"));
}

TEST(Nvrtc, RefusesWhatDoesNotCompileWithTheCompilersWords) {
  EXPECT_THAT(refusal("extern \"C\" __global__ void kernel() { return x; }"),
              testing::AllOf(StartsWith("kernel 'kernel' does not compile: "
                                        "NVRTC_ERROR_COMPILATION"),
                             HasSubstr("identifier \"x\" is undefined")));
}

TEST(Nvrtc, RefusesAStack) {
  EXPECT_THAT(refusal(R"(extern "C" __global__ void kernel(int *y, int n) {
                           int values[64];
                           for (int i = 0; i < 64; ++i)
                             values[y[i] & 63] = i;
                           y[0] = values[n];
                         })"),
              StartsWith("kernel 'kernel' needs local memory: a stack of 256 "
                         "bytes, 0 bytes of spilled registers"));
}

TEST(Nvrtc, RefusesSpilledRegisters) {
  // 96 values that all live at once, in 32 registers.
  EXPECT_THAT(refusal(R"(extern "C" __global__ void
                         __launch_bounds__(1024, 2) kernel(float *y) {
                           float values[96];
                           #pragma unroll
                           for (int i = 0; i < 96; ++i)
                             values[i] = y[i];
                           __syncthreads();
                           #pragma unroll
                           for (int i = 0; i < 96; ++i)
                             y[i * i] = values[95 - i];
                         })"),
              testing::AllOf(HasSubstr("needs local memory"),
                             Not(HasSubstr(" 0 bytes of spilled"))));
}

TEST(Nvrtc, SaysWhatToInstallWhereItIsMissing) {
  auto opened = Nvrtc::open({"/nowhere/libnvrtc.so.13", "libnvrtc.so.none"});
  ASSERT_FALSE(static_cast<bool>(opened));
  EXPECT_EQ(llvm::toString(opened.takeError()),
            "expects NVIDIA's run-time compiler, version 13, as "
            "/nowhere/libnvrtc.so.13 or libnvrtc.so.none: install nvrtc of "
            "CUDA 13.0, or unpack the Python package nvidia-cuda-nvrtc 13.0 "
            "there");
}

} // namespace
} // namespace ingot::compiler
