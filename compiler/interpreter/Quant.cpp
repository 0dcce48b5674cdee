//===- Quant.cpp - Changes of number formats ------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Ops.h"
#include "compiler/interpreter/Rounding.h"

#include <algorithm>

namespace ingot::compiler {

template <typename Real>
MaybeTensor<Real> quantize(ir::QuantizeOp op, const Tensor<Real> &x) {
  auto type = mlir::cast<mlir::RankedTensorType>(op.getType());
  auto block = mlir::cast<ir::ScaledType>(type.getElementType()).getBlock();
  Tensor<Real> result = x;
  int64_t k = x.shape.back(), n = x.shape[x.shape.size() - 2];
  int64_t rows = static_cast<int64_t>(x.data.size()) / k;
  for (int64_t matrix = 0; matrix < rows; matrix += n)
    for (int64_t row = 0; row < n; row += block[0])
      for (int64_t column = 0; column < k; column += block[1])
        roundBlock(result.data.data() + (matrix + row) * k + column,
                   std::min(block[0], n - row), std::min(block[1], k - column),
                   k);
  return result;
}

template MaybeTensor<float> quantize(ir::QuantizeOp, const Tensor<float> &);
template MaybeTensor<double> quantize(ir::QuantizeOp, const Tensor<double> &);

} // namespace ingot::compiler
