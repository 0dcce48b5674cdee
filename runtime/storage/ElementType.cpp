//===- ElementType.cpp - What a tensor on disk is made of -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/ElementType.h"

#include <iterator>

namespace ingot::storage {
namespace {

struct Row {
  std::string_view name;
  unsigned size;
};

/// In the order of the enumerators.
constexpr Row rows[] = {
    {"F64", 8},     {"F32", 4},     {"F16", 2},     {"BF16", 2},
    {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"F8_E8M0", 1}, {"I64", 8},
    {"I32", 4},     {"I16", 2},     {"I8", 1},      {"U64", 8},
    {"U32", 4},     {"U16", 2},     {"U8", 1},      {"BOOL", 1},
};
static_assert(std::size(rows) == static_cast<size_t>(ElementType::BOOL) + 1);

} // namespace

unsigned sizeOf(ElementType type) {
  return rows[static_cast<size_t>(type)].size;
}

std::string_view name(ElementType type) {
  return rows[static_cast<size_t>(type)].name;
}

std::optional<ElementType> elementTypeNamed(std::string_view name) {
  for (size_t i = 0; i < std::size(rows); ++i)
    if (rows[i].name == name)
      return static_cast<ElementType>(i);
  return std::nullopt;
}

} // namespace ingot::storage
