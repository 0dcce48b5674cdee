//===- WeightTableTest.cpp - Tensors that are not as the model needs them -===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/compiler/models/EditedModel.h"

using ingot::compiler::test::EditedModel;
using ingot::storage::ElementType;

TEST(WeightTable, MissingTensor) {
  EditedModel model;
  model.remove("model.layers.1.mlp.experts.3.up_proj.weight");
  EXPECT_EQ(model.error(),
            "DIR: expects tensors that are missing (1): "
            "'model.layers.1.mlp.experts.3.up_proj.weight'");
}
