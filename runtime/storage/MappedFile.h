//===- MappedFile.h - A file's bytes, without copying -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Maps a whole file, and keeps it open. The bytes live as long as the object
// and do not move when the object is moved. Immutable after open, so threads
// may read it together.
//
// A file that someone truncates while it is mapped kills the reader (SIGBUS):
// the operating system offers no cheap way round, so checkpoints and artifacts
// are replaced (see AtomicFile), never rewritten in place.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_MAPPEDFILE_H
#define INGOT_STORAGE_MAPPEDFILE_H

#include "ingot/Status.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ingot::storage {

/// Owns the mapping. Move-only; a moved-from file is empty.
class MappedFile {
public:
  /// Maps the regular file at `path`; an empty file is fine. NotFound if there
  /// is none, Device with the system's reason otherwise.
  static Result<MappedFile> open(const std::string &path);

  MappedFile(MappedFile &&other) noexcept;
  MappedFile &operator=(MappedFile &&other) noexcept;
  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;
  ~MappedFile();

  /// As given to `open`.
  const std::string &path() const { return filePath; }
  /// In bytes.
  uint64_t size() const { return length; }
  std::span<const std::byte> bytes() const { return {begin, length}; }
  /// Copies bytes [offset, offset + out.size()) of the file. Faster than
  /// through the mapping, whose pages must be entered one by one. Device with
  /// the system's reason, or if the file has become shorter.
  Status read(uint64_t offset, std::span<std::byte> out) const;
  /// The same bytes as characters, not terminated.
  std::string_view text() const {
    return {reinterpret_cast<const char *>(begin), length};
  }

private:
  MappedFile(std::string path, int descriptor, std::span<const std::byte> bytes)
      : filePath(std::move(path)), descriptor(descriptor), begin(bytes.data()),
        length(bytes.size()) {}
  void close();

  std::string filePath;
  int descriptor = -1;
  const std::byte *begin = nullptr;
  size_t length = 0;
};

/// Lets go of the memory of the whole pages that lie within `bytes`, a part of
/// a mapped file: they are read from the file again when they are next touched.
void releasePages(std::span<const std::byte> bytes);

} // namespace ingot::storage

#endif // INGOT_STORAGE_MAPPEDFILE_H
