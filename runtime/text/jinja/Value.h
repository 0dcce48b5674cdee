//===- Value.h - what a template computes with ------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A Python-like value. Strings, lists and dicts are shared and never change, so
// copying a Value is cheap and no cycle can arise; only a namespace can be
// assigned to, and it cannot be an item. A value belongs to one rendering.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_JINJA_VALUE_H
#define INGOT_RUNTIME_TEXT_JINJA_VALUE_H

#include "runtime/text/jinja/Budget.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ingot::text::jinja {

struct Macro;
class Value;

/// Items of a list or tuple.
using List = std::vector<Value>;
/// Entries in order of insertion; few, so that a search is fast enough. Keys
/// are strings: templates that render messages need no others.
using Dict = std::vector<std::pair<std::string, Value>>;

class Value {
public:
  /// Undefined: a name or item that is not there.
  Value() = default;
  Value(std::string text)
      : data(std::make_shared<const std::string>(std::move(text))) {}
  Value(const char *text) : Value(std::string(text)) {}
  static Value none() { return Value(Data(nullptr)); }
  static Value boolean(bool b) { return Value(Data(b)); }
  static Value integer(int64_t i) { return Value(Data(i)); }
  static Value real(double d) { return Value(Data(d)); }
  /// A tuple differs from a list in how it is written, and equals none.
  static Value list(List items, bool isTuple = false);
  static Value dict(Dict entries);
  static Value nameSpace(Dict entries);
  /// A function of the language, by name.
  static Value function(std::string_view name);
  /// A macro; borrowed from the template.
  static Value macro(const Macro &macro) { return Value(Data(&macro)); }

  bool isUndefined() const { return holds<std::monostate>(); }
  bool isNone() const { return holds<std::nullptr_t>(); }
  bool isBoolean() const { return holds<bool>(); }
  /// Whether it is a whole number; booleans are, as in Python.
  bool isInteger() const { return holds<int64_t>() || isBoolean(); }
  bool isReal() const { return holds<double>(); }
  bool isNumber() const { return isInteger() || isReal(); }
  bool isString() const { return holds<std::shared_ptr<const std::string>>(); }
  bool isList() const { return holds<std::shared_ptr<const ListBox>>(); }
  bool isTuple() const {
    return isList() && std::get<std::shared_ptr<const ListBox>>(data)->isTuple;
  }
  bool isDict() const { return holds<std::shared_ptr<const DictBox>>(); }
  bool isNamespace() const { return holds<std::shared_ptr<Dict>>(); }

  // Each of these requires the kind that it names.
  int64_t asInteger() const;
  double asReal() const;
  const std::string &asString() const {
    return *std::get<std::shared_ptr<const std::string>>(data);
  }
  const List &asList() const;
  /// Of a dict or a namespace.
  const Dict &asDict() const;

  /// The macro or function that this is; null otherwise.
  const Macro *asMacro() const;
  const std::string *asFunction() const;

  /// Python's truth: empty, zero, none and undefined are false.
  bool isTrue() const;

  /// Entry of a dict or namespace; null if there is none.
  const Value *find(std::string_view key) const;

  /// Sets a member of a namespace.
  void setMember(const std::string &name, Value value) const;

  /// Levels of lists and dicts: 0 for a scalar. A namespace is deeper than any
  /// limit, so that it can be no item.
  int depth() const;

  /// Name of its kind for messages: "string", "list".
  const char *kindName() const;

private:
  struct ListBox {
    List items;
    int depth;
    bool isTuple;
  };
  struct DictBox {
    Dict entries;
    int depth;
  };
  struct Function {
    std::string name;
  };
  using Data = std::variant<std::monostate, std::nullptr_t, bool, int64_t,
                            double, std::shared_ptr<const std::string>,
                            std::shared_ptr<const ListBox>,
                            std::shared_ptr<const DictBox>,
                            std::shared_ptr<Dict>, Function, const Macro *>;
  explicit Value(Data data) : data(std::move(data)) {}
  template <typename T>
  bool holds() const {
    return std::holds_alternative<T>(data);
  }

  Data data;
};

/// Sets an entry, in its old place if there is one of that name.
void setEntry(Dict &entries, const std::string &name, Value value);

/// Python's ==. Charges the budget for each value compared.
bool areEqual(const Value &a, const Value &b, Budget &budget);

/// A list or dict for a template's use: fails through the budget if it nests
/// too deeply, which also keeps destructors from recursing without end.
Value makeList(List items, Budget &budget, bool isTuple = false);
Value makeDict(Dict entries, Budget &budget);

/// What a loop or filter runs over: items of a list, keys of a dict, characters
/// of a string, nothing of undefined. Empty if it cannot be iterated.
std::optional<List> iterate(const Value &value, Budget &budget);

} // namespace ingot::text::jinja

#endif // INGOT_RUNTIME_TEXT_JINJA_VALUE_H
