//===- Checkpoint.h - The tensors of a checkpoint folder --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A folder with `model.safetensors`, or with `model.safetensors.index.json` and
// the files that it names. Index and files are checked against each other when
// the checkpoint is opened. Immutable; threads may share it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_CHECKPOINT_H
#define INGOT_STORAGE_CHECKPOINT_H

#include "ingot/Status.h"
#include "runtime/storage/SafeTensors.h"
#include "runtime/storage/ShardIndex.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ingot::storage {

/// A file of the checkpoint, as a plan records it.
struct CheckpointFile {
  /// Relative to the checkpoint's folder.
  std::string name;
  /// In bytes.
  uint64_t size = 0;
  /// See SafeTensors::headerHash.
  uint64_t headerHash = 0;
};

/// A tensor and the file it lies in.
struct CheckpointTensor {
  /// Index into Checkpoint::files().
  size_t file = 0;
  /// Offsets count from the start of that file.
  TensorInfo info;
};

/// Owns the mappings of all files. Move-only.
class Checkpoint {
public:
  /// Opens the checkpoint in `folder`. NotFound if it has none; InvalidInput if
  /// a file is damaged, a tensor is missing, lies in two files, or lies in a
  /// file without being in the index.
  static Result<Checkpoint> open(const std::string &folder);

  /// As given to `open`.
  const std::string &folder() const { return root; }
  /// Sorted by name.
  const std::vector<CheckpointFile> &files() const { return fileInfos; }
  /// Every tensor, sorted by name.
  const std::vector<CheckpointTensor> &tensors() const { return located; }
  /// Null if there is none. The pointer stays good while this object lives,
  /// moved or not.
  const CheckpointTensor *find(std::string_view name) const;
  /// The bytes of a tensor of this checkpoint: row-major, packed, with no
  /// alignment to count on. They live as long as the checkpoint.
  std::span<const std::byte> data(const CheckpointTensor &tensor) const;

private:
  explicit Checkpoint(std::string folder) : root(std::move(folder)) {}
  /// Maps the next file of the checkpoint.
  Status addFile(const std::string &name);
  /// Lists the tensors of all files by name; no name may come twice.
  Status listTensors();
  /// Compares the files with their index.
  Status checkIndex(const ShardIndex &index) const;

  std::string root;
  std::vector<CheckpointFile> fileInfos;
  std::vector<SafeTensors> opened;
  std::vector<CheckpointTensor> located;
};

} // namespace ingot::storage

#endif // INGOT_STORAGE_CHECKPOINT_H
