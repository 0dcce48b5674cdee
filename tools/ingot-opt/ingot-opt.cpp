//===- ingot-opt.cpp - reads IR, runs passes, prints IR -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/CpuCatalogue.h"
#include "dialects/Ingot/IngotDialect.h"
#include "dialects/Plan/PlanDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "passes/Passes.h"

using namespace ingot::passes;

/// Has a kernel for whatever two are to be one, so that the pass which asks can
/// be tried on kernels of any names.
class FusesAnything : public KernelCatalogue {
public:
  mlir::FailureOr<Selection> select(mlir::Operation *) override {
    return mlir::failure(); // never: the pass finds kernels chosen
  }
  std::string inSequence(llvm::StringRef first,
                         llvm::StringRef second) override {
    return (first + "_then_" + second).str();
  }
  std::string sideBySide(llvm::StringRef first, Axis, int64_t,
                         llvm::StringRef second) override {
    return (first + "_and_" + second).str();
  }
};

/// The catalogues must outlive the run: passes refer to them.
static void registerIngotPasses(KernelCatalogue &catalogue,
                                KernelCatalogue &fusing,
                                const PlanLimits &limits) {
  mlir::registerPass([&] { return createSplitEntriesPass(limits); });
  mlir::registerPass([] { return createAbsorbLatentProjectionsPass({}); });
  mlir::registerPass(createChooseTokensPass);
  mlir::registerPass(createFuseGateUpPass);
  mlir::registerPass(createFuseNormPass);
  mlir::registerPass(createFuseSharedExpertPass);
  mlir::registerPass(createVerifyEntriesPass);
  mlir::registerPass(
      [&] { return createSelectKernelsPass(catalogue, limits); });
  mlir::registerPass([&] { return createFuseLaunchesPass(fusing); });
  mlir::registerPass(createQuantizeWeightsPass);
  mlir::registerPass(
      [] { return createQuantizeKVCachePass(CacheFormat::F32); });
  mlir::registerPass(
      [] { return createQuantizeActivationsPass(ActivationFormat::F32); });
  mlir::registerPass(createHoistWeightWorkPass);
  mlir::registerPass(createVerifyQuantizedPass);
  mlir::registerPass(createPlanMemoryPass);
  mlir::registerPass(createVerifyLoweredPass);
  mlir::registerPass(createVerifyPlannedPass);
}

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  registry.insert<ingot::ir::IngotDialect, ingot::plan::PlanDialect,
                  mlir::arith::ArithDialect, mlir::func::FuncDialect>();
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  PlanLimits limits;
  ingot::compiler::CpuCatalogue catalogue(
      {.pagesPerSequence = limits.pagesPerSequence(),
       .pageSize = limits.pageSize});
  FusesAnything fusing;
  registerIngotPasses(catalogue, fusing, limits);
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Ingot pass driver\n", registry));
}
