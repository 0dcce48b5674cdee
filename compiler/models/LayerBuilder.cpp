//===- LayerBuilder.cpp - Turns layer descriptions into ops ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/LayerBuilder.h"

#include "dialects/Ingot/IngotDialect.h"

using namespace mlir;

namespace ingot::compiler {

Location LayerBuilder::at(StringRef name) {
  return NameLoc::get(builder.getStringAttr(name));
}

Type LayerBuilder::rows(int64_t width) {
  return RankedTensorType::get({ShapedType::kDynamic, width},
                               builder.getF32Type());
}

static int64_t widthOf(Value x) {
  return cast<RankedTensorType>(x.getType()).getDimSize(1);
}

// Fetched where it is used, so that a layer reads as one piece and every use
// has the name of its op.
Value LayerBuilder::weight(Slot slot, int64_t layer, ArrayRef<int64_t> shape,
                           Location loc) {
  WeightTable::Weight weight = weights.get(slot, layer, shape);
  Value stored =
      ir::GetWeightOp::create(builder, loc, weight.type, weight.symbol);
  if (!weight.columns)
    return stored;
  auto [from, to] = *weight.columns;
  return ir::TransposeOp::create(
      builder, loc, RankedTensorType::get(shape, weight.type.getElementType()),
      stored, builder.getI64IntegerAttr(from), builder.getI64IntegerAttr(to));
}

Value LayerBuilder::embed(Slot table, int64_t layer, StringRef name) {
  Value values = weight(table, layer, {shape.vocab, shape.hidden}, at(name));
  return ir::EmbedOp::create(builder, at(name), rows(shape.hidden), batch,
                             values);
}

Value LayerBuilder::norm(Value x, std::optional<Slot> slot, int64_t layer,
                         StringRef name, int64_t heads) {
  Value gamma;
  if (slot)
    gamma = weight(*slot, layer, {widthOf(x) / heads}, at(name));
  return ir::RMSNormOp::create(builder, at(name), x.getType(), x, gamma,
                               builder.getF64FloatAttr(shape.normEps),
                               builder.getI64IntegerAttr(heads));
}

Value LayerBuilder::linear(Value x, Slot slot, int64_t layer, int64_t width,
                           StringRef name, std::optional<Slot> bias) {
  Value matrix = weight(slot, layer, {width, widthOf(x)}, at(name)), offset;
  if (bias)
    offset = weight(*bias, layer, {width}, at(name));
  return ir::LinearOp::create(builder, at(name), rows(width), x, matrix, offset,
                              /*inputs=*/TypeAttr());
}

Value LayerBuilder::concat(Value head, Value tail, StringRef name) {
  return ir::ConcatOp::create(builder, at(name),
                              rows(widthOf(head) + widthOf(tail)), head, tail);
}

Value LayerBuilder::logits(Value x, Slot head, int64_t layer, StringRef name) {
  Value matrix = weight(head, layer, {shape.vocab, shape.hidden}, at(name));
  return ir::LogitsOp::create(builder, at(name), rows(shape.vocab), x, matrix,
                              batch);
}

Value LayerBuilder::add(Value lhs, Value rhs, StringRef name) {
  return ir::AddOp::create(builder, at(name), lhs.getType(), lhs, rhs);
}

namespace {

/// A scaling of rotary frequencies as an attribute; null without one.
struct ScalingBuilder {
  OpBuilder &builder;

  FloatAttr number(double value) const {
    return builder.getF64FloatAttr(value);
  }
  Attribute operator()(std::monostate) const { return {}; }
  Attribute operator()(const YarnScaling &yarn) const {
    return ir::YarnAttr::get(builder.getContext(), number(yarn.factor),
                             yarn.original, number(yarn.betaFast),
                             number(yarn.betaSlow), number(yarn.magnitude));
  }
  Attribute operator()(const NtkByPartsScaling &parts) const {
    return ir::NtkByPartsAttr::get(
        builder.getContext(), number(parts.factor), number(parts.lowFreqFactor),
        number(parts.highFreqFactor), parts.original);
  }
  Attribute operator()(const LinearScaling &linear) const {
    return ir::LinearPositionsAttr::get(builder.getContext(),
                                        number(linear.factor));
  }
};

} // namespace

Value LayerBuilder::rope(Value x, int64_t heads, const Rope &rope,
                         StringRef name) {
  auto attr = ir::RopeAttr::get(
      builder.getContext(), rope.dim, builder.getF64FloatAttr(rope.theta),
      rope.layout, std::visit(ScalingBuilder{builder}, rope.scaling));
  return ir::RopeOp::create(builder, at(name), x.getType(), x, batch,
                            builder.getI64IntegerAttr(heads), attr);
}

/// The place of a part of a layer, for its op's location.
static std::string nameOf(int64_t layer, StringRef part) {
  return ("layers." + Twine(layer) + "." + part).str();
}

void LayerBuilder::append(Value head, Value tail, int64_t layer) {
  kvCache = ir::KVAppendOp::create(
      builder, at(nameOf(layer, "self_attn.kv_append")), kvCache.getType(),
      kvCache, head, tail, batch, builder.getI64IntegerAttr(layer));
}

Value LayerBuilder::query(const LatentAttention &attention, int64_t layer,
                          Value x) {
  auto name = [&](StringRef part) { return nameOf(layer, part); };
  int64_t width = attention.heads * (attention.nopeDim + attention.rope.dim);
  Value q;
  if (attention.queryRank == 0) {
    q = linear(x, Slot::Query, layer, width, name("self_attn.q_proj"));
  } else {
    q = linear(x, Slot::QueryA, layer, attention.queryRank,
               name("self_attn.q_a_proj"));
    q = norm(q, Slot::QueryNorm, layer, name("self_attn.q_a_layernorm"));
    q = linear(q, Slot::QueryB, layer, width, name("self_attn.q_b_proj"));
  }
  // rope turns the tail of each head and leaves its head alone.
  return rope(q, attention.heads, attention.rope, name("self_attn.q_rope"));
}

Value LayerBuilder::attention(const LatentAttention &attention, int64_t layer,
                              Value x) {
  auto name = [&](StringRef part) { return nameOf(layer, part); };
  auto size = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  int64_t latentRank = attention.latentRank, ropeDim = attention.rope.dim;
  Value q = query(attention, layer, x);

  Value joint = linear(x, Slot::LatentA, layer, latentRank + ropeDim,
                       name("self_attn.kv_a_proj"));
  auto parts = ir::SplitOp::create(builder, at(name("self_attn.kv_split")),
                                   rows(latentRank), rows(ropeDim), joint);
  // Only the latent is normalised; the one rope key serves all heads.
  Value latent = norm(parts.getHead(), Slot::LatentNorm, layer,
                      name("self_attn.kv_a_layernorm"));
  Value key =
      rope(parts.getTail(), 1, attention.rope, name("self_attn.k_rope"));
  append(latent, key, layer);

  // Expanded: whether W_UK and W_UV are absorbed is a pass's choice.
  Location loc = at(name("self_attn.attention"));
  Value expand = weight(
      Slot::LatentB, layer,
      {attention.heads * (attention.nopeDim + attention.valueDim), latentRank},
      loc);
  Value result = ir::LatentAttentionOp::create(
      builder, loc, rows(attention.heads * attention.valueDim), q, kvCache,
      expand, batch, size(layer), size(attention.heads),
      size(attention.nopeDim), size(ropeDim), size(attention.valueDim),
      builder.getF64FloatAttr(attention.scale));
  return linear(result, Slot::Output, layer, shape.hidden,
                name("self_attn.o_proj"));
}

Value LayerBuilder::heads(const GroupedAttention &attention, int64_t layer,
                          Value x, int64_t count, Slot slot,
                          const std::string &prefix) {
  std::string normName = nameOf(layer, prefix + "_norm");
  if (attention.norm == QkNorm::Rows)
    x = norm(x, slot, layer, normName);
  if (attention.norm == QkNorm::Heads)
    x = norm(x, slot, layer, normName, count);
  if (attention.rope)
    x = rope(x, count, *attention.rope, nameOf(layer, prefix + "_rope"));
  if (attention.norm == QkNorm::TurnedHeads)
    x = norm(x, std::nullopt, layer, normName, count);
  return x;
}

Value LayerBuilder::attention(const GroupedAttention &attention, int64_t layer,
                              Value x) {
  auto project = [&](Value from, Slot slot, Slot bias, int64_t width,
                     StringRef part) {
    return linear(from, slot, layer, width, nameOf(layer, part),
                  attention.bias ? std::optional(bias) : std::nullopt);
  };
  auto size = [&](int64_t value) { return builder.getI64IntegerAttr(value); };
  int64_t width = attention.heads * attention.headDim,
          kvWidth = attention.kvHeads * attention.headDim;
  Value q = project(x, Slot::Query, Slot::QueryBias, width, "self_attn.q_proj");
  Value k = project(x, Slot::Key, Slot::KeyBias, kvWidth, "self_attn.k_proj");
  Value v =
      project(x, Slot::Value, Slot::ValueBias, kvWidth, "self_attn.v_proj");
  q = heads(attention, layer, q, attention.heads, Slot::QueryNorm,
            "self_attn.q");
  k = heads(attention, layer, k, attention.kvHeads, Slot::KeyNorm,
            "self_attn.k");
  append(k, v, layer);

  MLIRContext *context = builder.getContext();
  Attribute mask;
  if (attention.chunk > 0)
    mask = ir::ChunkedAttr::get(context, attention.chunk);
  if (attention.window > 0)
    mask = ir::SlidingAttr::get(context, attention.window);
  ir::TemperatureAttr temperature;
  if (const auto &growth = attention.temperature)
    temperature = ir::TemperatureAttr::get(
        context, growth->floor, builder.getF64FloatAttr(growth->scale));
  Value result = ir::AttentionOp::create(
      builder, at(nameOf(layer, "self_attn.attention")), rows(width), q,
      kvCache, batch, size(layer), size(attention.heads),
      size(attention.kvHeads), builder.getF64FloatAttr(attention.scale), mask,
      temperature);
  return project(result, Slot::Output, Slot::OutputBias, shape.hidden,
                 "self_attn.o_proj");
}

Value LayerBuilder::swiglu(Value x, const Network &slots, int64_t width,
                           int64_t layer, const std::string &prefix) {
  Value gated =
      linear(x, slots.gate, layer, width, prefix + "gate_proj", slots.gateBias);
  Value upped =
      linear(x, slots.up, layer, width, prefix + "up_proj", slots.upBias);
  Value inner = ir::SwigluOp::create(builder, at(prefix + "swiglu"),
                                     gated.getType(), gated, upped);
  return linear(inner, slots.down, layer, shape.hidden, prefix + "down_proj",
                slots.downBias);
}

Value LayerBuilder::ffn(const DenseFfn &ffn, int64_t layer, Value x) {
  Network slots{Slot::Gate, Slot::Up, Slot::Down};
  if (ffn.bias) {
    slots.gateBias = Slot::GateBias;
    slots.upBias = Slot::UpBias;
    slots.downBias = Slot::DownBias;
  }
  return swiglu(x, slots, ffn.width, layer, nameOf(layer, "mlp."));
}

Value LayerBuilder::routedExperts(const RoutedFfn &ffn, int64_t layer,
                                  Value x) {
  Value logits =
      linear(x, Slot::Router, layer, ffn.experts, nameOf(layer, "mlp.gate"));
  Location loc = at(nameOf(layer, "mlp.route"));
  Value bias;
  if (ffn.bias)
    bias = weight(Slot::RouterBias, layer, {ffn.experts}, loc);
  auto routing = ir::RoutingAttr::get(
      builder.getContext(), ffn.score, ffn.topK, ffn.groups, ffn.topGroups,
      ffn.groupScore, ffn.renormalize, builder.getF64FloatAttr(ffn.scale),
      ffn.chooseBy);
  auto indices = RankedTensorType::get({ShapedType::kDynamic, ffn.topK},
                                       builder.getI32Type());
  auto route = ir::RouteOp::create(builder, loc, rows(ffn.topK), indices,
                                   logits, bias, routing);

  // One symbol a slot and layer, however many experts.
  loc = at(nameOf(layer, "mlp.experts"));
  int64_t in[] = {ffn.experts, ffn.width, shape.hidden};
  int64_t out[] = {ffn.experts, shape.hidden, ffn.width};
  Value gate = weight(Slot::ExpertGate, layer, in, loc);
  Value up = weight(Slot::ExpertUp, layer, in, loc);
  Value down = weight(Slot::ExpertDown, layer, out, loc);
  return ir::ExpertsOp::create(
      builder, loc, x.getType(), x, route.getWeights(), route.getIndices(),
      gate, up, down, /*shared=*/ValueRange(),
      ffn.weightsOnInput ? builder.getUnitAttr() : UnitAttr(),
      /*inputs=*/TypeAttr());
}

Value LayerBuilder::ffn(const RoutedFfn &ffn, int64_t layer, Value x) {
  Value routed = routedExperts(ffn, layer, x);
  if (ffn.sharedWidth == 0)
    return routed;
  // Several shared experts are published as one network of their joint width.
  Value shared =
      swiglu(x, {Slot::SharedGate, Slot::SharedUp, Slot::SharedDown},
             ffn.sharedWidth, layer, nameOf(layer, "mlp.shared_experts."));
  return add(routed, shared, nameOf(layer, "mlp.add"));
}

Value LayerBuilder::layer(const Layer &description, int64_t index, Value x) {
  auto name = [&](StringRef part) { return nameOf(index, part); };
  auto attend = [&](Value from) {
    return std::visit(
        [&](const auto &kind) { return attention(kind, index, from); },
        description.attention);
  };
  auto feed = [&](Value from) {
    return std::visit([&](const auto &kind) { return ffn(kind, index, from); },
                      description.ffn);
  };
  if (description.norms == NormPlace::Behind) {
    x = add(x,
            norm(attend(x), Slot::AttentionNorm, index,
                 name("post_attention_layernorm")),
            name("self_attn.add"));
    return add(
        x,
        norm(feed(x), Slot::FfnNorm, index, name("post_feedforward_layernorm")),
        name("add"));
  }
  Value normed = norm(x, Slot::AttentionNorm, index, name("input_layernorm"));
  x = add(x, attend(normed), name("self_attn.add"));
  normed = norm(x, Slot::FfnNorm, index, name("post_attention_layernorm"));
  return add(x, feed(normed), name("add"));
}

} // namespace ingot::compiler
