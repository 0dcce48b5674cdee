//===- PassesTest.cpp - optional passes change no result ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two ways to look at the same promise. Interpreted in float64, a module means
// the same after a pass as before it, to 1e-10 in any logit. Compiled, a model
// keeps its goldens whichever pass is left out: no pass hides another's fault.
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Interpreter.h"
#include "compiler/kernels/CpuCatalogue.h"
#include "compiler/models/Import.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Pipeline.h"
#include "runtime/eval/Golden.h"
#include "runtime/eval/SessionEvaluated.h"
#include "test/end-to-end/CompiledModel.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

using namespace ingot;
using namespace ingot::compiler;

namespace {

/// A prompt over a page and a half of the cache, then three more tokens.
constexpr int64_t kPrompt = 100, kAnswer = 3;

using Logits = std::vector<double>;

Batch makeBatch(int64_t begin, int64_t count, int64_t rows) {
  Batch batch;
  for (int64_t i = begin; i < begin + count; ++i) {
    batch.tokens.push_back(int32_t((i * 131 + i * i * 7) % 500));
    batch.positions.push_back(int32_t(i));
    batch.sequences.push_back(0);
  }
  batch.logitRows.resize(size_t(rows));
  std::iota(batch.logitRows.begin(), batch.logitRows.end(),
            int32_t(count - rows));
  return batch;
}

/// The logits of the prompt's last row and of the tokens behind it.
Logits interpret(mlir::ModuleOp module, const storage::Checkpoint &checkpoint,
                 llvm::StringRef prefill, llvm::StringRef decode) {
  Interpreter<double> interpreter(module,
                                  checkpointWeights<double>(checkpoint));
  auto function = module.lookupSymbol<mlir::func::FuncOp>(prefill);
  auto type = mlir::cast<ir::KVCacheType>(function.getArgumentTypes()[1]);
  Datum<double> first[] = {makeBatch(0, kPrompt, 1),
                           KVCache<double>(type.getLayers(), type.getWidth())};
  auto prompt = interpreter.call(prefill, first);
  EXPECT_TRUE(succeeded(prompt));
  Datum<double> second[] = {makeBatch(kPrompt, kAnswer, kAnswer), (*prompt)[2]};
  auto answer = interpreter.call(decode, second);
  EXPECT_TRUE(succeeded(answer));
  Logits logits = std::get<TensorPtr<double>>((*prompt)[0])->data;
  const Logits &more = std::get<TensorPtr<double>>((*answer)[0])->data;
  logits.insert(logits.end(), more.begin(), more.end());
  return logits;
}

/// All optional passes but `kept`.
std::vector<std::string> allBut(const std::string &kept) {
  std::vector<std::string> names = passes::optionalPassNames();
  std::erase(names, kept);
  return names;
}

/// Two suites, which run side by side.
class Passes : public testing::TestWithParam<const char *> {
protected:
  void SetUp() override {
    std::string folder = test::checkpointFolder(GetParam());
    auto opened = storage::Checkpoint::open(folder);
    ASSERT_TRUE(opened) << opened.status().message();
    checkpoint.emplace(std::move(*opened));
    auto config = ConfigFile::open(folder + "/config.json");
    ASSERT_TRUE(config) << config.status().message();
    auto imported = importModel(context, *checkpoint, *config);
    ASSERT_TRUE(bool(imported)) << llvm::toString(imported.takeError());
    module = std::move(*imported);
  }

  /// What the module means once all passes but `without` have run.
  Logits runWithout(const std::vector<std::string> &without,
                    passes::Absorb absorb = passes::Absorb::Auto) {
    mlir::OwningOpRef<mlir::ModuleOp> copy = module->clone();
    passes::PipelineOptions options;
    options.without = without;
    options.absorb.form = absorb;
    CpuCatalogue catalogue({});
    mlir::PassManager manager(&context);
    passes::buildPipeline(manager, passes::Phase::Model, catalogue, options);
    EXPECT_TRUE(succeeded(manager.run(*copy)));
    return interpret(*copy, *checkpoint, "prefill", "decode");
  }

  /// Compiles with `options` and holds the model to its goldens.
  void expectGoldens(CompileOptions options,
                     const storage::SafeTensors &golden) {
    options.checkpoint = test::checkpointFolder(GetParam());
    options.output = test::scratchFolder() / "passes.ingot";
    Status status = test::compileQuietly(options);
    ASSERT_TRUE(status.ok()) << status.message();
    auto session = Session::create(test::load(options.output), {.threads = 2});
    ASSERT_TRUE(session) << session.status().message();
    eval::SessionEvaluated evaluated(*session);
    auto report = eval::compareWithGolden(evaluated, golden, {}, nullptr);
    ASSERT_TRUE(report) << report.status().message();
    EXPECT_LT(report->prompt.meanKl, 1e-8);
    EXPECT_LT(report->prompt.maxAbsDiff, 1e-3);
    EXPECT_LT(report->longContext.meanKl, 1e-8);
    EXPECT_EQ(report->greedy.mismatches, 0);
  }

  mlir::MLIRContext context;
  std::optional<storage::Checkpoint> checkpoint;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

/// For models whose attention has two forms.
class LatentPasses : public Passes {};

void expectSame(const Logits &got, const Logits &expected,
                const std::string &what) {
  ASSERT_EQ(got.size(), expected.size());
  double worst = 0;
  for (size_t i = 0; i < got.size(); ++i)
    worst = std::max(worst, std::abs(got[i] - expected[i]));
  EXPECT_LT(worst, 1e-10) << what;
}

} // namespace

TEST_P(Passes, MeanTheSameAloneAndTogether) {
  Logits imported = interpret(*module, *checkpoint, "step", "step");
  expectSame(runWithout(passes::optionalPassNames()), imported, "no pass");
  expectSame(runWithout({}), imported, "all passes");
  for (const std::string &pass : passes::optionalPassNames())
    expectSame(runWithout(allBut(pass)), imported, pass + " alone");
}

TEST_P(LatentPasses, MeanTheSameInEitherFormOfAttention) {
  Logits imported = interpret(*module, *checkpoint, "step", "step");
  expectSame(runWithout({}, passes::Absorb::None), imported, "expanded");
  expectSame(runWithout({}, passes::Absorb::Reassociate), imported,
             "reassociated");
}

TEST_P(Passes, LeaveTheGoldensAloneWhicheverIsLeftOut) {
  auto golden = storage::SafeTensors::open(test::checkpointFolder(GetParam()) +
                                           "/golden.safetensors");
  ASSERT_TRUE(golden) << golden.status().message();
  std::vector<std::vector<std::string>> choices = {passes::optionalPassNames()};
  for (const std::string &pass : passes::optionalPassNames())
    choices.push_back({pass});
  for (const std::vector<std::string> &without : choices) {
    std::string name = llvm::join(without, ", ");
    SCOPED_TRACE("without " + name);
    CompileOptions options;
    options.without = without;
    expectGoldens(options, *golden);
  }
}

TEST_P(LatentPasses, LeaveTheGoldensAloneInEitherFormOfAttention) {
  auto golden = storage::SafeTensors::open(test::checkpointFolder(GetParam()) +
                                           "/golden.safetensors");
  ASSERT_TRUE(golden) << golden.status().message();
  for (passes::Absorb form :
       {passes::Absorb::None, passes::Absorb::Reassociate}) {
    SCOPED_TRACE(form == passes::Absorb::None ? "expanded" : "reassociated");
    CompileOptions options;
    options.absorb = form;
    expectGoldens(options, *golden);
  }
}

INSTANTIATE_TEST_SUITE_P(Latent, Passes,
                         testing::Values("deepseek-v2-lite-tiny",
                                         "deepseek-v3-tiny"));
INSTANTIATE_TEST_SUITE_P(Latent, LatentPasses,
                         testing::Values("deepseek-v2-lite-tiny",
                                         "deepseek-v3-tiny"));
INSTANTIATE_TEST_SUITE_P(Grouped, Passes,
                         testing::Values("llama3-tiny", "llama4-tiny",
                                         "mixtral-tiny", "olmo2-tiny",
                                         "qwen3-moe-tiny"));
