//===- Norm.cpp - Root-mean-square normalisation --------------------------===//
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
MaybeTensor<Real> rmsNorm(ir::RMSNormOp op, const Tensor<Real> &x,
                          const Tensor<Real> &weight) {
  Tensor<Real> result(x.shape);
  Real eps = static_cast<Real>(op.getEps().convertToDouble());
  for (int64_t t = 0; t < x.rows(); ++t) {
    const Real *row = x.row(t);
    Real mean = dot(row, row, x.width()) / static_cast<Real>(x.width());
    Real root = std::sqrt(mean + eps);
    for (int64_t n = 0; n < x.width(); ++n)
      result.row(t)[n] = row[n] / root * weight.data[n];
  }
  return result;
}

template MaybeTensor<float> rmsNorm(ir::RMSNormOp, const Tensor<float> &,
                                    const Tensor<float> &);
template MaybeTensor<double> rmsNorm(ir::RMSNormOp, const Tensor<double> &,
                                     const Tensor<double> &);

} // namespace ingot::compiler
