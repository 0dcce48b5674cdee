//===- PlanFile.cpp - a verified artifact, mapped -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/PlanFile.h"
#include "runtime/plan/VerifyPlan.h"
#include "runtime/plan/plan_generated.h"

#include <algorithm>

namespace ingot {

/// Checks that every offset in the flatbuffer stays inside it.
static Status checkFlatbuffer(std::span<const std::byte> bytes,
                              const std::string &name) {
  if (bytes.size() >= FLATBUFFERS_MAX_BUFFER_SIZE)
    return invalidPlan(name +
                       ": plan expects less than 2147483647 bytes, got " +
                       std::to_string(bytes.size()));
  flatbuffers::Verifier::Options options;
  // A table takes 4 bytes and the offset that refers to it 4 more: a plan that
  // needs more visits than that repeats its tables to exhaust the reader.
  options.max_tables = flatbuffers::uoffset_t(
      std::min<uint64_t>(uint64_t(1) << 28, bytes.size() / 8 + 1));
  flatbuffers::Verifier verifier(
      reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), options);
  if (!fb::VerifyPlanBuffer(verifier))
    return invalidPlan(name +
                       ": plan expects a well-formed flatbuffer of type "
                       "'INGT', got " +
                       std::to_string(bytes.size()) + " bytes that are not");
  return {};
}

Result<const fb::Plan *> verifyArtifact(std::span<const std::byte> file,
                                        const std::string &name) {
  Result<ContainerHeader> header = readContainer(file, name);
  if (!header)
    return header.status();
  std::span<const std::byte> bytes =
      file.subspan(header->planOffset, header->planSize);
  if (Status status = checkFlatbuffer(bytes, name); !status.ok())
    return status;
  const fb::Plan *root = fb::GetPlan(bytes.data());
  if (Status status = verifyPlan(*root, *header, name); !status.ok())
    return status;
  return root;
}

Result<PlanFile> PlanFile::open(const std::string &path) {
  Result<storage::MappedFile> file = storage::MappedFile::open(path);
  if (!file)
    return file.status();
  Result<const fb::Plan *> root = verifyArtifact(file->bytes(), path);
  if (!root)
    return root.status();
  return PlanFile(std::move(*file), *root);
}

} // namespace ingot
