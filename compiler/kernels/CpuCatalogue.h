//===- CpuCatalogue.h - the kernels of the host -----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses kernels of Kernels.def for ops and builds the module that holds the
// instances chosen so far.
//
//   CpuCatalogue catalogue({.pagesPerSequence = 16});
//   ... lowering calls catalogue.select(op) for every op ...
//   auto kernels = catalogue.instantiate(context);
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_CPUCATALOGUE_H
#define INGOT_COMPILER_KERNELS_CPUCATALOGUE_H

#include "compiler/kernels/Instantiate.h"
#include "compiler/kernels/LaunchCatalogue.h"

namespace ingot::compiler {

/// What kernels must know beyond the op they compute.
struct CpuOptions {
  /// Entries of a sequence's row of the page table.
  int64_t pagesPerSequence = 1;
  /// Tokens of a page; a multiple of 4.
  int64_t pageSize = 64;
  /// float32 lanes of a vector register, HostTarget::lanes: 16 or 8.
  int64_t lanes = 16;
  /// HostTarget::byteTables.
  bool byteTables = true;
};

/// The host's catalogue. Remembers every instance it has handed out. Belongs to
/// one thread.
class CpuCatalogue : public LaunchCatalogue<CpuCatalogue, KernelInstance> {
public:
  explicit CpuCatalogue(CpuOptions options) : options(options) {}

  /// The context of `op` has the plan dialect loaded. Rejects, with a
  /// diagnostic, what is not float32 outside weights, formats without a
  /// decoder, and what a contract rejects.
  mlir::FailureOr<passes::Selection> select(mlir::Operation *op) override;

  /// A module with one public function for each instance so far, named as
  /// LaunchChoice::kernel says:
  /// `void (const uint64_t *args, const int64_t tile[3])`.
  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
  instantiate(mlir::MLIRContext &context) const;

private:
  friend LaunchCatalogue;
  static constexpr llvm::StringLiteral kPlace = "the cpu";
  static constexpr bool kRoundsInputs = false;
  /// By groupsTokens there are no more tiles of tokens than experts.
  static constexpr bool kJoinsGrouped = true;

  template <typename Contract>
  mlir::FailureOr<Prepared>
  prepare(mlir::Operation *op,
          mlir::FailureOr<typename Contract::Problem> problem);
  static bool groupsTokens(mlir::Operation *op,
                           const kernels::ExpertsUp::Problem &problem);
  mlir::FailureOr<passes::Selection> selectOther(mlir::Operation *op);

  CpuOptions options;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_CPUCATALOGUE_H
