//===- Expressions.cpp - evaluates expressions ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Messages.h"
#include "runtime/text/jinja/Rendering.h"

namespace ingot::text::jinja {

using Kind = Expression::Kind;

Value Rendering::evaluate(const Expression &expression) {
  Level level(*this);
  if (!budget.step())
    return {};
  budget.line = expression.line;
  return evaluateNode(expression);
}

Value Rendering::evaluateNode(const Expression &node) {
  switch (node.kind) {
  case Kind::Literal:
    return node.literal;
  case Kind::Name: {
    const Value *value = find(node.name);
    return value ? *value : Value();
  }
  case Kind::List:
  case Kind::Tuple:
    return evaluateList(node);
  case Kind::Dict:
    return evaluateDict(node);
  case Kind::Attribute:
    return getAttribute(evaluate(*node.operands[0]), node.name, budget);
  case Kind::Index: {
    Value object = evaluate(*node.operands[0]);
    return getItem(object, evaluate(*node.operands[1]), budget);
  }
  case Kind::Slice:
    return evaluateSlice(node);
  case Kind::Unary: {
    Value value = evaluate(*node.operands[0]);
    return node.name == "not" ? Value::boolean(!value.isTrue())
                              : applySign(node.name, value, budget);
  }
  case Kind::Binary: {
    Value left = evaluate(*node.operands[0]);
    return applyBinary(node.name, left, evaluate(*node.operands[1]), budget);
  }
  case Kind::Logical:
    return evaluateLogical(node);
  case Kind::Compare:
    return evaluateComparison(node);
  case Kind::Conditional:
    return evaluateConditional(node);
  case Kind::Call:
    return evaluateCall(node);
  case Kind::Filter: {
    Value value = evaluate(*node.operands[0]);
    return applyFilter(node.name, value, evaluateArguments(node), budget);
  }
  case Kind::Test: {
    Value value = evaluate(*node.operands[0]);
    bool passes = applyTest(node.name, value, evaluateArguments(node), budget);
    return Value::boolean(passes != node.negated);
  }
  }
  return {};
}

Value Rendering::evaluateList(const Expression &node) {
  List items;
  for (const ExpressionPtr &operand : node.operands)
    items.push_back(evaluate(*operand));
  return makeList(std::move(items), budget, node.kind == Kind::Tuple);
}

Value Rendering::evaluateDict(const Expression &node) {
  Dict entries;
  for (size_t i = 0; i < node.operands.size(); i += 2) {
    Value key = evaluate(*node.operands[i]);
    Value value = evaluate(*node.operands[i + 1]);
    if (!key.isString())
      budget.fail("dict key expects a string, got " +
                  std::string(key.kindName()));
    // A key is searched for among those before it.
    if (!budget.step(i))
      return {};
    setEntry(entries, key.asString(), std::move(value));
  }
  return makeDict(std::move(entries), budget);
}

Value Rendering::evaluateLogical(const Expression &node) {
  Value left = evaluate(*node.operands[0]);
  if (left.isTrue() == (node.name == "or"))
    return left;
  return evaluate(*node.operands[1]);
}

Value Rendering::evaluateComparison(const Expression &node) {
  Value left = evaluate(*node.operands[0]);
  for (size_t i = 0; i < node.names.size(); ++i) {
    Value right = evaluate(*node.operands[i + 1]);
    if (!compare(node.names[i], left, right, budget))
      return Value::boolean(false);
    left = std::move(right);
  }
  return Value::boolean(true);
}

Value Rendering::evaluateConditional(const Expression &node) {
  if (evaluate(*node.operands[1]).isTrue())
    return evaluate(*node.operands[0]);
  return node.operands[2] ? evaluate(*node.operands[2]) : Value();
}

Value Rendering::evaluateSlice(const Expression &node) {
  Value parts[4];
  for (size_t i = 0; i < 4 && i < node.operands.size(); ++i)
    if (node.operands[i])
      parts[i] = evaluate(*node.operands[i]);
  if (!budget.ok())
    return {};
  return getSlice(parts[0], parts[1], parts[2], parts[3], budget);
}

Arguments Rendering::evaluateArguments(const Expression &node) {
  Arguments arguments;
  for (const ExpressionPtr &argument : node.arguments)
    arguments.positional.push_back(evaluate(*argument));
  for (const auto &[name, argument] : node.keywords)
    arguments.keywords.emplace_back(name, evaluate(*argument));
  return arguments;
}

Value Rendering::evaluateCall(const Expression &node) {
  const Expression &callee = *node.operands[0];
  if (callee.kind == Kind::Attribute) {
    Value object = evaluate(*callee.operands[0]);
    Arguments arguments = evaluateArguments(node);
    if (!budget.ok())
      return {};
    return callMethod(object, callee.name, arguments, budget);
  }
  Value function = evaluate(callee);
  Arguments arguments = evaluateArguments(node);
  if (!budget.ok())
    return {};
  budget.line = node.line;
  return call(function, arguments, callee.name);
}

Value Rendering::call(const Value &callee, const Arguments &arguments,
                      const std::string &name) {
  if (const Macro *macro = callee.asMacro())
    return callMacro(*macro, arguments);
  if (const std::string *function = callee.asFunction())
    return callFunction(*function, arguments, budget);
  budget.fail(storage::quote(name) + " expects a function, got " +
              callee.kindName());
  return {};
}

Value Rendering::callMacro(const Macro &macro, const Arguments &arguments) {
  size_t outerFirst = firstScope;
  firstScope = scopes.size();
  scopes.emplace_back();
  for (size_t i = 0; i < macro.parameters.size(); ++i) {
    const auto &[name, fallback] = macro.parameters[i];
    Value value = arguments.get(i, name);
    if (value.isUndefined() && fallback)
      value = evaluate(*fallback);
    define(name, std::move(value));
  }
  arguments.checkUsed(macro.name, budget);
  std::string text;
  runBlock(macro.body, text);
  scopes.resize(firstScope);
  firstScope = outerFirst;
  return text;
}

} // namespace ingot::text::jinja
