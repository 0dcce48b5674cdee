//===- InterpretFile.cpp - Run a function of an MLIR file -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/InterpretFile.h"
#include "compiler/interpreter/Interpreter.h"
#include "compiler/interpreter/PrintDatum.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Parser/Parser.h"
#include "runtime/storage/Checkpoint.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"

#include <numeric>

using namespace mlir;

namespace ingot::compiler {

namespace {

/// The function to run, or null, which is told as a diagnostic.
func::FuncOp findEntry(ModuleOp module, StringRef name) {
  name.consume_front("@");
  if (!name.empty()) {
    auto function = module.lookupSymbol<func::FuncOp>(name);
    if (!function)
      module.emitError() << "expects a function '" << name << "'";
    return function;
  }
  SmallVector<func::FuncOp> candidates;
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic())
      candidates.push_back(function);
  if (candidates.size() == 1)
    return candidates.front();
  module.emitError() << "expects one public function or the name of one, got "
                     << candidates.size();
  return {};
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
LogicalResult run(ModuleOp module, const InterpretOptions &options,
                  const storage::Checkpoint *checkpoint,
                  llvm::raw_ostream &out) {
  func::FuncOp entry = findEntry(module, options.entry);
  if (!entry)
    return failure();
  auto arguments = makeArguments<Real>(entry, makeBatch(options));
  if (failed(arguments))
    return failure();
  Interpreter<Real> interpreter(
      module, checkpoint ? checkpointWeights<Real>(*checkpoint)
                         : inlineWeights<Real>());
  if (options.taps)
    interpreter.setObserver([&](StringRef tap, const Tensor<Real> &value) {
      out << tap << ": ";
      printValues(value, out);
      out << "\n";
    });
  auto results = interpreter.call(entry.getName(), ArrayRef(*arguments));
  if (failed(results))
    return failure();
  for (auto [type, datum] : llvm::zip_equal(entry.getResultTypes(), *results))
    printDatum(type, datum, out);
  return success();
}

} // namespace

bool interpretFile(const InterpretOptions &options, llvm::raw_ostream &out,
                   llvm::raw_ostream &errors) {
  DialectRegistry registry;
  registry.insert<ir::IngotDialect, arith::ArithDialect, func::FuncDialect>();
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
  const storage::Checkpoint *files = checkpoint ? &*checkpoint : nullptr;
  LogicalResult done = options.doublePrecision
                           ? run<double>(*module, options, files, out)
                           : run<float>(*module, options, files, out);
  return succeeded(done);
}

} // namespace ingot::compiler
