//===- Rendered.h - renders a template in one call --------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the tests of the template language share.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_RUNTIME_TEXT_JINJA_RENDERED_H
#define INGOT_TEST_RUNTIME_TEXT_JINJA_RENDERED_H

#include "runtime/text/jinja/Evaluator.h"
#include "runtime/text/jinja/Parser.h"

#include <string>

namespace ingot::text::jinja::test {

/// The text of a template, or the message of its failure.
inline std::string rendered(std::string_view source, Dict variables = {}) {
  Result<Template> parsed = parseTemplate(source);
  if (!parsed)
    return parsed.status().message();
  Result<std::string> text = render(*parsed, std::move(variables));
  return text ? *text : text.status().message();
}

/// The text of `{{ expression }}`.
inline std::string valueOf(const std::string &expression) {
  return rendered("{{ " + expression + " }}");
}

/// What follows `chat template: line 1: ` in the message of a failure.
inline std::string failureOf(std::string_view source) {
  std::string message = rendered(source), start = "chat template: line 1: ";
  return message.starts_with(start) ? message.substr(start.size()) : message;
}

} // namespace ingot::text::jinja::test

#endif // INGOT_TEST_RUNTIME_TEXT_JINJA_RENDERED_H
