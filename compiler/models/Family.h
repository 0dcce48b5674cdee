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
  /// Latent and rope key together.
  LatentA,
  LatentNorm,
  /// Per head the rows of W_UK, then those of W_UV.
  LatentB,
  Output,
  // Feed-forward network of layer {l}.
  FfnNorm,
  Gate,
  Up,
  Down,
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
};

/// In which type a family publishes a tensor. Tensors of a checkpoint say it
/// themselves; this is for models of which there is only the config.
enum class Published {
  /// FP8 where the layout has blocks and the config says their size; else BF16.
  ByLayout,
  BF16,
  F32,
};

/// Which tensor fills a slot. `{l}` in the name stands for the layer; a name
/// with `{e}` stands for one tensor an expert, stacked along a new leading
/// dimension.
struct WeightRule {
  std::string_view name;
  Slot slot;
  Layout layout = Layout::OutInBlocks;
  /// A slot that usually holds the same values: where the tensor is absent or
  /// equal to that slot's byte for byte, that slot's weight is used.
  std::optional<Slot> sharedWith = {};
  Published published = Published::ByLayout;
};

/// Two tables as one: what several families have and what one adds.
template <typename Row, size_t N, size_t M>
consteval std::array<Row, N + M> joined(const Row (&shared)[N],
                                        const Row (&own)[M]) {
  std::array<Row, N + M> rows = {};
  std::copy_n(own, M, std::copy_n(shared, N, rows.begin()));
  return rows;
}

/// All there is to know about a family. Lives as long as the program.
struct Family {
  /// Entry of config.json's "architectures".
  std::string_view architecture;
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
