//===- Attention.cpp - Positions, the KV cache and attention --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Ops.h"
#include "dialects/Ingot/Rope.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ingot::compiler {

template <typename Real>
MaybeTensor<Real> rope(ir::RopeOp op, const Tensor<Real> &x,
                       const Batch &batch) {
  if (failed(expectRows(op, "x", x.rows(), batch.rows())))
    return mlir::failure();
  ir::RopeAttr attr = op.getRope();
  int64_t heads = op.getHeads(), width = x.width() / heads, dim = attr.getDim();
  bool interleaved = attr.getLayout() == ir::PairLayout::Interleaved;
  llvm::SmallVector<double> frequencies = ir::inverseFrequencies(attr);
  double magnitude = ir::rotationMagnitude(attr);
  Tensor<Real> result = x;
  for (int64_t t = 0; t < x.rows(); ++t)
    for (int64_t j = 0; j < dim / 2; ++j) {
      // Angles grow with the position: in float they would lose digits that the
      // published tables have.
      double angle = batch.positions[t] * frequencies[j];
      Real cosine = static_cast<Real>(std::cos(angle) * magnitude);
      Real sine = static_cast<Real>(std::sin(angle) * magnitude);
      for (int64_t h = 0; h < heads; ++h) {
        Real *rotated = result.row(t) + (h + 1) * width - dim;
        Real &first = rotated[interleaved ? 2 * j : j];
        Real &second = rotated[interleaved ? 2 * j + 1 : j + dim / 2];
        Real a = first, b = second;
        first = a * cosine - b * sine;
        second = b * cosine + a * sine;
      }
    }
  return result;
}

template <typename Real>
mlir::FailureOr<KVCache<Real>>
kvAppend(ir::KVAppendOp op, const KVCache<Real> &cache,
         const Tensor<Real> &head, const Tensor<Real> &tail,
         const Batch &batch) {
  if (failed(expectRows(op, "head", head.rows(), batch.rows())) ||
      failed(expectRows(op, "tail", tail.rows(), batch.rows())))
    return mlir::failure();
  auto layer = std::make_shared<typename KVCache<Real>::Layer>(
      *cache.layers[op.getLayer()]);
  for (int64_t t = 0; t < batch.rows(); ++t) {
    std::vector<Real> row(head.row(t), head.row(t) + head.width());
    row.insert(row.end(), tail.row(t), tail.row(t) + tail.width());
    (*layer)[{batch.sequences[t], batch.positions[t]}] =
        std::make_shared<const std::vector<Real>>(std::move(row));
  }
  KVCache<Real> result = cache;
  result.layers[op.getLayer()] = std::move(layer);
  return result;
}

namespace {

/// Keys and values of one sequence, expanded from its cache rows.
template <typename Real>
struct Expanded {
  /// [j, h * (d + w)]: W_UK c_j, then W_UV c_j, a head.
  Tensor<Real> keysValues;
  /// [j, p]: k_j.
  Tensor<Real> ropeKeys;
};

/// Expands the rows at positions 0 to `last` of a sequence.
template <typename Real>
mlir::FailureOr<Expanded<Real>>
expand(ir::LatentAttentionOp op, const typename KVCache<Real>::Layer &layer,
       const Tensor<Real> &kvB, int32_t sequence, int32_t last) {
  int64_t rope = op.getRopeDim(), latent = kvB.width();
  int64_t written = std::distance(layer.lower_bound({sequence, 0}),
                                  layer.upper_bound({sequence, last}));
  if (written != int64_t(last) + 1)
    return op.emitOpError()
           << "expects cache rows at positions 0 to " << last << " of sequence "
           << sequence << ", got " << written << " rows";
  Expanded<Real> result{Tensor<Real>({written, kvB.rows()}),
                        Tensor<Real>({written, rope})};
  for (int32_t j = 0; j <= last; ++j) {
    const std::vector<Real> &row = *layer.at({sequence, j});
    for (int64_t n = 0; n < kvB.rows(); ++n)
      result.keysValues.row(j)[n] = dot(kvB.row(n), row.data(), latent);
    std::copy_n(row.data() + latent, rope, result.ropeKeys.row(j));
  }
  return result;
}

/// One head of one row: q [d + p] against positions 0 to `last`, the head's
/// keys and values being `offset` values into a row of them. Writes w values.
template <typename Real>
void attend(ir::LatentAttentionOp op, const Real *q,
            const Expanded<Real> &expanded, int64_t offset, int32_t last,
            Real *result) {
  int64_t nope = op.getNopeDim(), value = op.getValueDim();
  Real scale = static_cast<Real>(op.getScale().convertToDouble());
  Real top = -std::numeric_limits<Real>::infinity(), sum = 0;
  std::vector<Real> scores(int64_t(last) + 1);
  for (int32_t j = 0; j <= last; ++j) {
    const Real *key = expanded.keysValues.row(j) + offset;
    scores[j] =
        scale * (dot(q, key, nope) + dot(q + nope, expanded.ropeKeys.row(j),
                                         expanded.ropeKeys.width()));
    top = std::max(top, scores[j]);
  }
  for (Real &score : scores)
    sum += score = std::exp(score - top);
  std::fill_n(result, value, Real(0));
  for (int32_t j = 0; j <= last; ++j) {
    const Real *values = expanded.keysValues.row(j) + offset + nope;
    for (int64_t w = 0; w < value; ++w)
      result[w] += scores[j] / sum * values[w];
  }
}

} // namespace

template <typename Real>
MaybeTensor<Real> latentAttention(ir::LatentAttentionOp op,
                                  const Tensor<Real> &q,
                                  const KVCache<Real> &cache,
                                  const Tensor<Real> &kvB, const Batch &batch) {
  if (failed(expectRows(op, "q", q.rows(), batch.rows())))
    return mlir::failure();
  std::map<int32_t, int32_t> lastOf;
  for (int64_t t = 0; t < batch.rows(); ++t) {
    int32_t &last = lastOf[batch.sequences[t]];
    last = std::max(last, batch.positions[t]);
  }
  std::map<int32_t, Expanded<Real>> expanded;
  for (auto [sequence, last] : lastOf) {
    auto rows = expand(op, *cache.layers[op.getLayer()], kvB, sequence, last);
    if (failed(rows))
      return mlir::failure();
    expanded[sequence] = std::move(*rows);
  }
  int64_t heads = op.getHeads(), value = op.getValueDim();
  int64_t qWidth = op.getNopeDim() + op.getRopeDim();
  int64_t kvWidth = op.getNopeDim() + value;
  Tensor<Real> result({q.rows(), heads * value});
  for (int64_t t = 0; t < q.rows(); ++t)
    for (int64_t h = 0; h < heads; ++h)
      attend(op, q.row(t) + h * qWidth, expanded.at(batch.sequences[t]),
             h * kvWidth, batch.positions[t], result.row(t) + h * value);
  return result;
}

template MaybeTensor<float> rope(ir::RopeOp, const Tensor<float> &,
                                 const Batch &);
template MaybeTensor<double> rope(ir::RopeOp, const Tensor<double> &,
                                  const Batch &);
template mlir::FailureOr<KVCache<float>>
kvAppend(ir::KVAppendOp, const KVCache<float> &, const Tensor<float> &,
         const Tensor<float> &, const Batch &);
template mlir::FailureOr<KVCache<double>>
kvAppend(ir::KVAppendOp, const KVCache<double> &, const Tensor<double> &,
         const Tensor<double> &, const Batch &);
template MaybeTensor<float>
latentAttention(ir::LatentAttentionOp, const Tensor<float> &,
                const KVCache<float> &, const Tensor<float> &, const Batch &);
template MaybeTensor<double>
latentAttention(ir::LatentAttentionOp, const Tensor<double> &,
                const KVCache<double> &, const Tensor<double> &, const Batch &);

} // namespace ingot::compiler
