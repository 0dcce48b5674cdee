//===- CatalogueTest.cpp - what the catalogue chooses and rejects ---------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "KernelHarness.h"
#include "compiler/kernels/contract/AttendLatent.h"
#include "compiler/kernels/contract/ExpertsUp.h"
#include "compiler/kernels/contract/LatentAttention.h"
#include "compiler/kernels/contract/Linear.h"
#include "compiler/kernels/contract/Logits.h"
#include "compiler/kernels/contract/ProjectValue.h"
#include "compiler/kernels/contract/Rope.h"
#include "compiler/kernels/contract/Route.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using testing::HasSubstr;

namespace ingot::test {
namespace {

std::string linear(const std::string &x, const std::string &w) {
  return "func.func @f(%x: tensor<?x64x" + x + ">, %w: tensor<32x64x" + w +
         ">) {\n%0 = ingot.linear %x, %w : tensor<?x64x" + x +
         ">, tensor<32x64x" + w + "> -> tensor<?x32xf32>\nreturn\n}";
}

TEST(CpuCatalogue, NamesAnInstanceByContractFormatAndShape) {
  KernelHarness kernel(linear("f32", elementType("f8")));
  EXPECT_EQ(kernel.selection().launches[0].kernel, "linear_f8e4m3_n32_k64");
}

TEST(CpuCatalogue, NamesBlocksThatAreNot128x128) {
  KernelHarness kernel(
      linear("f32", "!ingot.scaled<f8E4M3FN, block = 32x64, scale = f32>"));
  EXPECT_EQ(kernel.selection().launches[0].kernel,
            "linear_f8e4m3_b32x64_n32_k64");
}

TEST(CpuCatalogue, RejectsActivationsThatAreNotFloat32) {
  EXPECT_EQ(rejection(linear("bf16", "bf16")),
            "'ingot.linear' op has no kernel: expects float32 activations, got "
            "'tensor<?x64xbf16>'");
}

TEST(CpuCatalogue, RejectsWeightsWithoutADecoder) {
  EXPECT_THAT(rejection(linear("f32", "f64")),
              HasSubstr("has no kernel: expects weights in f32, f16, bf16 or "
                        "f8E4M3FN with f32 scales, got 'tensor<32x64xf64>'"));
}

TEST(CpuCatalogue, RejectsBlocksTooWideForAPanel) {
  const char *block = "!ingot.scaled<f8E4M3FN, block = 1x4096, scale = f32>";
  EXPECT_THAT(
      rejection("func.func @f(%x: tensor<?x8192xf32>, %w: "
                "tensor<8x8192x" +
                std::string(block) +
                ">) {\n%0 = ingot.linear %x, %w : "
                "tensor<?x8192xf32>, tensor<8x8192x" +
                block + "> -> tensor<?x8xf32>\nreturn\n}"),
      HasSubstr("has no kernel: 'linear' expects blocks of at most 2048 "
                "columns, or of whole rows"));
}

TEST(CpuCatalogue, RejectsExpertsThatAreNotStacked) {
  EXPECT_THAT(
      rejection("func.func @f(%x: tensor<?x8xf32>, %w: tensor<?x1xf32>, %i: "
                "tensor<?x1xi32>, %u: tensor<2x4x8xf32>, %d: "
                "tensor<2x8x4xf32>) {\n%0 = ingot.experts %x, %w, %i, %u, %u, "
                "%d : tensor<?x8xf32>, tensor<?x1xf32>, tensor<?x1xi32>, "
                "tensor<2x4x8xf32>, tensor<2x4x8xf32>, "
                "tensor<2x8x4xf32>\nreturn\n}"),
      HasSubstr("expects gate to be a weight of one tensor an expert"));
}

TEST(CpuCatalogue, RejectsGateAndUpInTwoFormats) {
  EXPECT_THAT(
      rejection("ingot.weight @g : tensor<2x4x8xf32> from \"g.{e}\"\n"
                "ingot.weight @u : tensor<2x4x8xbf16> from \"u.{e}\"\n"
                "ingot.weight @d : tensor<2x8x4xf32> from \"d.{e}\"\n"
                "func.func @f(%x: tensor<?x8xf32>, %w: tensor<?x1xf32>, %i: "
                "tensor<?x1xi32>) {\n"
                "%g = ingot.get_weight @g : tensor<2x4x8xf32>\n"
                "%u = ingot.get_weight @u : tensor<2x4x8xbf16>\n"
                "%d = ingot.get_weight @d : tensor<2x8x4xf32>\n"
                "%0 = ingot.experts %x, %w, %i, %g, %u, %d : tensor<?x8xf32>, "
                "tensor<?x1xf32>, tensor<?x1xi32>, tensor<2x4x8xf32>, "
                "tensor<2x4x8xbf16>, tensor<2x8x4xf32>\nreturn\n}"),
      HasSubstr("expects gate and up in one format, got 'tensor<2x4x8xf32>' "
                "and 'tensor<2x4x8xbf16>'"));
}

TEST(CpuCatalogue, QuotesTheReasonOfAContract) {
  EXPECT_THAT(
      rejection("func.func @f(%x: tensor<?x8xf32>, %w: "
                "tensor<8x!ingot.scaled<f8E4M3FN, block = 128x128, scale = "
                "f32>>) {\n%0 = ingot.rms_norm %x, %w eps 1.0e-6 : "
                "tensor<?x8xf32>, tensor<8x!ingot.scaled<f8E4M3FN, block = "
                "128x128, scale = f32>>\nreturn\n}"),
      HasSubstr("has no kernel: 'rms_norm' expects a norm weight without "
                "scales"));
}

// Contracts are constexpr: what they reject is known without running anything.
using namespace kernels;

constexpr PagedCache kCache = {64, 16};
constexpr LatentAttention::Problem kAttention = {
    {{}, 4, 128, 64, 32, 64}, 0.1, kCache};

template <typename Contract>
constexpr std::string_view reasonOf(typename Contract::Problem problem) {
  auto config = Contract::configure(problem, Machine{16});
  const char *reason = Contract::reject(problem, config);
  return reason ? reason : "";
}

TEST(Contracts, AcceptTheUsualShapes) {
  EXPECT_EQ(reasonOf<Linear>({{Format::F8E4M3, 128, 128}, 512, 256}), "");
  EXPECT_EQ(reasonOf<LatentAttention>(kAttention), "");
}

TEST(Contracts, RejectScalesOnOtherFormats) {
  EXPECT_EQ(reasonOf<Linear>({{Format::BF16, 128, 128}, 512, 256}),
            "expects scales for f8E4M3FN weights and for no others");
}

TEST(Contracts, RejectHeadsThatAMicroTileWouldCross) {
  LatentAttention::Problem values = kAttention, keys = kAttention;
  values.sizes.value = 30;
  keys.sizes.nope = 30;
  for (const LatentAttention::Problem &problem : {values, keys})
    EXPECT_EQ(reasonOf<LatentAttention>(problem),
              "expects a nope dim and a value dim that are multiples of 4");
  EXPECT_EQ(reasonOf<ProjectValue>(values.sizes),
            "expects a value dim that is a multiple of 4");
}

TEST(Contracts, RejectPagesThatAreReadPastTheirEnd) {
  LatentAttention::Problem problem = kAttention;
  problem.cache.pageSize = 30;
  EXPECT_EQ(reasonOf<LatentAttention>(problem),
            "expects a page size that is a multiple of 4");
  EXPECT_EQ(reasonOf<AttendLatent>({4, 128, 32, 0.1, problem.cache}),
            "expects a page size that is a multiple of 4");
  problem.cache.pageSize = 128;
  EXPECT_EQ(reasonOf<LatentAttention>(problem),
            "expects pages of at most 64 tokens");
}

TEST(Contracts, RejectWhatDoesNotFitAStack) {
  LatentAttention::Problem attention = kAttention;
  attention.sizes.rank = 1024;
  EXPECT_EQ(reasonOf<LatentAttention>(attention),
            "expects a page's latents, keys and values to fit in 256 KiB");
  Route::Problem route{true, false, {}, 8192, 8, 1, 1, false, false, 1.0};
  EXPECT_EQ(reasonOf<Route>(route), "expects at most 4096 experts");
  Rope::Problem rope{1, 32768, 16384, true, 1.0, nullptr};
  EXPECT_EQ(reasonOf<Rope>(rope), "expects at most 16384 rotated values");
}

TEST(Contracts, RejectHeadsThatDoNotShareEvenly) {
  AttentionHeads heads{7, 2, 64, 0.1, {}, {}, kCache};
  EXPECT_EQ(reasonOf<Attention>(heads),
            "expects as many query heads for each key and value head");
  EXPECT_EQ(reasonOf<AttentionChunk>(heads),
            "expects as many query heads for each key and value head");
}

TEST(Contracts, RejectScaledWeightsThatWouldBeTransposed) {
  EXPECT_EQ(reasonOf<Transpose>({Format::F8E4M3, 128, 64, 128, 0}),
            "expects a weight without scales");
}

TEST(Contracts, AttentionReadsKeysAndValuesOfAllHeads) {
  // Two heads of 64 keys and values in bf16, for 8 query heads.
  AttentionHeads heads{8, 2, 64, 0.1, {}, {}, {64, 16, Format::BF16}};
  EXPECT_EQ(Attention::cost(heads).cachedBytes, 2 * 2 * 64 * 2);
  EXPECT_EQ(Attention::cost(heads).pairFlops, 8 * 64 * (2 + 2));
}

TEST(Contracts, ExpertsCostWhatARowChooses) {
  // Six of 64 experts; an expert is two matrices of 256x128 codes, with two
  // scales each.
  constexpr Cost cost =
      ExpertsUp::cost({{Format::F8E4M3, 128, 128}, 256, 128, 6, 64});
  EXPECT_TRUE(cost.product);
  EXPECT_EQ(cost.weightBytes, 0);
  EXPECT_EQ(cost.parts, 64);
  EXPECT_EQ(cost.partBytes, 2 * (256 * 128 + 2 * 4));
  EXPECT_EQ(cost.rowParts, 6);
  EXPECT_EQ(cost.rowFlops, 6 * 2 * 2 * 256 * 128);
}

TEST(Contracts, TheHeadsRowsAreThoseOfTheLogits) {
  constexpr Cost cost = Logits::cost({{Format::BF16}, 512, 256});
  EXPECT_EQ(cost.rows, 'R');
  EXPECT_EQ(cost.weightBytes, 512 * 256 * 2);
}

} // namespace
} // namespace ingot::test
