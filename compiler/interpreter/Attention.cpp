//===- Attention.cpp - Positions, the KV cache and attention --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Ops.h"
#include "compiler/interpreter/Rounding.h"
#include "dialects/Ingot/Rope.h"

#include <algorithm>
#include <cmath>

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
    for (Real &value : row)
      value = roundToCache(op.getType().getElement(), value);
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

/// Fails unless a layer of the cache has rows at positions 0 to `last`.
template <typename Real>
mlir::LogicalResult expectRowsUpTo(mlir::Operation *op,
                                   const typename KVCache<Real>::Layer &layer,
                                   int32_t sequence, int32_t last) {
  int64_t written = std::distance(layer.lower_bound({sequence, 0}),
                                  layer.upper_bound({sequence, last}));
  if (written == int64_t(last) + 1)
    return mlir::success();
  return op->emitOpError() << "expects cache rows at positions 0 to " << last
                           << " of sequence " << sequence << ", got " << written
                           << " rows";
}

/// Expands the rows at positions 0 to `last` of a sequence.
template <typename Real>
mlir::FailureOr<Expanded<Real>>
expand(ir::LatentAttentionOp op, const typename KVCache<Real>::Layer &layer,
       const Tensor<Real> &kvB, int32_t sequence, int32_t last) {
  int64_t rope = op.getRopeDim(), latent = kvB.width();
  if (failed(expectRowsUpTo<Real>(op, layer, sequence, last)))
    return mlir::failure();
  Expanded<Real> result{Tensor<Real>({int64_t(last) + 1, kvB.rows()}),
                        Tensor<Real>({int64_t(last) + 1, rope})};
  for (int32_t j = 0; j <= last; ++j) {
    const std::vector<Real> &row = *layer.at({sequence, j});
    for (int64_t n = 0; n < kvB.rows(); ++n)
      result.keysValues.row(j)[n] = dot(kvB.row(n), row.data(), latent);
    std::copy_n(row.data() + latent, rope, result.ropeKeys.row(j));
  }
  return result;
}

/// Turns scores into weights that sum to 1.
template <typename Real>
void softmax(std::vector<Real> &scores) {
  Real top = *std::max_element(scores.begin(), scores.end()), sum = 0;
  for (Real &score : scores)
    sum += score = std::exp(score - top);
  for (Real &score : scores)
    score /= sum;
}

/// One head of one row: q [d + p] against positions 0 to `last`, the head's
/// keys and values being `offset` values into a row of them. Writes w values.
template <typename Real>
void attend(ir::LatentAttentionOp op, const Real *q,
            const Expanded<Real> &expanded, int64_t offset, int32_t last,
            Real *result) {
  int64_t nope = op.getNopeDim(), value = op.getValueDim();
  Real scale = static_cast<Real>(op.getScale().convertToDouble());
  std::vector<Real> scores(int64_t(last) + 1);
  for (int32_t j = 0; j <= last; ++j) {
    const Real *key = expanded.keysValues.row(j) + offset;
    scores[j] =
        scale * (dot(q, key, nope) + dot(q + nope, expanded.ropeKeys.row(j),
                                         expanded.ropeKeys.width()));
  }
  softmax(scores);
  std::fill_n(result, value, Real(0));
  for (int32_t j = 0; j <= last; ++j) {
    const Real *values = expanded.keysValues.row(j) + offset + nope;
    for (int64_t w = 0; w < value; ++w)
      result[w] += scores[j] * values[w];
  }
}

} // namespace

/// What multiplies the scores of the token at `position`.
static double scoreFactor(ir::AttentionOp op, int32_t position) {
  double scale = op.getScale().convertToDouble();
  ir::TemperatureAttr temperature = op.getTemperatureAttr();
  if (!temperature)
    return scale;
  int64_t steps = (int64_t(position) + 1) / temperature.getFloor();
  return scale * (std::log1p(double(steps)) *
                      temperature.getScale().getValueAsDouble() +
                  1);
}

template <typename Real>
MaybeTensor<Real> attention(ir::AttentionOp op, const Tensor<Real> &q,
                            const KVCache<Real> &cache, const Batch &batch) {
  if (failed(expectRows(op, "q", q.rows(), batch.rows())))
    return mlir::failure();
  const auto &layer = *cache.layers[op.getLayer()];
  int64_t width = op.getHeadDim(), kvHeads = op.getKvHeads();
  int64_t heads = op.getHeads(), shared = heads / kvHeads;
  Tensor<Real> result(q.shape);
  for (int64_t t = 0; t < q.rows(); ++t) {
    int32_t sequence = batch.sequences[t], last = batch.positions[t];
    if (failed(expectRowsUpTo<Real>(op, layer, sequence, last)))
      return mlir::failure();
    std::vector<const Real *> seen;
    for (auto j = static_cast<int32_t>(op.firstVisible(last)); j <= last; ++j)
      seen.push_back(layer.at({sequence, j})->data());
    Real factor = static_cast<Real>(scoreFactor(op, last));
    for (int64_t h = 0; h < heads; ++h) {
      int64_t key = h / shared * width, value = kvHeads * width + key;
      std::vector<Real> scores;
      for (const Real *row : seen)
        scores.push_back(factor * dot(q.row(t) + h * width, row + key, width));
      softmax(scores);
      for (size_t j = 0; j < seen.size(); ++j)
        for (int64_t n = 0; n < width; ++n)
          result.row(t)[h * width + n] += scores[j] * seen[j][value + n];
    }
  }
  return result;
}

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

template <typename Real>
MaybeTensor<Real> absorbQuery(ir::AbsorbQueryOp op, const Tensor<Real> &q,
                              const Tensor<Real> &kvB) {
  int64_t nope = op.getNopeDim(), rope = op.getRopeDim();
  int64_t rank = kvB.width(), kvRows = nope + op.getValueDim();
  Tensor<Real> result({q.rows(), int64_t(op.getHeads()) * (rank + rope)});
  for (int64_t t = 0; t < q.rows(); ++t)
    for (int64_t h = 0; h < int64_t(op.getHeads()); ++h) {
      const Real *from = q.row(t) + h * (nope + rope);
      Real *to = result.row(t) + h * (rank + rope);
      for (int64_t d = 0; d < nope; ++d)
        for (int64_t k = 0; k < rank; ++k)
          to[k] += from[d] * kvB.row(h * kvRows + d)[k];
      std::copy_n(from + nope, rope, to + rank);
    }
  return result;
}

template <typename Real>
MaybeTensor<Real> attendLatent(ir::AttendLatentOp op, const Tensor<Real> &query,
                               const KVCache<Real> &cache, const Batch &batch) {
  if (failed(expectRows(op, "query", query.rows(), batch.rows())))
    return mlir::failure();
  const auto &layer = *cache.layers[op.getLayer()];
  int64_t heads = op.getHeads(), rank = cache.width - op.getRopeDim();
  Real scale = static_cast<Real>(op.getScale().convertToDouble());
  Tensor<Real> result({query.rows(), heads * rank});
  for (int64_t t = 0; t < query.rows(); ++t) {
    int32_t sequence = batch.sequences[t], last = batch.positions[t];
    if (failed(expectRowsUpTo<Real>(op, layer, sequence, last)))
      return mlir::failure();
    for (int64_t h = 0; h < heads; ++h) {
      std::vector<Real> scores(int64_t(last) + 1);
      for (int32_t j = 0; j <= last; ++j)
        scores[j] = scale * dot(query.row(t) + h * cache.width,
                                layer.at({sequence, j})->data(), cache.width);
      softmax(scores);
      for (int32_t j = 0; j <= last; ++j)
        for (int64_t k = 0; k < rank; ++k)
          result.row(t)[h * rank + k] +=
              scores[j] * (*layer.at({sequence, j}))[k];
    }
  }
  return result;
}

template <typename Real>
MaybeTensor<Real> projectValue(ir::ProjectValueOp op,
                               const Tensor<Real> &latent,
                               const Tensor<Real> &kvB) {
  int64_t heads = op.getHeads(), value = op.getValueDim();
  int64_t rank = kvB.width(), kvRows = op.getNopeDim() + value;
  Tensor<Real> result({latent.rows(), heads * value});
  for (int64_t t = 0; t < latent.rows(); ++t)
    for (int64_t h = 0; h < heads; ++h)
      for (int64_t v = 0; v < value; ++v)
        result.row(t)[h * value + v] =
            dot(latent.row(t) + h * rank,
                kvB.row(h * kvRows + op.getNopeDim() + v), rank);
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
template MaybeTensor<float> attention(ir::AttentionOp, const Tensor<float> &,
                                      const KVCache<float> &, const Batch &);
template MaybeTensor<double> attention(ir::AttentionOp, const Tensor<double> &,
                                       const KVCache<double> &, const Batch &);
template MaybeTensor<float>
latentAttention(ir::LatentAttentionOp, const Tensor<float> &,
                const KVCache<float> &, const Tensor<float> &, const Batch &);
template MaybeTensor<double>
latentAttention(ir::LatentAttentionOp, const Tensor<double> &,
                const KVCache<double> &, const Tensor<double> &, const Batch &);
template MaybeTensor<float>
absorbQuery(ir::AbsorbQueryOp, const Tensor<float> &, const Tensor<float> &);
template MaybeTensor<float> attendLatent(ir::AttendLatentOp,
                                         const Tensor<float> &,
                                         const KVCache<float> &, const Batch &);
template MaybeTensor<float>
projectValue(ir::ProjectValueOp, const Tensor<float> &, const Tensor<float> &);
template MaybeTensor<double>
absorbQuery(ir::AbsorbQueryOp, const Tensor<double> &, const Tensor<double> &);
template MaybeTensor<double> attendLatent(ir::AttendLatentOp,
                                          const Tensor<double> &,
                                          const KVCache<double> &,
                                          const Batch &);
template MaybeTensor<double> projectValue(ir::ProjectValueOp,
                                          const Tensor<double> &,
                                          const Tensor<double> &);

} // namespace ingot::compiler
