//===- Qwen3.cpp - Qwen3, the dense ones, and their kin -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Qwen3 0.6B to 32B (arXiv 2505.09388) and models of the same layout: each head
// of queries and keys normalised before it turns. The first layers may see
// every token and the others a window.
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Decoder.h"

namespace ingot::compiler {

static constexpr Architecture kArchitectures[] = {{"Qwen3ForCausalLM"}};

static constexpr std::string_view kLayerTypes[] = {"full_attention",
                                                   "sliding_attention"};

static constexpr ConfigField kFields[] = {
    optionalFlag("use_sliding_window", &Shape::windowed),
    optionalSize("sliding_window", &Shape::window, 1 << 30),
    optionalSize("max_window_layers", &Shape::windowFrom, 1024, 28),
    optionalList("layer_types", &Shape::layerTypes, 1, &Shape::layers,
                 kLayerTypes),
};

static Layer describe(const Shape &shape, int64_t layer) {
  GroupedAttention attention = groupedAttention(shape, ir::PairLayout::Halves);
  attention.norm = QkNorm::Heads;
  bool slides = shape.layerTypes.empty() ? layer >= shape.windowFrom
                                         : shape.layerTypes[layer] == 1;
  if (shape.windowed && slides)
    attention.window = shape.window;
  return {.attention = attention, .ffn = DenseFfn{.width = shape.denseWidth}};
}

static constexpr auto kAllFields =
    joined(decoder::kFields, common::kRopeTheta, common::kDenseWidth, kFields);
static constexpr auto kAllWeights =
    joined(decoder::kWeights, common::kNormsBefore, decoder::kQkNorms,
           decoder::kDense);

extern const Family kQwen3;
constinit const Family kQwen3 = {.architectures = kArchitectures,
                                 .fields = kAllFields,
                                 .pins = decoder::kPins,
                                 .rules = decoder::kRules,
                                 .harmless = decoder::kHarmless,
                                 .weights = kAllWeights,
                                 .describe = describe};

} // namespace ingot::compiler
