//===- Session.cpp - runs the steps of a model ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/Batch.h"
#include "runtime/exec/EntryProgram.h"
#include "runtime/exec/ModelImpl.h"
#include "runtime/exec/SequenceTable.h"

#include <cstring>
#include <optional>

namespace ingot {

struct Session::Impl {
  Impl(std::shared_ptr<const Model> model, std::unique_ptr<ThreadPool> pool,
       std::vector<HostMemory> memory);

  Result<StepOutput> run(EntryProgram &entry, Track track,
                         std::span<const Rows> rows,
                         std::span<const float> hidden);

  std::shared_ptr<const Model> model;
  std::unique_ptr<ThreadPool> pool;
  std::vector<HostMemory> arenas;
  BatchLimits limits;
  SequenceTable sequences;
  std::optional<EntryProgram> step, draft;
  TapObserver observer;
};

namespace {

BatchLimits readLimits(const Model::Impl &model) {
  const fb::Plan &plan = model.plan();
  BatchLimits limits;
  for (const fb::Symbol *symbol : *plan.symbols()) {
    std::string_view name = symbol->name()->string_view();
    (name == "T"   ? limits.sizes.tokens
     : name == "S" ? limits.sizes.sequences
                   : limits.sizes.logitRows) = symbol->max();
  }
  limits.vocabSize = model.info.vocabSize;
  limits.maxContext = model.info.maxContext;
  limits.pagesPerSequence = plan.kv_cache()->pages_per_sequence();
  return limits;
}

} // namespace

Session::Impl::Impl(std::shared_ptr<const Model> loaded,
                    std::unique_ptr<ThreadPool> threads,
                    std::vector<HostMemory> memory)
    : model(std::move(loaded)), pool(std::move(threads)),
      arenas(std::move(memory)), limits(readLimits(model->impl())),
      sequences(model->impl().plan().kv_cache()->page_size(),
                model->impl().plan().kv_cache()->pages(),
                model->info().maxBatch) {
  for (const fb::Entry *entry : *model->impl().plan().entries())
    (entry->name()->string_view() == "draft" ? draft : step)
        .emplace(model->impl(), *entry, arenas);
}

Result<StepOutput> Session::Impl::run(EntryProgram &entry, Track track,
                                      std::span<const Rows> rows,
                                      std::span<const float> hidden) {
  Result<StepSizes> sizes = checkBatch(rows, track, sequences, limits);
  if (!sizes)
    return sizes.status();
  const size_t hiddenSize = size_t(model->info().hiddenSize);
  const size_t hiddenCount = size_t(sizes->tokens) * hiddenSize;
  if (entry.buffers().hiddenIn && hidden.size() != hiddenCount)
    return invalidInput("draft expects " + std::to_string(hiddenCount) +
                        " hidden values, got " + std::to_string(hidden.size()));

  // First, and as if through a copy: `hidden` is often the last step's output,
  // whose memory this entry's inputs may share.
  if (entry.buffers().hiddenIn)
    std::memmove(entry.buffers().hiddenIn, hidden.data(), hidden.size_bytes());
  buildBatch(rows, track, sequences, limits, entry.buffers());
  entry.run(*sizes, *pool, observer);
  return StepOutput{{entry.buffers().logits,
                     size_t(sizes->logitRows * model->info().vocabSize)},
                    {entry.buffers().hidden, hiddenCount}};
}

Session::Session(std::unique_ptr<Impl> impl) : self(std::move(impl)) {}
Session::Session(Session &&) noexcept = default;
Session &Session::operator=(Session &&) noexcept = default;
Session::~Session() = default;

Result<Session> Session::create(std::shared_ptr<const Model> model,
                                const SessionOptions &options) {
  Result<std::unique_ptr<ThreadPool>> pool =
      ThreadPool::create(options.threads);
  if (!pool)
    return pool.status();
  std::vector<HostMemory> arenas;
  for (const fb::Arena *arena : *model->impl().plan().arenas()) {
    Result<HostMemory> memory = HostMemory::allocate(
        arena->bytes(), "arena '" + arena->name()->str() + "'");
    if (!memory)
      return memory.status();
    arenas.push_back(std::move(*memory));
  }
  return Session(std::make_unique<Impl>(std::move(model), std::move(*pool),
                                        std::move(arenas)));
}

const Model &Session::model() const { return *self->model; }

Result<int> Session::addSequence() { return self->sequences.add(); }

void Session::removeSequence(int sequence) {
  if (self->sequences.isLive(sequence))
    self->sequences.remove(sequence);
}

int64_t Session::length(int sequence) const {
  if (!self->sequences.isLive(sequence))
    return 0;
  return self->sequences.length(sequence, Track::Main);
}

Status Session::truncate(int sequence, int64_t length) {
  if (!self->sequences.isLive(sequence))
    return invalidInput("truncate expects a live sequence, got " +
                        std::to_string(sequence));
  return self->sequences.truncate(sequence, length);
}

Result<StepOutput> Session::step(std::span<const Rows> rows) {
  return self->run(*self->step, Track::Main, rows, {});
}

Result<StepOutput> Session::draft(std::span<const Rows> rows,
                                  std::span<const float> hidden) {
  if (!self->draft)
    return notFound("draft expects a plan with an entry 'draft', got none");
  return self->run(*self->draft, Track::Draft, rows, hidden);
}

void Session::observe(TapObserver observer) {
  self->observer = std::move(observer);
}

MemoryUse Session::memoryUse() const {
  MemoryUse use;
  const auto &arenas = *self->model->impl().plan().arenas();
  for (uint32_t i = 0; i < arenas.size(); ++i) {
    switch (arenas.Get(i)->kind()) {
    case fb::ArenaKind::Workspace:
      use.workspace += arenas.Get(i)->bytes();
      break;
    case fb::ArenaKind::Io:
      use.io += arenas.Get(i)->bytes();
      break;
    case fb::ArenaKind::KvCache:
      use.kvCache += arenas.Get(i)->bytes();
      break;
    }
  }
  const Model::Impl &model = self->model->impl();
  (model.drawn ? use.drawnWeights : use.mappedWeights) = model.weightBytes;
  return use;
}

} // namespace ingot
