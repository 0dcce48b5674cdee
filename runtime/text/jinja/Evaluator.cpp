//===- Evaluator.cpp - renders a parsed template ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/Evaluator.h"
#include "runtime/storage/Messages.h"
#include "runtime/text/jinja/Rendering.h"

#include <algorithm>

namespace ingot::text::jinja {

Rendering::Level::Level(Rendering &rendering) : rendering(rendering) {
  if (++rendering.depth > maxEvaluationDepth)
    rendering.budget.fail("evaluation nests over " +
                          std::to_string(maxEvaluationDepth) + " levels");
}

Rendering::Rendering(Dict variables) {
  for (std::string_view name : builtins)
    variables.emplace_back(name, Value::function(name));
  scopes.push_back(std::move(variables));
}

void Rendering::run(const Block &block, std::string &out) {
  runBlock(block, out);
}

Rendering::Flow Rendering::runBlock(const Block &block, std::string &out) {
  Level level(*this);
  for (const auto &statement : block) {
    budget.line = statement->line;
    if (!budget.step())
      break;
    Flow flow = runStatement(*statement, out);
    if (flow != Flow::On)
      return flow;
  }
  return Flow::On;
}

Rendering::Flow Rendering::runStatement(const Statement &statement,
                                        std::string &out) {
  switch (statement.kind) {
  case Statement::Kind::Text:
    write(statement.text, out);
    break;
  case Statement::Kind::Output:
    write(toText(evaluate(*statement.expression), budget), out);
    break;
  case Statement::Kind::If:
    return runBlock(evaluate(*statement.expression).isTrue()
                        ? statement.body
                        : statement.otherwise,
                    out);
  case Statement::Kind::For:
    runFor(statement, out);
    break;
  case Statement::Kind::Break:
    return Flow::Break;
  case Statement::Kind::Continue:
    return Flow::Continue;
  case Statement::Kind::Set:
    runSet(statement);
    break;
  case Statement::Kind::SetMember:
    setMember(statement);
    break;
  case Statement::Kind::DefineMacro:
    define(statement.macro.name, Value::macro(statement.macro));
    break;
  case Statement::Kind::Group:
    return runBlock(statement.body, out);
  }
  return Flow::On;
}

/// Items of a loop that pass its filter.
List Rendering::selectItems(const Statement &loop) {
  Value source = evaluate(*loop.expression);
  std::optional<List> items = iterate(source, budget);
  if (!items) {
    budget.fail(std::string(source.kindName()) + " cannot be iterated");
    return {};
  }
  if (!loop.filter)
    return *std::move(items);
  List selected;
  for (const Value &item : *items) {
    if (!budget.ok())
      break;
    scopes.emplace_back();
    defineTargets(loop.targets, item);
    if (evaluate(*loop.filter).isTrue())
      selected.push_back(item);
    scopes.pop_back();
  }
  return selected;
}

void Rendering::runFor(const Statement &loop, std::string &out) {
  const List items = selectItems(loop);
  if (items.empty()) {
    runBlock(loop.otherwise, out);
    return;
  }
  int64_t length = int64_t(items.size());
  for (int64_t i = 0; i < length && budget.ok(); ++i) {
    budget.step(10); // `loop` alone costs as much as that many expressions
    // What a turn of a loop sets, the next one does not see.
    scopes.emplace_back();
    defineTargets(loop.targets, items[i]);
    define("loop", Value::dict({{"index", Value::integer(i + 1)},
                                {"index0", Value::integer(i)},
                                {"revindex", Value::integer(length - i)},
                                {"revindex0", Value::integer(length - i - 1)},
                                {"first", Value::boolean(i == 0)},
                                {"last", Value::boolean(i + 1 == length)},
                                {"length", Value::integer(length)},
                                {"previtem", i > 0 ? items[i - 1] : Value()},
                                {"nextitem",
                                 i + 1 < length ? items[i + 1] : Value()}}));
    Flow flow = runBlock(loop.body, out);
    scopes.pop_back();
    if (flow == Flow::Break)
      break;
  }
}

void Rendering::runSet(const Statement &set) {
  if (set.expression)
    return defineTargets(set.targets, evaluate(*set.expression));
  std::string text;
  scopes.emplace_back();
  runBlock(set.body, text);
  scopes.pop_back();
  define(set.targets[0], std::move(text));
}

void Rendering::setMember(const Statement &set) {
  Value value = evaluate(*set.expression);
  const Value *object = find(set.targets[0]);
  if (!object || !object->isNamespace())
    return budget.fail(storage::quote(set.targets[0]) +
                       " expects a namespace, got " +
                       (object ? object->kindName() : "undefined"));
  if (value.depth() > maxDepth)
    return budget.fail("a namespace cannot be a member of one");
  object->setMember(set.member, std::move(value));
}

void Rendering::write(std::string_view text, std::string &out) {
  if (budget.bytes(text.size()))
    out += text;
}

const Value *Rendering::find(std::string_view name) const {
  auto search = [&](const Dict &scope) -> const Value * {
    for (const auto &[key, value] : scope)
      if (key == name)
        return &value;
    return nullptr;
  };
  for (size_t i = scopes.size(); i-- > std::max<size_t>(firstScope, 1);)
    if (const Value *value = search(scopes[i]))
      return value;
  return search(scopes[0]);
}

void Rendering::define(const std::string &name, Value value) {
  setEntry(scopes.back(), name, std::move(value));
}

void Rendering::defineTargets(const std::vector<std::string> &targets,
                              const Value &value) {
  if (targets.size() == 1)
    return define(targets[0], value);
  std::optional<List> items = iterate(value, budget);
  if (!items || items->size() != targets.size())
    return budget.fail("expects " + std::to_string(targets.size()) +
                       " values, got " +
                       (items ? std::to_string(items->size())
                              : std::string(value.kindName())));
  for (size_t i = 0; i < targets.size(); ++i)
    define(targets[i], (*items)[i]);
}

Result<std::string> render(const Template &source, Dict variables) {
  Rendering rendering(std::move(variables));
  std::string text;
  rendering.run(source.body, text);
  if (!rendering.status().ok())
    return rendering.status();
  return text;
}

} // namespace ingot::text::jinja
