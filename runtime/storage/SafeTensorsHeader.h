//===- SafeTensorsHeader.h - Checks a safetensors header --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The part of reading that needs no file, apart so that it can be tested and
// fuzzed on text. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_SAFETENSORSHEADER_H
#define INGOT_STORAGE_SAFETENSORSHEADER_H

#include "runtime/storage/SafeTensors.h"

#include <optional>

namespace ingot::storage {

/// What a header says, with offsets counted from the start of the file.
struct SafeTensorsHeader {
  /// By their place in the file.
  std::vector<TensorInfo> tensors;
  std::map<std::string, std::string> metadata;
};

/// Parses the JSON `text` of the header of file `name`, whose data section
/// begins at byte `dataBegin` and ends with the file at byte `fileSize`.
/// The tensors must fill that section exactly: no overlap, no hole, nothing
/// behind the last one (the format demands it). InvalidInput otherwise.
Result<SafeTensorsHeader> parseSafeTensorsHeader(std::string_view text,
                                                 const std::string &name,
                                                 uint64_t dataBegin,
                                                 uint64_t fileSize);

/// Bytes of a tensor; none if an extent is negative or the product overflows.
std::optional<uint64_t> tensorBytes(ElementType type,
                                    std::span<const int64_t> shape);

} // namespace ingot::storage

#endif // INGOT_STORAGE_SAFETENSORSHEADER_H
