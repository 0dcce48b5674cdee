//===- Rendering.h - the state of one rendering -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What Evaluator.cpp (statements) and Expressions.cpp share. Belongs to one
// thread; borrows the template.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_RENDERING_H
#define INGOT_RUNTIME_TEXT_JINJA_RENDERING_H

#include "runtime/text/jinja/Ast.h"
#include "runtime/text/jinja/Language.h"

#include <string>
#include <string_view>
#include <vector>

namespace ingot::text::jinja {

class Rendering {
public:
  explicit Rendering(Dict variables);

  /// Appends the text of a block to `out`.
  void run(const Block &block, std::string &out);
  const Status &status() const { return budget.status(); }

private:
  /// What a block does to the loop around it.
  enum class Flow { On, Break, Continue };

  /// Counts a level as long as it lives.
  class Level {
  public:
    explicit Level(Rendering &rendering);
    Level(const Level &) = delete;
    Level &operator=(const Level &) = delete;
    ~Level() { --rendering.depth; }

  private:
    Rendering &rendering;
  };

  Flow runBlock(const Block &block, std::string &out);
  Flow runStatement(const Statement &statement, std::string &out);
  void runFor(const Statement &loop, std::string &out);
  List selectItems(const Statement &loop);
  void runSet(const Statement &set);
  void setMember(const Statement &set);
  void write(std::string_view text, std::string &out);

  Value evaluate(const Expression &expression);
  Value evaluateNode(const Expression &expression);
  Value evaluateList(const Expression &expression);
  Value evaluateDict(const Expression &expression);
  Value evaluateLogical(const Expression &expression);
  Value evaluateComparison(const Expression &expression);
  Value evaluateConditional(const Expression &expression);
  Value evaluateCall(const Expression &expression);
  Value evaluateSlice(const Expression &expression);
  Arguments evaluateArguments(const Expression &expression);
  Value call(const Value &callee, const Arguments &arguments,
             const std::string &name);
  Value callMacro(const Macro &macro, const Arguments &arguments);

  const Value *find(std::string_view name) const;
  void define(const std::string &name, Value value);
  /// Defines each target: of one the value, of more its items.
  void defineTargets(const std::vector<std::string> &targets,
                     const Value &value);

  Budget budget;
  /// Variables; the innermost scope is last. The first is the template's own.
  std::vector<Dict> scopes;
  /// First scope of the macro that runs: it sees no scope between this one and
  /// the template's.
  size_t firstScope = 0;
  int depth = 0;
};

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_RENDERING_H
