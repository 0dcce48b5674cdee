//===- MappedFile.cpp - A file's bytes, without copying -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/MappedFile.h"

#include "runtime/storage/Messages.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ingot::storage {

/// Maps an open file; the mapping outlives the descriptor.
static Result<std::span<const std::byte>> mapAll(int fd,
                                                 const std::string &path) {
  struct stat info;
  if (fstat(fd, &info) != 0)
    return osError("examine", path, errno);
  if (!S_ISREG(info.st_mode))
    return invalidInput("cannot map " + quote(path) +
                        ": expects a regular file");
  auto length = static_cast<size_t>(info.st_size);
  // mmap refuses a length of zero.
  if (length == 0)
    return std::span<const std::byte>();
  void *address = mmap(nullptr, length, PROT_READ, MAP_PRIVATE, fd, 0);
  if (address == MAP_FAILED)
    return osError("map", path, errno);
  return std::span(static_cast<const std::byte *>(address), length);
}

Result<MappedFile> MappedFile::open(const std::string &path) {
  // Without O_NONBLOCK, opening a FIFO would wait for a writer for ever.
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return osError("open", path, errno);
  auto mapped = mapAll(fd, path);
  if (!mapped) {
    ::close(fd);
    return mapped.status();
  }
  return MappedFile(path, fd, *mapped);
}

MappedFile::MappedFile(MappedFile &&other) noexcept
    : filePath(std::move(other.filePath)),
      descriptor(std::exchange(other.descriptor, -1)),
      begin(std::exchange(other.begin, nullptr)),
      length(std::exchange(other.length, 0)) {}

MappedFile &MappedFile::operator=(MappedFile &&other) noexcept {
  if (this == &other)
    return *this;
  close();
  filePath = std::move(other.filePath);
  descriptor = std::exchange(other.descriptor, -1);
  begin = std::exchange(other.begin, nullptr);
  length = std::exchange(other.length, 0);
  return *this;
}

MappedFile::~MappedFile() { close(); }

void MappedFile::close() {
  if (begin)
    munmap(const_cast<std::byte *>(begin), length);
  if (descriptor >= 0)
    ::close(descriptor);
}

Status MappedFile::read(uint64_t offset, std::span<std::byte> out) const {
  while (!out.empty()) {
    const ssize_t count =
        pread(descriptor, out.data(), out.size(), off_t(offset));
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return osError("read", filePath, errno);
    if (count == 0)
      return deviceError("cannot read " + quote(filePath) + ": expects " +
                         std::to_string(length) + " bytes, got " +
                         std::to_string(offset));
    offset += uint64_t(count);
    out = out.subspan(size_t(count));
  }
  return {};
}

void releasePages(std::span<const std::byte> bytes) {
  auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  auto from = reinterpret_cast<uintptr_t>(bytes.data());
  uintptr_t begin = (from + page - 1) / page * page,
            end = (from + bytes.size()) / page * page;
  // A hint: where it fails, the pages stay.
  if (begin < end)
    madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
}

} // namespace ingot::storage
