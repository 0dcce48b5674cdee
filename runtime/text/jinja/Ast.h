//===- Ast.h - a template, parsed -------------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tree of a template. The language (Jinja 3, "Template Designer
// Documentation"):
//   {{ expression }}   {# comment #}
//   {% if %} {% elif %} {% else %} {% endif %}
//   {% for a, b in items if test %} {% else %} {% endfor %}
//   {% break %} {% continue %}
//   {% set a, b = expression %}   {% set space.member = expression %}
//   {% set a %} text {% endset %}
//   {% macro name(a, b=default) %} {% endmacro %}
//   {% generation %} {% endgeneration %}   (marks text; has no effect here)
// Immutable after parsing.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_AST_H
#define INGOT_RUNTIME_TEXT_JINJA_AST_H

#include "runtime/text/jinja/Value.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ingot::text::jinja {

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

/// One expression. Which fields it uses is said at its kind.
struct Expression {
  enum class Kind {
    /// `literal`.
    Literal,
    /// `name`.
    Name,
    /// Items in `operands`.
    List,
    Tuple,
    /// Key, value, key, value... in `operands`.
    Dict,
    /// `operands[0].name`.
    Attribute,
    /// `operands[0][operands[1]]`.
    Index,
    /// `operands[0][a:b:c]`; a, b, c are operands 1 to 3, null if left out.
    Slice,
    /// `name` is - + or not, on `operands[0]`.
    Unary,
    /// `name` is an arithmetic operator or ~, on operands 0 and 1.
    Binary,
    /// `name` is and / or.
    Logical,
    /// operands[0] names[0] operands[1] names[1] operands[2]...
    Compare,
    /// `operands[0] if operands[1] else operands[2]`; 2 may be null.
    Conditional,
    /// `operands[0](...)`.
    Call,
    /// `operands[0] | name(...)`.
    Filter,
    /// `operands[0] is name(...)`; `negated` for `is not`.
    Test,
  };
  Kind kind;
  /// Line of the template, from 1.
  int line;
  std::string name;
  std::vector<ExpressionPtr> operands;
  Value literal;
  /// Operators of a comparison chain.
  std::vector<std::string> names;
  bool negated = false;
  /// Of a call, filter or test.
  std::vector<ExpressionPtr> arguments;
  std::vector<std::pair<std::string, ExpressionPtr>> keywords;
};

struct Statement;
using Block = std::vector<std::unique_ptr<Statement>>;

/// A macro: its parameters, with defaults where not null, and its body.
struct Macro {
  std::string name;
  std::vector<std::pair<std::string, ExpressionPtr>> parameters;
  Block body;
};

/// One statement. Which fields it uses is said at its kind.
struct Statement {
  enum class Kind {
    /// `text`, as it is.
    Text,
    /// The text of `expression`.
    Output,
    /// `body` if `expression`, else `otherwise`.
    If,
    /// `body` for each of `targets` in `expression` that passes `filter`
    /// (null: all); `otherwise` if there is none.
    For,
    Break,
    Continue,
    /// `targets` = `expression`, or the text of `body` if that is null.
    Set,
    /// `targets[0]`.`member` = `expression`.
    SetMember,
    /// Defines `macro`.
    DefineMacro,
    /// `body`.
    Group,
  };
  Kind kind;
  int line;
  std::string text;
  ExpressionPtr expression, filter;
  std::vector<std::string> targets;
  std::string member;
  Block body, otherwise;
  Macro macro;
};

/// A whole template.
struct Template {
  Block body;
};

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_AST_H
