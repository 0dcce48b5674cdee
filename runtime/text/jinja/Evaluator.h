//===- Evaluator.h - renders a parsed template ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Runs a template over variables. One call is one rendering with its own state;
// a template may be rendered on many threads at once.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_EVALUATOR_H
#define INGOT_RUNTIME_TEXT_JINJA_EVALUATOR_H

#include "ingot/Status.h"
#include "runtime/text/jinja/Ast.h"

#include <string>

namespace ingot::text::jinja {

/// Text of the template with `variables` (names and values) defined.
/// InvalidInput with the line if an operation does not take its values, the
/// template raises an exception, or a limit of Budget.h is reached.
Result<std::string> render(const Template &source, Dict variables);

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_EVALUATOR_H
