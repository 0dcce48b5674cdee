//===- PlanFile.h - a verified artifact, mapped -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Opening an artifact checks everything that the runtime relies on afterwards:
// the container, the flatbuffer, and what the plan says (see VerifyPlan.h).
// What is reachable through a PlanFile can be used without further checks.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_PLANFILE_H
#define INGOT_PLAN_PLANFILE_H

#include "ingot/Status.h"
#include "runtime/plan/Container.h"
#include "runtime/storage/MappedFile.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace ingot {

namespace fb {
struct Plan;
} // namespace fb

/// Checks an artifact in memory as PlanFile::open checks a file, which `name`
/// stands for in messages. The plan points into `file`, which begins at an
/// address aligned to 8.
Result<const fb::Plan *> verifyArtifact(std::span<const std::byte> file,
                                        const std::string &name);

/// Owns the mapping. Move-only; immutable, so threads may share it.
class PlanFile {
public:
  /// Maps and verifies the artifact at `path`. InvalidPlan if it is damaged or
  /// contradicts itself, Incompatible if it has another version. Does not ask
  /// whether this machine can run it (see TargetCheck.h).
  static Result<PlanFile> open(const std::string &path);

  /// Points into the mapping.
  const fb::Plan &plan() const { return *root; }
  const std::string &path() const { return file.path(); }
  /// Size of the artifact in bytes.
  uint64_t size() const { return file.size(); }
  /// The bytes of a module or an embedded view: a range that a verified plan
  /// names, so it lies inside the file.
  std::span<const std::byte> blob(uint64_t offset, uint64_t size) const {
    return file.bytes().subspan(offset, size);
  }

  const storage::MappedFile &mapping() const { return file; }

private:
  PlanFile(storage::MappedFile file, const fb::Plan *root)
      : file(std::move(file)), root(root) {}

  storage::MappedFile file;
  const fb::Plan *root;
};

} // namespace ingot

#endif // INGOT_PLAN_PLANFILE_H
