//===- EntryProgram.cpp - an entry of the plan, ready to run --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/EntryProgram.h"

#include <algorithm>

namespace ingot {

namespace {

uint64_t toArg(const void *pointer) {
  return uint64_t(reinterpret_cast<uintptr_t>(pointer));
}

/// See Expr in plan.fbs; verification has bounded it.
int64_t evaluate(const fb::Expr &expr, std::span<const int64_t> values) {
  int64_t symbol = expr.symbol() < 0 ? 0 : values[size_t(expr.symbol())];
  return (symbol * expr.mul() + expr.add() + expr.ceil_div() - 1) /
         expr.ceil_div();
}

} // namespace

EntryProgram::EntryProgram(const Model::Impl &model, const fb::Entry &entry,
                           std::span<const HostMemory> arenas)
    : arenas(arenas) {
  for (const fb::Symbol *symbol : *model.plan().symbols()) {
    std::string_view name = symbol->name()->string_view();
    symbolSources.push_back(name == "T"   ? &StepSizes::tokens
                            : name == "S" ? &StepSizes::sequences
                                          : &StepSizes::logitRows);
    most.*symbolSources.back() =
        entry.bucket()->Get(uint32_t(symbolSources.size() - 1));
  }
  symbolValues.resize(symbolSources.size());
  bindInputs(model.plan(), entry);
  bindOutputs(model.plan(), entry);
  launches.reserve(entry.steps()->size());
  for (const fb::Launch *launch : *entry.steps())
    bindLaunch(model, *launch);
}

std::byte *EntryProgram::addressOf(const fb::Buffer &buffer) const {
  return arenas[buffer.arena()].data() + buffer.offset();
}

void EntryProgram::bindInputs(const fb::Plan &plan, const fb::Entry &entry) {
  for (const fb::Binding *binding : *entry.inputs()) {
    std::byte *address = addressOf(*plan.buffers()->Get(binding->buffer()));
    std::string_view name = binding->name()->string_view();
    if (name == "hidden") {
      io.hiddenIn = reinterpret_cast<float *>(address);
      continue;
    }
    int32_t *EntryBuffers::*member =
        name == "tokens"      ? &EntryBuffers::tokens
        : name == "positions" ? &EntryBuffers::positions
        : name == "sequence"  ? &EntryBuffers::sequence
        : name == "slot"      ? &EntryBuffers::slot
        : name == "pages"     ? &EntryBuffers::pages
                              : &EntryBuffers::logitRow;
    io.*member = reinterpret_cast<int32_t *>(address);
  }
}

void EntryProgram::bindOutputs(const fb::Plan &plan, const fb::Entry &entry) {
  for (const fb::Binding *binding : *entry.outputs()) {
    auto *rows = reinterpret_cast<const float *>(
        addressOf(*plan.buffers()->Get(binding->buffer())));
    (binding->name()->string_view() == "logits" ? io.logits : io.hidden) = rows;
  }
}

uint64_t EntryProgram::bindArg(const Model::Impl &model, const fb::Arg &arg) {
  switch (arg.kind()) {
  case fb::ArgKind::Buffer:
    return toArg(addressOf(*model.plan().buffers()->Get(arg.index())));
  case fb::ArgKind::Weight:
    return toArg(model.weights[arg.index()].front());
  case fb::ArgKind::WeightTable:
    return toArg(model.weights[arg.index()].data());
  case fb::ArgKind::Symbol:
    symbolSlots.push_back({args.size(), arg.index()});
    break;
  }
  return 0;
}

void EntryProgram::bindLaunch(const Model::Impl &model,
                              const fb::Launch &launch) {
  Launch bound;
  bound.kernel = model.kernels[launch.kernel()];
  for (size_t i = 0; i < bound.grid.size(); ++i)
    bound.grid[i] = *launch.grid()->Get(uint32_t(i));
  bound.firstArg = args.size();
  for (const fb::Arg *arg : *launch.args())
    args.push_back(bindArg(model, *arg));
  if (launch.tap()) {
    const fb::Buffer &buffer =
        *model.plan().buffers()->Get(launch.results()->Get(0));
    bound.tap = launch.tap()->string_view();
    bound.tapRows = reinterpret_cast<const float *>(addressOf(buffer));
    bound.tapWidth = buffer.shape()->Get(1)->size();
  }
  launches.push_back(bound);
}

void EntryProgram::setSymbols(const StepSizes &sizes) {
  for (size_t i = 0; i < symbolValues.size(); ++i)
    symbolValues[i] = sizes.*symbolSources[i];
  for (SymbolSlot slot : symbolSlots)
    args[slot.arg] = uint64_t(symbolValues[slot.symbol]);
}

void EntryProgram::run(const StepSizes &sizes, ThreadPool &pool,
                       const TapObserver &observer) {
  setSymbols(sizes);
  for (const Launch &launch : launches) {
    const uint64_t *launchArgs = args.data() + launch.firstArg;
    HostKernel kernel = launch.kernel;
    uint32_t x = uint32_t(evaluate(launch.grid[0], symbolValues));
    uint32_t y = uint32_t(evaluate(launch.grid[1], symbolValues));
    uint32_t z = uint32_t(evaluate(launch.grid[2], symbolValues));
    pool.parallelFor(x * y * z, [=](uint32_t begin, uint32_t end) {
      for (uint32_t i = begin; i < end; ++i) {
        int64_t tile[3] = {i % x, i / x % y, i / x / y};
        kernel(launchArgs, tile);
      }
    });
    if (observer && !launch.tap.empty())
      observer(launch.tap,
               {launch.tapRows, size_t(sizes.tokens * launch.tapWidth)});
  }
}

} // namespace ingot
