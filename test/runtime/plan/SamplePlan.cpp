//===- SamplePlan.cpp - a small plan that is right ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/plan/SamplePlan.h"
#include "runtime/plan/ArtifactWriter.h"
#include "runtime/plan/Container.h"
#include "runtime/plan/ContentSample.h"
#include "runtime/storage/MappedFile.h"
#include "runtime/storage/SafeTensorsWriter.h"

#include <gtest/gtest.h>

namespace ingot::test {

namespace {

using fb::Arg;
using fb::ArgKind;
using fb::Dim;
using fb::ElementType;
using fb::Expr;

constexpr int32_t kT = 0, kS = 1, kR = 2;
constexpr uint64_t kWeightBytes = kVocab * kHidden * sizeof(float);

template <typename T>
std::unique_ptr<T> make(T value) {
  return std::make_unique<T>(std::move(value));
}

Dim tokens() { return {kT, kMaxTokens}; }
Dim sequences() { return {kS, kMaxSequences}; }
Dim rows() { return {kR, kMaxRows}; }
Dim fixed(int64_t size) { return {-1, size}; }

/// Buffers lie one after the other in arenas 0 (workspace), 1 (io), 2 (kv).
void addBuffer(fb::PlanT &plan, uint32_t arena, ElementType type,
               std::vector<Dim> shape) {
  uint64_t bytes = 4;
  for (const Dim &dim : shape)
    bytes *= uint64_t(dim.size());
  fb::BufferT buffer;
  buffer.arena = arena;
  buffer.offset = plan.arenas[arena]->bytes;
  buffer.type = type;
  buffer.shape = std::move(shape);
  plan.arenas[arena]->bytes += (bytes + 63) / 64 * 64;
  plan.buffers.push_back(make(std::move(buffer)));
}

void addBuffers(fb::PlanT &plan) {
  const std::pair<const char *, fb::ArenaKind> arenas[] = {
      {"workspace", fb::ArenaKind::Workspace},
      {"io", fb::ArenaKind::Io},
      {"kv", fb::ArenaKind::KvCache}};
  for (auto [name, kind] : arenas) {
    fb::ArenaT arena;
    arena.name = name;
    arena.kind = kind;
    plan.arenas.push_back(make(std::move(arena)));
  }
  for (int i = 0; i < 4; ++i) // tokens, positions, sequence, slot
    addBuffer(plan, 1, ElementType::I32, {tokens()});
  addBuffer(plan, 1, ElementType::I32, {sequences(), fixed(kPagesPerSequence)});
  addBuffer(plan, 1, ElementType::I32, {rows()});
  addBuffer(plan, 1, ElementType::F32, {tokens(), fixed(kHidden)});
  addBuffer(plan, 1, ElementType::F32, {rows(), fixed(kVocab)});
  addBuffer(plan, 1, ElementType::F32, {tokens(), fixed(kHidden)});
  addBuffer(plan, 0, ElementType::F32, {tokens(), fixed(kHidden)});
  addBuffer(plan, 0, ElementType::F32, {tokens(), fixed(kHidden)});
  addBuffer(plan, 2, ElementType::F32,
            {fixed(kPages * kPageSize), fixed(kHidden)});
  addBuffer(plan, 2, ElementType::F32,
            {fixed(kPages), fixed(kPageSize), fixed(kHidden)});
  addBuffer(plan, 1, ElementType::I32, {sequences()});
}

void addWeight(fb::PlanT &plan, const char *name, std::vector<int64_t> shape,
               std::vector<fb::View> views) {
  fb::WeightT weight;
  weight.name = name;
  weight.type = ElementType::F32;
  weight.shape = std::move(shape);
  weight.views = std::move(views);
  plan.weights.push_back(make(std::move(weight)));
}

void addWeights(fb::PlanT &plan, const std::string &folder) {
  fb::FileT file;
  file.name = "model.safetensors";
  file.size = 4096;
  if (!folder.empty()) {
    auto mapped = storage::MappedFile::open(folder + "/" + file.name);
    ASSERT_TRUE(mapped) << mapped.status().message();
    file.size = mapped->size();
    file.header_hash = hashSafeTensorsHeader(mapped->bytes()).value_or(0);
    file.sample_hash = sampleContent(mapped->bytes());
  }
  // The writer packs tensors at the end of the file, in order.
  uint64_t unembed = file.size - kWeightBytes, table = unembed - kWeightBytes;
  plan.files.push_back(make(std::move(file)));
  addWeight(plan, "table", {kVocab, kHidden},
            {fb::View(0, table, kWeightBytes)});
  std::vector<fb::View> parts;
  for (int64_t i = 0; i < kVocab; ++i)
    parts.emplace_back(0, unembed + uint64_t(i) * kWeightBytes / kVocab,
                       kWeightBytes / kVocab);
  addWeight(plan, "unembed.{v}", {kVocab, kHidden}, std::move(parts));
  addWeight(plan, "bias", {kHidden}, {fb::View(kEmbedded, 0, sizeof(kBias))});
}

/// The costs that count: what StepCostTest.cpp computes by hand.
fb::Cost costOf(std::string_view launch) {
  constexpr int64_t kRow = kWeightBytes / kVocab;
  if (launch == "embed")
    return {kT, false, 0, kVocab, kRow, 1, kRow, 0, 0, 0, 0};
  if (launch == "attend")
    return {kT, false, 0, 0, 0, 0, 2 * kRow, 0, kRow, 0, 4 * kHidden};
  if (launch == "add")
    return {kT, false, sizeof(kBias), 0, 0, 0, 3 * kRow, 2 * kHidden, 0, 0, 0};
  return {kR,
          true,
          kWeightBytes,
          0,
          0,
          0,
          kRow + 4 * kVocab,
          2 * kVocab * kHidden,
          0,
          0,
          0};
}

void addLaunch(fb::EntryT &entry, const char *name, uint32_t kernel, Expr x,
               std::vector<Arg> args, uint32_t result, const char *tap = "") {
  fb::LaunchT launch;
  launch.name = name;
  launch.kernel = kernel;
  launch.grid = {x, Expr(-1, 0, 1, 1), Expr(-1, 0, 1, 1)};
  launch.args = std::move(args);
  launch.results = {result};
  launch.tap = tap;
  if (launch.name != "append") // has no cost, as any launch may
    launch.cost = std::make_unique<fb::Cost>(costOf(name));
  entry.steps.push_back(make(std::move(launch)));
}

Arg buffer(uint32_t index) { return {ArgKind::Buffer, index}; }

void addSteps(fb::EntryT &entry, bool draft) {
  const uint32_t cache = draft ? DraftCache : Cache;
  const Expr perToken(kT, 1, 0, 1);
  const Arg count(ArgKind::Symbol, kT), table(ArgKind::Weight, Table);
  addLaunch(entry, "embed", draft ? 1 : 0, perToken,
            {buffer(X), buffer(Tokens), table, buffer(HiddenIn)}, X,
            draft ? "" : "hidden.0");
  addLaunch(entry, "append", 2, perToken,
            {buffer(cache), buffer(Slot), buffer(X)}, cache);
  addLaunch(entry, "attend", 3, perToken,
            {buffer(Y), buffer(cache), buffer(Positions), buffer(SequenceOf),
             buffer(Pages)},
            Y);
  // Three elements a tile, so that the last one is partial.
  addLaunch(entry, "add", 4, Expr(kT, kHidden, 0, 3),
            {buffer(HiddenOut), buffer(X), buffer(Y),
             Arg(ArgKind::Weight, Bias), count},
            HiddenOut);
  addLaunch(entry, "logits", 5, Expr(kR, 1, 0, 1),
            {buffer(Logits), buffer(HiddenOut), buffer(LogitRow),
             Arg(ArgKind::WeightTable, Unembed)},
            Logits);
  entry.steps.back()->grid[1] = Expr(-1, 0, kVocab, 1);
}

void addEntry(fb::PlanT &plan, const char *name, bool draft) {
  fb::EntryT entry;
  entry.name = name;
  entry.bucket = {kMaxTokens, kMaxSequences, kMaxRows};
  auto bind = [](auto &bindings, const char *binding, uint32_t index) {
    fb::BindingT bound;
    bound.name = binding;
    bound.buffer = index;
    bindings.push_back(make(std::move(bound)));
  };
  const std::pair<const char *, SampleBuffer> inputs[] = {
      {"tokens", Tokens},       {"positions", Positions},
      {"sequence", SequenceOf}, {"slot", Slot},
      {"query_end", QueryEnd},  {"pages", Pages},
      {"logit_row", LogitRow}};
  for (auto [input, index] : inputs)
    bind(entry.inputs, input, index);
  if (draft)
    bind(entry.inputs, "hidden", HiddenIn);
  bind(entry.outputs, "logits", Logits);
  bind(entry.outputs, "hidden", HiddenOut);
  addSteps(entry, draft);
  plan.entries.push_back(make(std::move(entry)));
}

void addCode(fb::PlanT &plan) {
  plan.modules.push_back(make(fb::ModuleT()));
  for (const char *name :
       {"sample_embed", "sample_embed_draft", "sample_append", "sample_attend",
        "sample_add", "sample_logits"}) {
    fb::KernelT kernel;
    kernel.name = name;
    kernel.symbol = name;
    plan.kernels.push_back(make(std::move(kernel)));
  }
}

/// Ids 0 to 7 are the letters a to h.
void addText(fb::PlanT &plan) {
  plan.tokenizer = make(fb::TokenizerT());
  for (int64_t i = 0; i < kVocab; ++i) {
    fb::PieceT piece;
    piece.bytes = {uint8_t('a' + i)};
    plan.tokenizer->pieces.push_back(make(std::move(piece)));
  }
  plan.generation = make(fb::GenerationT());
  plan.generation->stop_ids = {7};
  plan.generation->temperature = 1;
  plan.generation->top_p = 1;
}

void addFacts(fb::PlanT &plan) {
  plan.producer = "test";
  plan.checkpoint = ".";
  plan.target = make(fb::TargetT());
  plan.target->name = "cpu";
  plan.target->cpu = "x86-64";
  plan.model = make(fb::ModelT());
  plan.model->max_context = kMaxContext;
  plan.model->max_batch = kMaxSequences;
  plan.model->vocab_size = kVocab;
  plan.model->hidden_size = kHidden;
  plan.kv_cache = make(fb::KvCacheT());
  plan.kv_cache->page_size = kPageSize;
  plan.kv_cache->pages = kPages;
  plan.kv_cache->pages_per_sequence = kPagesPerSequence;
  const std::pair<const char *, int64_t> symbols[] = {
      {"T", kMaxTokens}, {"S", kMaxSequences}, {"R", kMaxRows}};
  for (auto [name, max] : symbols) {
    fb::SymbolT symbol;
    symbol.name = name;
    symbol.max = max;
    plan.symbols.push_back(make(std::move(symbol)));
  }
}

} // namespace

float tableValue(int64_t token, int64_t column) {
  return float((token * 3 + column * 5) % 7 - 3);
}

float unembedValue(int64_t token, int64_t column) {
  return float((token * 5 + column * 3) % 11 - 5);
}

void writeSampleWeights(const std::string &folder) {
  std::array<float, kVocab * kHidden> table, unembed;
  for (int64_t v = 0; v < kVocab; ++v) {
    for (int64_t n = 0; n < kHidden; ++n) {
      table[v * kHidden + n] = tableValue(v, n);
      unembed[v * kHidden + n] = unembedValue(v, n);
    }
  }
  auto bytes = [](auto &values) { return std::as_bytes(std::span(values)); };
  storage::TensorToWrite tensors[] = {
      {{"table", storage::ElementType::F32, {kVocab, kHidden}}, bytes(table)},
      {{"unembed", storage::ElementType::F32, {kVocab, kHidden}},
       bytes(unembed)}};
  Status status =
      storage::writeSafeTensors(folder + "/model.safetensors", tensors);
  ASSERT_TRUE(status.ok()) << status.message();
}

fb::PlanT makeSamplePlan(const std::string &folder) {
  fb::PlanT plan;
  addFacts(plan);
  addCode(plan);
  addBuffers(plan);
  addWeights(plan, folder);
  // They share their buffers: one runs at a time.
  for (const char *name : {"prefill", "decode", "score"})
    addEntry(plan, name, /*draft=*/false);
  addEntry(plan, "draft", /*draft=*/true);
  addText(plan);
  return plan;
}

static void packDoubled(fb::PlanT &plan, uint32_t weight, const char *name) {
  fb::WeightT doubled = *plan.weights[weight];
  doubled.name = name;
  uint64_t offset = 0;
  for (fb::View &view : doubled.views) {
    view = fb::View(kPacked, offset, view.size());
    offset += view.size();
  }
  uint32_t index = uint32_t(plan.weights.size());
  fb::LaunchT launch;
  launch.name = name;
  launch.kernel = uint32_t(plan.kernels.size()) - 1;
  launch.grid = {Expr(-1, 0, kHidden, 1), Expr(-1, 0, 1, 1), Expr(-1, 0, 1, 1)};
  launch.args = {Arg(ArgKind::WeightPart, weight),
                 Arg(ArgKind::WeightPart, index)};
  launch.packs = {index};
  launch.runs = uint32_t(doubled.views.size());
  plan.pack.push_back(make(std::move(launch)));
  plan.weights.push_back(make(std::move(doubled)));
  for (auto &entry : plan.entries)
    for (auto &step : entry->steps)
      for (Arg &arg : step->args)
        if ((arg.kind() == ArgKind::Weight ||
             arg.kind() == ArgKind::WeightTable) &&
            arg.index() == weight)
          arg = Arg(arg.kind(), index);
}

void packSampleWeights(fb::PlanT &plan) {
  fb::KernelT kernel;
  kernel.name = kernel.symbol = "sample_double";
  plan.kernels.push_back(make(std::move(kernel)));
  packDoubled(plan, Bias, "bias.doubled");
  packDoubled(plan, Unembed, "unembed.{v}.doubled");
}

void chooseInSample(fb::PlanT &plan) {
  addBuffer(plan, 1, ElementType::I32, {rows(), fixed(8)});
  addBuffer(plan, 1, ElementType::I32, {rows()});
  fb::KernelT kernel;
  kernel.name = kernel.symbol = "sample_choose";
  const uint32_t index = uint32_t(plan.kernels.size());
  plan.kernels.push_back(make(std::move(kernel)));
  for (size_t i : {0, 1}) {
    fb::EntryT &entry = *plan.entries[i];
    addLaunch(entry, "choose", index, Expr(kR, 1, 0, 1),
              {buffer(Logits), buffer(Draws), buffer(Chosen)}, Chosen);
    entry.steps.back()->cost = nullptr;
    fb::BindingT draws, chosen;
    draws.name = "draws";
    draws.buffer = Draws;
    chosen.name = "chosen";
    chosen.buffer = Chosen;
    entry.inputs.push_back(make(std::move(draws)));
    entry.outputs.push_back(make(std::move(chosen)));
  }
}

void moveToGpu(fb::PlanT &plan) {
  plan.target->name = "sm_90a";
  plan.target->cpu = "";
  plan.modules.push_back(make(fb::ModuleT()));
  for (auto &module : plan.modules)
    module->arch = "sm_90a";
  plan.modules[0]->kind = fb::ModuleKind::Cubin;
  plan.modules[0]->source = 1;
  plan.modules[1]->kind = fb::ModuleKind::Ptx;
  for (auto &kernel : plan.kernels)
    kernel->resources = make(fb::Resources(32, 64, 16, 24, 0, false));
}

std::string writeSampleArtifact(const std::string &folder, fb::PlanT plan,
                                const std::string &module) {
  std::string path = folder + "/model.ingot";
  std::vector<Blob> blobs = {{.bytes = std::as_bytes(std::span(module))}};
  const std::string_view assembly = "assembly text";
  if (plan.modules.size() > 1)
    blobs.push_back({.bytes = std::as_bytes(std::span(assembly))});
  blobs.push_back({.bytes = std::as_bytes(std::span(kBias))});
  Status status = writeArtifact(path, plan, blobs);
  EXPECT_TRUE(status.ok()) << status.message();
  return path;
}

} // namespace ingot::test
