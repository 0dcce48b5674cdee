//===- Report.h - evaluation reports as text and JSON -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One spelling of the reports for every tool that prints them. Text has one
// number a line, `name: value` with dots for nesting; JSON has the same names.
// A NaN, which JSON does not have, is null there. Pure functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EVAL_REPORT_H
#define INGOT_EVAL_REPORT_H

#include "runtime/eval/Golden.h"
#include "runtime/eval/Text.h"

#include <string>

namespace ingot::eval {

/// Lines for people, each ended by a newline.
std::string asText(const GoldenReport &report);
std::string asText(const TextReport &report);

/// One JSON object, indented, without a newline at the end.
std::string asJson(const GoldenReport &report);
std::string asJson(const TextReport &report);

} // namespace ingot::eval

#endif // INGOT_EVAL_REPORT_H
