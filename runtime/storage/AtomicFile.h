//===- AtomicFile.h - Writes a whole file or none ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Bytes go to PATH.tmp-PID in the same directory; commit() flushes them to the
// disk and renames the file to PATH. Readers see the old file or the new one,
// never half of one. Without a commit the temporary file is removed.
//
//   Result<AtomicFile> file = AtomicFile::create(path);
//   if (!file)
//     return file.status();
//   if (Status s = file->write(header); !s.ok())
//     return s;
//   if (Status s = file->padTo(4096); !s.ok())
//     return s;
//   return file->commit();
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_ATOMICFILE_H
#define INGOT_STORAGE_ATOMICFILE_H

#include "ingot/Status.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ingot::storage {

/// Owns the temporary file. Move-only; one thread at a time. Not buffered:
/// write in large pieces. Every error names the file and the system's reason
/// (a full disk is a Device status).
class AtomicFile {
public:
  /// Opens the temporary file beside `path`, which itself is left alone.
  /// InvalidInput if `path` is a folder, a device, a pipe or a socket.
  static Result<AtomicFile> create(const std::string &path);

  AtomicFile(AtomicFile &&other) noexcept;
  AtomicFile &operator=(AtomicFile &&) = delete;
  ~AtomicFile();

  /// Writes at the current position.
  Status write(std::span<const std::byte> bytes);
  Status write(std::string_view text);
  /// Moves the position to `offset` bytes from the start; a gap that is never
  /// written reads as zeros.
  Status seek(uint64_t offset);
  /// Moves forward to the next multiple of `alignment` (> 0), zeros between.
  Status padTo(uint64_t alignment);
  /// In bytes from the start.
  uint64_t position() const { return at; }

  /// Makes the file appear under its path. Nothing may be written afterwards.
  Status commit();

private:
  AtomicFile(std::string path, std::string temporary, int fd)
      : path(std::move(path)), temporary(std::move(temporary)), fd(fd) {}

  std::string path, temporary;
  int fd = -1;
  /// Position, and the end of what was written or sought so far.
  uint64_t at = 0, length = 0;
};

} // namespace ingot::storage

#endif // INGOT_STORAGE_ATOMICFILE_H
