//===- Layout.cpp - How a weight lies in memory ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Ops.h"

namespace ingot::compiler {

template <typename Real>
MaybeTensor<Real> transpose(ir::TransposeOp op, const Tensor<Real> &x) {
  std::vector<int64_t> shape = x.shape;
  int64_t columns = shape.back(), rows = shape[shape.size() - 2];
  int64_t from = op.getFrom(), kept = op.getTo() - op.getFrom();
  shape[shape.size() - 2] = kept;
  shape.back() = rows;
  Tensor<Real> result(shape);
  for (size_t i = 0; i < result.data.size(); ++i) {
    int64_t k = i % rows, n = i / rows % kept, matrix = i / rows / kept;
    result.data[i] = x.data[(matrix * rows + k) * columns + from + n];
  }
  return result;
}

template MaybeTensor<float> transpose(ir::TransposeOp, const Tensor<float> &);
template MaybeTensor<double> transpose(ir::TransposeOp, const Tensor<double> &);

} // namespace ingot::compiler
