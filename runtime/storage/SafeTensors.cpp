//===- SafeTensors.cpp - Reads one safetensors file -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/SafeTensors.h"

#include "runtime/storage/SafeTensorsHeader.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <numeric>

namespace ingot::storage {

/// Reads the length that opens the file, checked against the file's size.
static Result<uint64_t> headerLength(const MappedFile &file) {
  constexpr uint64_t prefix = 8;
  // The limit of the format's reference implementation.
  constexpr uint64_t maxHeader = 100'000'000;
  if (file.size() < prefix)
    return invalidInput(file.path() + ": expects at least 8 bytes, got " +
                        std::to_string(file.size()));
  uint64_t length = 0;
  for (size_t i = 0; i < prefix; ++i)
    length |= std::to_integer<uint64_t>(file.bytes()[i]) << (8 * i);
  if (length > maxHeader)
    return invalidInput(file.path() + ": expects a header of at most " +
                        std::to_string(maxHeader) + " bytes, got " +
                        std::to_string(length));
  if (length > file.size() - prefix)
    return invalidInput(file.path() + ": header of " + std::to_string(length) +
                        " bytes does not fit in a file of " +
                        std::to_string(file.size()));
  return length;
}

Result<SafeTensors> SafeTensors::open(const std::string &path) {
  auto file = MappedFile::open(path);
  if (!file)
    return file.status();
  auto length = headerLength(*file);
  if (!length)
    return length.status();
  std::string_view text = file->text().substr(8, *length);
  auto header = parseSafeTensorsHeader(text, path, 8 + *length, file->size());
  if (!header)
    return header.status();

  SafeTensors result(*std::move(file));
  result.infos = std::move(header->tensors);
  result.notes = std::move(header->metadata);
  result.hash = XXH3_64bits(text.data(), text.size());
  result.byName.resize(result.infos.size());
  std::iota(result.byName.begin(), result.byName.end(), 0);
  std::sort(result.byName.begin(), result.byName.end(),
            [&](uint32_t a, uint32_t b) {
              return result.infos[a].name < result.infos[b].name;
            });
  return result;
}

const TensorInfo *SafeTensors::find(std::string_view name) const {
  auto it = std::lower_bound(
      byName.begin(), byName.end(), name,
      [&](uint32_t i, std::string_view key) { return infos[i].name < key; });
  if (it == byName.end() || infos[*it].name != name)
    return nullptr;
  return &infos[*it];
}

std::span<const std::byte> SafeTensors::data(const TensorInfo &info) const {
  if (info.fileOffset > mapped.size() ||
      info.bytes > mapped.size() - info.fileOffset)
    return {};
  return mapped.bytes().subspan(info.fileOffset, info.bytes);
}

} // namespace ingot::storage
