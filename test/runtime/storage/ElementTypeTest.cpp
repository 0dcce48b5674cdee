//===- ElementTypeTest.cpp - Names and sizes of element types -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/ElementType.h"

#include <gtest/gtest.h>

using namespace ingot::storage;

TEST(ElementType, EveryNameLeadsBackToItsType) {
  for (int i = 0; i <= static_cast<int>(ElementType::BOOL); ++i) {
    auto type = static_cast<ElementType>(i);
    EXPECT_EQ(elementTypeNamed(name(type)), type) << name(type);
  }
}

TEST(ElementType, SizesFollowTheBitsInTheName) {
  for (int i = 0; i < static_cast<int>(ElementType::BOOL); ++i) {
    auto type = static_cast<ElementType>(i);
    std::string_view spelling = name(type);
    // "F8_E4M3" -> 8, "BF16" -> 16
    size_t digit = spelling.find_first_of("0123456789");
    EXPECT_EQ(sizeOf(type) * 8, static_cast<unsigned>(std::stoi(
                                    std::string(spelling.substr(digit)))))
        << spelling;
  }
  EXPECT_EQ(sizeOf(ElementType::BOOL), 1u);
}

TEST(ElementType, TypesBelowAByteAreUnknown) {
  EXPECT_FALSE(elementTypeNamed("F4"));
  EXPECT_FALSE(elementTypeNamed("f32"));
  EXPECT_FALSE(elementTypeNamed(""));
}
