//===- LayerBuilder.h - Turns layer descriptions into ops -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The only place where the meaning of a Layer is written as ops. Every op gets
// a NameLoc such as "layers.1.self_attn.q_a_proj", from which later steps take
// their names.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_LAYERBUILDER_H
#define INGOT_COMPILER_MODELS_LAYERBUILDER_H

#include "compiler/models/WeightTable.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace ingot::compiler {

/// Writes ops where its builder stands. Borrows the weight table and the shape;
/// one builder a function.
class LayerBuilder {
public:
  /// `batch` and `cache` are the function's arguments.
  LayerBuilder(mlir::OpBuilder builder, WeightTable &weights,
               const Shape &shape, mlir::Value batch, mlir::Value cache)
      : builder(builder), weights(weights), shape(shape), batch(batch),
        kvCache(cache) {}

  /// The cache with all that the layers so far have appended.
  mlir::Value cache() const { return kvCache; }

  // Rows are [t, n]; `name` becomes the op's location.
  /// The embeddings [t, hidden] of the batch's tokens.
  mlir::Value embed(Slot table, int64_t layer, llvm::StringRef name);
  /// Each of `heads` equal parts of a row by itself; without a slot, without a
  /// weight.
  mlir::Value norm(mlir::Value x, std::optional<Slot> slot, int64_t layer,
                   llvm::StringRef name, int64_t heads = 1);
  mlir::Value linear(mlir::Value x, Slot slot, int64_t layer, int64_t width,
                     llvm::StringRef name, std::optional<Slot> bias = {});
  /// [t, a] and [t, b] side by side.
  mlir::Value concat(mlir::Value head, mlir::Value tail, llvm::StringRef name);
  /// Logits of the rows that the batch asks for, [rows, vocab].
  mlir::Value logits(mlir::Value x, Slot head, int64_t layer,
                     llvm::StringRef name);

  /// Layer `index` on the residual stream `x` [t, hidden]. Its cache is that of
  /// the same index.
  mlir::Value layer(const Layer &description, int64_t index, mlir::Value x);

private:
  mlir::Value attention(const LatentAttention &attention, int64_t layer,
                        mlir::Value x);
  mlir::Value attention(const GroupedAttention &attention, int64_t layer,
                        mlir::Value x);
  /// A row of query heads or of key heads, ready to meet the others.
  mlir::Value heads(const GroupedAttention &attention, int64_t layer,
                    mlir::Value x, int64_t count, Slot norm,
                    const std::string &prefix);
  /// Keys or latents, and values or rope keys, go into the cache.
  void append(mlir::Value head, mlir::Value tail, int64_t layer);
  mlir::Value query(const LatentAttention &attention, int64_t layer,
                    mlir::Value x);
  mlir::Value ffn(const DenseFfn &ffn, int64_t layer, mlir::Value x);
  mlir::Value ffn(const RoutedFfn &ffn, int64_t layer, mlir::Value x);
  mlir::Value routedExperts(const RoutedFfn &ffn, int64_t layer, mlir::Value x);
  /// The slots of a SwiGLU network: three matrices, and biases if it has them.
  struct Network {
    Slot gate, up, down;
    std::optional<Slot> gateBias = {}, upBias = {}, downBias = {};
  };
  mlir::Value swiglu(mlir::Value x, const Network &slots, int64_t width,
                     int64_t layer, const std::string &prefix);
  mlir::Value rope(mlir::Value x, int64_t heads, const Rope &rope,
                   llvm::StringRef name);
  mlir::Value add(mlir::Value lhs, mlir::Value rhs, llvm::StringRef name);

  mlir::Value weight(Slot slot, int64_t layer, llvm::ArrayRef<int64_t> shape,
                     mlir::Location loc);
  mlir::Location at(llvm::StringRef name);
  /// tensor<?xWIDTHxf32>.
  mlir::Type rows(int64_t width);

  mlir::OpBuilder builder;
  WeightTable &weights;
  const Shape &shape;
  mlir::Value batch;
  mlir::Value kvCache;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_LAYERBUILDER_H
