//===- AtomicFile.cpp - Writes a whole file or none -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/AtomicFile.h"

#include "runtime/storage/Messages.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>

namespace ingot::storage {

/// A rename replaces whatever has the name, devices and pipes too: only files
/// may be replaced.
static Status checkReplaceable(const std::string &path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0 || S_ISREG(info.st_mode))
    return {};
  const char *kind = S_ISDIR(info.st_mode) ? "a folder"
                     : S_ISCHR(info.st_mode) || S_ISBLK(info.st_mode)
                         ? "a device"
                         : "a pipe or socket";
  return invalidInput("cannot replace " + quote(path) +
                      ": expects a file or nothing there, got " + kind);
}

Result<AtomicFile> AtomicFile::create(const std::string &path) {
  if (Status status = checkReplaceable(path); !status.ok())
    return status;
  const std::string base = path + ".tmp-" + std::to_string(getpid());
  // A crashed process of the same id may have left its file behind.
  constexpr int maxAttempts = 16;
  std::string temporary = base;
  int fd = -1;
  for (int attempt = 1; attempt <= maxAttempts; ++attempt) {
    fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                0666);
    if (fd >= 0 || errno != EEXIST)
      break;
    temporary = base + "-" + std::to_string(attempt);
  }
  if (fd < 0)
    return osError("create", temporary, errno);
  return AtomicFile(path, std::move(temporary), fd);
}

AtomicFile::AtomicFile(AtomicFile &&other) noexcept
    : path(std::move(other.path)), temporary(std::move(other.temporary)),
      fd(std::exchange(other.fd, -1)), at(other.at), length(other.length) {}

AtomicFile::~AtomicFile() {
  if (fd < 0)
    return;
  ::close(fd);
  ::unlink(temporary.c_str());
}

Status AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    ssize_t written =
        ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return osError("write", temporary, errno);
    bytes = bytes.subspan(static_cast<size_t>(written));
    at += static_cast<uint64_t>(written);
  }
  length = std::max(length, at);
  return {};
}

Status AtomicFile::write(std::string_view text) {
  return write(std::as_bytes(std::span(text)));
}

Status AtomicFile::seek(uint64_t offset) {
  if (offset > static_cast<uint64_t>(std::numeric_limits<off_t>::max()))
    return invalidInput("cannot seek in " + quote(path) + " to " +
                        std::to_string(offset) +
                        ": beyond the largest file size");
  at = offset;
  length = std::max(length, at);
  return {};
}

Status AtomicFile::padTo(uint64_t alignment) {
  uint64_t past = at % alignment;
  return past == 0 ? Status() : seek(at + (alignment - past));
}

Status AtomicFile::commit() {
  // A gap at the very end has no bytes that would have made the file long.
  if (::ftruncate(fd, static_cast<off_t>(length)) != 0)
    return osError("extend", temporary, errno);
  // Some file systems report a full disk only here.
  if (::fsync(fd) != 0)
    return osError("flush", temporary, errno);
  if (std::rename(temporary.c_str(), path.c_str()) != 0)
    return osError("replace", path, errno);
  ::close(std::exchange(fd, -1));
  return {};
}

} // namespace ingot::storage
