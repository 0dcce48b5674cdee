//===- SelectKernels.cpp - ops become launches of kernels -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     functions of ingot ops on tensors
// After:      plan.entry ops with buffers and launches; of @pack, a plan.pack
// Requires:   what import guarantees: weights come from checkpoint tensors,
//             results carry ingot.name
// Guarantees: no ingot or func op is left; buffers have no offsets yet
//
//===----------------------------------------------------------------------===//

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "passes/Lower/ModuleDeclarations.h"
#include "passes/Lower/PackLowering.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

namespace ingot::passes {
#define GEN_PASS_DEF_SELECTKERNELSPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace ir = ingot::ir;
namespace plan = ingot::plan;

namespace {

/// Of a TokenDraw (runtime/include/ingot/TokenDraw.h), by 32 bits.
constexpr int64_t kDrawWords = 8;

/// Turns one function into an entry.
class EntryLowering {
public:
  EntryLowering(func::FuncOp function, KernelCatalogue &catalogue,
                ModuleDeclarations &declarations)
      : function(function), catalogue(catalogue), declarations(declarations),
        builder(function) {
    // The entry takes over the function's name once it is erased.
    entry = plan::EntryOp::create(builder, function.getLoc(),
                                  function.getSymName(), planBucket(),
                                  function->getAttrOfType<plan::AbsorptionAttr>(
                                      ir::IngotDialect::kAbsorptionAttr));
    builder.setInsertionPointToStart(&entry.getBody().emplaceBlock());
  }

  LogicalResult run() {
    if (failed(lowerArguments()))
      return failure();
    if (failed(nameResults()))
      return failure();
    for (Operation &op : function.front().without_terminator())
      if (failed(lowerOp(&op)))
        return failure();
    return bindOutputs();
  }

private:
  /// The function's bucket in the plan's symbols; null if it has none.
  DictionaryAttr planBucket() {
    ir::BucketAttr bucket = ir::bucketOf(function);
    if (!bucket)
      return {};
    auto size = [&](StringRef symbol, int64_t value) {
      return builder.getNamedAttr(symbol, builder.getI64IntegerAttr(value));
    };
    return builder.getDictionaryAttr({size("T", bucket.getTokens()),
                                      size("S", bucket.getSequences()),
                                      size("R", bucket.getRows())});
  }

  LogicalResult lowerArguments() {
    lowerBatch();
    for (BlockArgument argument : function.getArguments()) {
      if (!isa<RankedTensorType>(argument.getType()))
        continue;
      auto name = function.getArgAttrOfType<StringAttr>(
          argument.getArgNumber(), ir::IngotDialect::kNameAttr);
      if (!name)
        return function.emitOpError()
               << "expects argument " << argument.getArgNumber()
               << " to have an ingot.name";
      Value buffer = createBuffer(kIo, "T", argument.getType());
      buffers[argument] = buffer;
      plan::InputOp::create(builder, argument.getLoc(), name, buffer);
    }
    return success();
  }

  bool choosesTokens() {
    return !function.front().getOps<ir::ChooseOp>().empty();
  }

  /// Every entry has the same inputs for its batch, so that the runtime fills
  /// them without asking which ones a kernel reads; those that choose tokens
  /// have one more.
  void lowerBatch() {
    Type i32 = builder.getI32Type();
    int64_t pages = declarations.getLimits().pagesPerSequence(),
            dynamic = ShapedType::kDynamic;
    struct Field {
      StringRef name, rows;
      MemRefType type;
    } fields[] = {{"tokens", "T", MemRefType::get({dynamic}, i32)},
                  {"positions", "T", MemRefType::get({dynamic}, i32)},
                  {"sequence", "T", MemRefType::get({dynamic}, i32)},
                  {"slot", "T", MemRefType::get({dynamic}, i32)},
                  {"query_end", "S", MemRefType::get({dynamic}, i32)},
                  {"pages", "S", MemRefType::get({dynamic, pages}, i32)},
                  {"logit_row", "R", MemRefType::get({dynamic}, i32)},
                  {"draws", "R", MemRefType::get({dynamic, kDrawWords}, i32)}};
    for (const Field &field : fields) {
      if (field.name == "draws" && !choosesTokens())
        continue;
      Value buffer = createBuffer(kIo, field.rows, field.type);
      batch[field.name] = buffer;
      plan::InputOp::create(builder, function.getLoc(), field.name, buffer);
    }
  }

  /// Finds out which values the function returns, and under which name.
  LogicalResult nameResults() {
    auto ret = cast<func::ReturnOp>(function.front().getTerminator());
    for (auto [i, value] : llvm::enumerate(ret.getOperands())) {
      if (!isa<RankedTensorType>(value.getType()))
        continue;
      auto name = function.getResultAttrOfType<StringAttr>(
          i, ir::IngotDialect::kNameAttr);
      if (!name)
        return function.emitOpError()
               << "expects result " << i << " to have an ingot.name";
      if (isa<BlockArgument>(value) || !outputs.insert({value, name}).second)
        return function.emitOpError() << "expects result '" << name.getValue()
                                      << "' to be computed, and returned once";
    }
    return success();
  }

  LogicalResult bindOutputs() {
    for (auto [value, name] : outputs)
      plan::OutputOp::create(builder, value.getLoc(), name, buffers[value]);
    return success();
  }

  LogicalResult lowerOp(Operation *op) {
    if (isa<ir::GetWeightOp>(op))
      return success();
    auto compute = dyn_cast<ir::ComputeOpInterface>(op);
    if (!compute)
      return op->emitOpError() << "expects an op that computes";
    for (Type type : op->getResultTypes())
      if (auto tensor = dyn_cast<RankedTensorType>(type);
          tensor && isa<ir::ScaledType>(tensor.getElementType()))
        return op->emitOpError()
               << "expects no buffer of scaled elements, got " << type;
    FailureOr<Selection> selection = catalogue.select(op);
    if (failed(selection))
      return failure();

    SmallVector<Value> scratch;
    for (const ScratchBuffer &buffer : selection->scratch)
      scratch.push_back(createScratch(buffer));
    for (OpResult result : op->getResults())
      if (isa<RankedTensorType>(result.getType()))
        buffers[result] =
            createBuffer(outputs.contains(result) ? kIo : kWorkspace,
                         compute.getRowSymbol(), result.getType());
    for (auto [i, launch] : llvm::enumerate(selection->launches))
      if (failed(
              createLaunch(op, launch, i, selection->launches.size(), scratch)))
        return failure();
    return success();
  }

  /// The words of a kernel's name before the first that tells of a format or a
  /// size: "experts_up" of "experts_up_bf16_n64_k128".
  static std::string roleOf(StringRef kernel) {
    SmallVector<StringRef> words;
    kernel.split(words, '_');
    auto *end = llvm::find_if(words, [](StringRef word) {
      return llvm::any_of(word, llvm::isDigit);
    });
    return llvm::join(words.begin(), end, "_");
  }

  LogicalResult createLaunch(Operation *op, const LaunchChoice &launch,
                             size_t index, size_t count,
                             ArrayRef<Value> scratch) {
    declarations.declareKernel(op->getLoc(), launch.kernel);
    SmallVector<Value> args;
    SmallVector<int64_t> writes;
    for (const KernelArg &arg : launch.args) {
      FailureOr<Value> value = lowerArg(op, arg, scratch);
      if (failed(value))
        return failure();
      if (isWritten(op, arg))
        writes.push_back(args.size());
      args.push_back(*value);
    }
    // The launch that finishes the op's result has its name and its tap; those
    // before it say what they do, as another target may have other ones.
    std::string name = launchName(op);
    StringAttr tap;
    if (index + 1 == count)
      tap = op->getAttrOfType<StringAttr>(ir::IngotDialect::kTapAttr);
    else
      name += "." + roleOf(launch.kernel);
    plan::LaunchOp::create(
        builder, op->getLoc(),
        FlatSymbolRefAttr::get(builder.getContext(), launch.kernel),
        builder.getStringAttr(name), gridOf(builder, launch), args,
        builder.getDenseI64ArrayAttr(writes), tap, launch.cost);
    return success();
  }

  /// Results are written, and so is a cache that comes in as an operand where
  /// one comes out.
  static bool isWritten(Operation *op, const KernelArg &arg) {
    if (arg.kind == KernelArg::Scratch)
      return arg.written;
    if (arg.kind == KernelArg::Operand)
      return isa<ir::KVCacheType>(op->getOperand(arg.index).getType()) &&
             llvm::any_of(op->getResultTypes(),
                          [](Type t) { return isa<ir::KVCacheType>(t); });
    return arg.kind == KernelArg::Result;
  }

  FailureOr<Value> lowerArg(Operation *op, const KernelArg &arg,
                            ArrayRef<Value> scratch) {
    switch (arg.kind) {
    case KernelArg::Operand:
      return lowerOperand(op, op->getOperand(arg.index), /*scales=*/false);
    case KernelArg::Source: // never: work on weights alone is in @pack
    case KernelArg::Scales:
      return lowerOperand(op, op->getOperand(arg.index), /*scales=*/true);
    case KernelArg::Result:
    case KernelArg::ResultScales: // never: results have no scales
      return buffers[op->getResult(arg.index)];
    case KernelArg::Scratch:
      return scratch[arg.index];
    case KernelArg::Batch:
      return batch[arg.name];
    case KernelArg::Symbol:
      return plan::GetSymbolOp::create(builder, op->getLoc(),
                                       builder.getI64Type(), arg.name)
          .getResult();
    }
    llvm_unreachable("every kind of argument is handled");
  }

  FailureOr<Value> lowerOperand(Operation *op, Value operand, bool scales) {
    if (auto cache = dyn_cast<ir::KVCacheType>(operand.getType()))
      return cacheLayer(op, cache);
    if (auto get = operand.getDefiningOp<ir::GetWeightOp>())
      return weightAddress(op, get, scales);
    return buffers[operand];
  }

  FailureOr<Value> weightAddress(Operation *op, ir::GetWeightOp get,
                                 bool scales) {
    ir::WeightOp weight = declarations.lookupWeight(get.getWeight());
    FailureOr<StringRef> name = declarations.declareValues(weight);
    if (failed(name))
      return failure();
    if (scales)
      name = declarations.declareScales(weight);
    return plan::GetWeightOp::create(
               builder, op->getLoc(),
               plan::AddressType::get(builder.getContext()), *name)
        .getResult();
  }

  /// The pages of the layer that `op` works on: [pages * page size, width].
  FailureOr<Value> cacheLayer(Operation *op, ir::KVCacheType cache) {
    auto layer = op->getAttrOfType<IntegerAttr>("layer");
    if (!layer)
      return op->emitOpError() << "expects a layer attribute beside its cache";
    Value &buffer = cacheLayers[layer.getInt()];
    if (buffer)
      return buffer;
    const PlanLimits &limits = declarations.getLimits();
    int64_t rows = limits.pages() * limits.pageSize, width = cache.getWidth();
    int64_t bytes = llvm::alignTo(
        rows * width * cache.getElement().getIntOrFloatBitWidth() / 8,
        plan::BufferOp::kAlignment);
    auto type = MemRefType::get({rows, width}, cache.getElement());
    // A layer's place is fixed here, not by plan-memory: all entries must
    // agree.
    buffer = plan::BufferOp::create(
        builder, op->getLoc(), type,
        FlatSymbolRefAttr::get(builder.getContext(), kKvCache),
        FlatSymbolRefAttr(), builder.getI64IntegerAttr(layer.getInt() * bytes));
    return buffer;
  }

  Value createBuffer(StringRef arena, StringRef rows, Type type) {
    auto shaped = cast<ShapedType>(type);
    auto memref = MemRefType::get(shaped.getShape(), shaped.getElementType());
    FlatSymbolRefAttr symbol;
    if (shaped.isDynamicDim(0))
      symbol = FlatSymbolRefAttr::get(builder.getContext(), rows);
    return plan::BufferOp::create(
        builder, function.getLoc(), memref,
        FlatSymbolRefAttr::get(builder.getContext(), arena), symbol,
        IntegerAttr());
  }

  /// Where rows are symbol * mul, the factor becomes columns, so that the
  /// leading dimension is the symbol alone.
  Value createScratch(const ScratchBuffer &scratch) {
    const SizeExpr &rows = scratch.rows;
    int64_t shape[] = {rows.add, scratch.columns};
    if (!rows.symbol.empty()) {
      shape[0] = ShapedType::kDynamic;
      shape[1] *= rows.mul;
    }
    Type element = builder.getF32Type();
    if (scratch.element == ScratchBuffer::I32)
      element = builder.getI32Type();
    else if (scratch.element == ScratchBuffer::F8E4M3)
      element = Float8E4M3FNType::get(builder.getContext());
    return createBuffer(kWorkspace, rows.symbol,
                        RankedTensorType::get(shape, element));
  }

  func::FuncOp function;
  KernelCatalogue &catalogue;
  ModuleDeclarations &declarations;
  OpBuilder builder;
  plan::EntryOp entry;
  DenseMap<Value, Value> buffers;
  llvm::MapVector<Value, StringAttr> outputs;
  llvm::StringMap<Value> batch;
  DenseMap<int64_t, Value> cacheLayers;
};

struct SelectKernels
    : ingot::passes::impl::SelectKernelsPassBase<SelectKernels> {
  SelectKernels(KernelCatalogue &catalogue, const PlanLimits &limits)
      : catalogue(catalogue), limits(limits) {}

  void runOnOperation() override {
    ModuleOp module = getOperation();
    auto functions = llvm::to_vector(module.getOps<func::FuncOp>());
    ModuleDeclarations declarations(module, limits);
    declarations.declareFixed();
    for (func::FuncOp function : functions) {
      bool packs = function.getSymName() == ir::IngotDialect::kPackFunction;
      if (failed(packs
                     ? lowerPack(function, catalogue, declarations)
                     : EntryLowering(function, catalogue, declarations).run()))
        return signalPassFailure();
      function.erase();
    }
    for (auto weight :
         llvm::make_early_inc_range(module.getOps<ir::WeightOp>()))
      weight.erase();
    module->removeAttr("ingot.model");
  }

  KernelCatalogue &catalogue;
  PlanLimits limits;
};

} // namespace

std::unique_ptr<Pass>
ingot::passes::createSelectKernelsPass(KernelCatalogue &catalogue,
                                       const PlanLimits &limits) {
  return std::make_unique<SelectKernels>(catalogue, limits);
}
