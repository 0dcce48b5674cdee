//===- Linear.cpp - Products of rows with a weight ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Ops.h"
#include "compiler/interpreter/Rounding.h"

namespace ingot::compiler {

/// `x` as a product takes it.
template <typename Real>
static Tensor<Real> rounded(mlir::TypeAttr inputs, const Tensor<Real> &x) {
  Tensor<Real> result = x;
  for (int64_t t = 0; t < x.rows(); ++t)
    roundInputs(inputs, result.row(t), x.width());
  return result;
}

template <typename Real>
MaybeTensor<Real> linear(ir::LinearOp op, const Tensor<Real> &given,
                         const Tensor<Real> &weight, const Tensor<Real> *bias) {
  Tensor<Real> x = rounded(op.getInputsAttr(), given);
  Tensor<Real> result({x.rows(), weight.rows()});
  // The weight is the larger operand: it is read once, the rows come from the
  // cache.
  for (int64_t n = 0; n < weight.rows(); ++n)
    for (int64_t t = 0; t < x.rows(); ++t)
      result.row(t)[n] = dot(x.row(t), weight.row(n), x.width()) +
                         (bias ? bias->data[n] : Real(0));
  return result;
}

template <typename Real>
MaybeTensor<Real> gatedLinear(ir::GatedLinearOp op, const Tensor<Real> &given,
                              const Tensor<Real> &gate,
                              const Tensor<Real> &up) {
  Tensor<Real> x = rounded(op.getInputsAttr(), given);
  Tensor<Real> result({x.rows(), gate.rows()});
  for (int64_t n = 0; n < gate.rows(); ++n)
    for (int64_t t = 0; t < x.rows(); ++t)
      result.row(t)[n] = silu(dot(x.row(t), gate.row(n), x.width())) *
                         dot(x.row(t), up.row(n), x.width());
  return result;
}

template MaybeTensor<float> linear(ir::LinearOp, const Tensor<float> &,
                                   const Tensor<float> &,
                                   const Tensor<float> *);
template MaybeTensor<double> linear(ir::LinearOp, const Tensor<double> &,
                                    const Tensor<double> &,
                                    const Tensor<double> *);
template MaybeTensor<float> gatedLinear(ir::GatedLinearOp,
                                        const Tensor<float> &,
                                        const Tensor<float> &,
                                        const Tensor<float> &);
template MaybeTensor<double> gatedLinear(ir::GatedLinearOp,
                                         const Tensor<double> &,
                                         const Tensor<double> &,
                                         const Tensor<double> &);

} // namespace ingot::compiler
