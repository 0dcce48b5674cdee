//===- Report.h - a comparison of two artifacts as text ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIFF_REPORT_H
#define INGOT_DIFF_REPORT_H

#include "runtime/diff/Diff.h"

#include <string>

namespace ingot::diff {

/// What `ingot diff` prints: with options.all a line for each step, the
/// statistics of the step stopped after, and the first difference or that there
/// is none. Ends with a line break.
std::string asText(const DiffReport &report, const DiffOptions &options);

} // namespace ingot::diff

#endif // INGOT_DIFF_REPORT_H
