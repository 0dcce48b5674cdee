//===- ShardIndex.h - Which file holds which tensor -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads `model.safetensors.index.json`:
//   {"metadata": {...}, "weight_map": {"a":
//   "model-00001-of-00002.safetensors"}}
// Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_SHARDINDEX_H
#define INGOT_STORAGE_SHARDINDEX_H

#include "ingot/Status.h"

#include <map>
#include <string>
#include <vector>

namespace ingot::storage {

/// The index, checked for itself; whether the files keep its word is for
/// Checkpoint to see.
struct ShardIndex {
  /// Names relative to the checkpoint's folder, sorted, without duplicates.
  /// None is absolute or leaves the folder through "..".
  std::vector<std::string> files;
  /// Tensor name to index into `files`.
  std::map<std::string, size_t> tensors;
};

/// Reads the index at `path`. InvalidInput names what is wrong with it.
Result<ShardIndex> readShardIndex(const std::string &path);

} // namespace ingot::storage

#endif // INGOT_STORAGE_SHARDINDEX_H
