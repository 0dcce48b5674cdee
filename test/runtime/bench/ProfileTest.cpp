//===- ProfileTest.cpp - launches, their times and what they cost ---------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/Profile.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

using namespace ingot;

namespace {

/// A launch that reads 2 MB in 1 us, half of what memory gives, and one that
/// reads nothing in 3 us.
StepProfile makeProfile() {
  StepProfile profile;
  profile.entry = "decode";
  profile.readBytesPerSecond = 4e12;
  profile.launches = {{"layers.0.mlp", "linear", 1e-6, {}},
                      {"layers.0.norm", "norm", 3e-6, {}}};
  profile.launches[0].cost.weightBytes = 2000000;
  return profile;
}

TEST(Profile, ALineALaunchAndOneForAll) {
  EXPECT_EQ(
      asText(makeProfile()),
      "        us          bytes      GB/s   % read  % step  launch\n"
      "      1.00        2000000    2000.0     50.0    25.0  layers.0.mlp: "
      "linear\n"
      "      3.00              0       0.0      0.0    75.0  "
      "layers.0.norm: norm\n"
      "      4.00        2000000     500.0     12.5   100.0  all\n");
}

TEST(Profile, ATraceHasLaunchesOneAfterTheOther) {
  auto trace = nlohmann::json::parse(asChromeTrace({makeProfile()}));
  const auto &events = trace["traceEvents"];
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["name"], "layers.0.mlp");
  EXPECT_EQ(events[0]["args"]["bytes"], 2000000);
  EXPECT_EQ(events[1]["ts"], 1.0);
  EXPECT_EQ(events[1]["dur"], 3.0);
  EXPECT_EQ(events[2]["ph"], "M");
  EXPECT_EQ(events[2]["args"]["name"], "decode");
}

} // namespace
