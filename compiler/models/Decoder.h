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

#include "compiler/models/Family.h"

namespace ingot::compiler::decoder {

/// In the order of PlainType.
inline constexpr std::string_view kPlainTypes[] = {"bfloat16", "float16",
                                                   "float32"};

/// In the order of RopeScaling.
inline constexpr std::string_view kRopeScalings[] = {"default", "linear",
                                                     "llama3", "yarn"};

inline constexpr ConfigField kFields[] = {
    requiredSize("vocab_size", &Shape::vocab, 1 << 24),
    requiredSize("hidden_size", &Shape::hidden, 1 << 18),
    requiredSize("num_hidden_layers", &Shape::layers, 1024),
    requiredSize("max_position_embeddings", &Shape::maxPositions, 1 << 30),
    requiredNumber("rms_norm_eps", &Shape::normEps, 1e-20, 1),
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

/// For families all of whose models say it.
inline constexpr ConfigField kRopeTheta[] = {
    requiredNumber("rope_theta", &Shape::ropeTheta, 1.001, 1e12),
};

inline constexpr ConfigPin kPins[] = {
    {"hidden_act", std::string_view("silu")},
    {"partial_rotary_factor", 1.0},
    {"rope_scaling.truncate", true},
    {"quantization_config.quant_method", std::string_view("fp8"),
     Need::Required},
    {"quantization_config.fmt", std::string_view("e4m3")},
    {"quantization_config.activation_scheme", std::string_view("dynamic")},
};

inline constexpr ShapeRule kRules[] = {
    {&Shape::heads, ShapeRule::MultipleOf, &Shape::kvHeads},
};

// pretraining_tp cuts products into parts that are summed: other rounding, the
// same value.
inline constexpr std::string_view kHarmless[] = {
    "model_type",
    "architectures",
    "use_cache",
    "initializer_range",
    "transformers_version",
    "attention_dropout",
    "bos_token_id",
    "eos_token_id",
    "pad_token_id",
    "pretraining_tp",
    "_name_or_path",
    "quantization_config.modules_to_not_convert",
};

/// Of routed families: what matters while a router is trained.
inline constexpr std::string_view kRouterHarmless[] = {
    "router_aux_loss_coef",
    "router_jitter_noise",
    "output_router_logits",
};

inline constexpr WeightRule kWeights[] = {
    {"model.embed_tokens.weight", Slot::Embed, Layout::OutIn},
    {"model.norm.weight", Slot::FinalNorm, Layout::Vector},
    {"lm_head.weight", Slot::Head, Layout::OutIn},

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

inline constexpr WeightRule kNormsBefore[] = {
    {"model.layers.{l}.input_layernorm.weight", Slot::AttentionNorm,
     Layout::Vector},
    {"model.layers.{l}.post_attention_layernorm.weight", Slot::FfnNorm,
     Layout::Vector},
};

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

/// Inner width of every network, or of those that are dense.
inline constexpr ConfigField kDenseWidth[] = {
    requiredSize("intermediate_size", &Shape::denseWidth, 1 << 20),
};

} // namespace ingot::compiler::decoder

#endif // INGOT_COMPILER_MODELS_DECODER_H
