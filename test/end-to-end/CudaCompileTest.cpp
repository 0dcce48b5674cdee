//===- CudaCompileTest.cpp - plans for a GPU, without one -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Every kernel of published shapes compiles, and its assembly has what its
// speed and its place among other launches depend on. What kernels compute is
// tested in test/compiler/kernels.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/PlanFile.h"
#include "runtime/plan/plan_generated.h"
#include "test/end-to-end/CompiledModel.h"

#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <regex>

using namespace ingot;
using passes::ActivationFormat;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

namespace {

/// A plan for H100s of a published shape, or of a bundled checkpoint.
PlanFile compiled(const std::string &name,
                  ActivationFormat activations = ActivationFormat::F32,
                  passes::WeightFormat weights = passes::WeightFormat::Stored) {
  compiler::CompileOptions options;
  if (name.ends_with(".json"))
    options.config = INGOT_TEST_CONFIGS "/" + name;
  else
    options.checkpoint = test::checkpointFolder(name);
  options.target = "sm_90a";
  options.activations = activations;
  options.weights = weights;
  options.output = test::scratchFolder() / "gpu.ingot";
  Status status = test::compileQuietly(options);
  EXPECT_TRUE(status.ok()) << status.message();
  auto file = PlanFile::open(options.output);
  EXPECT_TRUE(file) << file.status().message();
  return std::move(*file);
}

/// The assembly of each kernel by its name.
std::map<std::string, std::string> assemblyOf(const PlanFile &file) {
  std::map<std::string, std::string> texts;
  for (const fb::Kernel *kernel : *file.plan().kernels()) {
    const auto &modules = *file.plan().modules();
    const fb::Module &cubin = *modules.Get(kernel->module_());
    EXPECT_EQ(cubin.kind(), fb::ModuleKind::Cubin);
    const fb::Module &ptx = *modules.Get(uint32_t(cubin.source()));
    auto bytes = file.blob(ptx.offset(), ptx.size());
    texts[kernel->name()->str()] =
        std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
  }
  return texts;
}

std::string contents(const std::string &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A published config, and what products round their inputs and weights to.
struct Shape {
  const char *config;
  ActivationFormat activations = ActivationFormat::F32;
  passes::WeightFormat weights = passes::WeightFormat::Stored;
};

class CudaCompile : public testing::TestWithParam<Shape> {};

INSTANTIATE_TEST_SUITE_P(
    Published, CudaCompile,
    testing::Values(Shape{"deepseek-v3.json"}, Shape{"deepseek-v2-lite.json"},
                    Shape{"deepseek-v3.json", ActivationFormat::FP8},
                    Shape{"deepseek-v2-lite.json", ActivationFormat::BF16},
                    // With 10,944 columns, which are no whole runs.
                    Shape{"deepseek-v2-lite.json", ActivationFormat::FP8,
                          passes::WeightFormat::FP8}));

int timesIn(const std::string &text, const std::string &part) {
  int count = 0;
  for (size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at)
    ++count;
  return count;
}

constexpr const char *kTileProduct =
    "mma.sync.aligned.m16n8k16.row.col.f32.bf16";

} // namespace

TEST_P(CudaCompile, EveryKernelWaitsForEarlierLaunchesAndReleasesTheNext) {
  PlanFile file =
      compiled(GetParam().config, GetParam().activations, GetParam().weights);
  for (const auto &[name, text] : assemblyOf(file)) {
    bool warpgroups = name.find("_fp8_tiles_") != std::string::npos;
    EXPECT_THAT(text, HasSubstr(".visible .entry " + name + "(")) << name;
    EXPECT_THAT(text, HasSubstr("griddepcontrol.wait;")) << name;
    EXPECT_THAT(text, HasSubstr("griddepcontrol.launch_dependents;")) << name;
    EXPECT_THAT(text, Not(HasSubstr(".local"))) << name;
    // Sums have one order: nothing adds to memory as it comes.
    EXPECT_FALSE(std::regex_search(text, std::regex("\\b(atom|red)\\.")))
        << name;
    if (std::regex_search(
            name, std::regex("^(linear|gated_linear|logits|absorb_query|"
                             "project_value|experts_(up|down))_")))
      EXPECT_THAT(text,
                  HasSubstr(warpgroups ? "cp.async.cg.shared.global"
                                       : "ld.global.nc.L1::no_allocate.v4.u32"))
          << name;
    if (warpgroups)
      EXPECT_THAT(text, AllOf(HasSubstr("wgmma.mma_async.sync.aligned."
                                        "m64n128k32.f32.e4m3.e4m3"),
                              HasSubstr("fence.proxy.async.shared::cta"),
                              HasSubstr("setmaxnreg.inc.sync.aligned.u32")))
          << name;
    if (name.starts_with("quantize_inputs_"))
      EXPECT_THAT(text, HasSubstr("ld.global.v4.b32")) << name;
    // The assembler would fuse a product and a sum that do not say how they
    // are rounded.
    EXPECT_FALSE(
        std::regex_search(text, std::regex("\\b(mul|add|sub)\\.f(32|64)")))
        << name;
    if (std::regex_search(name, std::regex("_(tiled|coded)_")))
      EXPECT_THAT(text, HasSubstr(kTileProduct)) << name;
    // Nothing rounds what has been made codes.
    EXPECT_EQ(
        text.find("cvt.rn.satfinite.e4m3x2.f32") != std::string::npos,
        std::regex_search(
            name, std::regex("^quantize|"
                             "^((?!_coded_|_fp8_tiles_).)*inputs_f8e4m3")))
        << name;
  }
  for (const fb::Kernel *kernel : *file.plan().kernels()) {
    ASSERT_NE(kernel->resources(), nullptr) << kernel->name()->str();
    EXPECT_GT(kernel->resources()->registers(), 0u) << kernel->name()->str();
    // What its warpgroups share out: 40, 232 and 232 of three times 168.
    if (kernel->name()->str().find("_fp8_tiles_") != std::string::npos)
      EXPECT_EQ(kernel->resources()->registers(), 168u);
    EXPECT_EQ(kernel->resources()->local_bytes(), 0u) << kernel->name()->str();
    EXPECT_TRUE(kernel->resources()->early_start()) << kernel->name()->str();
  }
}

TEST(CudaCompile, WarpgroupsMultiplyTheCodesOfPrompts) {
  std::string names;
  PlanFile file = compiled("deepseek-v3.json", ActivationFormat::FP8);
  for (const fb::Kernel *kernel : *file.plan().kernels())
    names += kernel->name()->str() + "\n";
  for (const char *name : {"linear_fp8_tiles_", "gated_linear_fp8_tiles_",
                           "experts_up_fp8_tiles_", "experts_down_fp8_tiles_"})
    EXPECT_THAT(names, HasSubstr(name));
  // All of its products are in whole runs.
  EXPECT_THAT(names, Not(HasSubstr("_coded_")));
}

// Inputs that are exact in bf16 are multiplied once, others as a sum of two.
TEST(CudaCompile, RoundedInputsTakeHalfOfTheProducts) {
  auto products = [](ActivationFormat activations, const std::string &kernel) {
    return timesIn(
        assemblyOf(compiled("deepseek-v3-tiny", activations))[kernel],
        kTileProduct);
  };
  int all = products(ActivationFormat::F32, "linear_tiled_f8e4m3_n256_k256");
  EXPECT_GT(all, 0);
  EXPECT_EQ(products(ActivationFormat::BF16,
                     "linear_tiled_f8e4m3_n256_k256_inputs_bf16"),
            all / 2);
  // Codes are, too.
  EXPECT_EQ(timesIn(assemblyOf(compiled("deepseek-v2-lite.json",
                                        ActivationFormat::FP8,
                                        passes::WeightFormat::FP8))
                        ["linear_coded_f8e4m3_n2048_k10944_inputs_f8e4m3"],
                    kTileProduct),
            all / 2);
}

TEST(CudaCompile, LayersOfOneShapeShareTheirKernels) {
  PlanFile file = compiled("deepseek-v3-tiny");
  size_t launches = 0;
  for (const fb::Entry *entry : *file.plan().entries())
    launches += entry->steps()->size();
  EXPECT_LT(file.plan().kernels()->size(), launches / 4);
}

TEST(CudaCompile, EntriesOfAnswersEndInTokens) {
  PlanFile file = compiled("deepseek-v3-tiny");
  std::vector<std::string> choosing;
  for (const fb::Entry *entry : *file.plan().entries()) {
    const fb::Launch &last = *entry->steps()->Get(entry->steps()->size() - 1);
    for (const fb::Binding *output : *entry->outputs())
      if (output->name()->string_view() == "chosen") {
        choosing.push_back(entry->name()->str());
        EXPECT_EQ(last.name()->str(), "chosen");
        EXPECT_EQ(last.results()->Get(0), output->buffer());
      }
  }
  EXPECT_EQ(choosing,
            (std::vector<std::string>{"prefill", "decode", "decode_single"}));
}

TEST(CudaCompile, TheSameInputGivesTheSameBytes) {
  std::string first = contents(compiled("deepseek-v2-lite-tiny").path());
  EXPECT_TRUE(first == contents(compiled("deepseek-v2-lite-tiny").path()));
}

TEST(CudaCompile, WeightsAreQuantisedByKernelsOfTheGpu) {
  compiler::CompileOptions options;
  options.checkpoint = test::checkpointFolder("deepseek-v2-lite-tiny");
  options.target = "sm_90a";
  options.weights = passes::WeightFormat::FP8;
  options.kvCache = passes::CacheFormat::BF16;
  options.output = test::scratchFolder() / "quantised.ingot";
  Status status = test::compileQuietly(options);
  ASSERT_TRUE(status.ok()) << status.message();
  auto file = PlanFile::open(options.output);
  ASSERT_TRUE(file) << file.status().message();
  ASSERT_GT(file->plan().pack()->size(), 0u);
  for (const fb::Launch *launch : *file->plan().pack())
    EXPECT_NE(file->plan().kernels()->Get(launch->kernel())->resources(),
              nullptr);
}
