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
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace ingot::compiler {

/// How rotary frequencies are scaled, in the order of the words in config.json.
enum RopeScaling : int64_t { NoScaling, LinearPositions, NtkByParts, Yarn };

/// In which type weights without scales are published.
enum PlainType : int64_t { BFloat16, Float16, Float32 };

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
  /// Whether the head is the embedding.
  bool tied = false;

  int64_t heads = 0;
  int64_t kvHeads = 0;
  /// Values of a head, where those of queries, keys and values are as many.
  int64_t headDim = 0;
  /// Whether the projections of attention, and those of dense networks, have
  /// biases.
  bool attentionBias = false;
  bool denseBias = false;
  /// Whether queries and keys are normalised, where a family leaves the choice.
  bool qkNorm = false;
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
  /// A RopeScaling.
  int64_t ropeScaling = NoScaling;
  /// A factor of 0 says that positions are not scaled.
  double ropeFactor = 0;
  /// Positions that the model was trained on before scaling.
  int64_t ropeOriginal = 0;
  double lowFreqFactor = 0;
  double highFreqFactor = 0;
  double yarnBetaFast = 0;
  double yarnBetaSlow = 0;
  double yarnMscale = 0;
  double yarnMscaleAllDim = 0;
  /// Multiplies cos and sin; 0: what follows from the factor.
  double yarnMagnitude = 0;

  /// Newest tokens that a layer with a window sees; 0 without windows.
  int64_t window = 0;
  /// Whether windows are in use, and the first layer that has one.
  bool windowed = false;
  int64_t windowFrom = 0;
  /// Tokens of a chunk that a layer with chunks sees within; 0 without chunks.
  int64_t chunk = 0;
  /// A layer: 0 for full attention, 1 for a window or for chunks. Empty: the
  /// family's rule.
  std::vector<int64_t> layerTypes;
  /// A layer: 1 with rotary positions, 0 without. Empty: every layer but each
  /// noRopeStep-th.
  std::vector<int64_t> ropeLayers;
  int64_t noRopeStep = 0;
  /// Whether queries grow with their position, and how: #ingot.temperature.
  bool temperature = false;
  int64_t temperatureFloor = 0;
  double temperatureScale = 0;

  /// Inner width of a dense feed-forward network.
  int64_t denseWidth = 0;
  /// Leading layers whose feed-forward network is dense.
  int64_t denseLayers = 0;
  /// Every which layer has experts.
  int64_t expertStep = 1;
  /// The layers that have them, or do not, by number, beside that rule.
  std::vector<int64_t> expertLayers;
  std::vector<int64_t> expertFreeLayers;
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

  /// A PlainType.
  int64_t plainType = BFloat16;
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
  std::variant<int64_t Shape::*, double Shape::*, bool Shape::*,
               std::vector<int64_t> Shape::*>
      member;
  Need need;
  /// Bounds of a number, or of each in a list, inclusive. They keep products of
  /// sizes within 64 bits whatever the file says.
  double least = 0;
  double most = 0;
  /// What an integer must be a multiple of.
  int64_t step = 1;
  /// Value of an optional key that is absent.
  double fallback = 0;
  /// What the file calls the values 0, 1, ... (of a flag: false and true);
  /// empty: it has the value itself.
  std::span<const std::string_view> words = {};
  /// Where an absent key means a value of other members: the first, or the
  /// quotient of both.
  std::array<int64_t Shape::*, 2> otherwise = {};
  /// The key is read only if this member has that value.
  int64_t Shape::*onlyIf = nullptr;
  int64_t onlyIfValue = 0;
  /// How long a list must be, unless it is empty; null: as it likes.
  int64_t Shape::*length = nullptr;
  /// Whether a flag may be a number, 0 for false.
  bool orNumber = false;
};

constexpr ConfigField requiredSize(std::string_view key, int64_t Shape::*member,
                                   int64_t most, int64_t step = 1) {
  return {key, member, Need::Required, double(step), double(most), step, 0};
}
constexpr ConfigField optionalSize(std::string_view key, int64_t Shape::*member,
                                   int64_t most, int64_t fallback = 0) {
  return {key, member, Need::Optional, 0, double(most), 1, double(fallback)};
}
/// A size of at least 1.
constexpr ConfigField optionalStep(std::string_view key, int64_t Shape::*member,
                                   int64_t most, int64_t fallback = 1) {
  return {key, member, Need::Optional, 1, double(most), 1, double(fallback)};
}
/// A size that is `dividend`, or `dividend` / `divisor`, if the key is absent.
constexpr ConfigField derivedSize(std::string_view key, int64_t Shape::*member,
                                  int64_t most, int64_t step,
                                  int64_t Shape::*dividend,
                                  int64_t Shape::*divisor = nullptr) {
  ConfigField field = requiredSize(key, member, most, step);
  field.need = Need::Optional;
  field.otherwise = {dividend, divisor};
  return field;
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
constexpr ConfigField optionalFlag(std::string_view key, bool Shape::*member,
                                   bool fallback = false) {
  return {key, member, Need::Optional, 0, 0, 1, fallback ? 1.0 : 0.0};
}
/// A flag, or a number that is not 0 for true.
constexpr ConfigField flagOrNumber(std::string_view key, bool Shape::*member,
                                   bool fallback) {
  ConfigField field = optionalFlag(key, member, fallback);
  field.orNumber = true;
  return field;
}
/// A value that is spelled as one of some words.
template <typename T>
constexpr ConfigField requiredChoice(std::string_view key, T Shape::*member,
                                     std::span<const std::string_view> words) {
  return {key, member, Need::Required, 0, 0, 1, 0, words};
}
template <typename T>
constexpr ConfigField optionalChoice(std::string_view key, T Shape::*member,
                                     std::span<const std::string_view> words) {
  return {key, member, Need::Optional, 0, 0, 1, 0, words};
}
constexpr ConfigField
optionalList(std::string_view key, std::vector<int64_t> Shape::*member,
             double most, int64_t Shape::*length = nullptr,
             std::span<const std::string_view> words = {}) {
  ConfigField field = {key, member, Need::Optional, 0, most, 1, 0, words};
  field.length = length;
  return field;
}
/// `field`, read only if `member` has `value`.
constexpr ConfigField onlyIf(int64_t Shape::*member, int64_t value,
                             ConfigField field) {
  field.onlyIf = member;
  field.onlyIfValue = value;
  return field;
}

/// A key that changes what the model computes and is supported in one value
/// only; another value is refused by name.
struct ConfigPin {
  std::string_view key;
  /// An empty one: the key must not be there at all.
  std::variant<std::monostate, std::string_view, int64_t, double, bool> value;
  Need need = Need::Optional;
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
