//===- Container.h - the artifact's header and layout -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An artifact (`model.ingot`), little endian:
//   0                  ContainerHeader
//   planOffset         the flatbuffer of plan.fbs
//   page-aligned       the modules, in order
//   hashedSize         padding, then the embedded weights, each page-aligned
//   fileSize           end
// The hash finds damage, not malice: a plan carries machine code and is trusted
// like a program. Embedded weights are left out of it, since they may be larger
// than memory. Plain values and pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_CONTAINER_H
#define INGOT_PLAN_CONTAINER_H

#include "ingot/Status.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ingot {

static_assert(std::endian::native == std::endian::little,
              "artifacts are read in place and are little endian");

/// Version of plan.fbs and of this layout. A runtime reads exactly its own.
inline constexpr uint32_t kPlanVersion = 11;

/// View.file of bytes in the artifact itself.
inline constexpr int32_t kEmbedded = -1;
/// View.file of bytes that lie nowhere: the plan was compiled without weights.
inline constexpr int32_t kNoFile = -2;
/// View.file of bytes that Plan.pack computes.
inline constexpr int32_t kPacked = -3;

/// Alignment of blobs: they are mapped, and copied to devices, by the page.
inline constexpr uint64_t kBlobAlignment = 4096;

inline constexpr std::array<char, 8> kArtifactMagic = {'I', 'N', 'G', 'O',
                                                       'T', 0,   0,   1};

/// The first 64 bytes. All offsets and sizes are in bytes from the start of the
/// file.
struct ContainerHeader {
  std::array<char, 8> magic = kArtifactMagic;
  uint32_t version = kPlanVersion;
  uint32_t reserved = 0;
  uint64_t planOffset = 0;
  uint64_t planSize = 0;
  /// End of the last module (of the plan, if there is none): what `hash`
  /// covers.
  uint64_t hashedSize = 0;
  uint64_t fileSize = 0;
  /// XXH3-64 of the first `hashedSize` bytes, with this field as 0.
  uint64_t hash = 0;
  uint64_t reserved2 = 0;
};
static_assert(sizeof(ContainerHeader) == 64);

/// `offset` rounded up to the next blob boundary.
constexpr uint64_t alignBlob(uint64_t offset) {
  return (offset + kBlobAlignment - 1) / kBlobAlignment * kBlobAlignment;
}

/// Hash of the first header.hashedSize bytes of `file`, which it must have.
uint64_t hashArtifact(const ContainerHeader &header,
                      std::span<const std::byte> file);

/// Reads the header of `file` and checks magic, version, sizes and hash.
/// `name` is the file's, for messages. InvalidPlan, or Incompatible for another
/// version.
Result<ContainerHeader> readContainer(std::span<const std::byte> file,
                                      const std::string &name);

} // namespace ingot

#endif // INGOT_PLAN_CONTAINER_H
