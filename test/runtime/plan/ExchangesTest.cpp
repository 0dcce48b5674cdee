//===- ExchangesTest.cpp - chains of launches, by hand --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Exchanges.h"

#include <gtest/gtest.h>

using namespace ingot;

namespace {

class Exchanges : public testing::Test {
protected:
  /// A launch that reads buffers and writes one.
  void add(const std::string &name, const std::vector<uint32_t> &reads,
           uint32_t write) {
    auto launch = std::make_unique<fb::LaunchT>();
    launch->name = name;
    for (uint32_t buffer : reads)
      launch->args.emplace_back(fb::ArgKind::Buffer, buffer);
    launch->args.emplace_back(fb::ArgKind::Buffer, write);
    launch->results = {write};
    entry.steps.push_back(std::move(launch));
  }

  const fb::Entry &packed() {
    entry.name = "step";
    builder.Clear();
    builder.Finish(fb::CreateEntry(builder, &entry));
    return *flatbuffers::GetRoot<fb::Entry>(builder.GetBufferPointer());
  }

  fb::EntryT entry;
  flatbuffers::FlatBufferBuilder builder;
};

TEST_F(Exchanges, AChainCountsEveryLaunch) {
  add("layers.0.a", {0}, 1);
  add("layers.0.b", {1}, 2);
  add("layers.0.c", {2}, 3);
  EXPECT_EQ(longestExchanges(packed()).count, 3);
}

TEST_F(Exchanges, LaunchesBesideEachOtherCountOnce) {
  add("layers.0.gate", {0}, 1);
  add("layers.0.up", {0}, 2);
  add("layers.0.swiglu", {1, 2}, 3);
  EXPECT_EQ(longestExchanges(packed()).count, 2);
}

TEST_F(Exchanges, AWriterWaitsForTheOneBeforeIt) {
  add("layers.0.append", {0}, 9);
  add("layers.0.append", {1}, 9);
  EXPECT_EQ(longestExchanges(packed()).count, 2);
}

TEST_F(Exchanges, OtherLayersAndWhatIsInNoneDoNotCount) {
  add("embed", {}, 0);
  add("layers.0.a", {0}, 1);
  add("layers.10.a", {1}, 2);
  add("layers.10.b", {2}, 3);
  add("logits", {3}, 4);
  std::vector<LayerExchanges> layers = countExchanges(packed());
  ASSERT_EQ(layers.size(), 2u);
  EXPECT_EQ(layers[0].layer, 0);
  EXPECT_EQ(layers[0].count, 1);
  EXPECT_EQ(layers[1].layer, 10);
  EXPECT_EQ(layers[1].count, 2);
}

TEST_F(Exchanges, TheFirstOfEqualsIsTheLongest) {
  add("layers.0.a", {0}, 1);
  add("layers.1.a", {1}, 2);
  EXPECT_EQ(longestExchanges(packed()).layer, 0);
}

TEST_F(Exchanges, ALayerThatChoosesExpertsIsRouted) {
  add("layers.0.a", {0}, 1);
  add("layers.1.experts", {1}, 2);
  entry.steps[1]->cost =
      std::make_unique<fb::Cost>(0, true, 0, 8, 64, 2, 0, 0, 0, 0, 0);
  std::vector<LayerExchanges> layers = countExchanges(packed());
  EXPECT_FALSE(layers[0].routed);
  EXPECT_TRUE(layers[1].routed);
}

TEST_F(Exchanges, NoLayerNoChain) {
  add("embed", {}, 0);
  EXPECT_EQ(longestExchanges(packed()).count, 0);
}

TEST(LayerOf, TakesTheNumberBetweenTheDots) {
  EXPECT_EQ(layerOf("layers.17.mlp.experts.0"), 17);
  EXPECT_EQ(layerOf("layers.17"), -1);
  EXPECT_EQ(layerOf("layers.x.mlp"), -1);
  EXPECT_EQ(layerOf("layers.-1.mlp"), -1);
  EXPECT_EQ(layerOf("embed"), -1);
}

} // namespace
