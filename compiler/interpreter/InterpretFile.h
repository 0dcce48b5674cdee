//===- InterpretFile.h - Run a function of an MLIR file ---------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What `ingot-interpret` does, without its flags. Free of MLIR headers, so that
// a tool that is compiled with exceptions can include it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_INTERPRETER_INTERPRETFILE_H
#define INGOT_COMPILER_INTERPRETER_INTERPRETFILE_H

#include <cstdint>
#include <string>
#include <vector>

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace ingot::compiler {

struct InterpretOptions {
  /// MLIR text or bytecode; "-" is the standard input.
  std::string file;
  /// The function to run, with or without its `@`; if empty, all public ones,
  /// each announced by its name if there are several.
  std::string entry;
  /// Folder of the checkpoint that weights name tensors of; may be empty.
  std::string checkpoint;
  /// Compute in double instead of float.
  bool doublePrecision = false;
  /// A golden file to judge the model by, see InterpretedModel; if empty,
  /// `entry` is run.
  std::string golden;
  /// Print what ops with `ingot.tap` compute, too.
  bool taps = false;
  /// One sequence: what a batch argument holds.
  std::vector<int32_t> tokens;
  /// One a token; if empty, 0, 1, ...
  std::vector<int32_t> positions;
  /// One a token; if empty, all 0.
  std::vector<int32_t> sequences;
  /// If empty, every row.
  std::vector<int32_t> logitRows;
};

/// Runs functions and prints their results to `out`, one a line, as
/// `tensor<2x3xf32> [[0.5, 1, -2], [3, 4, 5]]`, six digits a number. A cache
/// argument starts empty; a tensor argument is an error. Returns whether all
/// went well; diagnostics go to `errors`, and the next function runs.
bool interpretFile(const InterpretOptions &options, llvm::raw_ostream &out,
                   llvm::raw_ostream &errors);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_INTERPRETER_INTERPRETFILE_H
