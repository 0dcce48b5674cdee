//===- Budget.cpp - bounds what a template may use up -----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/Budget.h"

namespace ingot::text::jinja {

bool Budget::step(size_t count) {
  if (count > stepsLeft) {
    fail("rendering takes over " + std::to_string(maxSteps) + " steps");
    return false;
  }
  stepsLeft -= count;
  return failure.ok();
}

bool Budget::bytes(size_t count) {
  if (count > bytesLeft) {
    fail("rendering makes strings of over " + std::to_string(maxBytes) +
         " bytes");
    return false;
  }
  bytesLeft -= count;
  return failure.ok();
}

void Budget::fail(const std::string &message) {
  if (failure.ok())
    failure = errorAt(line, message);
}

Status errorAt(int line, const std::string &message) {
  return invalidInput("chat template: line " + std::to_string(line) + ": " +
                      message);
}

} // namespace ingot::text::jinja
