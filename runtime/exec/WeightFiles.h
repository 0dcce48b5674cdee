//===- WeightFiles.h - finds and maps a plan's checkpoint -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan names its checkpoint's files and what identifies them. They may have
// been moved since it was compiled; they must not have changed.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_WEIGHTFILES_H
#define INGOT_EXEC_WEIGHTFILES_H

#include "ingot/Status.h"
#include "runtime/storage/MappedFile.h"

#include <string>
#include <vector>

namespace ingot {

namespace fb {
struct Plan;
} // namespace fb

/// Folders to look for weights in, best first: `weightsDirectory` alone if it
/// is given, else the folder that the plan names (relative to the artifact's),
/// then the artifact's own.
std::vector<std::string> listWeightFolders(const fb::Plan &plan,
                                           const std::string &artifactPath,
                                           const std::string &weightsDirectory);

/// Maps every file of the plan, in its order, from the first of `folders` that
/// has it. NotFound names the folders; Incompatible names a file that is not
/// the one that was compiled, and in what it differs.
Result<std::vector<storage::MappedFile>>
openWeightFiles(const fb::Plan &plan, const std::vector<std::string> &folders);

} // namespace ingot

#endif // INGOT_EXEC_WEIGHTFILES_H
