//===- Ops.h - What each op of the ingot dialect computes -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One function an op, which takes the op for its attributes and its operands as
// values; the op's description in its .td is the specification. Sizes that the
// verifier cannot know (numbers of rows) and values that come from outside
// (tokens, indices) are checked; what is wrong is told as a diagnostic at the
// op. Pure functions of `Real` (float or double), compiled for both.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_INTERPRETER_OPS_H
#define INGOT_COMPILER_INTERPRETER_OPS_H

#include "compiler/interpreter/Tensor.h"
#include "dialects/Ingot/IngotDialect.h"

namespace ingot::compiler {

template <typename Real>
using MaybeTensor = mlir::FailureOr<Tensor<Real>>;
template <typename Real>
using MaybeTensorPair = mlir::FailureOr<std::pair<Tensor<Real>, Tensor<Real>>>;

/// Emits an error unless `what` has as many rows as expected.
mlir::LogicalResult expectRows(mlir::Operation *op, llvm::StringRef what,
                               int64_t rows, int64_t expected);

/// sum_i a[i] * b[i]. Sixteen partial sums, joined in order at the end: fixed,
/// and wide enough for the compiler to vectorise without reordering.
template <typename Real>
Real dot(const Real *a, const Real *b, int64_t count) {
  constexpr int64_t kLanes = 16;
  Real sums[kLanes] = {};
  int64_t i = 0;
  for (; i + kLanes <= count; i += kLanes)
    for (int64_t lane = 0; lane < kLanes; ++lane)
      sums[lane] += a[i + lane] * b[i + lane];
  for (int64_t lane = 0; i + lane < count; ++lane)
    sums[lane] += a[i + lane] * b[i + lane];
  Real total = 0;
  for (Real sum : sums)
    total += sum;
  return total;
}

/// x / (1 + exp(-x)).
template <typename Real>
Real silu(Real x);

// Token.td
template <typename Real>
MaybeTensor<Real> embed(ir::EmbedOp op, const Batch &batch,
                        const Tensor<Real> &table);
template <typename Real>
MaybeTensor<Real> logits(ir::LogitsOp op, const Tensor<Real> &x,
                         const Tensor<Real> &head, const Batch &batch);
template <typename Real>
MaybeTensor<Real> choose(ir::ChooseOp op, const Tensor<Real> &logits,
                         const Batch &batch);

// Elementwise.td
template <typename Real>
MaybeTensor<Real> add(ir::AddOp op, const Tensor<Real> &lhs,
                      const Tensor<Real> &rhs);
template <typename Real>
MaybeTensor<Real> concat(ir::ConcatOp op, const Tensor<Real> &lhs,
                         const Tensor<Real> &rhs);
template <typename Real>
MaybeTensorPair<Real> split(ir::SplitOp op, const Tensor<Real> &x);
template <typename Real>
MaybeTensor<Real> swiglu(ir::SwigluOp op, const Tensor<Real> &gate,
                         const Tensor<Real> &up);

// Norm.td
/// Without a weight, `weight` is null.
template <typename Real>
MaybeTensor<Real> rmsNorm(ir::RMSNormOp op, const Tensor<Real> &x,
                          const Tensor<Real> *weight);

template <typename Real>
MaybeTensorPair<Real> addRmsNorm(ir::AddRMSNormOp op, const Tensor<Real> &x,
                                 const Tensor<Real> &update,
                                 const Tensor<Real> &weight);

// Linear.td
/// Without a bias, `bias` is null.
template <typename Real>
MaybeTensor<Real> linear(ir::LinearOp op, const Tensor<Real> &x,
                         const Tensor<Real> &weight, const Tensor<Real> *bias);

template <typename Real>
MaybeTensor<Real> gatedLinear(ir::GatedLinearOp op, const Tensor<Real> &x,
                              const Tensor<Real> &gate, const Tensor<Real> &up);

// Layout.td
template <typename Real>
MaybeTensor<Real> transpose(ir::TransposeOp op, const Tensor<Real> &x);

// Quant.td
template <typename Real>
MaybeTensor<Real> quantize(ir::QuantizeOp op, const Tensor<Real> &x);

// Attention.td
template <typename Real>
MaybeTensor<Real> rope(ir::RopeOp op, const Tensor<Real> &x,
                       const Batch &batch);
template <typename Real>
mlir::FailureOr<KVCache<Real>>
kvAppend(ir::KVAppendOp op, const KVCache<Real> &cache,
         const Tensor<Real> &head, const Tensor<Real> &tail,
         const Batch &batch);
template <typename Real>
MaybeTensor<Real> attention(ir::AttentionOp op, const Tensor<Real> &q,
                            const KVCache<Real> &cache, const Batch &batch);
template <typename Real>
MaybeTensor<Real> latentAttention(ir::LatentAttentionOp op,
                                  const Tensor<Real> &q,
                                  const KVCache<Real> &cache,
                                  const Tensor<Real> &kvB, const Batch &batch);
template <typename Real>
MaybeTensor<Real> absorbQuery(ir::AbsorbQueryOp op, const Tensor<Real> &q,
                              const Tensor<Real> &kvB);
template <typename Real>
MaybeTensor<Real> attendLatent(ir::AttendLatentOp op, const Tensor<Real> &query,
                               const KVCache<Real> &cache, const Batch &batch);
template <typename Real>
MaybeTensor<Real> projectValue(ir::ProjectValueOp op,
                               const Tensor<Real> &latent,
                               const Tensor<Real> &kvB);

// MoE.td
template <typename Real>
MaybeTensorPair<Real> route(ir::RouteOp op, const Tensor<Real> &logits,
                            const Tensor<Real> *bias);
/// The network beside the experts that takes every row; null without one.
template <typename Real>
struct SharedNetwork {
  const Tensor<Real> *gate = nullptr, *up = nullptr, *down = nullptr;
};
template <typename Real>
MaybeTensor<Real> experts(ir::ExpertsOp op, const Tensor<Real> &x,
                          const Tensor<Real> &weights,
                          const Tensor<Real> &indices, const Tensor<Real> &gate,
                          const Tensor<Real> &up, const Tensor<Real> &down,
                          const SharedNetwork<Real> &shared);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_INTERPRETER_OPS_H
