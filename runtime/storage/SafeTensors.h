//===- SafeTensors.h - Reads one safetensors file ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The format (https://github.com/huggingface/safetensors): a little-endian u64
// length, that many bytes of JSON, then the tensors' bytes, without gaps:
//   {"a": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]}, ...}
// Everything the header claims is checked when the file is opened, so what is
// reachable afterwards lies inside the file. Immutable; threads may share it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_SAFETENSORS_H
#define INGOT_STORAGE_SAFETENSORS_H

#include "ingot/Status.h"
#include "runtime/storage/ElementType.h"
#include "runtime/storage/MappedFile.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::storage {

/// One tensor of a file: row-major, packed.
struct TensorInfo {
  std::string name;
  ElementType type = ElementType::F32;
  /// Extents, outermost first; empty for a scalar; an extent may be 0.
  std::vector<int64_t> shape;
  /// Bytes from the start of the file. Aligned to nothing in particular.
  uint64_t fileOffset = 0;
  /// Product of the shape times the element's size.
  uint64_t bytes = 0;
};

/// Owns the mapping that `data` points into. Move-only.
class SafeTensors {
public:
  /// Maps and checks the file. InvalidInput names the tensor at fault.
  static Result<SafeTensors> open(const std::string &path);

  /// Every tensor, by its place in the file.
  const std::vector<TensorInfo> &tensors() const { return infos; }
  /// Null if there is none. The pointer stays good while this object lives,
  /// moved or not.
  const TensorInfo *find(std::string_view name) const;
  /// The bytes of a tensor of this file (or of one with the same layout:
  /// nothing outside the file is ever returned; such a request gets an empty
  /// span).
  std::span<const std::byte> data(const TensorInfo &info) const;

  /// The header's "__metadata__"; empty if there is none.
  const std::map<std::string, std::string> &metadata() const { return notes; }
  /// XXH3-64 of the JSON header as it stands in the file, without its length.
  uint64_t headerHash() const { return hash; }
  const MappedFile &file() const { return mapped; }

private:
  explicit SafeTensors(MappedFile file) : mapped(std::move(file)) {}

  MappedFile mapped;
  std::vector<TensorInfo> infos;
  /// Indices into `infos`, ordered by name.
  std::vector<uint32_t> byName;
  std::map<std::string, std::string> notes;
  uint64_t hash = 0;
};

} // namespace ingot::storage

#endif // INGOT_STORAGE_SAFETENSORS_H
