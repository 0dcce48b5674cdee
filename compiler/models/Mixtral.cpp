//===- Mixtral.cpp - Mixtral and its kin ----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Mixtral 8x7B, 8x22B and models of the same layout (arXiv 2401.04088): grouped
// attention, experts chosen by a softmax over all, renormalised.
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Decoder.h"

namespace ingot::compiler {

static constexpr Architecture kArchitectures[] = {{"MixtralForCausalLM"}};

static constexpr ConfigField kFields[] = {
    requiredSize("intermediate_size", &Shape::expertWidth, 1 << 20),
    requiredSize("num_local_experts", &Shape::experts, 4096),
    requiredSize("num_experts_per_tok", &Shape::topK, 256),
    optionalSize("sliding_window", &Shape::window, 1 << 30),
};

static constexpr ConfigPin kPins[] = {
    {"attention_bias", false},
};

static constexpr ShapeRule kRules[] = {
    {&Shape::topK, ShapeRule::AtMost, &Shape::experts},
};

static constexpr WeightRule kWeights[] = {
    {"model.layers.{l}.block_sparse_moe.gate.weight", Slot::Router,
     Layout::OutIn},
    {"model.layers.{l}.block_sparse_moe.experts.{e}.w1.weight",
     Slot::ExpertGate},
    {"model.layers.{l}.block_sparse_moe.experts.{e}.w3.weight", Slot::ExpertUp},
    {"model.layers.{l}.block_sparse_moe.experts.{e}.w2.weight",
     Slot::ExpertDown},
};

static Layer describe(const Shape &shape, int64_t) {
  GroupedAttention attention = groupedAttention(shape, ir::PairLayout::Halves);
  attention.window = shape.window;
  return {.attention = attention,
          .ffn = RoutedFfn{.experts = shape.experts,
                           .width = shape.expertWidth,
                           .score = ir::ScoreFunction::Softmax,
                           .topK = shape.topK,
                           .renormalize = true}};
}

static constexpr auto kAllFields =
    joined(decoder::kFields, common::kRopeTheta, kFields);
static constexpr auto kAllPins = joined(decoder::kPins, kPins);
static constexpr auto kAllRules = joined(decoder::kRules, kRules);
static constexpr auto kAllHarmless =
    joined(decoder::kHarmless, decoder::kRouterHarmless);
static constexpr auto kAllWeights =
    joined(decoder::kWeights, common::kNormsBefore, kWeights);

extern const Family kMixtral;
constinit const Family kMixtral = {.architectures = kArchitectures,
                                   .fields = kAllFields,
                                   .pins = kAllPins,
                                   .rules = kAllRules,
                                   .harmless = kAllHarmless,
                                   .weights = kAllWeights,
                                   .describe = describe};

} // namespace ingot::compiler
