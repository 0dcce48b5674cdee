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

/// Each of the `heads` equal parts of each row by itself.
template <typename Real>
static Tensor<Real> normalize(const Tensor<Real> &x, const Tensor<Real> *weight,
                              int64_t heads, double epsilon) {
  Tensor<Real> result(x.shape);
  Real eps = static_cast<Real>(epsilon);
  int64_t width = x.width() / heads;
  for (int64_t part = 0; part < x.rows() * heads; ++part) {
    const Real *from = x.data.data() + part * width;
    Real *to = result.data.data() + part * width;
    Real mean = dot(from, from, width) / static_cast<Real>(width);
    Real root = std::sqrt(mean + eps);
    for (int64_t n = 0; n < width; ++n)
      to[n] = from[n] / root * (weight ? weight->data[n] : Real(1));
  }
  return result;
}

template <typename Real>
MaybeTensor<Real> rmsNorm(ir::RMSNormOp op, const Tensor<Real> &x,
                          const Tensor<Real> *weight) {
  return normalize(x, weight, op.getHeads(), op.getEps().convertToDouble());
}

template <typename Real>
MaybeTensorPair<Real> addRmsNorm(ir::AddRMSNormOp op, const Tensor<Real> &x,
                                 const Tensor<Real> &update,
                                 const Tensor<Real> &weight) {
  if (failed(expectRows(op, "update", update.rows(), x.rows())))
    return mlir::failure();
  Tensor<Real> sum = x;
  for (size_t i = 0; i < sum.data.size(); ++i)
    sum.data[i] += update.data[i];
  Tensor<Real> normed =
      normalize(sum, &weight, 1, op.getEps().convertToDouble());
  return std::make_pair(std::move(sum), std::move(normed));
}

template MaybeTensor<float> rmsNorm(ir::RMSNormOp, const Tensor<float> &,
                                    const Tensor<float> *);
template MaybeTensor<double> rmsNorm(ir::RMSNormOp, const Tensor<double> &,
                                     const Tensor<double> *);
template MaybeTensorPair<float> addRmsNorm(ir::AddRMSNormOp,
                                           const Tensor<float> &,
                                           const Tensor<float> &,
                                           const Tensor<float> &);
template MaybeTensorPair<double> addRmsNorm(ir::AddRMSNormOp,
                                            const Tensor<double> &,
                                            const Tensor<double> &,
                                            const Tensor<double> &);

} // namespace ingot::compiler
