//===- EntryProgram.cpp - an entry of the plan, ready to run --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/EntryProgram.h"
#include "runtime/exec/TileLoop.h"

#include <algorithm>
#include <chrono>

namespace ingot {

namespace {

using Clock = std::chrono::steady_clock;

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
    : plan(model.plan()), entry(entry), arenas(arenas) {
  for (const fb::Symbol *symbol : *plan.symbols()) {
    std::string_view name = symbol->name()->string_view();
    symbolSources.push_back(name == "T"   ? &StepSizes::tokens
                            : name == "S" ? &StepSizes::sequences
                                          : &StepSizes::logitRows);
    most.*symbolSources.back() =
        entry.bucket()->Get(uint32_t(symbolSources.size() - 1));
  }
  symbolValues.resize(symbolSources.size());
  bindInputs();
  bindOutputs();
  launches.reserve(entry.steps()->size());
  for (const fb::Launch *launch : *entry.steps())
    bindLaunch(model, *launch);
}

std::byte *EntryProgram::addressOf(const fb::Buffer &buffer) const {
  return arenas[buffer.arena()].data() + buffer.offset();
}

void EntryProgram::bindInputs() {
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
        : name == "query_end" ? &EntryBuffers::queryEnd
        : name == "pages"     ? &EntryBuffers::pages
                              : &EntryBuffers::logitRow;
    io.*member = reinterpret_cast<int32_t *>(address);
  }
}

void EntryProgram::bindOutputs() {
  for (const fb::Binding *binding : *entry.outputs()) {
    auto *rows = reinterpret_cast<const float *>(
        addressOf(*plan.buffers()->Get(binding->buffer())));
    (binding->name()->string_view() == "logits" ? io.logits : io.hidden) = rows;
  }
}

uint64_t EntryProgram::bindArg(const Model::Impl &model, const fb::Arg &arg) {
  switch (arg.kind()) {
  case fb::ArgKind::Buffer:
    return toArg(addressOf(*plan.buffers()->Get(arg.index())));
  case fb::ArgKind::Weight:
    return toArg(model.weights[arg.index()].front());
  case fb::ArgKind::WeightTable:
    return toArg(static_cast<const void *>(model.weights[arg.index()].data()));
  case fb::ArgKind::Symbol:
    symbolSlots.push_back({args.size(), arg.index()});
    break;
  case fb::ArgKind::WeightPart:
    break; // never: verification allows it in Plan.pack alone
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
  launches.push_back(bound);
}

void EntryProgram::setSymbols(const StepSizes &sizes) {
  for (size_t i = 0; i < symbolValues.size(); ++i)
    symbolValues[i] = sizes.*symbolSources[i];
  for (SymbolSlot slot : symbolSlots)
    args[slot.arg] = uint64_t(symbolValues[slot.symbol]);
}

void EntryProgram::show(size_t index, const Observer &observer) const {
  const fb::Launch &launch = *entry.steps()->Get(uint32_t(index));
  for (uint32_t i = 0; i < launch.results()->size(); ++i) {
    const fb::Buffer &buffer = *plan.buffers()->Get(launch.results()->Get(i));
    std::vector<int64_t> shape;
    for (const fb::Dim *dim : *buffer.shape())
      shape.push_back(dim->symbol() < 0 ? dim->size()
                                        : symbolValues[size_t(dim->symbol())]);
    Written written = {entry.name()->string_view(),
                       index,
                       i,
                       {},
                       buffer.type(),
                       shape,
                       addressOf(buffer)};
    if (launch.tap() && i == 0)
      written.tap = launch.tap()->string_view();
    observer(written);
  }
}

void EntryProgram::run(const StepSizes &sizes, ThreadPool &pool,
                       const Observer &observer, const LaunchTimer &timer) {
  setSymbols(sizes);
  for (size_t i = 0; i < launches.size(); ++i) {
    const Launch &launch = launches[i];
    const auto begin = timer ? Clock::now() : Clock::time_point();
    runTiles(pool, launch.kernel, args.data() + launch.firstArg,
             {uint32_t(evaluate(launch.grid[0], symbolValues)),
              uint32_t(evaluate(launch.grid[1], symbolValues)),
              uint32_t(evaluate(launch.grid[2], symbolValues))});
    if (timer)
      timer(entry.name()->string_view(), i,
            std::chrono::duration<double>(Clock::now() - begin).count());
    if (observer)
      show(i, observer);
  }
}

} // namespace ingot
