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

/// YaRN, in the terms of #ingot.yarn.
struct Yarn {
  double factor = 1;
  /// Positions that the model was trained on before scaling.
  int64_t original = 0;
  double betaFast = 0;
  double betaSlow = 0;
  /// Multiplies cos and sin.
  double magnitude = 1;
};

/// A rotary embedding, in the terms of #ingot.rope.
struct Rope {
  /// Values of a head that rotate.
  int64_t dim = 0;
  double theta = 0;
  ir::PairLayout layout = ir::PairLayout::Interleaved;
  std::optional<Yarn> scaling;
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

/// A SwiGLU network of the given inner width.
struct DenseFfn {
  int64_t width = 0;
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
};

/// A pre-norm layer: x += attention(norm(x)), then x += ffn(norm(x)).
struct Layer {
  LatentAttention attention;
  std::variant<DenseFfn, RoutedFfn> ffn;
};

/// The latent attention that `shape` describes, with interleaved pairs and YaRN
/// if positions are scaled. With m(c) = 0.1 c ln(factor) + 1 (YaRN, section
/// 3.4; 1 for a factor up to 1) the softmax scale is
/// (nope + rope)^-0.5 * m(mscale_all_dim)^2 and the magnitude
/// m(mscale) / m(mscale_all_dim).
LatentAttention latentAttention(const Shape &shape);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_LAYER_H
