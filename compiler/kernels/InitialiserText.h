//===- InitialiserText.h - constants as C++ text ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Writes a contract's Problem or Config, an aggregate of numbers and
// aggregates, as an initialiser of its own type: {{Code{3}, 128, 128}, 512,
// 256}. All fields are found without being listed anywhere, so that none is
// forgotten.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_INITIALISERTEXT_H
#define INGOT_COMPILER_KERNELS_INITIALISERTEXT_H

#include <cstdio>
#include <string>
#include <type_traits>
#include <utility>

namespace ingot::compiler {

namespace detail {

/// Stands for a field of any type.
struct AnyField {
  template <typename T>
  constexpr operator T() const;
};

template <typename T, size_t... I>
constexpr bool takesFields(std::index_sequence<I...>) {
  return requires { T{((void)I, AnyField{})...}; };
}

/// Fields of an aggregate.
template <typename T, size_t Count = 12>
constexpr size_t countFields() {
  if constexpr (Count == 0 || std::is_empty_v<T>)
    return 0;
  else if constexpr (takesFields<T>(std::make_index_sequence<Count>()))
    return Count;
  else
    return countFields<T, Count - 1>();
}

/// Calls `visit` with all fields at once.
template <typename T, typename Visit>
void withFields(const T &value, Visit visit) {
  constexpr size_t kCount = countFields<T>();
  static_assert(kCount <= 12, "expects an aggregate of at most 12 fields");
  if constexpr (kCount == 1) {
    auto &[a] = value;
    visit(a);
  } else if constexpr (kCount == 2) {
    auto &[a, b] = value;
    visit(a, b);
  } else if constexpr (kCount == 3) {
    auto &[a, b, c] = value;
    visit(a, b, c);
  } else if constexpr (kCount == 4) {
    auto &[a, b, c, d] = value;
    visit(a, b, c, d);
  } else if constexpr (kCount == 5) {
    auto &[a, b, c, d, e] = value;
    visit(a, b, c, d, e);
  } else if constexpr (kCount == 6) {
    auto &[a, b, c, d, e, f] = value;
    visit(a, b, c, d, e, f);
  } else if constexpr (kCount == 7) {
    auto &[a, b, c, d, e, f, g] = value;
    visit(a, b, c, d, e, f, g);
  } else if constexpr (kCount == 8) {
    auto &[a, b, c, d, e, f, g, h] = value;
    visit(a, b, c, d, e, f, g, h);
  } else if constexpr (kCount == 9) {
    auto &[a, b, c, d, e, f, g, h, i] = value;
    visit(a, b, c, d, e, f, g, h, i);
  } else if constexpr (kCount == 10) {
    auto &[a, b, c, d, e, f, g, h, i, j] = value;
    visit(a, b, c, d, e, f, g, h, i, j);
  } else if constexpr (kCount == 11) {
    auto &[a, b, c, d, e, f, g, h, i, j, k] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k);
  } else if constexpr (kCount == 12) {
    auto &[a, b, c, d, e, f, g, h, i, j, k, l] = value;
    visit(a, b, c, d, e, f, g, h, i, j, k, l);
  }
}

} // namespace detail

/// A float64, exact to the bit.
inline std::string realText(double value) {
  char text[32];
  snprintf(text, sizeof(text), "%a", value);
  return text;
}

/// `value` as an initialiser. Enumerations become Code{n}, which converts to
/// each.
template <typename T>
std::string initialiserText(const T &value) {
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_enum_v<T>) {
    return "Code{" + std::to_string(static_cast<int64_t>(value)) + "}";
  } else if constexpr (std::is_integral_v<T>) {
    return std::to_string(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return realText(value);
  } else {
    std::string text;
    detail::withFields(value, [&](const auto &...fields) {
      ((text += (text.empty() ? "" : ", ") + initialiserText(fields)), ...);
    });
    return "{" + text + "}";
  }
}

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_INITIALISERTEXT_H
