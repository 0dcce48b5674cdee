//===- Family.h - A model family as data ------------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A family is one small file of tables and a row in Families.def: how to read
// its config.json, what its tensors are called, and what each layer consists
// of. Nothing outside that file names a family.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_FAMILY_H
#define INGOT_COMPILER_MODELS_FAMILY_H

#include "compiler/models/Layer.h"
#include "compiler/models/Shape.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace ingot::compiler {

/// What a weight is for. Shapes as LayerBuilder asks for them: a matrix is
/// [n, k], rows out.
enum class Slot {
  Embed,
  FinalNorm,
  Head,
  // Attention of layer {l}; a query goes through QueryA, its norm and QueryB,
  // or through Query alone.
  AttentionNorm,
  Query,
  QueryA,
  QueryNorm,
  QueryB,
  Key,
  KeyNorm,
  Value,
  QueryBias,
  KeyBias,
  ValueBias,
  /// Latent and rope key together.
  LatentA,
  LatentNorm,
  /// Per head the rows of W_UK, then those of W_UV.
  LatentB,
  Output,
  OutputBias,
  // Feed-forward network of layer {l}.
  FfnNorm,
  Gate,
  Up,
  Down,
  GateBias,
  UpBias,
  DownBias,
  Router,
  RouterBias,
  /// The experts' matrices, [e, n, k].
  ExpertGate,
  ExpertUp,
  ExpertDown,
  SharedGate,
  SharedUp,
  SharedDown,
  // What a multi-token prediction module has beside its layer {l}.
  DraftEmbed,
  DraftEmbedNorm,
  DraftHiddenNorm,
  DraftProjection,
  DraftNorm,
  DraftHead,
};

/// How a weight lies in the checkpoint.
enum class Layout {
  /// One row, in a plain float type.
  Vector,
  /// [n, k], in a plain float type.
  OutIn,
  /// [n, k], in a plain float type or in FP8 with a tensor of block scales.
  OutInBlocks,
  /// [k, n], in a plain float type, used as x W: transposed before products.
  InOut,
};

/// In which type a family publishes a tensor. Tensors of a checkpoint say it
/// themselves; this is for models of which there is only the config.
enum class Published {
  /// FP8 where the layout has blocks and the config says their size; else
  /// plain.
  ByLayout,
  /// The float type that the config states, bf16 if it states none.
  Plain,
  F32,
};

/// Which tensor fills a slot. `{l}` in the name stands for the layer; a name
/// with `{e}` stands for one tensor an expert, stacked along a new leading
/// dimension, and one with `#{e}` at its end for a tensor that holds them all.
struct WeightRule {
  std::string_view name;
  Slot slot;
  Layout layout = Layout::OutInBlocks;
  /// A slot that usually holds the same values: where the tensor is absent or
  /// equal to that slot's byte for byte, that slot's weight is used.
  std::optional<Slot> sharedWith = {};
  Published published = Published::ByLayout;
  /// Which of how many equal ranges of the columns of an InOut tensor.
  std::array<int64_t, 2> columns = {0, 1};
};

template <typename Table>
inline constexpr size_t kRowsOf = std::extent_v<Table>;
template <typename Row, size_t N>
inline constexpr size_t kRowsOf<std::array<Row, N>> = N;

/// Several tables as one: what several families have and what one adds.
template <typename First, typename... Rest>
consteval auto joined(const First &first, const Rest &...rest) {
  using Row = std::remove_cvref_t<decltype(first[0])>;
  std::array<Row, (kRowsOf<First> + ... + kRowsOf<Rest>)> rows = {};
  auto end = std::copy(std::begin(first), std::end(first), rows.begin());
  ((end = std::copy(std::begin(rest), std::end(rest), end)), ...);
  return rows;
}

/// A form in which a family is published.
struct Architecture {
  /// Entry of config.json's "architectures".
  std::string_view name;
  /// The object of config.json that holds the model's keys; empty: the file.
  std::string_view config = {};
  /// What stands before the names of its tensors.
  std::string_view tensors = {};
  /// What is in the names of tensors that are of no use here: of other parts of
  /// a published model, or of what is computed instead.
  std::span<const std::string_view> skipped = {};
};

/// All there is to know about a family. Lives as long as the program.
struct Family {
  std::span<const Architecture> architectures;
  std::span<const ConfigField> fields;
  std::span<const ConfigPin> pins;
  std::span<const ShapeRule> rules;
  /// Keys that do not change what is computed.
  std::span<const std::string_view> harmless;
  std::span<const WeightRule> weights;
  /// Layer `layer` of a model; drafts count on from the main layers.
  Layer (*describe)(const Shape &shape, int64_t layer);
};

/// All families, in the order of Families.def.
std::span<const Family *const> families();

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_FAMILY_H
