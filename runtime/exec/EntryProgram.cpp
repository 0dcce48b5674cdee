//===- EntryProgram.cpp - an entry of the plan, ready to run --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/EntryProgram.h"
#include "runtime/plan/StepCost.h"
#include "runtime/plan/VerifyParts.h"
#include "runtime/storage/Messages.h"

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
                           std::span<const DeviceMemory> arenas,
                           bool hiddenRows)
    : model(model), plan(model.plan()), entry(entry), arenas(arenas),
      hiddenRows(hiddenRows), mirror(plan, entry, arenas) {
  for (const fb::Symbol *symbol : *plan.symbols()) {
    std::string_view name = symbol->name()->string_view();
    symbolSources.push_back(name == "T"   ? &StepSizes::tokens
                            : name == "S" ? &StepSizes::sequences
                                          : &StepSizes::logitRows);
    most.*symbolSources.back() =
        entry.bucket()->Get(uint32_t(symbolSources.size() - 1));
  }
  symbolValues.resize(symbolSources.size());
  // Answers grow by steps of one size; prompts are as long as they are.
  if (std::string_view name = entry.name()->string_view();
      name == "decode" || name == kSingleDecodeEntry)
    use = StepUse::Recurs;
  bindLaunches();
}

Status EntryProgram::open() {
  if (io.tokens)
    return {};
  if (Status status = mirror.open(*model.device); !status.ok())
    return status;
  findInputs();
  findOutputs();
  return {};
}

std::byte *EntryProgram::addressOf(const fb::Buffer &buffer) const {
  return arenas[buffer.arena()].data() + buffer.offset();
}

void EntryProgram::findInputs() {
  for (const fb::Binding *binding : *entry.inputs()) {
    std::byte *address = mirror.find(*plan.buffers()->Get(binding->buffer()));
    std::string_view name = binding->name()->string_view();
    if (name == "hidden") {
      io.hiddenIn = reinterpret_cast<float *>(address);
      continue;
    }
    if (name == "draws") {
      io.draws = reinterpret_cast<TokenDraw *>(address);
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

void EntryProgram::findOutputs() {
  for (const fb::Binding *binding : *entry.outputs()) {
    const std::byte *address =
        mirror.find(*plan.buffers()->Get(binding->buffer()));
    std::string_view name = binding->name()->string_view();
    if (name == "chosen")
      io.chosen = reinterpret_cast<const int32_t *>(address);
    else
      (name == "logits" ? io.logits : io.hidden) =
          reinterpret_cast<const float *>(address);
  }
}

uint64_t EntryProgram::bindArg(const fb::Arg &arg) {
  switch (arg.kind()) {
  case fb::ArgKind::Buffer:
    return toArg(addressOf(*plan.buffers()->Get(arg.index())));
  case fb::ArgKind::Weight:
    return toArg(model.weights[arg.index()].front());
  case fb::ArgKind::WeightTable:
    return toArg(model.tables[arg.index()]);
  case fb::ArgKind::Symbol:
    symbolSlots.push_back({args.size(), arg.index()});
    break;
  case fb::ArgKind::WeightPart:
    break; // never: verification allows it in Plan.pack alone
  }
  return 0;
}

void EntryProgram::bindLaunches() {
  for (const fb::Launch *launch : *entry.steps())
    for (const fb::Arg *arg : *launch->args())
      args.push_back(bindArg(*arg));
  step.launches.reserve(entry.steps()->size());
  size_t first = 0;
  for (const fb::Launch *launch : *entry.steps()) {
    DeviceLaunch bound;
    bound.kernel = &model.code.kernels[launch->kernel()];
    bound.args = std::span(args).subspan(first, launch->args()->size());
    bound.name = launch->name()->string_view();
    bound.kernelName =
        plan.kernels()->Get(launch->kernel())->name()->string_view();
    first += launch->args()->size();
    step.launches.push_back(bound);
  }
}

void EntryProgram::setSymbols(const StepSizes &sizes) {
  for (size_t i = 0; i < symbolValues.size(); ++i)
    symbolValues[i] = sizes.*symbolSources[i];
  for (SymbolSlot slot : symbolSlots)
    args[slot.arg] = uint64_t(symbolValues[slot.symbol]);
}

void EntryProgram::fillStep(bool chooses) {
  step.name = nameStep();
  step.inputs = mirror.inputs(symbolValues);
  step.outputs =
      mirror.outputs(symbolValues, {.hidden = hiddenRows, .chosen = chooses});
  for (size_t i = 0; i < step.launches.size(); ++i)
    for (uint32_t axis = 0; axis < 3; ++axis)
      step.launches[i].grid[axis] = uint32_t(evaluate(
          *entry.steps()->Get(uint32_t(i))->grid()->Get(axis), symbolValues));
}

/// "entry 'decode' (T 4, S 4, R 4)"
std::string EntryProgram::nameStep() const {
  std::string text = "entry " + storage::quote(entry.name()->string_view());
  for (uint32_t i = 0; i < symbolValues.size(); ++i)
    text += (i ? ", " : " (") + plan.symbols()->Get(i)->name()->str() + " " +
            std::to_string(symbolValues[i]);
  return text + ")";
}

Status EntryProgram::show(size_t index, DeviceQueue &queue,
                          const Observer &observer) {
  const fb::Launch &launch = *entry.steps()->Get(uint32_t(index));
  for (uint32_t i = 0; i < launch.results()->size(); ++i) {
    const fb::Buffer &buffer = *plan.buffers()->Get(launch.results()->Get(i));
    std::vector<int64_t> shape;
    uint64_t bytes = verify::elementSize(buffer.type());
    for (const fb::Dim *dim : *buffer.shape()) {
      shape.push_back(dim->symbol() < 0 ? dim->size()
                                        : symbolValues[size_t(dim->symbol())]);
      bytes *= uint64_t(shape.back());
    }
    const std::byte *data = addressOf(buffer);
    if (!model.device->isHost()) {
      shown.resize(bytes);
      if (Status s = bytes ? queue.download(shown, data) : Status(); !s.ok())
        return s;
      data = shown.data();
    }
    Written written = {
        entry.name()->string_view(), index, i, {}, buffer.type(), shape, data};
    if (launch.tap() && i == 0)
      written.tap = launch.tap()->string_view();
    observer(written);
  }
  return {};
}

const fb::Buffer &EntryProgram::outputNamed(std::string_view name) const {
  auto binding = std::find_if(
      entry.outputs()->begin(), entry.outputs()->end(),
      [&](const fb::Binding *b) { return b->name()->string_view() == name; });
  return *plan.buffers()->Get(binding->buffer());
}

Result<std::span<const float>> EntryProgram::fetchLogits(int64_t row,
                                                         DeviceQueue &queue) {
  const size_t count = size_t(plan.model()->vocab_size());
  const size_t bytes = count * sizeof(float);
  const std::byte *data =
      addressOf(outputNamed("logits")) + size_t(row) * bytes;
  if (!model.device->isHost()) {
    shown.resize(bytes);
    if (Status s = queue.download(shown, data); !s.ok())
      return s;
    data = shown.data();
  }
  return std::span(reinterpret_cast<const float *>(data), count);
}

Status EntryProgram::run(const StepSizes &sizes, bool chooses,
                         DeviceQueue &queue, const Observer &observer,
                         const LaunchTimer &timer) {
  setSymbols(sizes);
  StepHooks hooks;
  if (timer)
    hooks.timed = [&](size_t launch, double seconds) {
      timer(entry.name()->string_view(), launch, seconds);
    };
  if (observer)
    hooks.written = [&](size_t launch) {
      return show(launch, queue, observer);
    };
  if (timer || observer) {
    fillStep(chooses);
    return queue.run(step, hooks);
  }
  const StepKey key = {toArg(&entry), uint64_t(sizes.tokens),
                       uint64_t(sizes.sequences),
                       uint64_t(sizes.logitRows) << 1 | uint64_t(chooses)};
  if (queue.keeps(key))
    return queue.run(key, nameStep());
  fillStep(chooses);
  return queue.run(step, key, use);
}

} // namespace ingot
