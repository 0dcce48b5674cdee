//===- Entry.cpp - rules of buffers and launches --------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Plan/PlanDialect.h"

using namespace mlir;

namespace ingot::plan {

// Emits `expects @name to be a <what>` unless `name` refers to an OpT.
template <typename OpT>
static LogicalResult expectSymbol(Operation *user, SymbolTableCollection &table,
                                  FlatSymbolRefAttr name, StringRef what) {
  if (table.lookupNearestSymbolFrom<OpT>(user, name))
    return success();
  return user->emitOpError() << "expects " << name << " to be a " << what;
}

LogicalResult EntryOp::verifySymbolUses(SymbolTableCollection &table) {
  auto bucket = getBucket().value_or(DictionaryAttr::get(getContext()));
  for (NamedAttribute size : bucket) {
    auto name = FlatSymbolRefAttr::get(size.getName());
    if (failed(expectSymbol<SymbolOp>(*this, table, name, // (C1)
                                      "plan.symbol")))
      return failure();
    auto value = dyn_cast<IntegerAttr>(size.getValue());
    int64_t max = table.lookupNearestSymbolFrom<SymbolOp>(*this, name).getMax();
    if (!value || value.getInt() < 1 || value.getInt() > max) // (C1)
      return emitOpError() << "expects a bucket of 1 to " << max << " for "
                           << name << ", got " << size.getValue();
  }
  return success();
}

LogicalResult BufferOp::verifySymbolUses(SymbolTableCollection &table) {
  if (failed(expectSymbol<ArenaOp>(*this, table, getArenaAttr(), // (C1)
                                   "plan.arena")))
    return failure();
  if (!getRowsAttr())
    return success();
  return expectSymbol<SymbolOp>(*this, table, getRowsAttr(), // (C2)
                                "plan.symbol");
}

LogicalResult BufferOp::verify() {
  auto type = cast<MemRefType>(getType());
  bool dynamic = type.getRank() > 0 && type.isDynamicDim(0);
  if (dynamic != getRows().has_value()) // (C2)
    return emitOpError() << "expects rows exactly for a dynamic leading "
                            "dimension, got "
                         << type;
  for (int64_t i = 1; i < type.getRank(); ++i)
    if (type.isDynamicDim(i)) // (C3)
      return emitOpError() << "expects only the leading dimension to be "
                              "dynamic, got "
                           << type;
  int64_t offset = getOffset().value_or(0);
  if (offset < 0 || offset % kAlignment != 0) // (C4)
    return emitOpError() << "expects an offset that is a multiple of "
                         << kAlignment << ", got " << offset;
  return success();
}

LogicalResult GetWeightOp::verifySymbolUses(SymbolTableCollection &table) {
  return expectSymbol<WeightOp>(*this, table, getWeightAttr(), // (C1)
                                "plan.weight");
}

LogicalResult GetPartOp::verifySymbolUses(SymbolTableCollection &table) {
  return expectSymbol<WeightOp>(*this, table, getWeightAttr(), // (C1)
                                "plan.weight");
}

LogicalResult PackOp::verify() {
  for (Operation &op : getBody().front())
    if (!isa<GetPartOp, LaunchOp>(op)) // (C1)
      return op.emitOpError() << "expects not to stand in a plan.pack";
  return success();
}

LogicalResult PackOp::verifySymbolUses(SymbolTableCollection &table) {
  llvm::SmallPtrSet<Operation *, 16> written;
  for (auto launch : getOps<LaunchOp>()) {
    SmallVector<WeightOp> weights;
    for (Value arg : launch.getArgs())
      if (auto part = arg.getDefiningOp<GetPartOp>())
        if (auto weight = table.lookupNearestSymbolFrom<WeightOp>(
                *this, part.getWeightAttr()))
          weights.push_back(weight);
    if (weights.size() != launch.getArgs().size()) // (C1)
      return launch.emitOpError() << "expects only parts of weights";
    for (auto [slot, weight] : llvm::enumerate(weights)) {
      if (weight.countParts() != weights[0].countParts()) // (C2)
        return launch.emitOpError()
               << "expects weights of equally many parts, got "
               << weights[0].countParts() << " and " << weight.countParts();
      bool writes = llvm::is_contained(launch.getWrites(), slot);
      bool fits = writes ? weight.getPacked() && !written.contains(weight)
                         : !weight.getPacked() || written.contains(weight);
      if (!fits) // (C3)
        return launch.emitOpError()
               << "expects not to " << (writes ? "write" : "read") << " @"
               << weight.getSymName() << " here";
    }
    for (int64_t slot : launch.getWrites())
      written.insert(weights[slot]);
  }
  return success();
}

LogicalResult GetSymbolOp::verifySymbolUses(SymbolTableCollection &table) {
  return expectSymbol<SymbolOp>(*this, table, getSymbolAttr(), // (C1)
                                "plan.symbol");
}

LogicalResult LaunchOp::verify() {
  if (getGrid().size() != 3) // (C2)
    return emitOpError() << "expects a grid of 3 sizes, got "
                         << getGrid().size();
  if (getWrites().empty()) // (C3)
    return emitOpError() << "expects at least one written slot";
  for (int64_t slot : getWrites())
    if (slot < 0 || slot >= static_cast<int64_t>(getArgs().size()) ||
        !isa_and_nonnull<BufferOp, GetPartOp>(
            getArgs()[slot].getDefiningOp())) // (C3)
      return emitOpError() << "expects written slot " << slot
                           << " to be a buffer or a part";
  return success();
}

LogicalResult LaunchOp::verifySymbolUses(SymbolTableCollection &table) {
  if (failed(expectSymbol<KernelOp>(*this, table, getKernelAttr(), // (C1)
                                    "plan.kernel")))
    return failure();
  SmallVector<StringRef> symbols;
  for (auto size : getGrid().getAsRange<ExprAttr>())
    symbols.push_back(size.getSymbol());
  if (CostAttr cost = getCostAttr())
    symbols.push_back(cost.getRows());
  for (StringRef symbol : symbols) {
    if (symbol.empty())
      continue;
    auto name = FlatSymbolRefAttr::get(getContext(), symbol);
    if (failed(expectSymbol<SymbolOp>(*this, table, name, // (C4)
                                      "plan.symbol")))
      return failure();
  }
  return success();
}

} // namespace ingot::plan
