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

#include "compiler/kernels/CpuProblems.h"
#include "compiler/kernels/Instantiate.h"
#include "mlir/IR/OwningOpRef.h"
#include "passes/Lower/KernelCatalogue.h"

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
class CpuCatalogue : public passes::KernelCatalogue {
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

  /// One launch of one kernel: for selectPlain.
  template <typename Contract>
  mlir::FailureOr<passes::Selection>
  single(mlir::Operation *op,
         mlir::FailureOr<typename Contract::Problem> problem);

private:
  template <typename Contract>
  mlir::FailureOr<passes::LaunchChoice>
  choose(mlir::Operation *op,
         mlir::FailureOr<typename Contract::Problem> problem);
  /// The ops whose kernels are the host's own affair.
  mlir::FailureOr<passes::Selection> selectOther(mlir::Operation *op);

  /// A launch whose kernel is not yet among the instances.
  struct Prepared {
    passes::LaunchChoice launch;
    KernelInstance instance;
    kernels::Cost cost;
  };
  template <typename Contract>
  mlir::FailureOr<Prepared>
  prepare(mlir::Operation *op,
          mlir::FailureOr<typename Contract::Problem> problem);
  passes::LaunchChoice finish(mlir::Operation *op, Prepared prepared);
  /// Both in one launch, side by side along x. The tiles along y are the
  /// first's: the second's are no more, or its body ignores those beyond.
  static Prepared joined(Prepared first, Prepared second);

  /// The two products of a shared network, and the scratch that holds its
  /// result.
  struct SharedNetwork {
    Prepared up, down;
    unsigned output;
  };
  mlir::FailureOr<SharedNetwork> prepareShared(ir::ExpertsOp op,
                                               passes::Selection &selection);
  mlir::FailureOr<passes::Selection> selectExperts(ir::ExpertsOp op);
  /// Each token's experts one by one.
  mlir::FailureOr<passes::Selection>
  selectSingle(ir::ExpertsOp op, const kernels::ExpertsUp::Problem &up,
               const kernels::ExpertsDown::Problem &down,
               passes::Selection selection);
  /// Each expert with all of its tokens.
  mlir::FailureOr<passes::Selection>
  selectGrouped(ir::ExpertsOp op, const kernels::ExpertsUp::Problem &up,
                const kernels::ExpertsDown::Problem &down,
                passes::Selection selection);

  /// The name of the instance, new or known.
  std::string remember(KernelInstance instance);

  CpuOptions options;
  std::vector<KernelInstance> instances;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_CPUCATALOGUE_H
