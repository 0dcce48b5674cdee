//===- TargetCheck.h - whether this machine can run a plan ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Machine code compiled for another processor ends in an illegal instruction;
// the check turns that into a message before any of it runs.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_TARGETCHECK_H
#define INGOT_PLAN_TARGETCHECK_H

#include "ingot/Status.h"

#include <set>
#include <string>

namespace ingot {

namespace fb {
struct Target;
} // namespace fb

/// Features of this machine's processors, as /proc/cpuinfo spells them. Device
/// if that file cannot be read.
Result<std::set<std::string>> readProcessorFeatures();

/// Incompatible if the plan is for another kind of device, or for features that
/// are not among `features`; the message lists those. `name` is the artifact's.
Status checkTarget(const fb::Target &target,
                   const std::set<std::string> &features,
                   const std::string &name);

} // namespace ingot

#endif // INGOT_PLAN_TARGETCHECK_H
