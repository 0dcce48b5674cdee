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

#include "compiler/kernels/CudaInstance.h"
#include "compiler/kernels/LaunchCatalogue.h"
#include "compiler/kernels/contract/QuantizeInputs.h"

namespace ingot::compiler {

/// What kernels must know beyond the op they compute.
struct CudaOptions {
  /// Entries of a sequence's row of the page table.
  int64_t pagesPerSequence = 1;
  /// Tokens of a page.
  int64_t pageSize = 64;
};

/// A GPU's catalogue. Belongs to one thread.
class CudaCatalogue : public LaunchCatalogue<CudaCatalogue, CudaInstance> {
public:
  explicit CudaCatalogue(CudaOptions options) : options(options) {}

  /// The context of `op` has the plan dialect loaded. Rejects, with a
  /// diagnostic, what CpuProblems.h rejects, what a schedule rejects, and
  /// latent attention that is not reassociated.
  mlir::FailureOr<passes::Selection> select(mlir::Operation *op) override;
  std::string inSequence(llvm::StringRef first,
                         llvm::StringRef second) override;
  std::string sideBySide(llvm::StringRef first, passes::Axis axis,
                         int64_t tiles, llvm::StringRef second) override;

  /// As LaunchCatalogue::single; a product of codes has them made before.
  template <typename Contract>
  mlir::FailureOr<passes::Selection>
  single(mlir::Operation *op,
         mlir::FailureOr<typename Contract::Problem> problem);

private:
  friend LaunchCatalogue;
  static constexpr llvm::StringLiteral kPlace = "a gpu";
  static constexpr bool kRoundsInputs = true;
  /// A step may have more tiles of tokens than there are experts.
  static constexpr bool kJoinsGrouped = false;

  template <typename Contract>
  mlir::FailureOr<Prepared>
  prepare(mlir::Operation *op,
          mlir::FailureOr<typename Contract::Problem> problem);
  const CudaInstance &instanceNamed(llvm::StringRef name) const;
  static bool groupsTokens(mlir::Operation *op,
                           const kernels::ExpertsUp::Problem &problem);
  /// Each token's experts one by one.
  mlir::FailureOr<passes::Selection>
  selectSingle(ir::ExpertsOp op, const kernels::ExpertsUp::Problem &up,
               const kernels::ExpertsDown::Problem &down,
               passes::Selection selection);
  mlir::FailureOr<passes::Selection> selectOther(mlir::Operation *op);
  /// `Split` and CombineSplits where a step continues answers; else `Whole`.
  template <typename Whole, typename Split, typename Problem>
  mlir::FailureOr<passes::Selection>
  selectAttention(mlir::Operation *op, mlir::FailureOr<Problem> problem,
                  int64_t heads, int64_t value, kernels::AttentionMask mask);

  /// Adds a launch that makes codes of `x`, and the scratch that has them: the
  /// one that is returned, and the next for their scales.
  unsigned addCodes(mlir::Operation *op,
                    const kernels::QuantizeInputs::Problem &problem,
                    passes::KernelArg x, passes::Selection &selection,
                    std::vector<Chosen> &launches);
  /// Each expert with all of its tokens, and the shared network, as products of
  /// codes.
  mlir::FailureOr<passes::Selection>
  selectCodedExperts(ir::ExpertsOp op, const kernels::ExpertsUp::Problem &up,
                     const kernels::ExpertsDown::Problem &down);
  /// Adds the launches of the shared network; `codes` are those of the op's
  /// input, if it has one for each token. Returns the result's scratch.
  mlir::FailureOr<unsigned> addShared(ir::ExpertsOp op,
                                      std::optional<unsigned> codes,
                                      passes::Selection &selection,
                                      std::vector<Chosen> &launches);

  CudaOptions options;
};

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_CUDACATALOGUE_H
