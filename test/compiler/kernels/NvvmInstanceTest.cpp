//===- NvvmInstanceTest.cpp - kernels of a GPU, in MLIR -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/NvvmInstance.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Verifier.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace mlir;
using testing::ElementsAre;

namespace ingot::test {
namespace {

/// A kernel of one body, which is all in the text before its parts.
compiler::CudaInstance instanceOf(std::string name, std::string text) {
  return {.name = std::move(name),
          .strands = {{std::vector<compiler::KernelBody>{{text, {}}}}},
          .block = 32,
          .byRow = true};
}

const std::string kBody = R"(
func.func private @body(%x: memref<8xf32>, %n: index, %t: index, %ty: index,
                        %tz: index) {
  return
})";
const std::string kPreparing = kBody + R"(
func.func private @prepare(%x: memref<8xf32>, %n: index, %t: index,
                           %ty: index, %tz: index) {
  return
})";

struct Built {
  MLIRContext context{MLIRContext::Threading::DISABLED};
  OwningOpRef<ModuleOp> module;

  explicit Built(const compiler::CudaInstance &instance) {
    auto built = compiler::instantiateInMLIR(context, instance);
    EXPECT_TRUE(static_cast<bool>(built));
    module = std::move(*built);
    EXPECT_TRUE(succeeded(verify(*module)));
  }
  func::FuncOp kernel() {
    func::FuncOp found;
    for (auto function : module->getOps<func::FuncOp>())
      if (function.isPublic()) {
        EXPECT_FALSE(found) << "expects one public function";
        found = function;
      }
    return found;
  }
  /// What the operations of `region` do, in order.
  static std::vector<std::string> stepsOf(Region &region) {
    std::vector<std::string> steps;
    for (Operation &op : region.getOps()) {
      if (auto call = dyn_cast<func::CallOp>(op))
        steps.push_back(call.getCallee().str());
      else if (isa<gpu::BarrierOp>(op))
        steps.push_back("barrier");
      else if (auto control = dyn_cast<NVVM::GriddepcontrolOp>(op))
        steps.push_back(stringifyEnum(control.getKind()).str());
    }
    return steps;
  }
};

TEST(NvvmInstance, TakesTheArgumentsOfItsBodies) {
  compiler::CudaInstance instance = instanceOf("first", kBody);
  instance.follow(instanceOf("second", kBody));
  Built built(instance);
  EXPECT_EQ(built.kernel().getName(), "first_then_second");
  MLIRContext *context = &built.context;
  Type row = MemRefType::get({8}, Float32Type::get(context));
  Type number = IndexType::get(context);
  EXPECT_THAT(built.kernel().getArgumentTypes(),
              ElementsAre(row, number, row, number));
}

TEST(NvvmInstance, RunsBodiesOneAfterTheOtherWithWhatTheyPrepareFirst) {
  compiler::CudaInstance instance = instanceOf("first", kBody);
  instance.follow(instanceOf("second", kPreparing));
  Built built(instance);
  EXPECT_THAT(Built::stepsOf(built.kernel().getBody()),
              ElementsAre("launch_dependents", "first_then_second.1.prepare",
                          "wait", "first_then_second.0.body", "barrier",
                          "first_then_second.1.body"));
}

TEST(NvvmInstance, HasBodiesSideBySideEachWithTilesOfItsOwn) {
  compiler::CudaInstance instance = instanceOf("first", kBody);
  instance.join(instanceOf("second", kPreparing), 5);
  instance.join(instanceOf("third", kBody), 12);
  Built built(instance);
  EXPECT_THAT(Built::stepsOf(built.kernel().getBody()),
              ElementsAre("launch_dependents"));
  auto branch = *built.kernel().getOps<scf::IfOp>().begin();
  EXPECT_THAT(Built::stepsOf(branch.getThenRegion()),
              ElementsAre("wait", "first_and_second_and_third.0.body"));
  auto inner = *branch.getElseRegion().getOps<scf::IfOp>().begin();
  EXPECT_THAT(Built::stepsOf(inner.getThenRegion()),
              ElementsAre("first_and_second_and_third.1.prepare", "wait",
                          "first_and_second_and_third.1.body"));
  EXPECT_THAT(Built::stepsOf(inner.getElseRegion()),
              ElementsAre("wait", "first_and_second_and_third.2.body"));
}

TEST(NvvmInstance, RefusesATextWithTheParsersWords) {
  MLIRContext context;
  auto built =
      compiler::instantiateInMLIR(context, instanceOf("first", "func.func"));
  ASSERT_FALSE(static_cast<bool>(built));
  EXPECT_THAT(llvm::toString(built.takeError()),
              testing::StartsWith("kernel 'first.0' does not parse: "));
}

TEST(NvvmInstance, RefusesATextWithoutABody) {
  MLIRContext context;
  auto built = compiler::instantiateInMLIR(
      context, instanceOf("first", "func.func private @other() {\nreturn\n}"));
  ASSERT_FALSE(static_cast<bool>(built));
  EXPECT_EQ(llvm::toString(built.takeError()),
            "kernel 'first.0' expects a function @body, got none");
}

} // namespace
} // namespace ingot::test
