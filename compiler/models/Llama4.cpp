//===- Llama4.cpp - Llama 4, the language models --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Llama 4 Scout and Maverick, by themselves or as the language model in the
// published layout with a vision part, which is left out: layers that turn and
// see a chunk, some that do not and see everything; one expert a token, whose
// weight scales what it takes, beside a shared one.
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Decoder.h"

namespace ingot::compiler {

static constexpr std::string_view kVision[] = {"vision_model.",
                                               "multi_modal_projector."};

static constexpr Architecture kArchitectures[] = {
    {"Llama4ForConditionalGeneration", "text_config", "language_model.",
     kVision},
    {"Llama4ForCausalLM"},
};

static constexpr std::string_view kLayerTypes[] = {"full_attention",
                                                   "chunked_attention"};

static constexpr ConfigField kFields[] = {
    requiredSize("intermediate_size_mlp", &Shape::denseWidth, 1 << 20),
    requiredSize("intermediate_size", &Shape::expertWidth, 1 << 20),
    requiredSize("num_local_experts", &Shape::experts, 4096),
    requiredSize("num_experts_per_tok", &Shape::topK, 256),
    optionalStep("interleave_moe_layer_step", &Shape::expertStep, 1024),
    optionalList("moe_layers", &Shape::expertLayers, 1024),
    optionalFlag("use_qk_norm", &Shape::qkNorm, true),
    requiredSize("attention_chunk_size", &Shape::chunk, 1 << 30),
    optionalList("layer_types", &Shape::layerTypes, 1, &Shape::layers,
                 kLayerTypes),
    optionalList("no_rope_layers", &Shape::ropeLayers, 1, &Shape::layers),
    optionalStep("no_rope_layer_interval", &Shape::noRopeStep, 1024, 4),
    flagOrNumber("attn_temperature_tuning", &Shape::temperature, true),
    optionalStep("floor_scale", &Shape::temperatureFloor, 1 << 30, 8192),
    optionalNumber("attn_scale", &Shape::temperatureScale, 0, 1e6, 0.1),
};

static constexpr ShapeRule kRules[] = {
    {&Shape::topK, ShapeRule::AtMost, &Shape::experts},
};

static constexpr std::string_view kHarmless[] = {
    "_attn_implementation_autoset",
    "vision_config",
    "boi_token_index",
    "eoi_token_index",
    "image_token_index",
    "attn_implementation",
    "for_llm_compressor",
};

// A tensor holds the matrices of all experts, used as x W; gate and up stand
// side by side.
static constexpr WeightRule kWeights[] = {
    {"model.layers.{l}.feed_forward.gate_proj.weight", Slot::Gate},
    {"model.layers.{l}.feed_forward.up_proj.weight", Slot::Up},
    {"model.layers.{l}.feed_forward.down_proj.weight", Slot::Down},
    {"model.layers.{l}.feed_forward.router.weight", Slot::Router,
     Layout::OutIn},
    {.name = "model.layers.{l}.feed_forward.experts.gate_up_proj#{e}",
     .slot = Slot::ExpertGate,
     .layout = Layout::InOut,
     .columns = {0, 2}},
    {.name = "model.layers.{l}.feed_forward.experts.gate_up_proj#{e}",
     .slot = Slot::ExpertUp,
     .layout = Layout::InOut,
     .columns = {1, 2}},
    {"model.layers.{l}.feed_forward.experts.down_proj#{e}", Slot::ExpertDown,
     Layout::InOut},
    {"model.layers.{l}.feed_forward.shared_expert.gate_proj.weight",
     Slot::SharedGate},
    {"model.layers.{l}.feed_forward.shared_expert.up_proj.weight",
     Slot::SharedUp},
    {"model.layers.{l}.feed_forward.shared_expert.down_proj.weight",
     Slot::SharedDown},
};

static GroupedAttention attentionOf(const Shape &shape, int64_t layer) {
  GroupedAttention result =
      groupedAttention(shape, ir::PairLayout::Interleaved);
  bool turns = shape.ropeLayers.empty() ? (layer + 1) % shape.noRopeStep != 0
                                        : shape.ropeLayers[layer] == 1;
  bool chunked =
      shape.layerTypes.empty() ? turns : shape.layerTypes[layer] == 1;
  if (chunked)
    result.chunk = shape.chunk;
  if (turns && shape.qkNorm)
    result.norm = QkNorm::TurnedHeads;
  if (turns)
    return result;
  result.rope.reset();
  if (shape.temperature)
    result.temperature =
        Temperature{shape.temperatureFloor, shape.temperatureScale};
  return result;
}

static Layer describe(const Shape &shape, int64_t layer) {
  Layer result{.attention = attentionOf(shape, layer),
               .ffn = DenseFfn{.width = shape.denseWidth}};
  if (hasExperts(shape, layer))
    // A sigmoid is 1 in float32 from 17 on: experts are compared before it.
    result.ffn = RoutedFfn{.experts = shape.experts,
                           .width = shape.expertWidth,
                           .sharedWidth = shape.expertWidth,
                           .score = ir::ScoreFunction::Sigmoid,
                           .topK = shape.topK,
                           .chooseBy = ir::ChooseBy::Logits,
                           .weightsOnInput = true};
  return result;
}

static constexpr auto kAllFields =
    joined(decoder::kFields, common::kRopeTheta, kFields);
static constexpr auto kAllRules = joined(decoder::kRules, kRules);
static constexpr auto kAllHarmless =
    joined(decoder::kHarmless, decoder::kRouterHarmless, kHarmless);
static constexpr auto kAllWeights =
    joined(decoder::kWeights, common::kNormsBefore, kWeights);

extern const Family kLlama4;
constinit const Family kLlama4 = {.architectures = kArchitectures,
                                  .fields = kAllFields,
                                  .pins = decoder::kPins,
                                  .rules = kAllRules,
                                  .harmless = kAllHarmless,
                                  .weights = kAllWeights,
                                  .describe = describe};

} // namespace ingot::compiler
