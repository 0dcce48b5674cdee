//===- InstanceWriter.h - from a contract to an instance --------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What contracts write their names and aliases to. A body is plain MLIR text in
// which all that varies is an alias (`#K`, `!X`); the aliases put before it
// are the whole instantiation.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_INSTANCEWRITER_H
#define INGOT_COMPILER_KERNELS_INSTANCEWRITER_H

#include "compiler/kernels/contract/Contract.h"
#include "llvm/ADT/StringRef.h"
#include <initializer_list>
#include <string>
#include <vector>

namespace ingot::compiler {

/// Collects one instance's name and the text of its aliases.
class InstanceWriter {
public:
  explicit InstanceWriter(llvm::StringRef kernel) : text(kernel) {}

  // Parts of the name.

  /// A weight's format, and its block shape where it is not 128x128.
  void format(kernels::WeightFormat weight);
  /// The format of the KV cache.
  void cache(kernels::Format format);
  /// The format of a bias, if there is one; else "none", which names leave out.
  void bias(bool biased, kernels::Format format);
  /// What inputs are rounded to, if they are.
  void inputs(kernels::Format format);
  /// A variant, e.g. "softmax".
  void word(llvm::StringRef variant);
  /// The same, for one that names leave out.
  void variant(llvm::StringRef part);
  /// What the instance does beside, e.g. "by_logits".
  void tag(llvm::StringRef what);
  /// A size with a letter, e.g. n512.
  void size(llvm::StringRef letter, int64_t value);

  // Aliases. `#NAME` for values, `!NAME` for types.

  void index(llvm::StringRef name, int64_t value);
  void flag(llvm::StringRef name, bool value);
  /// A float32.
  void real(llvm::StringRef name, double value);
  /// A float64.
  void real64(llvm::StringRef name, double value);
  /// tensor<count x f64>, exact to the bit.
  void table(llvm::StringRef name, const double *values, int64_t count);
  /// !V, a vector of `count` float32, and !VF16, !VI32, !VI16, !VI8, !VI1 of as
  /// many; #LANES.
  void lanes(int64_t count);
  /// !CODES, `count` stored elements of `bytes` as integers, and !WIDE (f32),
  /// !WIDEF16, !WIDE32, !WIDE16 (integers) of as many; #WIDE, #CODE_BYTES.
  void codes(int64_t count, int64_t bytes);
  /// A vector of `count` float32.
  void vector(llvm::StringRef name, int64_t count);
  /// A buffer of float32 rows.
  void rows(llvm::StringRef name, int64_t columns);
  /// A buffer of i32 rows.
  void integers(llvm::StringRef name, int64_t columns);
  /// A buffer of i32.
  void list(llvm::StringRef name);
  /// A small buffer of known shape.
  void tile(llvm::StringRef name, std::initializer_list<int64_t> shape,
            llvm::StringRef element);
  /// The same in the memory that threads of a GPU's block share.
  void shared(llvm::StringRef name, std::initializer_list<int64_t> shape,
              llvm::StringRef element);
  /// #UNROLLED, which a loop says of itself (llvm.loop_annotation) whose steps
  /// must be written out, so that the vectors that it fills are registers.
  void unrolled();
  /// A scalar, an integer of `bytes`.
  void element(llvm::StringRef name, int64_t bytes);
  /// A vector of `count` such.
  void elements(llvm::StringRef name, int64_t count, int64_t bytes);

  const std::string &name() const { return text; }
  const std::string &aliases() const { return lines; }
  /// The words of a list of Kernels.def, with what {format} and {word} stand
  /// for.
  std::vector<std::string> wordsOf(llvm::StringRef list) const;
  /// Elements of !CODES; 0 without.
  int64_t codesAtOnce() const { return wide; }

private:
  void alias(char sigil, llvm::StringRef name, llvm::StringRef definition);

  std::string text;
  std::string lines;
  std::string formatPart = "f32";
  std::string wordPart;
  int64_t wide = 0;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_INSTANCEWRITER_H
