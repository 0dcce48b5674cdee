//===- Common.h - What all families share -----------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The keys and the tensors that do not depend on what a layer is made of.
// Decoder.h and DeepSeek.h join theirs to these.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_COMMON_H
#define INGOT_COMPILER_MODELS_COMMON_H

#include "compiler/models/Family.h"

namespace ingot::compiler::common {

inline constexpr ConfigField kFields[] = {
    requiredSize("vocab_size", &Shape::vocab, 1 << 24),
    requiredSize("hidden_size", &Shape::hidden, 1 << 18),
    requiredSize("num_hidden_layers", &Shape::layers, 1024),
    requiredSize("max_position_embeddings", &Shape::maxPositions, 1 << 30),
    requiredNumber("rms_norm_eps", &Shape::normEps, 1e-20, 1),
};

/// For families all of whose models say it.
inline constexpr ConfigField kRopeTheta[] = {
    requiredNumber("rope_theta", &Shape::ropeTheta, 1.001, 1e12),
};

/// Inner width of every network, or of those that are dense.
inline constexpr ConfigField kDenseWidth[] = {
    requiredSize("intermediate_size", &Shape::denseWidth, 1 << 20),
};

inline constexpr ConfigPin kPins[] = {
    {"hidden_act", std::string_view("silu")},
    {"quantization_config.quant_method", std::string_view("fp8"),
     Need::Required},
    {"quantization_config.fmt", std::string_view("e4m3")},
    {"quantization_config.activation_scheme", std::string_view("dynamic")},
};

// pretraining_tp cuts products into parts that are summed: other rounding, the
// same value. modules_to_not_convert repeats what the tensors' own element
// types say.
inline constexpr std::string_view kHarmless[] = {
    "model_type",
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

inline constexpr WeightRule kWeights[] = {
    {"model.embed_tokens.weight", Slot::Embed, Layout::OutIn},
    {"model.norm.weight", Slot::FinalNorm, Layout::Vector},
    {"lm_head.weight", Slot::Head, Layout::OutIn},
};

inline constexpr WeightRule kNormsBefore[] = {
    {"model.layers.{l}.input_layernorm.weight", Slot::AttentionNorm,
     Layout::Vector},
    {"model.layers.{l}.post_attention_layernorm.weight", Slot::FfnNorm,
     Layout::Vector},
};

} // namespace ingot::compiler::common

#endif // INGOT_COMPILER_MODELS_COMMON_H
