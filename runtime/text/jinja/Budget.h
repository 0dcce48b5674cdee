//===- Budget.h - bounds what a template may use up -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A template comes from disk and may loop or grow without end. Everything that
// takes time or memory is charged here before it is done. One budget serves one
// rendering, on one thread. It also keeps the first failure: evaluation goes on
// with undefined values until the loop that looks here ends it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_BUDGET_H
#define INGOT_RUNTIME_TEXT_JINJA_BUDGET_H

#include "ingot/Status.h"

#include <cstddef>
#include <string>

namespace ingot::text::jinja {

/// Depth to which a template may nest (expressions, blocks, calls) and to which
/// lists and dicts may.
constexpr int maxDepth = 100;
/// Operators of one tag, which may nest to the left.
constexpr int maxOperators = 500;
/// Depth of a rendering: blocks, expressions and macros within each other.
constexpr int maxEvaluationDepth = 1000;
/// Bytes of a template's source. Published ones stay under 20 thousand.
constexpr size_t maxSourceBytes = 1 << 20;
/// Steps of a rendering: expressions evaluated and values looked at.
constexpr size_t maxSteps = 5'000'000;
/// Bytes of all strings that a rendering makes, together.
constexpr size_t maxBytes = size_t(256) << 20;
/// Numbers that range() may give, as in Jinja's sandbox.
constexpr size_t maxRange = 100'000;

class Budget {
public:
  /// Charges steps. False if the rendering has failed, now or before.
  bool step(size_t count = 1);
  /// Charges bytes of a string, before it is made.
  bool bytes(size_t count);

  /// Records a failure at the current line; the first one stays.
  void fail(const std::string &message);

  bool ok() const { return failure.ok(); }
  const Status &status() const { return failure; }

  /// Line of the template that is evaluated, for messages.
  int line = 1;

private:
  size_t stepsLeft = maxSteps;
  size_t bytesLeft = maxBytes;
  Status failure;
};

/// InvalidInput: `chat template: line L: message`.
Status errorAt(int line, const std::string &message);

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_BUDGET_H
