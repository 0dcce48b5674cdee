//===- Container.cpp - the artifact's header and layout -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Container.h"
#include "runtime/storage/Messages.h"

#include <cstdio>
#include <cstring>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace ingot {

uint64_t hashArtifact(const ContainerHeader &header,
                      std::span<const std::byte> file) {
  ContainerHeader unhashed = header;
  unhashed.hash = 0;
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  XXH3_64bits_update(&state, &unhashed, sizeof(unhashed));
  XXH3_64bits_update(&state, file.data() + sizeof(unhashed),
                     header.hashedSize - sizeof(unhashed));
  return XXH3_64bits_digest(&state);
}

/// Checks that header, plan and modules follow each other inside the file.
static Status checkSizes(const ContainerHeader &header, uint64_t size,
                         const std::string &name) {
  if (header.fileSize != size)
    return invalidPlan(name + ": header expects a file of " +
                       std::to_string(header.fileSize) + " bytes, got " +
                       std::to_string(size));
  if (header.hashedSize < sizeof(header) || header.hashedSize > size)
    return invalidPlan(name + ": header expects hashed bytes of 64 to " +
                       std::to_string(size) + ", got " +
                       std::to_string(header.hashedSize));
  if (header.planOffset < sizeof(header) || header.planOffset % 8 != 0 ||
      header.planOffset > header.hashedSize ||
      header.planSize > header.hashedSize - header.planOffset)
    return invalidPlan(name + ": header expects the plan within the first " +
                       std::to_string(header.hashedSize) + " bytes, got " +
                       std::to_string(header.planSize) + " bytes at offset " +
                       std::to_string(header.planOffset));
  return {};
}

Result<ContainerHeader> readContainer(std::span<const std::byte> file,
                                      const std::string &name) {
  ContainerHeader header;
  if (file.size() < sizeof(header))
    return invalidPlan(name + ": artifact expects at least 64 bytes, got " +
                       std::to_string(file.size()));
  std::memcpy(&header, file.data(), sizeof(header));
  if (header.magic != kArtifactMagic)
    return invalidPlan(name + ": not an Ingot artifact: expects it to begin "
                              "with 'INGOT'");
  // Before all else that may have changed between versions.
  if (header.version != kPlanVersion)
    return incompatible(name + ": runtime expects plan version " +
                        std::to_string(kPlanVersion) + ", got " +
                        std::to_string(header.version) +
                        "; compile the checkpoint again");
  if (Status status = checkSizes(header, file.size(), name); !status.ok())
    return status;
  if (uint64_t hash = hashArtifact(header, file); hash != header.hash)
    return invalidPlan(name + ": damaged: header expects hash " +
                       storage::hex(header.hash) + ", got " +
                       storage::hex(hash));
  return header;
}

} // namespace ingot
