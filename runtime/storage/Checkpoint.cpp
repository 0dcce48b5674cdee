//===- Checkpoint.cpp - The tensors of a checkpoint folder ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Checkpoint.h"

#include "runtime/storage/Messages.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <tuple>

namespace ingot::storage {

Result<Checkpoint> Checkpoint::open(const std::string &folder) {
  constexpr const char *singleName = "model.safetensors";
  constexpr const char *indexName = "model.safetensors.index.json";
  std::error_code ignored;
  std::filesystem::path root(folder);
  Checkpoint result(folder);
  // Where a folder has both, the single file wins, as in the library that
  // defined this layout.
  if (std::filesystem::exists(root / singleName, ignored)) {
    if (Status s = result.addFile(singleName); !s.ok())
      return s;
    if (Status s = result.listTensors(); !s.ok())
      return s;
    return result;
  }
  if (!std::filesystem::exists(root / indexName, ignored))
    return notFound(quote(folder) + " expects model.safetensors or " +
                    "model.safetensors.index.json, got neither");

  auto index = readShardIndex(root / indexName);
  if (!index)
    return index.status();
  for (const std::string &file : index->files)
    if (Status s = result.addFile(file); !s.ok())
      return s;
  if (Status s = result.listTensors(); !s.ok())
    return s;
  if (Status s = result.checkIndex(*index); !s.ok())
    return s;
  return result;
}

Status Checkpoint::addFile(const std::string &name) {
  auto file = SafeTensors::open(std::filesystem::path(root) / name);
  if (!file)
    return file.status();
  fileInfos.push_back({name, file->file().size(), file->headerHash()});
  opened.push_back(*std::move(file));
  return {};
}

Status Checkpoint::listTensors() {
  for (size_t file = 0; file < opened.size(); ++file)
    for (const TensorInfo &info : opened[file].tensors())
      located.push_back({file, info});
  std::sort(located.begin(), located.end(),
            [](const CheckpointTensor &a, const CheckpointTensor &b) {
              return std::tie(a.info.name, a.file) <
                     std::tie(b.info.name, b.file);
            });
  auto twin = std::adjacent_find(
      located.begin(), located.end(),
      [](const CheckpointTensor &a, const CheckpointTensor &b) {
        return a.info.name == b.info.name;
      });
  if (twin == located.end())
    return {};
  return invalidInput(root + ": tensor " + quote(twin->info.name) +
                      " lies both in " + quote(fileInfos[twin->file].name) +
                      " and in " + quote(fileInfos[twin[1].file].name));
}

Status Checkpoint::checkIndex(const ShardIndex &index) const {
  for (const auto &[name, file] : index.tensors) {
    const CheckpointTensor *tensor = find(name);
    if (!tensor || tensor->file != file)
      return invalidInput(root + ": tensor " + quote(name) +
                          " expects to be in " + quote(index.files[file]) +
                          ", got " +
                          (tensor ? quote(index.files[tensor->file]) : "none"));
  }
  for (const CheckpointTensor &tensor : located)
    if (!index.tensors.count(tensor.info.name))
      return invalidInput(root + ": tensor " + quote(tensor.info.name) +
                          " of " + quote(fileInfos[tensor.file].name) +
                          " is not in the index");
  return {};
}

const CheckpointTensor *Checkpoint::find(std::string_view name) const {
  auto it = std::lower_bound(
      located.begin(), located.end(), name,
      [](const CheckpointTensor &tensor, std::string_view key) {
        return tensor.info.name < key;
      });
  return it == located.end() || it->info.name != name ? nullptr : &*it;
}

std::span<const std::byte>
Checkpoint::data(const CheckpointTensor &tensor) const {
  if (tensor.file >= opened.size())
    return {};
  return opened[tensor.file].data(tensor.info);
}

} // namespace ingot::storage
