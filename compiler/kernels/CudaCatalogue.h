//===- CudaCatalogue.h - the kernels of a GPU -------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Chooses kernels of Kernels.def for ops and keeps the texts of those chosen so
// far, each once however many launches it has.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_CUDACATALOGUE_H
#define INGOT_COMPILER_KERNELS_CUDACATALOGUE_H

#include "compiler/kernels/CpuProblems.h"
#include "compiler/kernels/CudaInstance.h"
#include "passes/Lower/KernelCatalogue.h"

namespace ingot::compiler {

/// What kernels must know beyond the op they compute.
struct CudaOptions {
  /// Entries of a sequence's row of the page table.
  int64_t pagesPerSequence = 1;
  /// Tokens of a page.
  int64_t pageSize = 64;
};

/// A GPU's catalogue. Belongs to one thread.
class CudaCatalogue : public passes::KernelCatalogue {
public:
  explicit CudaCatalogue(CudaOptions options) : options(options) {}

  /// The context of `op` has the plan dialect loaded. Rejects, with a
  /// diagnostic, what CpuProblems.h rejects, what a schedule rejects, and
  /// latent attention that is not reassociated.
  mlir::FailureOr<passes::Selection> select(mlir::Operation *op) override;

  /// The instances so far, named as LaunchChoice::kernel says.
  llvm::ArrayRef<CudaInstance> instances() const { return known; }

  /// One launch of one kernel: for selectPlain.
  template <typename Contract>
  mlir::FailureOr<passes::Selection>
  single(mlir::Operation *op,
         mlir::FailureOr<typename Contract::Problem> problem);

private:
  /// A launch whose kernel is not yet among the instances.
  struct Prepared {
    passes::LaunchChoice launch;
    CudaInstance instance;
    kernels::Cost cost;
  };
  template <typename Contract>
  mlir::FailureOr<Prepared>
  prepare(mlir::Operation *op,
          mlir::FailureOr<typename Contract::Problem> problem);
  passes::LaunchChoice finish(mlir::Operation *op, Prepared prepared);
  /// Adds the launches to `selection`; fails if one of them has failed.
  mlir::LogicalResult
  launch(mlir::Operation *op, passes::Selection &selection,
         llvm::MutableArrayRef<mlir::FailureOr<Prepared>> prepared);
  /// Both in one launch, side by side along x. The tiles along y are the
  /// first's, which are no fewer than the second's.
  static Prepared joined(Prepared first, Prepared second);

  /// The ops that take several launches.
  mlir::FailureOr<passes::Selection> selectOther(mlir::Operation *op);
  /// `Split` and CombineSplits where a step continues answers; else `Whole`.
  template <typename Whole, typename Split>
  mlir::FailureOr<passes::Selection>
  selectAttention(mlir::Operation *op,
                  mlir::FailureOr<typename Whole::Problem> problem,
                  int64_t heads, int64_t value, kernels::AttentionMask mask);

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
  std::string remember(CudaInstance instance);

  CudaOptions options;
  std::vector<CudaInstance> known;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_CUDACATALOGUE_H
