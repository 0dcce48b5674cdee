//===- FuzzSafetensors.cpp - any bytes as a file of tensors ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What begins like an object of JSON is read as model.safetensors.index.json,
// all else as a safetensors file.
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/SafeTensors.h"
#include "runtime/storage/SafeTensorsHeader.h"
#include "runtime/storage/ShardIndex.h"
#include "test/fuzz/Fuzz.h"

using namespace ingot;

static void fuzzIndex(const std::string &path) {
  Result<storage::ShardIndex> index = storage::readShardIndex(path);
  if (!index)
    return fuzz::checkRefusal(index.status());
  for (const auto &[tensor, file] : index->tensors)
    fuzz::check(file < index->files.size(), "a tensor in no file");
}

/// The header once more, in memory that ends with it.
static void fuzzHeader(std::string_view header, uint64_t fileSize) {
  const std::vector<char> exact(header.begin(), header.end());
  fuzz::use(storage::parseSafeTensorsHeader({exact.data(), exact.size()},
                                            "model.safetensors",
                                            8 + header.size(), fileSize));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const fuzz::Folder folder;
  std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const std::string path = folder.write("input", bytes);
  if (bytes.starts_with('{')) {
    fuzzIndex(path);
    return 0;
  }
  Result<storage::SafeTensors> file = storage::SafeTensors::open(path);
  if (!file) {
    fuzz::checkRefusal(file.status());
    return 0;
  }
  uint64_t held = 0;
  for (const storage::TensorInfo &info : file->tensors()) {
    fuzz::check(file->find(info.name) == &info, "a tensor that is not found");
    fuzz::check(file->data(info).size() == info.bytes, "a tensor cut off");
    held += info.bytes;
  }
  fuzz::check(held <= size - 8, "tensors of more bytes than their file");
  fuzzHeader(bytes.substr(8, size - 8 - held), size);
  return 0;
}
