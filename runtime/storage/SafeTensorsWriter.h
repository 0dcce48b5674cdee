//===- SafeTensorsWriter.h - Writes one safetensors file --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The header is fixed first, then the bytes stream through, so a file larger
// than memory needs no memory:
//
//   auto writer = SafeTensorsWriter::create(path, {{"a", ElementType::F32,
//   {2}}}); if (!writer)
//     return writer.status();
//   if (Status s = writer->write(bytes); !s.ok())
//     return s;
//   return writer->finish();
//
// The file appears under its path only when finish() succeeds (see AtomicFile).
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_SAFETENSORSWRITER_H
#define INGOT_STORAGE_SAFETENSORSWRITER_H

#include "ingot/Status.h"
#include "runtime/storage/AtomicFile.h"
#include "runtime/storage/ElementType.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ingot::storage {

/// A tensor to be written: row-major, packed. Name in UTF-8.
struct TensorDeclaration {
  std::string name;
  ElementType type = ElementType::F32;
  std::vector<int64_t> shape;
};

/// Owns the unfinished file, which is removed if finish() is not reached.
/// Move-only; one thread at a time.
class SafeTensorsWriter {
public:
  /// Declares every tensor, in the order in which their bytes will come, and
  /// writes the header. Where elements of different size mix, declaring the
  /// larger ones first keeps all of them aligned to their size.
  static Result<SafeTensorsWriter>
  create(const std::string &path, const std::vector<TensorDeclaration> &tensors,
         const std::map<std::string, std::string> &metadata = {});

  /// The next bytes; a piece may be part of a tensor or span several.
  Status write(std::span<const std::byte> bytes);
  /// Checks that every declared byte came, and puts the file in place.
  Status finish();

private:
  SafeTensorsWriter(std::string path, AtomicFile file, uint64_t remaining)
      : path(std::move(path)), file(std::move(file)), remaining(remaining) {}

  std::string path;
  AtomicFile file;
  /// Declared bytes that have not come yet.
  uint64_t remaining = 0;
};

/// A declaration with its bytes, which the caller keeps alive.
struct TensorToWrite {
  TensorDeclaration declaration;
  std::span<const std::byte> data;
};

/// Writes a whole file at once, in the order given.
Status
writeSafeTensors(const std::string &path,
                 std::span<const TensorToWrite> tensors,
                 const std::map<std::string, std::string> &metadata = {});

} // namespace ingot::storage

#endif // INGOT_STORAGE_SAFETENSORSWRITER_H
