//===- Shape.h - The sizes and options of a model ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What config.json says, under names that all families share, and the tables by
// which a family says how to read it. Plain values.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_SHAPE_H
#define INGOT_COMPILER_MODELS_SHAPE_H

#include <array>
#include <cstdint>
#include <string_view>
#include <variant>

namespace ingot::compiler {

/// Every size that a family may have; a family fills those that its table
/// names, the others stay as here.
struct Shape {
  int64_t vocab = 0;
  /// Width of the residual stream.
  int64_t hidden = 0;
  /// Main layers; the layers of the drafts follow them.
  int64_t layers = 0;
  /// Multi-token prediction modules, one layer each.
  int64_t draftLayers = 0;
  /// Longest sequence, in tokens.
  int64_t maxPositions = 0;
  double normEps = 0;

  int64_t heads = 0;
  int64_t kvHeads = 0;
  /// Latent attention: rank of the query's latent, 0 for a plain projection.
  int64_t queryRank = 0;
  /// Latent attention: rank of the latent that keys and values come from.
  int64_t latentRank = 0;
  /// Values of a query or key head without and with position.
  int64_t nopeDim = 0;
  int64_t ropeDim = 0;
  /// Values of a value head.
  int64_t valueDim = 0;

  double ropeTheta = 0;
  /// YaRN; a factor of 0 says that positions are not scaled.
  double yarnFactor = 0;
  int64_t yarnOriginal = 0;
  double yarnBetaFast = 0;
  double yarnBetaSlow = 0;
  double yarnMscale = 0;
  double yarnMscaleAllDim = 0;

  /// Inner width of a dense feed-forward network.
  int64_t denseWidth = 0;
  /// Leading layers whose feed-forward network is dense.
  int64_t denseLayers = 0;
  int64_t experts = 0;
  int64_t sharedExperts = 0;
  /// Inner width of one expert.
  int64_t expertWidth = 0;
  /// Experts chosen for a token.
  int64_t topK = 0;
  int64_t groups = 0;
  int64_t topGroups = 0;
  /// Whether experts are chosen from the best groups only.
  bool groupLimited = false;
  bool renormalize = false;
  double routedScale = 0;

  /// Block of an FP8 weight that shares a scale, [n, k]; 0 without FP8.
  int64_t blockRows = 0;
  int64_t blockColumns = 0;
};

/// Whether a key must be there. A required key inside an object
/// ("rope_scaling.factor") must be there only if the object is.
enum class Need { Required, Optional };

/// Reads one key of config.json into one member of a Shape.
struct ConfigField {
  std::string_view key;
  std::variant<int64_t Shape::*, double Shape::*, bool Shape::*> member;
  Need need;
  /// Bounds of a number, inclusive. They keep products of sizes within 64 bits
  /// whatever the file says.
  double least = 0;
  double most = 0;
  /// What an integer must be a multiple of.
  int64_t step = 1;
  /// Value of an optional key that is absent.
  double fallback = 0;
  /// What the file calls the two values of a flag, false first; empty: false
  /// and true.
  std::array<std::string_view, 2> words = {};
};

constexpr ConfigField requiredSize(std::string_view key, int64_t Shape::*member,
                                   int64_t most, int64_t step = 1) {
  return {key, member, Need::Required, double(step), double(most), step, 0};
}
constexpr ConfigField optionalSize(std::string_view key, int64_t Shape::*member,
                                   int64_t most) {
  return {key, member, Need::Optional, 0, double(most), 1, 0};
}
constexpr ConfigField requiredNumber(std::string_view key,
                                     double Shape::*member, double least,
                                     double most) {
  return {key, member, Need::Required, least, most, 1, 0};
}
constexpr ConfigField optionalNumber(std::string_view key,
                                     double Shape::*member, double least,
                                     double most, double fallback) {
  return {key, member, Need::Optional, least, most, 1, fallback};
}
constexpr ConfigField requiredFlag(std::string_view key, bool Shape::*member) {
  return {key, member, Need::Required};
}
/// A flag that is spelled as one of two words.
constexpr ConfigField requiredChoice(std::string_view key, bool Shape::*member,
                                     std::string_view no,
                                     std::string_view yes) {
  return {key, member, Need::Required, 0, 0, 1, 0, {no, yes}};
}

/// A key that changes what the model computes and is supported in one value
/// only; another value is refused by name.
struct ConfigPin {
  std::string_view key;
  /// An empty one: the key must not be there at all.
  std::variant<std::monostate, std::string_view, int64_t, bool> value;
  Need need = Need::Optional;
  /// Another spelling of the key; empty if there is none.
  std::string_view alias = {};
};

/// What two members of a Shape must be to each other.
struct ShapeRule {
  enum Relation { AtMost, MultipleOf, EqualTo };
  int64_t Shape::*left;
  Relation relation;
  int64_t Shape::*right;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_SHAPE_H
