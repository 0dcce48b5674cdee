//===- DeepSeekV2.cpp - DeepSeek-V2, V2-Lite and their kin ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// DeepSeek-V2, V2-Lite, V2.5, Coder-V2 and models of the same layout (arXiv
// 2405.04434): latent attention, with or without a query latent; softmax
// routing, over all experts or within the best groups.
//
//===----------------------------------------------------------------------===//

#include "compiler/models/DeepSeek.h"

namespace ingot::compiler {

static constexpr Architecture kArchitectures[] = {{"DeepseekV2ForCausalLM"}};

static constexpr std::string_view kMethods[] = {"greedy",
                                                "group_limited_greedy"};

static constexpr ConfigField kFields[] = {
    requiredChoice("topk_method", &Shape::groupLimited, kMethods),
};

static constexpr ConfigPin kPins[] = {
    {"scoring_func", std::string_view("softmax")},
};

static Layer describe(const Shape &shape, int64_t layer) {
  // As the modelling code published with the weights has it, weights that are
  // renormalised are not scaled; V3 does both. One weight is not renormalised.
  bool renormalize = shape.renormalize && shape.topK > 1;
  // The default of one group is every expert.
  RoutedFfn routed{.score = ir::ScoreFunction::Softmax,
                   .groupScore = ir::GroupScore::Max,
                   .renormalize = renormalize,
                   .scale = renormalize ? 1 : shape.routedScale};
  if (shape.groupLimited) {
    routed.groups = shape.groups;
    routed.topGroups = shape.topGroups;
  }
  return deepseek::layerOf(shape, layer, routed);
}

static constexpr auto kAllFields = joined(deepseek::kFields, kFields);
static constexpr auto kAllPins = joined(deepseek::kPins, kPins);

extern const Family kDeepSeekV2;
constinit const Family kDeepSeekV2 = {.architectures = kArchitectures,
                                      .fields = kAllFields,
                                      .pins = kAllPins,
                                      .rules = deepseek::kRules,
                                      .harmless = deepseek::kHarmless,
                                      .weights = deepseek::kWeights,
                                      .describe = describe};

} // namespace ingot::compiler
