//===- OLMo2.cpp - OLMo 2 and its kin -------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// OLMo 2 (arXiv 2501.00656) and models of the same layout: norms behind
// attention and network, queries and keys normalised over their whole width.
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Decoder.h"

namespace ingot::compiler {

static constexpr Architecture kArchitectures[] = {{"Olmo2ForCausalLM"}};

static constexpr ConfigPin kPins[] = {
    {"clip_qkv", std::monostate()},
};

static constexpr WeightRule kWeights[] = {
    {"model.layers.{l}.post_attention_layernorm.weight", Slot::AttentionNorm,
     Layout::Vector},
    {"model.layers.{l}.post_feedforward_layernorm.weight", Slot::FfnNorm,
     Layout::Vector},
};

static Layer describe(const Shape &shape, int64_t) {
  GroupedAttention attention = groupedAttention(shape, ir::PairLayout::Halves);
  attention.norm = QkNorm::Rows;
  return {.attention = attention,
          .ffn = DenseFfn{.width = shape.denseWidth},
          .norms = NormPlace::Behind};
}

static constexpr auto kAllFields =
    joined(decoder::kFields, common::kRopeTheta, common::kDenseWidth);
static constexpr auto kAllPins = joined(decoder::kPins, kPins);
static constexpr auto kAllWeights =
    joined(decoder::kWeights, decoder::kQkNorms, decoder::kDense, kWeights);

extern const Family kOLMo2;
constinit const Family kOLMo2 = {.architectures = kArchitectures,
                                 .fields = kAllFields,
                                 .pins = kAllPins,
                                 .rules = decoder::kRules,
                                 .harmless = decoder::kHarmless,
                                 .weights = kAllWeights,
                                 .describe = describe};

} // namespace ingot::compiler
