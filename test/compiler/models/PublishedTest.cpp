//===- PublishedTest.cpp - The published configs and their sizes ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/models/ImportedOps.h"

using namespace ingot;
using namespace ingot::compiler;
using namespace ingot::compiler::test;

namespace {

struct Size {
  const char *config;
  /// As known, in the unit of the report, and what counts as active: without
  /// the input embedding, norms and biases.
  int64_t parameters, active;
  /// Values that a token caches in each layer.
  int64_t cacheWidth;
};

class PublishedConfig : public testing::TestWithParam<Size> {};

} // namespace

TEST_P(PublishedConfig, HasItsKnownSizeAndNoUnknownKey) {
  Size size = GetParam();
  auto config =
      ConfigFile::open(std::string(INGOT_TEST_CONFIGS "/") + size.config);
  ASSERT_TRUE(config) << config.status().message();
  mlir::MLIRContext context;
  ImportReport report;
  auto module = declareModel(context, *config, 0, &report);
  ASSERT_TRUE(bool(module)) << llvm::toString(module.takeError());
  EXPECT_TRUE(report.warnings.empty()) << report.warnings.front();
  auto facts = (**module)->getAttrOfType<mlir::DictionaryAttr>(kModelAttr);
  auto fact = [&](llvm::StringRef name) {
    return facts.getAs<mlir::IntegerAttr>(name).getInt();
  };
  EXPECT_EQ(fact("parameters"), size.parameters);
  EXPECT_EQ(fact("active_parameters"), size.active);
  EXPECT_EQ(fact("kv_width"), size.cacheWidth);
}

INSTANTIATE_TEST_SUITE_P(
    All, PublishedConfig,
    testing::Values(
        Size{"deepseek-v2-lite.json", 15706484224, 2451308544, 576},
        Size{"deepseek-v2.json", 235741434880, 20850769920, 576},
        Size{"deepseek-v3.json", 671026419200, 36624596992, 576},
        // 8.03 and 70.6 billion; active is all but the embedding and norms.
        Size{"llama-3-8b.json", 8030261248, 7504658432, 2048},
        Size{"llama-3-70b.json", 70553706496, 69501714432, 2048},
        // 400 billion, 17 with the embedding.
        Size{"llama-4-maverick.json", 400711848960, 16149708800, 2048},
        Size{"mixtral-8x7b.json", 46702792704, 12748587008, 2048},
        Size{"olmo-2-7b.json", 7298617344, 6887047168, 8192},
        // 30.5 billion, 3.3 with the embedding.
        Size{"qwen3-30b-a3b.json", 30532122624, 3041656832, 1024}));
