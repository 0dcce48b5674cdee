//===- CudaCatalogueTest.cpp - what a GPU's catalogue chooses -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include "compiler/kernels/CudaInstance.h"
#include "compiler/kernels/InitialiserText.h"
#include "compiler/kernels/contract/CudaAttention.h"
#include "compiler/kernels/contract/CudaProducts.h"
#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/contract/CudaTiledAttention.h"
#include "compiler/kernels/contract/CudaTiledHeads.h"
#include "compiler/kernels/contract/CudaTiles.h"
#include "compiler/kernels/contract/NvvmRows.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::HasSubstr;

namespace ingot::test {
namespace {

using namespace kernels;

constexpr WeightFormat kF8 = {Format::F8E4M3, 128, 128};

template <typename Contract>
constexpr std::string_view reasonOf(typename Contract::Problem problem) {
  using Schedule = OnCuda<Contract>;
  const char *reason = Schedule::reject(problem, Schedule::configure(problem));
  return reason ? reason : "";
}

TEST(CudaSchedules, AcceptTheUsualShapes) {
  EXPECT_EQ(reasonOf<Linear>({kF8, 7168, 18432}), "");
  EXPECT_EQ(reasonOf<AttendLatent>({128, 512, 64, 0.1, {64, 64}}), "");
  EXPECT_EQ(reasonOf<Attention>({64, 8, 128, 0.1, {}, {}, {64, 64}}), "");
  EXPECT_EQ(reasonOf<AttentionTiled>({64, 8, 256, 0.1, {}, {}, {64, 64}}), "");
}

TEST(CudaSchedules, RejectWhatContractsDoNotMean) {
  EXPECT_EQ(reasonOf<Linear>({{Format::BF16, 128, 128}, 8, 8}),
            "expects scales for f8E4M3FN weights and for no others");
  EXPECT_EQ(reasonOf<LinearTiled>({{Format::F16}, 8, 64}),
            "expects bf16 or f8E4M3FN weights in rows of whole 16 bytes");
  EXPECT_EQ(reasonOf<ProjectValueTiled>({{Format::F16}, 1, 128, 64, 8, 64}),
            "expects bf16 or f8E4M3FN weights in rows of whole 16 bytes");
  EXPECT_EQ(reasonOf<AbsorbQueryTiled>({{Format::BF16}, 1, 128, 48, 8, 64}),
            "expects bf16 or f8E4M3FN weights in whole tiles");
  EXPECT_EQ(reasonOf<LinearCoded>({kF8, 8, 64}),
            "expects f8E4M3FN inputs and weights, in rows of whole 16 bytes");
  EXPECT_EQ(reasonOf<LinearTiled>({{Format::F8E4M3, 128, 192}, 8, 384}),
            "expects bf16 or f8E4M3FN weights in rows of whole 16 bytes");
  EXPECT_EQ(reasonOf<QuantizeInputs>({130}), "expects columns in fours");
  EXPECT_EQ(reasonOf<RmsNorm>({kF8, 128, 1e-6}),
            "expects a norm weight without scales");
  EXPECT_EQ(reasonOf<Quantize>({kF8, 128, 128}),
            "expects a weight without scales, and blocks to cut it into");
  EXPECT_EQ(reasonOf<Transpose>({Format::F8E4M3, 8, 8, 8, 0}),
            "expects a weight without scales");
  EXPECT_EQ(reasonOf<KvAppend>({8, 8, Format::F16}),
            "expects a cache of f32, bf16 or f8E4M3FN");
  EXPECT_EQ(reasonOf<Attention>({7, 2, 64, 0.1, {}, {}, {64, 64}}),
            "expects as many query heads for each key and value head");
}

TEST(CudaSchedules, RejectWhatABlockHasNoRoomFor) {
  EXPECT_EQ(reasonOf<Attention>({1, 1, 1024, 0.1, {}, {}, {64, 64}}),
            "expects 32 positions' keys and values to fit in shared memory");
  EXPECT_EQ(reasonOf<AbsorbQuery>({{Format::BF16}, 1, 512, 16384, 64, 128}),
            "expects a nope dim whose queries fit in shared memory");
  EXPECT_EQ(reasonOf<Route>({true, false, {}, 8192, 8, 1, 1, false, false, 1}),
            "expects at most 4096 experts");
  EXPECT_EQ(reasonOf<Rope>({1, 32768, 16384, true, 1.0, nullptr}),
            "expects at most 8192 rotated values");
}

TEST(CudaSchedules, FillAGpuWithTheRowsOfAWeight) {
  // Of few rows, more warps share each; of many, each warp has its own.
  auto blocks = [](int64_t n, int64_t k) {
    Linear::Problem problem{kF8, n, k};
    auto config = OnCuda<Linear>::configure(problem);
    return OnCuda<Linear>::grid(problem, config).x.add;
  };
  // Two warps for 2 rows: 16 rows a block would be 128 and 96 blocks, fewer
  // than there are multiprocessors.
  EXPECT_EQ(blocks(2048, 2048), 2048 / 8);
  EXPECT_EQ(blocks(1536, 7168), 1536 / 8);
  EXPECT_EQ(blocks(129280, 7168), 129280 / 16);
}

TEST(CudaSchedules, StayWithinTheSharedMemoryOfTwoBlocks) {
  // Of 227 KiB, with what the driver keeps for each block.
  constexpr int64_t kBlockBytes = 110 * 1024;
  for (int64_t k : {256, 1536, 2048, 7168, 14336, 18432})
    for (int64_t n : {64, 2048, 7168, 36864}) {
      Linear::Problem problem{kF8, n, k};
      auto config = OnCuda<GatedLinear>::configure(problem);
      EXPECT_LE(OnCuda<GatedLinear>::sharedBytes(problem, config), kBlockBytes)
          << n << " x " << k;
    }
}

TEST(SplitAttention, GivesStretchesByThePositionAlone) {
  EXPECT_EQ(splitLength(1, 16), 32);
  EXPECT_EQ(splitLength(1024, 16), 64);
  EXPECT_EQ(splitLength(1025, 16), 96);
  EXPECT_EQ(splitLength(4096, 16), 256);
}

TEST(InitialiserText, FindsEveryFieldOfAProblem) {
  EXPECT_EQ(
      compiler::initialiserText(Route::Problem{
          true, false, {Format::BF16}, 64, 6, 8, 3, false, true, 2.5, true}),
      "{true, false, {Code{2}, 0, 0}, 64, 6, 8, 3, false, true, "
      "0x1.4p+1, true}");
}

compiler::CudaInstance instanceOf(std::string name, std::string problem) {
  compiler::CudaBody body{.contract = "Route",
                          .function = "route",
                          .file = "route",
                          .problem = std::move(problem),
                          .config = "{32}",
                          .numbers = {false, false, true}};
  return {.name = std::move(name), .strands = {{body}}, .block = 32};
}

TEST(CudaInstance, HasAKernelOfBodiesSideBySide) {
  compiler::CudaInstance instance = instanceOf("first", "{8}");
  instance.join(instanceOf("second", "{9}"), 5);
  instance.join(instanceOf("third", "{10}"), 12);
  std::string text = compiler::kernelText(instance);
  EXPECT_THAT(text, HasSubstr("__launch_bounds__(32, 1)\n"
                              "first_and_second_and_third(Address a0, "
                              "Address a1, int64_t a2, Address a3, Address a4, "
                              "int64_t a5, Address a6, Address a7, "
                              "int64_t a8) {"));
  EXPECT_THAT(text,
              HasSubstr("  if (tile.x < 5)\n  {\n    route<body0::kProblem, "
                        "body0::kConfig>(tile, a0, a1, a2);\n"));
  EXPECT_THAT(text,
              HasSubstr("  if (tile.x < 12)\n  {\n    tile.x -= 5;\n"
                        "    route<body1::kProblem, body1::kConfig>(tile, "
                        "a3, a4, a5);\n    return;\n"));
  EXPECT_THAT(text, HasSubstr("    tile.x -= 12;\n    route<body2::kProblem, "
                              "body2::kConfig>(tile, a6, a7, a8);\n  }\n}\n"));
}

} // namespace
} // namespace ingot::test
