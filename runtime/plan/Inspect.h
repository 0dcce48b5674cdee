//===- Inspect.h - a plan as text or JSON -----------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints what a verified plan says, for people, FileCheck and scripts. Text has
// one object a line, which starts with what the object is; sizes are in bytes.
// Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_INSPECT_H
#define INGOT_PLAN_INSPECT_H

#include "runtime/plan/PlanFile.h"

#include <string>

namespace ingot {

struct InspectOptions {
  /// List the launches of each entry, not just their number.
  bool steps = false;
};

/// Lines, each ended by a newline.
std::string inspectText(const PlanFile &file, const InspectOptions &options);

/// One JSON object, indented, without a newline at the end; what is not UTF-8
/// is replaced.
std::string inspectJson(const PlanFile &file, const InspectOptions &options);

} // namespace ingot

#endif // INGOT_PLAN_INSPECT_H
