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

/// `catalogue` must outlive the run: the pass for which it chooses kernels
/// refers to it.
static void registerIngotPasses(KernelCatalogue &catalogue,
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
  registerIngotPasses(catalogue, limits);
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "Ingot pass driver\n", registry));
}
