//===- Elementwise.cpp - Sums, joins and gates of rows --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Ops.h"

#include <cmath>

namespace ingot::compiler {

template <typename Real>
Real silu(Real x) {
  return x / (1 + std::exp(-x));
}

template <typename Real>
MaybeTensor<Real> add(ir::AddOp op, const Tensor<Real> &lhs,
                      const Tensor<Real> &rhs) {
  if (failed(expectRows(op, "rhs", rhs.rows(), lhs.rows())))
    return mlir::failure();
  Tensor<Real> result = lhs;
  for (size_t i = 0; i < result.data.size(); ++i)
    result.data[i] += rhs.data[i];
  return result;
}

template <typename Real>
MaybeTensor<Real> concat(ir::ConcatOp op, const Tensor<Real> &lhs,
                         const Tensor<Real> &rhs) {
  if (failed(expectRows(op, "rhs", rhs.rows(), lhs.rows())))
    return mlir::failure();
  Tensor<Real> result({lhs.rows(), lhs.width() + rhs.width()});
  for (int64_t t = 0; t < lhs.rows(); ++t) {
    std::copy_n(lhs.row(t), lhs.width(), result.row(t));
    std::copy_n(rhs.row(t), rhs.width(), result.row(t) + lhs.width());
  }
  return result;
}

template <typename Real>
MaybeTensorPair<Real> split(ir::SplitOp op, const Tensor<Real> &x) {
  int64_t headWidth = op.getHead().getType().getDimSize(1);
  Tensor<Real> head({x.rows(), headWidth});
  Tensor<Real> tail({x.rows(), x.width() - headWidth});
  for (int64_t t = 0; t < x.rows(); ++t) {
    std::copy_n(x.row(t), headWidth, head.row(t));
    std::copy_n(x.row(t) + headWidth, tail.width(), tail.row(t));
  }
  return std::make_pair(std::move(head), std::move(tail));
}

template <typename Real>
MaybeTensor<Real> swiglu(ir::SwigluOp op, const Tensor<Real> &gate,
                         const Tensor<Real> &up) {
  if (failed(expectRows(op, "up", up.rows(), gate.rows())))
    return mlir::failure();
  Tensor<Real> result = gate;
  for (size_t i = 0; i < result.data.size(); ++i)
    result.data[i] = silu(gate.data[i]) * up.data[i];
  return result;
}

template float silu(float);
template double silu(double);
template MaybeTensor<float> add(ir::AddOp, const Tensor<float> &,
                                const Tensor<float> &);
template MaybeTensor<double> add(ir::AddOp, const Tensor<double> &,
                                 const Tensor<double> &);
template MaybeTensor<float> concat(ir::ConcatOp, const Tensor<float> &,
                                   const Tensor<float> &);
template MaybeTensor<double> concat(ir::ConcatOp, const Tensor<double> &,
                                    const Tensor<double> &);
template MaybeTensorPair<float> split(ir::SplitOp, const Tensor<float> &);
template MaybeTensorPair<double> split(ir::SplitOp, const Tensor<double> &);
template MaybeTensor<float> swiglu(ir::SwigluOp, const Tensor<float> &,
                                   const Tensor<float> &);
template MaybeTensor<double> swiglu(ir::SwigluOp, const Tensor<double> &,
                                    const Tensor<double> &);

} // namespace ingot::compiler
