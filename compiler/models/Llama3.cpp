//===- Llama3.cpp - Llama 3 and its kin -----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Llama 3 (arXiv 2407.21783), 8B to 405B, Llama 2 (arXiv 2307.09288) and models
// of the same layout: grouped attention and dense networks.
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Decoder.h"

namespace ingot::compiler {

// The first models of this layout have the frequencies of rotation as tensors.
static constexpr std::string_view kSkipped[] = {".rotary_emb.inv_freq"};

static constexpr Architecture kArchitectures[] = {
    {.name = "LlamaForCausalLM", .skipped = kSkipped},
};

// Nor do they say their base.
static constexpr ConfigField kFields[] = {
    optionalNumber("rope_theta", &Shape::ropeTheta, 1.001, 1e12, 1e4),
    optionalFlag("mlp_bias", &Shape::denseBias),
};

static Layer describe(const Shape &shape, int64_t) {
  return {.attention = groupedAttention(shape, ir::PairLayout::Halves),
          .ffn = DenseFfn{.width = shape.denseWidth, .bias = shape.denseBias}};
}

static constexpr auto kAllFields =
    joined(decoder::kFields, common::kDenseWidth, kFields);
static constexpr auto kAllWeights =
    joined(decoder::kWeights, common::kNormsBefore, decoder::kDense);

extern const Family kLlama3;
constinit const Family kLlama3 = {.architectures = kArchitectures,
                                  .fields = kAllFields,
                                  .pins = decoder::kPins,
                                  .rules = decoder::kRules,
                                  .harmless = decoder::kHarmless,
                                  .weights = kAllWeights,
                                  .describe = describe};

} // namespace ingot::compiler
