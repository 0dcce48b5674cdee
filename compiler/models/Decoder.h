//===- Decoder.h - What plain decoder families share ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Grouped attention with rotary positions and SwiGLU networks: the keys and the
// tensor names that most published families have in common. A family joins its
// own rows to these.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_DECODER_H
#define INGOT_COMPILER_MODELS_DECODER_H

#include "compiler/models/Common.h"

namespace ingot::compiler::decoder {

/// In the order of PlainType.
inline constexpr std::string_view kPlainTypes[] = {"bfloat16", "float16",
                                                   "float32"};

/// In the order of RopeScaling.
inline constexpr std::string_view kRopeScalings[] = {"default", "linear",
                                                     "llama3", "yarn"};

inline constexpr ConfigField kOwnFields[] = {
    optionalChoice("torch_dtype", &Shape::plainType, kPlainTypes),
    optionalFlag("tie_word_embeddings", &Shape::tied),
    requiredSize("num_attention_heads", &Shape::heads, 4096),
    derivedSize("num_key_value_heads", &Shape::kvHeads, 4096, 1, &Shape::heads),
    derivedSize("head_dim", &Shape::headDim, 1 << 16, 2, &Shape::hidden,
                &Shape::heads),
    optionalFlag("attention_bias", &Shape::attentionBias),
    requiredChoice("rope_scaling.type", &Shape::ropeScaling, kRopeScalings),
    onlyIf(&Shape::ropeScaling, LinearPositions,
           requiredNumber("rope_scaling.factor", &Shape::ropeFactor, 1, 1e6)),
    onlyIf(&Shape::ropeScaling, NtkByParts,
           requiredNumber("rope_scaling.factor", &Shape::ropeFactor, 1, 1e6)),
    onlyIf(&Shape::ropeScaling, NtkByParts,
           requiredNumber("rope_scaling.low_freq_factor", &Shape::lowFreqFactor,
                          1e-6, 1e6)),
    onlyIf(&Shape::ropeScaling, NtkByParts,
           requiredNumber("rope_scaling.high_freq_factor",
                          &Shape::highFreqFactor, 1e-6, 1e6)),
    onlyIf(&Shape::ropeScaling, NtkByParts,
           requiredSize("rope_scaling.original_max_position_embeddings",
                        &Shape::ropeOriginal, 1 << 30)),
    onlyIf(&Shape::ropeScaling, Yarn,
           requiredNumber("rope_scaling.factor", &Shape::ropeFactor, 1, 1e6)),
    onlyIf(&Shape::ropeScaling, Yarn,
           derivedSize("rope_scaling.original_max_position_embeddings",
                       &Shape::ropeOriginal, 1 << 30, 1, &Shape::maxPositions)),
    onlyIf(&Shape::ropeScaling, Yarn,
           optionalNumber("rope_scaling.beta_fast", &Shape::yarnBetaFast, 1e-6,
                          1e6, 32)),
    onlyIf(&Shape::ropeScaling, Yarn,
           optionalNumber("rope_scaling.beta_slow", &Shape::yarnBetaSlow, 1e-6,
                          1e6, 1)),
    onlyIf(
        &Shape::ropeScaling, Yarn,
        optionalNumber("rope_scaling.mscale", &Shape::yarnMscale, 0, 100, 0)),
    onlyIf(&Shape::ropeScaling, Yarn,
           optionalNumber("rope_scaling.mscale_all_dim",
                          &Shape::yarnMscaleAllDim, 0, 100, 0)),
    onlyIf(&Shape::ropeScaling, Yarn,
           optionalNumber("rope_scaling.attention_factor",
                          &Shape::yarnMagnitude, 0, 100, 0)),
};
inline constexpr auto kFields = joined(common::kFields, kOwnFields);

inline constexpr ConfigPin kOwnPins[] = {
    {"partial_rotary_factor", 1.0},
    {"rope_scaling.truncate", true},
};
inline constexpr auto kPins = joined(common::kPins, kOwnPins);

inline constexpr ShapeRule kRules[] = {
    {&Shape::heads, ShapeRule::MultipleOf, &Shape::kvHeads},
};

inline constexpr std::string_view kOwnHarmless[] = {
    "architectures",
};
inline constexpr auto kHarmless = joined(common::kHarmless, kOwnHarmless);

/// Of routed families: what matters while a router is trained.
inline constexpr std::string_view kRouterHarmless[] = {
    "router_aux_loss_coef",
    "router_jitter_noise",
    "output_router_logits",
};

inline constexpr WeightRule kOwnWeights[] = {
    {"model.layers.{l}.self_attn.q_proj.weight", Slot::Query},
    {"model.layers.{l}.self_attn.k_proj.weight", Slot::Key},
    {"model.layers.{l}.self_attn.v_proj.weight", Slot::Value},
    {"model.layers.{l}.self_attn.o_proj.weight", Slot::Output},
    {"model.layers.{l}.self_attn.q_proj.bias", Slot::QueryBias, Layout::Vector},
    {"model.layers.{l}.self_attn.k_proj.bias", Slot::KeyBias, Layout::Vector},
    {"model.layers.{l}.self_attn.v_proj.bias", Slot::ValueBias, Layout::Vector},
    {"model.layers.{l}.self_attn.o_proj.bias", Slot::OutputBias,
     Layout::Vector},
};
inline constexpr auto kWeights = joined(common::kWeights, kOwnWeights);

inline constexpr WeightRule kQkNorms[] = {
    {"model.layers.{l}.self_attn.q_norm.weight", Slot::QueryNorm,
     Layout::Vector},
    {"model.layers.{l}.self_attn.k_norm.weight", Slot::KeyNorm, Layout::Vector},
};

inline constexpr WeightRule kDense[] = {
    {"model.layers.{l}.mlp.gate_proj.weight", Slot::Gate},
    {"model.layers.{l}.mlp.up_proj.weight", Slot::Up},
    {"model.layers.{l}.mlp.down_proj.weight", Slot::Down},
    {"model.layers.{l}.mlp.gate_proj.bias", Slot::GateBias, Layout::Vector},
    {"model.layers.{l}.mlp.up_proj.bias", Slot::UpBias, Layout::Vector},
    {"model.layers.{l}.mlp.down_proj.bias", Slot::DownBias, Layout::Vector},
};

} // namespace ingot::compiler::decoder

#endif // INGOT_COMPILER_MODELS_DECODER_H
