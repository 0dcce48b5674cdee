//===- HostModuleTest.cpp - code from memory, or why not ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cpu/HostModule.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

using namespace ingot;

namespace {

std::string readModule() {
  std::ifstream file(TEST_MODULE, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<HostModule> load(const std::string &image) {
  return HostModule::load(std::as_bytes(std::span(image)), "m.ingot: module 0");
}

TEST(HostModule, KernelsCanBeCalled) {
  auto module = load(readModule());
  ASSERT_TRUE(module) << module.status().message();
  auto kernel = module->find("add_tile");
  ASSERT_TRUE(kernel);
  int64_t result = 0;
  uint64_t args[] = {uint64_t(reinterpret_cast<uintptr_t>(&result)), 1000};
  int64_t tile[] = {1, 2, 3};
  (*kernel)(args, tile);
  EXPECT_EQ(result, 1321);
}

TEST(HostModule, TwoModulesOfTheSameNamesLiveSideBySide) {
  auto first = load(readModule()), second = load(readModule());
  ASSERT_TRUE(first && second);
  EXPECT_NE(*first->find("add_tile"), *second->find("add_tile"));
}

TEST(HostModule, UnknownFunction) {
  auto module = load(readModule());
  ASSERT_TRUE(module);
  auto kernel = module->find("no\nsuch");
  ASSERT_FALSE(kernel);
  EXPECT_EQ(kernel.status().code(), StatusCode::InvalidPlan);
  EXPECT_EQ(kernel.status().message(),
            "m.ingot: module 0: expects function 'no\\x0asuch', got none");
}

TEST(HostModule, ImageThatIsNoSharedObject) {
  for (const std::string &image :
       {std::string(), std::string("text"), readModule().substr(0, 100)}) {
    auto module = load(image);
    ASSERT_FALSE(module);
    EXPECT_EQ(module.status().code(), StatusCode::InvalidPlan);
    EXPECT_TRUE(module.status().message().starts_with(
        "m.ingot: module 0: expects a shared object for this machine, got: "))
        << module.status().message();
  }
}

} // namespace
