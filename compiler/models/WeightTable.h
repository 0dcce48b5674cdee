//===- WeightTable.h - Finds the tensors of a model -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The builder asks for a weight by slot, layer and shape; the table finds its
// tensors by the family's rules, checks them and declares an `ingot.weight`
// once. It notes what is wrong and goes on, so that one import names all of it.
// Without a checkpoint it declares the tensors that the family would publish.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_WEIGHTTABLE_H
#define INGOT_COMPILER_MODELS_WEIGHTTABLE_H

#include "compiler/models/ConfigReader.h"
#include "compiler/models/Family.h"
#include "runtime/storage/Checkpoint.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

#include <array>
#include <string>
#include <vector>

namespace ingot::compiler {

/// A list of which a message names the first few and counts the rest.
class Names {
public:
  void add(std::string name);
  size_t size() const { return count; }
  const std::vector<std::string> &first() const { return named; }

private:
  size_t count = 0;
  std::vector<std::string> named;
};

/// Borrows the checkpoint; one thread at a time.
class WeightTable {
public:
  /// `checkpoint` may be null: weights then get the types of the form's rules
  /// and of `shape`. Weights are declared where `builder` stands.
  WeightTable(const storage::Checkpoint *checkpoint, const FamilyForm &form,
              const Shape &shape, mlir::OpBuilder builder);

  /// A weight of the module.
  struct Weight {
    /// Checkpoint name, with `{e}` if stacked. Also the weight's symbol.
    llvm::StringRef symbol;
    /// `shape`, as asked for, of the elements that the file has; of a weight
    /// that is stored [in, out], as it is stored.
    mlir::RankedTensorType type;
    /// Which columns of a weight that is stored [in, out] are meant; none for
    /// others.
    std::optional<std::pair<int64_t, int64_t>> columns = {};
  };
  /// The weight that fills `slot` in `layer`, declared if it is new. `shape` is
  /// [n], [n, k], or [e, n, k] for a slot whose tensors are stacked. A weight
  /// that is missing or wrong is noted and gets a type that fits.
  Weight get(Slot slot, int64_t layer, llvm::ArrayRef<int64_t> shape);

  /// Where the tensor of `slot` repeats that of `original` byte for byte, takes
  /// it for used.
  void takeCopy(Slot slot, Slot original);

  /// Success if every weight was found and every tensor of the checkpoint
  /// belongs to one, or to a part that the form skips; otherwise all that was
  /// noted, a line each. Those skipped are told in a line of `notes`.
  llvm::Error finish(std::vector<std::string> &notes);

private:
  using Tensor = storage::CheckpointTensor;

  const WeightRule &ruleOf(Slot slot) const;
  /// The tensor that `rule` names in a layer, as the form has it.
  std::string nameOf(const WeightRule &rule, int64_t layer) const;
  /// Whether the tensor belongs to a part that the form skips.
  bool isSkipped(llvm::StringRef name) const;
  /// The element type that the family publishes by `rule`.
  mlir::Type publishedType(const WeightRule &rule);
  /// FP8 elements in blocks with float32 scales.
  mlir::Type blockedType();
  /// The element type of the tensors that `rule` names, claimed.
  mlir::Type elementType(const WeightRule &rule, const std::string &symbol,
                         llvm::ArrayRef<int64_t> shape);
  /// The element type of `name`, a tensor of `shape`, claimed. Null, and a
  /// note, if it is missing or wrong.
  mlir::Type claim(const std::string &name, llvm::ArrayRef<int64_t> shape,
                   Layout layout);
  mlir::Type claimStack(llvm::StringRef pattern, llvm::ArrayRef<int64_t> shape,
                        Layout layout);
  /// The type of FP8 elements of `tensor`, whose scales are claimed.
  mlir::Type claimScales(const Tensor &tensor);
  /// Place of a tensor of the checkpoint in its list.
  unsigned indexOf(const Tensor &tensor) const;
  /// Claims the tensor. Null, and a note, if there is none of that name.
  const Tensor *take(const std::string &name);
  bool checkShape(const Tensor &tensor, llvm::ArrayRef<int64_t> shape);
  void noteWrongType(const Tensor &tensor, llvm::StringRef expected);
  /// Whether `name` is absent or holds the bytes of `original`. If so, it is
  /// claimed.
  bool isCopy(const std::string &name, const std::string &original);
  Weight declare(const std::string &symbol, mlir::RankedTensorType type);

  const storage::Checkpoint *checkpoint;
  const FamilyForm form;
  /// Block [n, k] of FP8 weights; zeros without FP8.
  std::array<int64_t, 2> block;
  /// Of published weights without scales.
  mlir::Type plainType;
  mlir::OpBuilder builder;
  llvm::StringMap<mlir::RankedTensorType> declared;
  /// By index into checkpoint.tensors().
  llvm::BitVector claimed;
  Names missing;
  /// Messages about tensors that are not as they should be.
  Names wrong;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_WEIGHTTABLE_H
