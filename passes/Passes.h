//===- Passes.h - how to create each pass -----------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes work on whole modules. Options are structs handed to the constructor:
// there are no global options.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES_PASSES_H
#define INGOT_PASSES_PASSES_H

#include "mlir/Pass/Pass.h"
#include <memory>

namespace ingot::passes {

class KernelCatalogue;

/// What a plan is sized for.
struct PlanLimits {
  /// Most sequences live at a time.
  int64_t maxBatch = 4;
  /// Longest sequence, in tokens.
  int64_t maxContext = 1024;
  /// Most tokens of one step; longer prompts go in chunks.
  int64_t maxStepTokens = 256;
  /// Most rows of one step whose every logit may be asked for, each as long as
  /// the vocabulary.
  int64_t maxScoredRows = 256;
  /// Tokens of a KV page.
  int64_t pageSize = 64;
  /// Tokens that the KV pool has room for, rounded up to pages; 0: every
  /// sequence at its longest.
  int64_t kvTokens = 0;
  /// Whether the newest token of one sequence alone has an entry of its own:
  /// for targets whose kernels pay for room that more tokens would need.
  bool singleDecode = false;

  int64_t pagesFor(int64_t tokens) const {
    return (tokens + pageSize - 1) / pageSize;
  }
  int64_t pagesPerSequence() const { return pagesFor(maxContext); }
  /// Pages of the pool, the scratch page included.
  int64_t pages() const {
    return 1 + (kvTokens ? pagesFor(kvTokens) : maxBatch * pagesPerSequence());
  }
};

/// What reading, computing and waiting cost on a target in terms of each other.
struct MachineBalance {
  /// Operations that take as long as reading a byte of memory.
  double flopsPerByte;
  /// Bytes that could be read while one launch ends and the next begins.
  double bytesPerExchange;
};

/// The Zen 4 and Cascade Lake VMs of docs/Performance.md: 100 to 150 GFLOP/s a
/// core at the kernels' best, 10 to 20 GB/s a core, and some 2 us to hand out
/// a launch to threads.
constexpr MachineBalance kCpuBalance = {8, 50e3};

/// Which form latent attention gets: the cheaper one for each function, the one
/// it was written in, or the one that multiplies queries by W_UK.
enum class Absorb { Auto, None, Reassociate };

struct AbsorbOptions {
  Absorb form = Absorb::Auto;
  MachineBalance balance = kCpuBalance;
};

/// What the inputs of products are rounded to.
enum class ActivationFormat { F32, BF16, FP8 };

/// What the values of the KV cache are kept in: 4, 2 or 1 bytes.
enum class CacheFormat { F32, BF16, FP8 };

std::unique_ptr<mlir::Pass> createSplitEntriesPass(const PlanLimits &limits);
std::unique_ptr<mlir::Pass> createChooseTokensPass();
std::unique_ptr<mlir::Pass> createFuseGateUpPass();
std::unique_ptr<mlir::Pass> createFuseNormPass();
std::unique_ptr<mlir::Pass>
createAbsorbLatentProjectionsPass(const AbsorbOptions &options);
std::unique_ptr<mlir::Pass> createFuseSharedExpertPass();
std::unique_ptr<mlir::Pass> createQuantizeWeightsPass();
std::unique_ptr<mlir::Pass> createQuantizeKVCachePass(CacheFormat format);
std::unique_ptr<mlir::Pass>
createQuantizeActivationsPass(ActivationFormat format);
std::unique_ptr<mlir::Pass> createHoistWeightWorkPass();
std::unique_ptr<mlir::Pass> createVerifyQuantizedPass();
/// `catalogue` must outlive the pass.
std::unique_ptr<mlir::Pass> createSelectKernelsPass(KernelCatalogue &catalogue,
                                                    const PlanLimits &limits);
/// `catalogue`, which chose the kernels, must outlive the pass.
std::unique_ptr<mlir::Pass> createFuseLaunchesPass(KernelCatalogue &catalogue);
std::unique_ptr<mlir::Pass> createPlanMemoryPass();
std::unique_ptr<mlir::Pass> createVerifyEntriesPass();
std::unique_ptr<mlir::Pass> createVerifyLoweredPass();
std::unique_ptr<mlir::Pass> createVerifyPlannedPass();

} // namespace ingot::passes

#endif // INGOT_PASSES_PASSES_H
