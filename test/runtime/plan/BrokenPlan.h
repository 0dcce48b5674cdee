//===- BrokenPlan.h - a fixture for plans that are wrong --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A test changes one thing of a plan that is right and names the message.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_PLAN_BROKENPLAN_H
#define INGOT_TEST_PLAN_BROKENPLAN_H

#include "runtime/plan/PlanFile.h"
#include "test/runtime/plan/SamplePlan.h"
#include "test/runtime/storage/TempFolder.h"

#include <string>

namespace ingot::test {

class BrokenPlan : public testing::Test {
protected:
  /// `message` without the artifact's name.
  void expectRefused(const std::string &message) {
    std::string path = writeSampleArtifact(folder.path(), plan);
    auto file = PlanFile::open(path);
    ASSERT_FALSE(file) << "expected: " << message;
    EXPECT_EQ(file.status().code(), StatusCode::InvalidPlan);
    EXPECT_EQ(file.status().message(), path + ": " + message);
  }

  /// A copy of an element at the end of the same vector.
  template <typename T>
  static void repeat(std::vector<std::unique_ptr<T>> &items, size_t index) {
    items.push_back(std::make_unique<T>(*items[index]));
  }

  storage::test::TempFolder folder;
  fb::PlanT plan = makeSamplePlan();
};

} // namespace ingot::test

#endif // INGOT_TEST_PLAN_BROKENPLAN_H
