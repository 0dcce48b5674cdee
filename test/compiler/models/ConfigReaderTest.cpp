//===- ConfigReaderTest.cpp - Configurations that are refused -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/models/EditedModel.h"

using ingot::compiler::test::EditedModel;

static std::string errorOf(std::string_view patch) {
  EditedModel model;
  model.config(patch);
  return model.error();
}

TEST(ConfigReader, UnsupportedValueOfAString) {
  EXPECT_EQ(errorOf(R"({"hidden_act": "gelu"})"),
            "config.json: 'hidden_act' expects 'silu', got 'gelu'");
}
