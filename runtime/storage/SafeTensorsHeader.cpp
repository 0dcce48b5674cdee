//===- SafeTensorsHeader.cpp - Checks a safetensors header ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/SafeTensorsHeader.h"

#include "runtime/storage/Json.h"
#include "runtime/storage/Messages.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>
#include <tuple>

namespace ingot::storage {

using Json = nlohmann::json;

std::optional<uint64_t> tensorBytes(ElementType type,
                                    std::span<const int64_t> shape) {
  // 2^62 leaves room for offsets to be added without overflow.
  constexpr uint64_t limit = uint64_t(1) << 62;
  uint64_t bytes = sizeOf(type);
  for (int64_t extent : shape) {
    if (extent < 0)
      return std::nullopt;
    if (extent != 0 && bytes > limit / static_cast<uint64_t>(extent))
      return std::nullopt;
    bytes *= static_cast<uint64_t>(extent);
  }
  return bytes;
}

/// A JSON number that is an integer in [0, 2^63).
static std::optional<int64_t> asCount(const Json &value) {
  if (!value.is_number_unsigned() ||
      value.get<uint64_t>() >
          static_cast<uint64_t>(std::numeric_limits<int64_t>::max()))
    return std::nullopt;
  return value.get<int64_t>();
}

/// The member `key` of an object; null if it has none.
static Json member(const Json &object, const char *key) {
  auto it = object.find(key);
  return it == object.end() ? Json() : *it;
}

// In the three readers below `where` opens every message.

static Status readType(const Json &dtype, const std::string &where,
                       ElementType &type) {
  if (!dtype.is_string())
    return invalidInput(where + "expects a string dtype, got " +
                        describe(dtype));
  const auto &spelling = dtype.get_ref<const std::string &>();
  auto named = elementTypeNamed(spelling);
  if (!named)
    return invalidInput(where + "has unknown dtype " + quote(spelling));
  type = *named;
  return {};
}

static Status readShape(const Json &shape, const std::string &where,
                        TensorInfo &info) {
  if (!shape.is_array())
    return invalidInput(where + "expects a shape array, got " +
                        describe(shape));
  for (const Json &extent : shape) {
    auto count = asCount(extent);
    if (!count)
      return invalidInput(where + "expects extents from 0 to 2^63 - 1, got " +
                          describe(extent));
    info.shape.push_back(*count);
  }
  auto bytes = tensorBytes(info.type, info.shape);
  if (!bytes)
    return invalidInput(where + "has a shape whose size overflows");
  info.bytes = *bytes;
  return {};
}

/// Leaves the offset counted from the data section, which has `dataBytes`
/// bytes.
static Status readPlace(const Json &offsets, const std::string &where,
                        uint64_t dataBytes, TensorInfo &info) {
  if (!offsets.is_array() || offsets.size() != 2 || !asCount(offsets[0]) ||
      !asCount(offsets[1]))
    return invalidInput(
        where + "expects data_offsets of two byte counts, got " +
        (offsets.is_array() ? quote(offsets.dump()) : describe(offsets)));
  auto begin = static_cast<uint64_t>(*asCount(offsets[0]));
  auto end = static_cast<uint64_t>(*asCount(offsets[1]));
  if (begin > end || end > dataBytes)
    return invalidInput(
        where + "expects data_offsets within [0, " + std::to_string(dataBytes) +
        "], got [" + std::to_string(begin) + ", " + std::to_string(end) + "]");
  if (end - begin != info.bytes)
    return invalidInput(where + "expects " + std::to_string(info.bytes) +
                        " bytes, got " + std::to_string(end - begin));
  info.fileOffset = begin;
  return {};
}

static Result<TensorInfo> readTensor(const Json &entry, const std::string &name,
                                     const std::string &where,
                                     uint64_t dataBytes) {
  if (!entry.is_object())
    return invalidInput(where + "expects an object, got " + describe(entry));
  TensorInfo info;
  info.name = name;
  if (Status s = readType(member(entry, "dtype"), where, info.type); !s.ok())
    return s;
  if (Status s = readShape(member(entry, "shape"), where, info); !s.ok())
    return s;
  if (Status s =
          readPlace(member(entry, "data_offsets"), where, dataBytes, info);
      !s.ok())
    return s;
  return info;
}

static Status readMetadata(const Json &entry, const std::string &file,
                           std::map<std::string, std::string> &metadata) {
  if (!entry.is_object())
    return invalidInput(file + ": __metadata__ expects an object, got " +
                        describe(entry));
  for (const auto &[key, value] : entry.items()) {
    if (!value.is_string())
      return invalidInput(file + ": __metadata__ " + quote(key) +
                          " expects a string, got " + describe(value));
    metadata[key] = value.get_ref<const std::string &>();
  }
  return {};
}

/// Orders the tensors by place and checks that they fill the data section.
static Status checkTiling(std::vector<TensorInfo> &tensors,
                          const std::string &file, uint64_t dataBytes) {
  // An empty tensor sorts before the one that starts at the same byte.
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorInfo &a, const TensorInfo &b) {
              return std::tie(a.fileOffset, a.bytes, a.name) <
                     std::tie(b.fileOffset, b.bytes, b.name);
            });
  uint64_t end = 0;
  std::string previous;
  for (const TensorInfo &tensor : tensors) {
    if (tensor.fileOffset < end)
      return invalidInput(file + ": tensor " + quote(tensor.name) +
                          " overlaps tensor " + quote(previous));
    if (tensor.fileOffset > end)
      return invalidInput(file + ": tensor " + quote(tensor.name) +
                          " expects to begin at byte " + std::to_string(end) +
                          " of the data, got " +
                          std::to_string(tensor.fileOffset));
    end += tensor.bytes;
    previous = tensor.name;
  }
  if (end != dataBytes)
    return invalidInput(file + ": expects " + std::to_string(end) +
                        " bytes of data, got " + std::to_string(dataBytes));
  return {};
}

Result<SafeTensorsHeader> parseSafeTensorsHeader(std::string_view text,
                                                 const std::string &name,
                                                 uint64_t dataBegin,
                                                 uint64_t fileSize) {
  // file -> tensor -> shape: nothing in the format nests deeper.
  constexpr size_t maxDepth = 3;
  auto json = parseJson(text, name, maxDepth);
  if (!json)
    return json.status();
  if (!json->is_object())
    return invalidInput(name + ": header expects an object, got " +
                        describe(*json));
  SafeTensorsHeader header;
  header.tensors.reserve(json->size());
  for (const auto &[key, entry] : json->items()) {
    if (key == "__metadata__") {
      if (Status s = readMetadata(entry, name, header.metadata); !s.ok())
        return s;
      continue;
    }
    auto tensor = readTensor(entry, key, name + ": tensor " + quote(key) + " ",
                             fileSize - dataBegin);
    if (!tensor)
      return tensor.status();
    header.tensors.push_back(*std::move(tensor));
  }
  if (Status s = checkTiling(header.tensors, name, fileSize - dataBegin);
      !s.ok())
    return s;
  for (TensorInfo &tensor : header.tensors)
    tensor.fileOffset += dataBegin;
  return header;
}

} // namespace ingot::storage
