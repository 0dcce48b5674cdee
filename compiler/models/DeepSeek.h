//===- DeepSeek.h - What the DeepSeek families share ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Latent attention, leading dense layers, then experts beside shared ones, in
// bf16 or in FP8 blocks: the same keys and tensor names from V2 (arXiv
// 2405.04434) on. A family joins its own rows to these.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_DEEPSEEK_H
#define INGOT_COMPILER_MODELS_DEEPSEEK_H

#include "compiler/models/Common.h"

namespace ingot::compiler::deepseek {

inline constexpr ConfigField kOwnFields[] = {
    requiredSize("num_attention_heads", &Shape::heads, 4096),
    requiredSize("num_key_value_heads", &Shape::kvHeads, 4096),
    optionalSize("q_lora_rank", &Shape::queryRank, 1 << 18),
    requiredSize("kv_lora_rank", &Shape::latentRank, 1 << 18),
    requiredSize("qk_nope_head_dim", &Shape::nopeDim, 1 << 16),
    requiredSize("qk_rope_head_dim", &Shape::ropeDim, 1 << 16, 2),
    requiredSize("v_head_dim", &Shape::valueDim, 1 << 16),
    requiredNumber("rope_scaling.factor", &Shape::ropeFactor, 1, 1e6),
    requiredSize("rope_scaling.original_max_position_embeddings",
                 &Shape::ropeOriginal, 1 << 30),
    optionalNumber("rope_scaling.beta_fast", &Shape::yarnBetaFast, 1e-6, 1e6,
                   32),
    optionalNumber("rope_scaling.beta_slow", &Shape::yarnBetaSlow, 1e-6, 1e6,
                   1),
    optionalNumber("rope_scaling.mscale", &Shape::yarnMscale, 0, 100, 1),
    optionalNumber("rope_scaling.mscale_all_dim", &Shape::yarnMscaleAllDim, 0,
                   100, 0),
    optionalSize("first_k_dense_replace", &Shape::denseLayers, 1024),
    requiredSize("n_routed_experts", &Shape::experts, 4096),
    optionalSize("n_shared_experts", &Shape::sharedExperts, 64),
    requiredSize("moe_intermediate_size", &Shape::expertWidth, 1 << 20),
    requiredSize("num_experts_per_tok", &Shape::topK, 256),
    requiredSize("n_group", &Shape::groups, 4096),
    requiredSize("topk_group", &Shape::topGroups, 4096),
    requiredFlag("norm_topk_prob", &Shape::renormalize),
    requiredNumber("routed_scaling_factor", &Shape::routedScale, 1e-6, 1e6),
};
inline constexpr auto kFields = joined(common::kFields, common::kRopeTheta,
                                       common::kDenseWidth, kOwnFields);

inline constexpr ConfigPin kOwnPins[] = {
    {"attention_bias", false},
    {"moe_layer_freq", int64_t(1)},
    {"tie_word_embeddings", false},
    {"rope_interleave", true},
    {"rope_scaling.type", std::string_view("yarn"), Need::Required},
    {"rope_scaling.attention_factor", std::monostate()},
};
inline constexpr auto kPins = joined(common::kPins, kOwnPins);

inline constexpr ShapeRule kRules[] = {
    {&Shape::kvHeads, ShapeRule::EqualTo, &Shape::heads},
    {&Shape::denseLayers, ShapeRule::AtMost, &Shape::layers},
    {&Shape::topK, ShapeRule::AtMost, &Shape::experts},
    {&Shape::experts, ShapeRule::MultipleOf, &Shape::groups},
    {&Shape::topGroups, ShapeRule::AtMost, &Shape::groups},
};

// scale_fmt says how a GPU rounds the scales of activations; those of weights
// are float32 in the file either way.
inline constexpr std::string_view kOwnHarmless[] = {
    "auto_map", "torch_dtype",    "dtype",
    "ep_size",  "aux_loss_alpha", "seq_aux",
    "head_dim", "qk_head_dim",    "quantization_config.scale_fmt",
};
inline constexpr auto kHarmless = joined(common::kHarmless, kOwnHarmless);

inline constexpr WeightRule kOwnWeights[] = {
    {"model.layers.{l}.self_attn.q_proj.weight", Slot::Query},
    {"model.layers.{l}.self_attn.q_a_proj.weight", Slot::QueryA},
    {"model.layers.{l}.self_attn.q_a_layernorm.weight", Slot::QueryNorm,
     Layout::Vector},
    {"model.layers.{l}.self_attn.q_b_proj.weight", Slot::QueryB},
    {"model.layers.{l}.self_attn.kv_a_proj_with_mqa.weight", Slot::LatentA},
    {"model.layers.{l}.self_attn.kv_a_layernorm.weight", Slot::LatentNorm,
     Layout::Vector},
    {"model.layers.{l}.self_attn.kv_b_proj.weight", Slot::LatentB},
    {"model.layers.{l}.self_attn.o_proj.weight", Slot::Output},

    {"model.layers.{l}.mlp.gate_proj.weight", Slot::Gate},
    {"model.layers.{l}.mlp.up_proj.weight", Slot::Up},
    {"model.layers.{l}.mlp.down_proj.weight", Slot::Down},
    {"model.layers.{l}.mlp.gate.weight", Slot::Router, Layout::OutIn},
    {"model.layers.{l}.mlp.experts.{e}.gate_proj.weight", Slot::ExpertGate},
    {"model.layers.{l}.mlp.experts.{e}.up_proj.weight", Slot::ExpertUp},
    {"model.layers.{l}.mlp.experts.{e}.down_proj.weight", Slot::ExpertDown},
    {"model.layers.{l}.mlp.shared_experts.gate_proj.weight", Slot::SharedGate},
    {"model.layers.{l}.mlp.shared_experts.up_proj.weight", Slot::SharedUp},
    {"model.layers.{l}.mlp.shared_experts.down_proj.weight", Slot::SharedDown},
};
inline constexpr auto kWeights =
    joined(common::kWeights, common::kNormsBefore, kOwnWeights);

/// Layer `layer`: dense, if it is one of the leading ones, else routed. The
/// sizes of the experts are filled in; `routed` says how they are chosen.
inline Layer layerOf(const Shape &shape, int64_t layer, RoutedFfn routed) {
  Layer result{.attention = latentAttention(shape),
               .ffn = {},
               .norms = NormPlace::Before};
  if (layer < shape.denseLayers) {
    result.ffn = DenseFfn{.width = shape.denseWidth};
    return result;
  }
  routed.experts = shape.experts;
  routed.width = shape.expertWidth;
  routed.sharedWidth = shape.sharedExperts * shape.expertWidth;
  routed.topK = shape.topK;
  result.ffn = routed;
  return result;
}

} // namespace ingot::compiler::deepseek

#endif // INGOT_COMPILER_MODELS_DEEPSEEK_H
