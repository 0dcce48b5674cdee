//===- Token.cpp - Embedding, logits and choice ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Ops.h"
#include "runtime/exec/Sampler.h"

namespace ingot::compiler {

template <typename Real>
MaybeTensor<Real> embed(ir::EmbedOp op, const Batch &batch,
                        const Tensor<Real> &table) {
  Tensor<Real> result({batch.rows(), table.width()});
  for (int64_t t = 0; t < batch.rows(); ++t) {
    int32_t token = batch.tokens[t];
    if (token < 0 || token >= table.rows())
      return op.emitOpError() << "expects tokens of 0 to " << table.rows() - 1
                              << ", got " << token << " in row " << t;
    std::copy_n(table.row(token), table.width(), result.row(t));
  }
  return result;
}

template <typename Real>
MaybeTensor<Real> logits(ir::LogitsOp op, const Tensor<Real> &x,
                         const Tensor<Real> &head, const Batch &batch) {
  if (failed(expectRows(op, "x", x.rows(), batch.rows())))
    return mlir::failure();
  int64_t wanted = static_cast<int64_t>(batch.logitRows.size());
  Tensor<Real> result({wanted, head.rows()});
  for (int64_t v = 0; v < head.rows(); ++v)
    for (int64_t j = 0; j < wanted; ++j)
      result.row(j)[v] = dot(x.row(batch.logitRows[j]), head.row(v), x.width());
  return result;
}

template <typename Real>
MaybeTensor<Real> choose(ir::ChooseOp op, const Tensor<Real> &logits,
                         const Batch &batch) {
  Tensor<Real> result({logits.rows()});
  for (int64_t j = 0; j < logits.rows(); ++j) {
    const std::vector<float> row(logits.row(j), logits.row(j) + logits.width());
    const TokenDraw draw = batch.draws.empty()
                               ? TokenDraw()
                               : batch.draws.at(static_cast<size_t>(j));
    Result<int32_t> token = ingot::choose(row, draw);
    result.data[static_cast<size_t>(j)] =
        token ? static_cast<Real>(*token) : Real(-1);
  }
  return result;
}

template MaybeTensor<float> embed(ir::EmbedOp, const Batch &,
                                  const Tensor<float> &);
template MaybeTensor<double> embed(ir::EmbedOp, const Batch &,
                                   const Tensor<double> &);
template MaybeTensor<float> logits(ir::LogitsOp, const Tensor<float> &,
                                   const Tensor<float> &, const Batch &);
template MaybeTensor<double> logits(ir::LogitsOp, const Tensor<double> &,
                                    const Tensor<double> &, const Batch &);
template MaybeTensor<float> choose(ir::ChooseOp, const Tensor<float> &,
                                   const Batch &);
template MaybeTensor<double> choose(ir::ChooseOp, const Tensor<double> &,
                                    const Batch &);

} // namespace ingot::compiler
