//===- Layer.h - What a layer of a model consists of ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A family describes each of its layers with these; LayerBuilder turns them
// into ops. Plain values, no maths on tensors.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_LAYER_H
#define INGOT_COMPILER_MODELS_LAYER_H

#include "dialects/Ingot/IngotDialect.h"

#include <cstdint>
#include <optional>
#include <variant>

namespace ingot::compiler {

struct Shape;

/// In the terms of #ingot.yarn.
struct YarnScaling {
  double factor = 1;
  int64_t original = 0;
  double betaFast = 0;
  double betaSlow = 0;
  /// Multiplies cos and sin.
  double magnitude = 1;
};

/// In the terms of #ingot.ntk_by_parts.
struct NtkByPartsScaling {
  double factor = 1;
  double lowFreqFactor = 0;
  double highFreqFactor = 0;
  int64_t original = 0;
};

/// In the terms of #ingot.linear_positions.
struct LinearScaling {
  double factor = 1;
};

/// A rotary embedding, in the terms of #ingot.rope.
struct Rope {
  /// Values of a head that rotate.
  int64_t dim = 0;
  double theta = 0;
  ir::PairLayout layout = ir::PairLayout::Interleaved;
  std::variant<std::monostate, YarnScaling, NtkByPartsScaling, LinearScaling>
      scaling;
};

/// Multi-head latent attention (DeepSeek-V2, section 2.1).
struct LatentAttention {
  int64_t heads = 0;
  /// 0: queries come straight from the hidden row.
  int64_t queryRank = 0;
  int64_t latentRank = 0;
  int64_t nopeDim = 0;
  int64_t valueDim = 0;
  /// rope.dim is the width of the one key that all heads share.
  Rope rope;
  /// Multiplies the scores before the softmax.
  double scale = 0;
};

/// Which queries and keys are normalised before they meet.
enum class QkNorm {
  None,
  /// Whole rows, with weights, before they turn.
  Rows,
  /// Each head, with a weight that heads share, before they turn.
  Heads,
  /// Each head, without a weight, after it has turned.
  TurnedHeads,
};

/// In the terms of #ingot.temperature.
struct Temperature {
  int64_t floor = 0;
  double scale = 0;
};

/// Query heads that share key and value heads: MHA, GQA and MQA.
struct GroupedAttention {
  int64_t heads = 0;
  int64_t kvHeads = 0;
  int64_t headDim = 0;
  /// Whether the four projections have biases.
  bool bias = false;
  QkNorm norm = QkNorm::None;
  /// None: no positions.
  std::optional<Rope> rope;
  /// Multiplies the scores before the softmax.
  double scale = 0;
  /// What a token sees: at most one of #ingot.sliding and #ingot.chunked; 0
  /// without.
  int64_t window = 0;
  int64_t chunk = 0;
  std::optional<Temperature> temperature;
};

/// A SwiGLU network of the given inner width.
struct DenseFfn {
  int64_t width = 0;
  /// Whether its three projections have biases.
  bool bias = false;
};

/// Routed experts beside shared ones, all SwiGLU networks.
struct RoutedFfn {
  int64_t experts = 0;
  /// Inner width of one expert.
  int64_t width = 0;
  /// Inner width of all shared experts together; 0 without them.
  int64_t sharedWidth = 0;

  // How experts are chosen, in the terms of #ingot.routing.
  ir::ScoreFunction score = ir::ScoreFunction::Softmax;
  /// Whether a learned bias takes part in the choice.
  bool bias = false;
  int64_t topK = 0;
  int64_t groups = 1;
  int64_t topGroups = 1;
  ir::GroupScore groupScore = ir::GroupScore::Max;
  bool renormalize = false;
  double scale = 1;
  ir::ChooseBy chooseBy = ir::ChooseBy::Scores;
  /// Whether an expert's weight scales what it takes instead of what it gives.
  bool weightsOnInput = false;
};

/// Where the norms of a layer stand.
enum class NormPlace {
  /// x += attention(norm(x)), then x += ffn(norm(x)).
  Before,
  /// x += norm(attention(x)), then x += norm(ffn(x)).
  Behind,
};

struct Layer {
  std::variant<LatentAttention, GroupedAttention> attention;
  std::variant<DenseFfn, RoutedFfn> ffn;
  NormPlace norms = NormPlace::Before;
};

/// Values that a layer caches for a token: latent and rope key, or keys and
/// values.
int64_t cacheWidth(const Layer &layer);

/// The latent attention that `shape` describes, with interleaved pairs and YaRN
/// if positions are scaled. With m(c) = 0.1 c ln(factor) + 1 (YaRN, section
/// 3.4; 1 for a factor up to 1) the softmax scale is
/// (nope + rope)^-0.5 * m(mscale_all_dim)^2 and the magnitude
/// m(mscale) / m(mscale_all_dim).
LatentAttention latentAttention(const Shape &shape);

/// The grouped attention that `shape` describes: rotary positions in all of a
/// head, scores scaled by headDim^-0.5, every earlier token in sight. YaRN's
/// magnitude is as above, with m(1) where the config has no mscales.
GroupedAttention groupedAttention(const Shape &shape, ir::PairLayout layout);

/// Whether layer `layer` is routed: one of expertLayers where they are listed,
/// else each expertStep-th; none of expertFreeLayers.
bool hasExperts(const Shape &shape, int64_t layer);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_LAYER_H
