//===- ArtifactWriter.h - puts plan and blobs in one file -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The last step of a compilation:
//
//   Blob module{.bytes = std::as_bytes(std::span(sharedObject))};
//   Status status = writeArtifact("model.ingot", plan, {&module, 1});
//
// The same plan and blobs give the same bytes.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_ARTIFACTWRITER_H
#define INGOT_PLAN_ARTIFACTWRITER_H

#include "ingot/Status.h"
#include "runtime/plan/Container.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ingot {

namespace fb {
struct Plan;
struct PlanT;
} // namespace fb

/// Bytes of an artifact beside its plan: either in memory or, where `path` is
/// not empty, a range of a file that is streamed across.
struct Blob {
  /// Kept alive by the caller.
  std::span<const std::byte> bytes = {};
  std::string path = {};
  uint64_t offset = 0, size = 0;
};

/// An artifact up to its embedded weights: where everything lies is decided.
struct PackedArtifact {
  ContainerHeader header;
  /// The first header.hashedSize bytes of the file.
  std::vector<std::byte> head;

  /// Points into `head`.
  const fb::Plan &plan() const;
};

/// Places `blobs` behind `plan`: first the images of plan.modules, which must
/// be in memory, then the views that have file -1 (embedded weights), weight by
/// weight. Fills in the offsets and sizes of those modules and the offsets of
/// those views. InvalidInput if the blobs do not fit the plan; does not verify
/// the plan otherwise (PlanFile does). `name` is the artifact's, for messages.
Result<PackedArtifact> packArtifact(const std::string &name, fb::PlanT &plan,
                                    std::span<const Blob> blobs);

/// Writes `path` whole or not at all; `blobs` as packArtifact got them.
Status writeArtifact(const std::string &path, const PackedArtifact &packed,
                     std::span<const Blob> blobs);

/// Both in one.
Status writeArtifact(const std::string &path, fb::PlanT &plan,
                     std::span<const Blob> blobs);

} // namespace ingot

#endif // INGOT_PLAN_ARTIFACTWRITER_H
