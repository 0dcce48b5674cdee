//===- Tensor.h - The values that the interpreter computes with -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plain values. Whoever holds one owns it; what two holders share is immutable,
// so that threads may share it too. `Real` is float or double everywhere.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_INTERPRETER_TENSOR_H
#define INGOT_COMPILER_INTERPRETER_TENSOR_H

#include "ingot/TokenDraw.h"
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

namespace ingot::compiler {

/// A dense tensor, row-major. Integers (expert indices) are held as `Real`,
/// exactly below 2^24.
template <typename Real>
struct Tensor {
  std::vector<int64_t> shape;
  /// As many as the product of `shape`.
  std::vector<Real> data;

  Tensor() = default;
  /// All zeros.
  explicit Tensor(std::vector<int64_t> sizes) : shape(std::move(sizes)) {
    size_t count = 1;
    for (int64_t size : shape)
      count *= static_cast<size_t>(size);
    data.resize(count);
  }

  /// Size of the leading dimension.
  int64_t rows() const { return shape.front(); }
  /// Values of one row: the product of all sizes but the leading one.
  int64_t width() const {
    int64_t count = 1;
    for (size_t i = 1; i < shape.size(); ++i)
      count *= shape[i];
    return count;
  }
  const Real *row(int64_t index) const { return data.data() + index * width(); }
  Real *row(int64_t index) { return data.data() + index * width(); }
};

/// A value of type `!ingot.batch`. The first three have one entry a row.
struct Batch {
  std::vector<int32_t> tokens;
  /// From 0 in each sequence.
  std::vector<int32_t> positions;
  std::vector<int32_t> sequences;
  /// The rows whose logits are wanted, in the order wanted.
  std::vector<int32_t> logitRows;
  /// How a token is drawn of each of them; none: the best.
  std::vector<TokenDraw> draws = {};

  int64_t rows() const { return static_cast<int64_t>(tokens.size()); }
};

/// A value of type `!ingot.kv_cache`. Copies share what they have in common, so
/// appending costs one layer's table of pointers, not the cache.
template <typename Real>
struct KVCache {
  using Row = std::shared_ptr<const std::vector<Real>>;
  /// Rows of one layer by (sequence, position).
  using Layer = std::map<std::pair<int32_t, int32_t>, Row>;

  /// Values of one row.
  int64_t width = 0;
  /// None is null.
  std::vector<std::shared_ptr<const Layer>> layers;

  KVCache() = default;
  /// Remembers nothing yet.
  KVCache(int64_t layerCount, int64_t rowWidth)
      : width(rowWidth),
        layers(static_cast<size_t>(layerCount), std::make_shared<Layer>()) {}
};

template <typename Real>
using TensorPtr = std::shared_ptr<const Tensor<Real>>;

/// What an SSA value of an `ingot` function stands for. No pointer is null.
template <typename Real>
using Datum = std::variant<TensorPtr<Real>, Batch, KVCache<Real>>;

} // namespace ingot::compiler

#endif // INGOT_COMPILER_INTERPRETER_TENSOR_H
