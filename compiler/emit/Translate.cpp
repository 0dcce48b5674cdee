//===- Translate.cpp - plan dialect to the plan's tables ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/emit/Translate.h"
#include "dialects/Plan/PlanDialect.h"
#include "mlir/IR/BuiltinTypes.h"
#include "runtime/plan/Container.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using ingot::storage::Checkpoint;
using ingot::storage::CheckpointTensor;
namespace fb = ingot::fb;
namespace plan = ingot::plan;

namespace {

/// The plan's name of an element type; none if plans have no such type.
std::optional<fb::ElementType> elementType(Type type) {
  if (type.isF32())
    return fb::ElementType::F32;
  if (type.isF16())
    return fb::ElementType::F16;
  if (type.isBF16())
    return fb::ElementType::BF16;
  if (isa<Float8E4M3FNType>(type))
    return fb::ElementType::F8E4M3;
  if (type.isInteger(32))
    return fb::ElementType::I32;
  return std::nullopt;
}

fb::FormCost translateCost(plan::FormCostAttr cost) {
  return {cost.getBytes(), cost.getFlops(), cost.getExchanges()};
}

/// Translates one module; keeps the indices by which tables refer to another.
class Translation {
public:
  Translation(ModuleOp module, const Checkpoint *checkpoint, fb::PlanT &out)
      : module(module), checkpoint(checkpoint), out(out) {}

  LogicalResult run() {
    translateDeclarations();
    for (auto weight : module.getOps<plan::WeightOp>())
      if (failed(translateWeight(weight)))
        return failure();
    for (auto weight : module.getOps<plan::WeightOp>())
      if (auto scaled = weight.getScales())
        out.weights[weights.lookup(weight.getSymName())]->scales =
            static_cast<int32_t>(weights.lookup(*scaled));
    for (auto entry : module.getOps<plan::EntryOp>())
      if (failed(translateEntry(entry)))
        return failure();
    for (auto pack : module.getOps<plan::PackOp>())
      for (auto launch : pack.getOps<plan::LaunchOp>())
        out.pack.push_back(translateLaunch(launch));
    return success();
  }

private:
  void translateDeclarations() {
    for (auto symbol : module.getOps<plan::SymbolOp>()) {
      symbols[symbol.getSymName()] = out.symbols.size();
      maxima.push_back(symbol.getMax());
      auto table = std::make_unique<fb::SymbolT>();
      table->name = symbol.getSymName();
      table->max = symbol.getMax();
      out.symbols.push_back(std::move(table));
    }
    for (auto model : module.getOps<plan::ModelOp>()) {
      out.model = std::make_unique<fb::ModelT>();
      out.model->max_context = model.getMaxContext();
      out.model->max_batch = model.getMaxBatch();
      out.model->vocab_size = model.getVocabSize();
      out.model->hidden_size = model.getHiddenSize();
      out.model->parameters = model.getParameters();
      out.model->active_parameters = model.getActiveParameters();
      out.model->mtp_parameters = model.getMtpParameters();
    }
    for (auto cache : module.getOps<plan::KVCacheOp>()) {
      out.kv_cache = std::make_unique<fb::KvCacheT>();
      out.kv_cache->page_size = cache.getPageSize();
      out.kv_cache->pages = cache.getPages();
      out.kv_cache->pages_per_sequence = cache.getPagesPerSequence();
    }
    for (auto arena : module.getOps<plan::ArenaOp>()) {
      arenas[arena.getSymName()] = out.arenas.size();
      auto table = std::make_unique<fb::ArenaT>();
      table->name = arena.getSymName();
      table->kind = static_cast<fb::ArenaKind>(arena.getKind());
      table->bytes = *arena.getBytes();
      out.arenas.push_back(std::move(table));
    }
    for (auto kernel : module.getOps<plan::KernelOp>()) {
      kernels[kernel.getSymName()] = out.kernels.size();
      auto table = std::make_unique<fb::KernelT>();
      table->name = table->symbol = kernel.getSymName();
      table->module_ = kernel.getModule().value_or(0);
      if (plan::ResourcesAttr resources = kernel.getResourcesAttr())
        table->resources = std::make_unique<fb::Resources>(
            resources.getBlock(), resources.getSharedBytes(),
            resources.getStaticSharedBytes(), resources.getRegisters(),
            resources.getLocalBytes(), resources.getEarlyStart());
      out.kernels.push_back(std::move(table));
    }
  }

  LogicalResult translateWeight(plan::WeightOp weight) {
    auto type = cast<RankedTensorType>(weight.getType());
    auto table = std::make_unique<fb::WeightT>();
    table->name = weight.getSymName();
    table->shape.assign(type.getShape().begin(), type.getShape().end());
    auto element = elementType(type.getElementType());
    if (!element)
      return weight.emitOpError()
             << "expects elements that a plan can hold, got "
             << type.getElementType();
    table->type = *element;
    table->fan_in = weight.getFanIn().value_or(0);

    int64_t parts = weight.countParts();
    uint64_t bytes =
        type.getNumElements() / parts * (type.getElementTypeBitWidth() / 8);
    for (int64_t part = 0; part < parts; ++part) {
      FailureOr<fb::View> view = viewOf(weight, part, bytes);
      if (failed(view))
        return failure();
      table->views.push_back(*view);
    }
    weights[weight.getSymName()] = out.weights.size();
    stackedWeights.push_back(weight.isStacked());
    out.weights.push_back(std::move(table));
    return success();
  }

  /// The `bytes` of one of a weight's tensors.
  FailureOr<fb::View> viewOf(plan::WeightOp weight, int64_t part,
                             uint64_t bytes) {
    if (weight.getPacked())
      return fb::View(ingot::kPacked, part * bytes, bytes);
    if (!checkpoint)
      return fb::View(ingot::kNoFile, part * bytes, bytes);
    StringRef tensorName = *weight.getTensor();
    bool isPart = tensorName.consume_back("#{e}");
    auto [before, after] = tensorName.split("{e}");
    std::string name = before.str();
    if (before.size() < tensorName.size())
      name += std::to_string(part) + after.str();
    const CheckpointTensor *tensor = checkpoint->find(name);
    if (!tensor)
      return weight.emitOpError()
             << "expects the checkpoint to have tensor '" << name << "'";
    uint64_t whole = isPart ? bytes * weight.countParts() : bytes;
    if (tensor->info.bytes != whole)
      return weight.emitOpError()
             << "expects tensor '" << name << "' to have " << whole
             << " bytes, got " << tensor->info.bytes;
    return fb::View(static_cast<int32_t>(tensor->file),
                    tensor->info.fileOffset + (isPart ? part * bytes : 0),
                    bytes);
  }

  LogicalResult translateEntry(plan::EntryOp entry) {
    buffers.clear();
    auto table = std::make_unique<fb::EntryT>();
    table->name = entry.getSymName();
    bucket = maxima;
    if (auto sizes = entry.getBucket())
      for (NamedAttribute size : *sizes)
        bucket[symbols.lookup(size.getName())] =
            cast<IntegerAttr>(size.getValue()).getInt();
    table->bucket = bucket;
    if (plan::AbsorptionAttr absorption = entry.getAbsorptionAttr())
      table->absorption = std::make_unique<fb::Absorption>(
          static_cast<fb::AttentionForm>(absorption.getForm()),
          translateCost(absorption.getExpanded()),
          translateCost(absorption.getReassociated()));
    for (Operation &op : entry.getBody().front()) {
      if (auto buffer = dyn_cast<plan::BufferOp>(op)) {
        if (failed(translateBuffer(buffer)))
          return failure();
      } else if (auto input = dyn_cast<plan::InputOp>(op)) {
        table->inputs.push_back(bind(input.getName(), input.getBuffer()));
      } else if (auto output = dyn_cast<plan::OutputOp>(op)) {
        table->outputs.push_back(bind(output.getName(), output.getBuffer()));
      } else if (auto launch = dyn_cast<plan::LaunchOp>(op)) {
        table->steps.push_back(translateLaunch(launch));
      }
    }
    out.entries.push_back(std::move(table));
    return success();
  }

  LogicalResult translateBuffer(plan::BufferOp buffer) {
    auto type = cast<MemRefType>(buffer.getType());
    auto element = elementType(type.getElementType());
    if (!element)
      return buffer.emitOpError()
             << "expects elements that a plan can hold, got "
             << type.getElementType();
    auto table = std::make_unique<fb::BufferT>();
    table->arena = arenas.lookup(buffer.getArena());
    table->offset = *buffer.getOffset();
    table->type = *element;
    for (int64_t size : type.getShape()) {
      if (!ShapedType::isDynamic(size)) {
        table->shape.emplace_back(-1, size);
        continue;
      }
      unsigned symbol = symbols.lookup(*buffer.getRows());
      table->shape.emplace_back(symbol, bucket[symbol]);
    }
    buffers[buffer] = out.buffers.size();
    out.buffers.push_back(std::move(table));
    return success();
  }

  std::unique_ptr<fb::BindingT> bind(StringRef name, Value buffer) {
    auto table = std::make_unique<fb::BindingT>();
    table->name = name;
    table->buffer = buffers.lookup(buffer);
    return table;
  }

  std::unique_ptr<fb::LaunchT> translateLaunch(plan::LaunchOp launch) {
    auto table = std::make_unique<fb::LaunchT>();
    table->name = launch.getName();
    table->kernel = kernels.lookup(launch.getKernel());
    for (auto size : launch.getGrid().getAsRange<plan::ExprAttr>())
      table->grid.emplace_back(symbolIndex(size.getSymbol()), size.getMul(),
                               size.getAdd(), size.getCeilDiv());
    for (Value arg : launch.getArgs()) {
      table->args.push_back(translateArg(arg));
      if (auto part = arg.getDefiningOp<plan::GetPartOp>())
        table->runs =
            out.weights[weights.lookup(part.getWeight())]->views.size();
    }
    for (int64_t slot : launch.getWrites()) {
      Value written = launch.getArgs()[slot];
      if (auto part = written.getDefiningOp<plan::GetPartOp>())
        table->packs.push_back(weights.lookup(part.getWeight()));
      else
        table->results.push_back(buffers.lookup(written));
    }
    if (launch.getTap())
      table->tap = *launch.getTap();
    if (plan::CostAttr cost = launch.getCostAttr())
      table->cost = std::make_unique<fb::Cost>(
          symbolIndex(cost.getRows()), cost.getProduct(), cost.getWeightBytes(),
          cost.getParts(), cost.getPartBytes(), cost.getRowParts(),
          cost.getRowBytes(), cost.getRowFlops(), cost.getCachedBytes(),
          cost.getCachedFlops(), cost.getPairFlops());
    return table;
  }

  /// -1 for no symbol.
  int32_t symbolIndex(StringRef name) const {
    return name.empty() ? -1 : static_cast<int32_t>(symbols.lookup(name));
  }

  fb::Arg translateArg(Value arg) {
    Operation *op = arg.getDefiningOp();
    if (auto symbol = dyn_cast<plan::GetSymbolOp>(op))
      return {fb::ArgKind::Symbol, symbols.lookup(symbol.getSymbol())};
    if (auto weight = dyn_cast<plan::GetWeightOp>(op)) {
      unsigned index = weights.lookup(weight.getWeight());
      return {stackedWeights[index] ? fb::ArgKind::WeightTable
                                    : fb::ArgKind::Weight,
              index};
    }
    if (auto part = dyn_cast<plan::GetPartOp>(op))
      return {fb::ArgKind::WeightPart, weights.lookup(part.getWeight())};
    return {fb::ArgKind::Buffer, buffers.lookup(arg)};
  }

  ModuleOp module;
  const Checkpoint *checkpoint;
  fb::PlanT &out;
  llvm::StringMap<unsigned> symbols, arenas, kernels, weights;
  std::vector<int64_t> maxima;
  /// Of the entry being translated: the largest value of each symbol.
  std::vector<int64_t> bucket;
  std::vector<bool> stackedWeights;
  DenseMap<Value, unsigned> buffers;
};

} // namespace

LogicalResult ingot::compiler::translateModule(ModuleOp module,
                                               const Checkpoint *checkpoint,
                                               fb::PlanT &plan) {
  return Translation(module, checkpoint, plan).run();
}
