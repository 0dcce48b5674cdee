//===- DeepSeekV3.cpp - DeepSeek-V3 and its kin ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// DeepSeek-V3, R1 and models of the same layout (arXiv 2412.19437): latent
// attention, sigmoid routing with a bias in groups, one shared expert,
// multi-token prediction, FP8 weights in 128x128 blocks.
//
//===----------------------------------------------------------------------===//

#include "compiler/models/DeepSeek.h"

namespace ingot::compiler {

static constexpr Architecture kArchitectures[] = {{"DeepseekV3ForCausalLM"}};

static constexpr ConfigField kFields[] = {
    optionalSize("num_nextn_predict_layers", &Shape::draftLayers, 8),
};

static constexpr ConfigPin kPins[] = {
    {"scoring_func", std::string_view("sigmoid")},
    {"topk_method", std::string_view("noaux_tc")},
};

static constexpr WeightRule kWeights[] = {
    {"model.layers.{l}.mlp.gate.e_score_correction_bias", Slot::RouterBias,
     Layout::Vector, std::nullopt, Published::F32},

    {"model.layers.{l}.embed_tokens.weight", Slot::DraftEmbed, Layout::OutIn,
     Slot::Embed},
    {"model.layers.{l}.enorm.weight", Slot::DraftEmbedNorm, Layout::Vector},
    {"model.layers.{l}.hnorm.weight", Slot::DraftHiddenNorm, Layout::Vector},
    {"model.layers.{l}.eh_proj.weight", Slot::DraftProjection,
     Layout::OutInBlocks, std::nullopt, Published::Plain},
    {"model.layers.{l}.shared_head.norm.weight", Slot::DraftNorm,
     Layout::Vector},
    {"model.layers.{l}.shared_head.head.weight", Slot::DraftHead, Layout::OutIn,
     Slot::Head},
};

static Layer describe(const Shape &shape, int64_t layer) {
  return deepseek::layerOf(shape, layer,
                           {.score = ir::ScoreFunction::Sigmoid,
                            .bias = true,
                            .groups = shape.groups,
                            .topGroups = shape.topGroups,
                            .groupScore = ir::GroupScore::Top2Sum,
                            .renormalize = shape.renormalize,
                            .scale = shape.routedScale});
}

static constexpr auto kAllFields = joined(deepseek::kFields, kFields);
static constexpr auto kAllPins = joined(deepseek::kPins, kPins);
static constexpr auto kAllWeights = joined(deepseek::kWeights, kWeights);

extern const Family kDeepSeekV3;
constinit const Family kDeepSeekV3 = {.architectures = kArchitectures,
                                      .fields = kAllFields,
                                      .pins = kAllPins,
                                      .rules = deepseek::kRules,
                                      .harmless = deepseek::kHarmless,
                                      .weights = kAllWeights,
                                      .describe = describe};

} // namespace ingot::compiler
