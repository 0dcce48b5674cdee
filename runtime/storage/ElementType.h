//===- ElementType.h - What a tensor on disk is made of ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The element types of the safetensors format that fill whole bytes. Plain
// values and pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_ELEMENTTYPE_H
#define INGOT_STORAGE_ELEMENTTYPE_H

#include <cstdint>
#include <optional>
#include <string_view>

namespace ingot::storage {

/// Named as in the format. F8_E4M3 is the variant without infinities (0x7f and
/// 0xff are NaN), F8_E8M0 a bare power-of-two scale.
enum class ElementType : uint8_t {
  F64,
  F32,
  F16,
  BF16,
  F8_E4M3,
  F8_E5M2,
  F8_E8M0,
  I64,
  I32,
  I16,
  I8,
  U64,
  U32,
  U16,
  U8,
  BOOL,
};

/// Bytes of one element.
unsigned sizeOf(ElementType type);
/// As the format spells it: "BF16".
std::string_view name(ElementType type);
/// The type of that name; none if the format has no such type or packs it below
/// a byte.
std::optional<ElementType> elementTypeNamed(std::string_view name);

} // namespace ingot::storage

#endif // INGOT_STORAGE_ELEMENTTYPE_H
