//===- MoE.cpp - Routing and experts --------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Ops.h"
#include "compiler/interpreter/Rounding.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ingot::compiler {

namespace {

/// The indices of the `count` largest values, largest first, the lower index
/// first among equals.
template <typename Real>
std::vector<int64_t> largest(const std::vector<Real> &values, int64_t count) {
  std::vector<int64_t> order(values.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<int64_t>(i);
  // Selection by hand: NaN, which compares false, would confuse a library sort.
  for (int64_t k = 0; k < count; ++k) {
    auto best = order.begin() + k;
    for (auto it = best; it != order.end(); ++it)
      if (values[*it] > values[*best] ||
          (values[*it] == values[*best] && *it < *best))
        best = it;
    std::swap(order[k], *best);
  }
  order.resize(count);
  return order;
}

template <typename Real>
std::vector<Real> scoresOf(ir::ScoreFunction function, const Real *logits,
                           int64_t count) {
  std::vector<Real> scores(logits, logits + count);
  if (function == ir::ScoreFunction::Sigmoid) {
    for (Real &score : scores)
      score = 1 / (1 + std::exp(-score));
    return scores;
  }
  Real top = *std::max_element(scores.begin(), scores.end()), sum = 0;
  for (Real &score : scores)
    sum += score = std::exp(score - top);
  for (Real &score : scores)
    score /= sum;
  return scores;
}

/// Sets the choices of all experts outside the best groups to minus infinity.
template <typename Real>
void maskGroups(ir::RoutingAttr routing, std::vector<Real> &choices) {
  int64_t groups = routing.getGroups();
  int64_t size = static_cast<int64_t>(choices.size()) / groups;
  bool topTwo = routing.getGroupScore() == ir::GroupScore::Top2Sum;
  std::vector<Real> ranks;
  for (int64_t g = 0; g < groups; ++g) {
    std::vector<Real> members(choices.begin() + g * size,
                              choices.begin() + (g + 1) * size);
    Real rank = 0;
    for (int64_t member : largest(members, topTwo ? 2 : 1))
      rank += members[member];
    ranks.push_back(rank);
  }
  std::vector<bool> kept(groups);
  for (int64_t group : largest(ranks, routing.getTopGroups()))
    kept[group] = true;
  for (size_t e = 0; e < choices.size(); ++e)
    if (!kept[static_cast<int64_t>(e) / size])
      choices[e] = -std::numeric_limits<Real>::infinity();
}

/// The network down (silu(gate x) * (up x)) of one row of `width` values, with
/// `inner` in between; what is multiplied is rounded to `inputs` before.
template <typename Real>
std::vector<Real> network(const Real *gate, const Real *up, const Real *down,
                          int64_t inner, int64_t width, std::vector<Real> x,
                          mlir::TypeAttr inputs) {
  std::vector<Real> hidden(inner), result(width);
  roundInputs(inputs, x.data(), width);
  for (int64_t i = 0; i < inner; ++i)
    hidden[i] = silu(dot(gate + i * width, x.data(), width)) *
                dot(up + i * width, x.data(), width);
  roundInputs(inputs, hidden.data(), inner);
  for (int64_t n = 0; n < width; ++n)
    result[n] = dot(down + n * inner, hidden.data(), inner);
  return result;
}

} // namespace

template <typename Real>
MaybeTensorPair<Real> route(ir::RouteOp op, const Tensor<Real> &logits,
                            const Tensor<Real> *bias) {
  ir::RoutingAttr routing = op.getRouting();
  int64_t topK = routing.getTopK(), experts = logits.width();
  Tensor<Real> weights({logits.rows(), topK}), indices({logits.rows(), topK});
  for (int64_t t = 0; t < logits.rows(); ++t) {
    std::vector<Real> scores =
        scoresOf(routing.getScore(), logits.row(t), experts);
    std::vector<Real> choices = scores;
    if (routing.getChooseBy() == ir::ChooseBy::Logits)
      choices.assign(logits.row(t), logits.row(t) + experts);
    for (int64_t e = 0; bias && e < experts; ++e)
      choices[e] += bias->data[e];
    if (routing.getGroups() > 1)
      maskGroups(routing, choices);
    std::vector<int64_t> winners = largest(choices, topK);
    Real sum = 0,
         scale = static_cast<Real>(routing.getScale().getValueAsDouble());
    for (int64_t winner : winners)
      sum += scores[winner];
    Real divisor = routing.getRenormalize() ? sum + Real(1e-20) : Real(1);
    for (int64_t k = 0; k < topK; ++k) {
      weights.row(t)[k] = scores[winners[k]] / divisor * scale;
      indices.row(t)[k] = static_cast<Real>(winners[k]);
    }
  }
  return std::make_pair(std::move(weights), std::move(indices));
}

template <typename Real>
MaybeTensor<Real> experts(ir::ExpertsOp op, const Tensor<Real> &x,
                          const Tensor<Real> &weights,
                          const Tensor<Real> &indices, const Tensor<Real> &gate,
                          const Tensor<Real> &up, const Tensor<Real> &down,
                          const SharedNetwork<Real> &shared) {
  if (failed(expectRows(op, "weights", weights.rows(), x.rows())) ||
      failed(expectRows(op, "indices", indices.rows(), x.rows())) ||
      failed(expectRows(op, "up", up.rows(), gate.rows())) ||
      failed(expectRows(op, "down", down.rows(), gate.rows())))
    return mlir::failure();
  Tensor<Real> result(x.shape);
  for (int64_t t = 0; t < x.rows(); ++t) {
    for (int64_t k = 0; k < weights.width(); ++k) {
      Real index = indices.row(t)[k];
      if (!(index >= 0 && index < static_cast<Real>(gate.rows())))
        return op.emitOpError() << llvm::formatv(
                   "expects indices of 0 to {0}, got {1:f0} in row {2}",
                   gate.rows() - 1, static_cast<double>(index), t);
      int64_t e = static_cast<int64_t>(index);
      std::vector<Real> input(x.row(t), x.row(t) + x.width());
      Real before = 1, behind = weights.row(t)[k];
      if (op.getWeightsOnInput())
        std::swap(before, behind);
      for (Real &value : input)
        value *= before;
      std::vector<Real> output =
          network(gate.row(e), up.row(e), down.row(e), gate.shape[1], x.width(),
                  std::move(input), op.getInputsAttr());
      for (int64_t n = 0; n < x.width(); ++n)
        result.row(t)[n] += behind * output[n];
    }
    if (!shared.gate)
      continue;
    std::vector<Real> output =
        network(shared.gate->row(0), shared.up->row(0), shared.down->row(0),
                shared.gate->rows(), x.width(),
                {x.row(t), x.row(t) + x.width()}, op.getInputsAttr());
    for (int64_t n = 0; n < x.width(); ++n)
      result.row(t)[n] += output[n];
  }
  return result;
}

template MaybeTensorPair<float> route(ir::RouteOp, const Tensor<float> &,
                                      const Tensor<float> *);
template MaybeTensorPair<double> route(ir::RouteOp, const Tensor<double> &,
                                       const Tensor<double> *);
template MaybeTensor<float>
experts(ir::ExpertsOp, const Tensor<float> &, const Tensor<float> &,
        const Tensor<float> &, const Tensor<float> &, const Tensor<float> &,
        const Tensor<float> &, const SharedNetwork<float> &);
template MaybeTensor<double>
experts(ir::ExpertsOp, const Tensor<double> &, const Tensor<double> &,
        const Tensor<double> &, const Tensor<double> &, const Tensor<double> &,
        const Tensor<double> &, const SharedNetwork<double> &);

} // namespace ingot::compiler
