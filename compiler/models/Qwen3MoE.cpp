//===- Qwen3MoE.cpp - Qwen3, the routed ones, and their kin ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Qwen3 30B-A3B and 235B-A22B (arXiv 2505.09388) and models of the same layout:
// each head of queries and keys normalised before it turns, experts chosen by a
// softmax over all.
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Decoder.h"

namespace ingot::compiler {

static constexpr Architecture kArchitectures[] = {{"Qwen3MoeForCausalLM"}};

static constexpr ConfigField kFields[] = {
    requiredSize("num_experts", &Shape::experts, 4096),
    requiredSize("moe_intermediate_size", &Shape::expertWidth, 1 << 20),
    requiredSize("num_experts_per_tok", &Shape::topK, 256),
    optionalFlag("norm_topk_prob", &Shape::renormalize),
    optionalStep("decoder_sparse_step", &Shape::expertStep, 1024),
    optionalList("mlp_only_layers", &Shape::expertFreeLayers, 1024),
};

static constexpr ConfigPin kPins[] = {
    {"use_sliding_window", false},
};

static constexpr ShapeRule kRules[] = {
    {&Shape::topK, ShapeRule::AtMost, &Shape::experts},
};

// Without use_sliding_window the sizes of windows say nothing.
static constexpr std::string_view kHarmless[] = {
    "sliding_window",
    "max_window_layers",
};

static constexpr WeightRule kWeights[] = {
    {"model.layers.{l}.mlp.gate.weight", Slot::Router, Layout::OutIn},
    {"model.layers.{l}.mlp.experts.{e}.gate_proj.weight", Slot::ExpertGate},
    {"model.layers.{l}.mlp.experts.{e}.up_proj.weight", Slot::ExpertUp},
    {"model.layers.{l}.mlp.experts.{e}.down_proj.weight", Slot::ExpertDown},
};

static Layer describe(const Shape &shape, int64_t layer) {
  GroupedAttention attention = groupedAttention(shape, ir::PairLayout::Halves);
  attention.norm = QkNorm::Heads;
  Layer result{.attention = attention,
               .ffn = DenseFfn{.width = shape.denseWidth}};
  if (hasExperts(shape, layer))
    result.ffn = RoutedFfn{.experts = shape.experts,
                           .width = shape.expertWidth,
                           .score = ir::ScoreFunction::Softmax,
                           .topK = shape.topK,
                           .renormalize = shape.renormalize};
  return result;
}

static constexpr auto kAllFields =
    joined(decoder::kFields, common::kRopeTheta, common::kDenseWidth, kFields);
static constexpr auto kAllPins = joined(decoder::kPins, kPins);
static constexpr auto kAllRules = joined(decoder::kRules, kRules);
static constexpr auto kAllHarmless =
    joined(decoder::kHarmless, decoder::kRouterHarmless, kHarmless);
static constexpr auto kAllWeights =
    joined(decoder::kWeights, common::kNormsBefore, decoder::kQkNorms,
           decoder::kDense, kWeights);

extern const Family kQwen3MoE;
constinit const Family kQwen3MoE = {.architectures = kArchitectures,
                                    .fields = kAllFields,
                                    .pins = kAllPins,
                                    .rules = kAllRules,
                                    .harmless = kAllHarmless,
                                    .weights = kAllWeights,
                                    .describe = describe};

} // namespace ingot::compiler
