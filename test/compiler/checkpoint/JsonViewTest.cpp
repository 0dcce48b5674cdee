//===- JsonViewTest.cpp - Typed reads and their messages ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/JsonView.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace ingot;
using namespace ingot::compiler;

/// Parses once and hands out views.
class JsonViewTest : public testing::Test {
protected:
  nlohmann::json json = nlohmann::json::parse(R"({
      "n": 3, "f": 1.5, "big": 9223372036854775808, "s": "x", "null": null,
      "list": [1, 2, "three"], "a": {"b": {"c": 7}}, "d.e": 8})");
  JsonView view{json, "f.json"};
};

TEST_F(JsonViewTest, PathsLeadThroughObjects) {
  EXPECT_EQ(*view.at("a.b.c").integer(), 7);
  EXPECT_EQ(*view["a"]["b"]["c"].integer(), 7);
  EXPECT_EQ(*view.at("d.e").integer(), 8);
}

TEST_F(JsonViewTest, NullAndMissingDoNotExist) {
  EXPECT_FALSE(view["null"].exists());
  EXPECT_FALSE(view["none"].exists());
  EXPECT_FALSE(view["s"]["below a string"].exists());
  EXPECT_TRUE(*view["none"].booleanOr(true));
}

TEST_F(JsonViewTest, MissingValueNamesItsWholePath) {
  EXPECT_EQ(view["a"]["x"]["y"].string().status().message(),
            "f.json: 'a.x.y' expects a string, got none");
}

TEST_F(JsonViewTest, RootHasNoPath) {
  EXPECT_EQ(view.elements().status().message(),
            "f.json: expects an array, got object");
}

TEST_F(JsonViewTest, KindsAreNotConverted) {
  EXPECT_EQ(view["n"].boolean().status().message(),
            "f.json: 'n' expects a boolean, got number 3");
  EXPECT_EQ(view["s"].booleanOr(true).status().message(),
            "f.json: 's' expects a boolean, got string 'x'");
  EXPECT_EQ(view["s"].number().status().message(),
            "f.json: 's' expects a number, got string 'x'");
  EXPECT_EQ(view["f"].integer().status().message(),
            "f.json: 'f' expects an integer, got number 1.5");
}

TEST_F(JsonViewTest, IntegersAreBounded) {
  EXPECT_EQ(*view["n"].integer(3, 3), 3);
  EXPECT_EQ(view["n"].integer(4, 9).status().message(),
            "f.json: 'n' expects an integer from 4 to 9, got number 3");
  EXPECT_EQ(view["n"].integer(4).status().message(),
            "f.json: 'n' expects an integer of at least 4, got number 3");
  EXPECT_EQ(view["big"].integer().status().message(),
            "f.json: 'big' expects an integer, got number 9223372036854775808");
}

TEST_F(JsonViewTest, ListsNameTheElementAtFault) {
  EXPECT_EQ(view["list"].integers().status().message(),
            "f.json: 'list[2]' expects an integer, got string 'three'");
  EXPECT_EQ(view["list"].strings().status().message(),
            "f.json: 'list[0]' expects a string, got number 1");
}
