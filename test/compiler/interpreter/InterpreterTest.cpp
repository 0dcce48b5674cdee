//===- InterpreterTest.cpp - What callers of the interpreter count on -----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What single ops compute is tested in test/interpret; here is what only a
// caller in C++ can see or do wrong.
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Interpreter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"

#include <gtest/gtest.h>

using namespace ingot::compiler;
namespace ir = ingot::ir;

namespace {

class InterpreterTest : public testing::Test {
protected:
  InterpreterTest()
      : handler(&context, [this](mlir::Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
            errors += diagnostic.str() + "\n";
        }) {
    context.loadDialect<ir::IngotDialect, mlir::arith::ArithDialect,
                        mlir::func::FuncDialect>();
  }

  Interpreter<float> parse(const char *text) {
    module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << errors;
    return Interpreter<float>(*module, inlineWeights<float>());
  }

  mlir::MLIRContext context{mlir::MLIRContext::Threading::DISABLED};
  std::string errors;
  mlir::ScopedDiagnosticHandler handler;
  mlir::OwningOpRef<mlir::ModuleOp> module;
};

Datum<float> row(std::vector<float> values) {
  auto tensor = std::make_shared<Tensor<float>>(
      std::vector<int64_t>{1, static_cast<int64_t>(values.size())});
  tensor->data = std::move(values);
  return TensorPtr<float>(tensor);
}

const std::vector<float> &valuesOf(const Datum<float> &datum) {
  return std::get<TensorPtr<float>>(datum)->data;
}

constexpr const char *kDouble = R"(
  func.func @double(%x: tensor<?x2xf32>) -> tensor<?x2xf32> {
    %0 = ingot.add %x, %x : tensor<?x2xf32> {ingot.tap = "doubled"}
    return %0 : tensor<?x2xf32>
  })";

TEST_F(InterpreterTest, ReturnsWhatTheFunctionReturns) {
  auto results = parse(kDouble).call("double", {row({1, 2})});
  ASSERT_TRUE(mlir::succeeded(results)) << errors;
  ASSERT_EQ(results->size(), 1u);
  EXPECT_EQ(valuesOf(results->front()), (std::vector<float>{2, 4}));
}

TEST_F(InterpreterTest, ObserverSeesTaps) {
  Interpreter<float> interpreter = parse(kDouble);
  std::vector<std::string> taps;
  interpreter.setObserver([&](llvm::StringRef tap, const Tensor<float> &value) {
    taps.push_back(tap.str());
    EXPECT_EQ(value.shape, (std::vector<int64_t>{1, 2}));
  });
  ASSERT_TRUE(mlir::succeeded(interpreter.call("double", {row({1, 2})})));
  EXPECT_EQ(taps, (std::vector<std::string>{"doubled"}));
}

TEST_F(InterpreterTest, ReadsAWeightOnceAndNeverCopiesIt) {
  parse(R"(
    ingot.weight @w : tensor<1x1xf32> from "w"
    func.func @f() -> (tensor<1x1xf32>, tensor<1x1xf32>) {
      %0 = ingot.get_weight @w : tensor<1x1xf32>
      %1 = ingot.get_weight @w : tensor<1x1xf32>
      return %0, %1 : tensor<1x1xf32>, tensor<1x1xf32>
    })");
  int reads = 0;
  Interpreter<float> interpreter(
      *module, [&](ir::WeightOp) -> llvm::Expected<Tensor<float>> {
        ++reads;
        return Tensor<float>({1, 1});
      });
  for (int i = 0; i < 2; ++i) {
    auto results = interpreter.call("f", {});
    ASSERT_TRUE(mlir::succeeded(results)) << errors;
    EXPECT_EQ(std::get<TensorPtr<float>>(results->front()),
              std::get<TensorPtr<float>>(results->back()));
  }
  EXPECT_EQ(reads, 1);
}

// A prefill and a decode step give what one prefill of both tokens gives: the
// returned cache is all that a caller has to keep.
TEST_F(InterpreterTest, CacheCarriesFromCallToCall) {
  Interpreter<float> interpreter = parse(R"(
    func.func @f(%batch: !ingot.batch, %c: !ingot.kv_cache<1x2xf32>) -> (tensor<?x1xf32>, !ingot.kv_cache<1x2xf32>) {
      %table = arith.constant dense<[[1.0, 0.0], [5.0, 0.0]]> : tensor<2x2xf32>
      %x = ingot.embed %batch, %table : tensor<2x2xf32> -> tensor<?x2xf32>
      %0:2 = ingot.split %x : tensor<?x2xf32> -> tensor<?x1xf32>, tensor<?x1xf32>
      %1 = ingot.kv_append %c[0], %0#0, %0#1, %batch : !ingot.kv_cache<1x2xf32>, tensor<?x1xf32>, tensor<?x1xf32>
      %kv_b = arith.constant dense<[[0.0], [1.0]]> : tensor<2x1xf32>
      %2 = ingot.latent_attention %x, %1[0], %kv_b, %batch heads 1 nope 1 rope 1 value 1 scale 1.0
        : tensor<?x2xf32>, !ingot.kv_cache<1x2xf32>, tensor<2x1xf32> -> tensor<?x1xf32>
      return %2, %1 : tensor<?x1xf32>, !ingot.kv_cache<1x2xf32>
    })");
  KVCache<float> empty(1, 2);
  auto both = interpreter.call("f", {Batch{{0, 1}, {0, 1}, {0, 0}, {}}, empty});
  ASSERT_TRUE(mlir::succeeded(both)) << errors;
  EXPECT_EQ(valuesOf(both->front()), (std::vector<float>{1, 3}));
  auto first = interpreter.call("f", {Batch{{0}, {0}, {0}, {}}, empty});
  ASSERT_TRUE(mlir::succeeded(first)) << errors;
  auto second =
      interpreter.call("f", {Batch{{1}, {1}, {0}, {}}, first->back()});
  ASSERT_TRUE(mlir::succeeded(second)) << errors;
  EXPECT_EQ(valuesOf(second->front()), (std::vector<float>{3}));
  EXPECT_TRUE(empty.layers.front()->empty());
}

TEST_F(InterpreterTest, FunctionMissing) {
  EXPECT_TRUE(mlir::failed(parse(kDouble).call("triple", {})));
  EXPECT_EQ(errors, "expects a function 'triple' with a body\n");
}

TEST_F(InterpreterTest, TooFewArguments) {
  EXPECT_TRUE(mlir::failed(parse(kDouble).call("double", {})));
  EXPECT_EQ(errors, "expects 1 arguments, got 0\n");
}

TEST_F(InterpreterTest, ArgumentOfAnotherWidth) {
  EXPECT_TRUE(mlir::failed(parse(kDouble).call("double", {row({1, 2, 3})})));
  EXPECT_EQ(errors, "expects a value of type 'tensor<?x2xf32>', got a tensor "
                    "of shape [1, 3]\n");
}

TEST_F(InterpreterTest, BatchInsteadOfATensor) {
  EXPECT_TRUE(mlir::failed(parse(kDouble).call("double", {Batch{}})));
  EXPECT_EQ(errors, "expects a value of type 'tensor<?x2xf32>', got a batch\n");
}

TEST_F(InterpreterTest, CacheOfAnotherModel) {
  Interpreter<float> interpreter = parse(R"(
    func.func @f(%c: !ingot.kv_cache<2x3xf32>) {
      return
    })");
  EXPECT_TRUE(mlir::failed(interpreter.call("f", {KVCache<float>(2, 4)})));
  EXPECT_EQ(errors, "expects a value of type '!ingot.kv_cache<2x3xf32>', got "
                    "a cache of 2x4\n");
}

} // namespace
