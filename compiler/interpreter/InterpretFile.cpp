//===- InterpretFile.cpp - Run a function of an MLIR file -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/InterpretFile.h"
#include "compiler/interpreter/InterpretedModel.h"
#include "compiler/interpreter/Interpreter.h"
#include "compiler/interpreter/PrintDatum.h"
#include "dialects/Plan/PlanDialect.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "runtime/eval/Golden.h"
#include "runtime/eval/Report.h"
#include "runtime/storage/Checkpoint.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <numeric>

using namespace mlir;

namespace ingot::compiler {

namespace {

/// The functions to run; that there is none is told as a diagnostic.
SmallVector<func::FuncOp> findEntries(ModuleOp module, StringRef name) {
  name.consume_front("@");
  SmallVector<func::FuncOp> entries;
  for (auto function : module.getOps<func::FuncOp>())
    if (name.empty() ? function.isPublic() : function.getName() == name)
      entries.push_back(function);
  if (entries.empty())
    module.emitError() << "expects "
                       << (name.empty() ? "a public function"
                                        : "a function '" + name + "'");
  return entries;
}

Batch makeBatch(const InterpretOptions &options) {
  Batch batch{options.tokens, options.positions, options.sequences,
              options.logitRows};
  auto count = [&](std::vector<int32_t> &values) {
    values.resize(batch.tokens.size());
    std::iota(values.begin(), values.end(), 0);
  };
  if (batch.positions.empty())
    count(batch.positions);
  if (batch.sequences.empty())
    batch.sequences.assign(batch.tokens.size(), 0);
  if (batch.logitRows.empty())
    count(batch.logitRows);
  return batch;
}

template <typename Real>
FailureOr<std::vector<Datum<Real>>> makeArguments(func::FuncOp entry,
                                                  const Batch &batch) {
  std::vector<Datum<Real>> arguments;
  for (Type type : entry.getArgumentTypes()) {
    if (isa<ir::BatchType>(type))
      arguments.push_back(batch);
    else if (auto cache = dyn_cast<ir::KVCacheType>(type))
      arguments.push_back(KVCache<Real>(cache.getLayers(), cache.getWidth()));
    else
      return entry.emitError()
             << "expects only batches and caches as arguments, got " << type;
  }
  return arguments;
}

template <typename Real>
LogicalResult runFunction(Interpreter<Real> &interpreter, func::FuncOp entry,
                          const Batch &batch, llvm::raw_ostream &out) {
  auto arguments = makeArguments<Real>(entry, batch);
  if (failed(arguments))
    return failure();
  auto results = interpreter.call(entry.getName(), ArrayRef(*arguments));
  if (failed(results))
    return failure();
  for (auto [type, datum] : llvm::zip_equal(entry.getResultTypes(), *results))
    printDatum(type, datum, out);
  return success();
}

template <typename Real>
LogicalResult runModule(ModuleOp module, const InterpretOptions &options,
                        WeightSource<Real> weights, llvm::raw_ostream &out) {
  Interpreter<Real> interpreter(module, std::move(weights));
  if (options.taps)
    interpreter.setObserver([&](StringRef tap, const Tensor<Real> &value) {
      out << tap << ": ";
      printValues(value, out);
      out << "\n";
    });
  SmallVector<func::FuncOp> entries = findEntries(module, options.entry);
  LogicalResult all = success(!entries.empty());
  for (func::FuncOp entry : entries) {
    if (entries.size() > 1)
      out << "@" << entry.getName() << "\n";
    out.flush(); // Keeps the order where diagnostics go to the same file.
    if (failed(runFunction(interpreter, entry, makeBatch(options), out)))
      all = failure();
  }
  return all;
}

template <typename Real>
Status judgeModule(ModuleOp module, const std::string &goldenPath,
                   WeightSource<Real> weights, llvm::raw_ostream &out) {
  auto golden = storage::SafeTensors::open(goldenPath);
  if (!golden)
    return golden.status();
  auto model = InterpretedModel<Real>::create(module, std::move(weights));
  if (!model)
    return model.status();
  eval::GoldenOptions options;
  options.hidden = true;
  auto report = eval::compareWithGolden(**model, *golden, options, {});
  if (!report)
    return report.status();
  out << eval::asText(*report);
  return {};
}

/// Without a checkpoint, weights must carry their values.
template <typename Real>
bool run(ModuleOp module, const InterpretOptions &options,
         const std::optional<storage::Checkpoint> &checkpoint,
         llvm::raw_ostream &out, llvm::raw_ostream &errors) {
  auto weights =
      checkpoint ? checkpointWeights<Real>(*checkpoint) : inlineWeights<Real>();
  if (options.golden.empty())
    return succeeded(runModule<Real>(module, options, weights, out));
  Status status = judgeModule<Real>(module, options.golden, weights, out);
  if (!status.ok())
    errors << "error: " << status.message() << "\n";
  return status.ok();
}

} // namespace

bool interpretFile(const InterpretOptions &options, llvm::raw_ostream &out,
                   llvm::raw_ostream &errors) {
  DialectRegistry registry;
  // The plan's, since a function may have an ingot.absorption.
  registry.insert<ir::IngotDialect, plan::PlanDialect, arith::ArithDialect,
                  func::FuncDialect>();
  MLIRContext context(registry, MLIRContext::Threading::DISABLED);
  llvm::SourceMgr sources;
  SourceMgrDiagnosticHandler handler(sources, &context, errors);
  OwningOpRef<ModuleOp> module =
      parseSourceFile<ModuleOp>(options.file, sources, &context);
  if (!module)
    return false;
  std::optional<storage::Checkpoint> checkpoint;
  if (!options.checkpoint.empty()) {
    auto opened = storage::Checkpoint::open(options.checkpoint);
    if (!opened) {
      errors << "error: " << opened.status().message() << "\n";
      return false;
    }
    checkpoint.emplace(std::move(*opened));
  }
  return options.doublePrecision
             ? run<double>(*module, options, checkpoint, out, errors)
             : run<float>(*module, options, checkpoint, out, errors);
}

} // namespace ingot::compiler
