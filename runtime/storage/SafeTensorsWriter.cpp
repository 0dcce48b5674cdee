//===- SafeTensorsWriter.cpp - Writes one safetensors file ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/SafeTensorsWriter.h"

#include "runtime/storage/Messages.h"
#include "runtime/storage/SafeTensorsHeader.h"

#include <nlohmann/json.hpp>

#include <set>

namespace ingot::storage {

using Json = nlohmann::json;

/// `text` as a JSON string. The replacing handler keeps the library from
/// throwing; `create` refuses text that it would have changed.
static std::string encode(const std::string &text) {
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

static bool isUtf8(const std::string &text) {
  return Json::parse(encode(text), nullptr, /*allow_exceptions=*/false) == text;
}

/// Appends one entry to `header`; `end` is where its bytes begin in the data
/// section and then where they end.
static Status declare(const TensorDeclaration &tensor, const std::string &path,
                      std::string &header, uint64_t &end) {
  const std::string where = path + ": tensor " + quote(tensor.name) + " ";
  if (tensor.name == "__metadata__")
    return invalidInput(where + "has a reserved name");
  if (!isUtf8(tensor.name))
    return invalidInput(where + "expects a name in UTF-8");
  auto bytes = tensorBytes(tensor.type, tensor.shape);
  // Two sizes below 2^62 each: their sum does not wrap.
  if (!bytes || end + *bytes >= uint64_t(1) << 62)
    return invalidInput(where + "has a negative extent or too large a size");
  uint64_t begin = end;
  end += *bytes;
  Json entry = {{"dtype", std::string(name(tensor.type))},
                {"shape", tensor.shape},
                {"data_offsets", {begin, end}}};
  if (header.size() > 1)
    header += ',';
  header += encode(tensor.name);
  header += ':';
  header += entry.dump();
  return {};
}

Result<SafeTensorsWriter>
SafeTensorsWriter::create(const std::string &path,
                          const std::vector<TensorDeclaration> &tensors,
                          const std::map<std::string, std::string> &metadata) {
  std::string header = "{";
  if (!metadata.empty()) {
    for (const auto &[key, value] : metadata)
      if (!isUtf8(key) || !isUtf8(value))
        return invalidInput(path + ": metadata " + quote(key) +
                            " expects UTF-8");
    header += "\"__metadata__\":" + Json(metadata).dump();
  }
  uint64_t end = 0;
  std::set<std::string_view> names;
  for (const TensorDeclaration &tensor : tensors) {
    if (!names.insert(tensor.name).second)
      return invalidInput(path + ": tensor " + quote(tensor.name) +
                          " is declared twice");
    if (Status s = declare(tensor, path, header, end); !s.ok())
      return s;
  }
  header += "}";
  // Spaces at the end are allowed; they align the data for mapped readers.
  header.resize((header.size() + 7) / 8 * 8, ' ');

  auto file = AtomicFile::create(path);
  if (!file)
    return file.status();
  std::string length(8, '\0');
  for (size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<char>(header.size() >> (8 * i));
  if (Status s = file->write(length + header); !s.ok())
    return s;
  return SafeTensorsWriter(path, *std::move(file), end);
}

Status SafeTensorsWriter::write(std::span<const std::byte> bytes) {
  if (bytes.size() > remaining)
    return invalidInput(path + ": expects " + std::to_string(remaining) +
                        " more bytes of data, got " +
                        std::to_string(bytes.size()));
  remaining -= bytes.size();
  return file.write(bytes);
}

Status SafeTensorsWriter::finish() {
  if (remaining != 0)
    return invalidInput(path + ": " + std::to_string(remaining) +
                        " declared bytes of data were not written");
  return file.commit();
}

Status writeSafeTensors(const std::string &path,
                        std::span<const TensorToWrite> tensors,
                        const std::map<std::string, std::string> &metadata) {
  std::vector<TensorDeclaration> declarations;
  declarations.reserve(tensors.size());
  for (const TensorToWrite &tensor : tensors) {
    const TensorDeclaration &declared = tensor.declaration;
    auto bytes = tensorBytes(declared.type, declared.shape);
    // A shape without a size is reported by `create`.
    if (bytes && *bytes != tensor.data.size())
      return invalidInput(path + ": tensor " + quote(declared.name) +
                          " expects " + std::to_string(*bytes) +
                          " bytes, got " + std::to_string(tensor.data.size()));
    declarations.push_back(declared);
  }
  auto writer = SafeTensorsWriter::create(path, declarations, metadata);
  if (!writer)
    return writer.status();
  for (const TensorToWrite &tensor : tensors)
    if (Status s = writer->write(tensor.data); !s.ok())
      return s;
  return writer->finish();
}

} // namespace ingot::storage
