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
#include "runtime/exec/Sampler.h"
#include "runtime/exec/SequenceTable.h"
#include "runtime/plan/StepCost.h"
#include "runtime/plan/VerifyParts.h"
#include "runtime/storage/Messages.h"

#include <algorithm>
#include <cstring>

namespace ingot {

/// An entry, and what it takes.
struct BoundEntry {
  EntryProgram program;
  BatchLimits limits;
  Track track;
};

struct Session::Impl {
  Impl(std::shared_ptr<const Model> model, std::unique_ptr<DeviceQueue> queue,
       std::vector<DeviceMemory> memory, bool hiddenRows);

  /// Binds `entry` to this session's memory.
  BoundEntry bind(const fb::Entry &entry) const;
  Result<StepOutput> run(std::string_view entry, std::span<const Rows> rows,
                         std::span<const float> hidden = {});
  /// Fills `chosen` after a step of `rows`, which have draws: with what the
  /// device chose, else from `logits`.
  Status choose(std::span<const Rows> rows, EntryProgram &program,
                std::span<const float> logits);

  bool hiddenRows;
  std::shared_ptr<const Model> model;
  std::vector<DeviceMemory> arenas;
  SequenceTable sequences;
  std::vector<BoundEntry> entries;
  std::unique_ptr<DeviceQueue> queue;
  Observer observer;
  LaunchTimer timer;
  /// What the last step that had draws gave.
  std::vector<int32_t> chosen;
};

Session::Impl::Impl(std::shared_ptr<const Model> loaded,
                    std::unique_ptr<DeviceQueue> runs,
                    std::vector<DeviceMemory> memory, bool hidden)
    : hiddenRows(hidden), model(std::move(loaded)), arenas(std::move(memory)),
      sequences(model->impl().plan().kv_cache()->page_size(),
                model->impl().plan().kv_cache()->pages(),
                model->info().maxBatch),
      queue(std::move(runs)) {
  for (const fb::Entry *entry : *model->impl().plan().entries())
    entries.push_back(bind(*entry));
}

BoundEntry Session::Impl::bind(const fb::Entry &entry) const {
  BoundEntry bound{
      EntryProgram(model->impl(), entry, arenas, hiddenRows), {}, Track::Main};
  bound.limits.entry = entry.name()->string_view();
  bound.limits.sizes = bound.program.limits();
  bound.limits.vocabSize = model->info().vocabSize;
  bound.limits.maxContext = model->info().maxContext;
  bound.limits.pagesPerSequence =
      model->impl().plan().kv_cache()->pages_per_sequence();
  if (bound.limits.entry == "draft")
    bound.track = Track::Draft;
  return bound;
}

Result<StepOutput> Session::Impl::run(std::string_view name,
                                      std::span<const Rows> rows,
                                      std::span<const float> hidden) {
  auto entry =
      std::find_if(entries.begin(), entries.end(),
                   [&](const BoundEntry &e) { return e.limits.entry == name; });
  if (entry == entries.end())
    return notFound(std::string(name) + " expects a plan with an entry '" +
                    std::string(name) + "', got none");
  Result<StepSizes> sizes =
      checkBatch(rows, entry->track, sequences, entry->limits);
  if (!sizes)
    return sizes.status();
  if (Status status = entry->program.open(); !status.ok())
    return status;
  const EntryBuffers &buffers = entry->program.buffers();
  const size_t hiddenSize = size_t(model->info().hiddenSize);
  const size_t hiddenCount = size_t(sizes->tokens) * hiddenSize;
  if (buffers.hiddenIn && hidden.size() != hiddenCount)
    return invalidInput(std::string(name) + " expects " +
                        std::to_string(hiddenCount) + " hidden values, got " +
                        std::to_string(hidden.size()));

  // First, and as if through a copy: `hidden` is often the last step's output,
  // whose memory this entry's inputs may share.
  if (buffers.hiddenIn)
    std::memmove(buffers.hiddenIn, hidden.data(), hidden.size_bytes());
  buildBatch(rows, entry->track, sequences, entry->limits, buffers);
  const bool draws = haveDraws(rows);
  if (Status status = entry->program.run(*sizes, draws && buffers.chosen,
                                         *queue, observer, timer);
      !status.ok())
    return status;
  StepOutput output;
  output.hidden = {buffers.hidden, hiddenRows ? hiddenCount : 0};
  const std::span<const float> logits(
      buffers.logits, size_t(sizes->logitRows * model->info().vocabSize));
  if (!draws)
    output.logits = logits;
  else if (Status s = choose(rows, entry->program, logits); !s.ok())
    return s;
  else
    output.chosen = chosen;
  return output;
}

Status Session::Impl::choose(std::span<const Rows> rows, EntryProgram &program,
                             std::span<const float> logits) {
  const size_t width = size_t(model->info().vocabSize);
  const int32_t *byDevice = program.buffers().chosen;
  chosen.clear();
  for (const Rows &one : rows)
    for (const TokenDraw &draw : one.draws) {
      const size_t row = chosen.size();
      if (byDevice && byDevice[row] >= 0) {
        chosen.push_back(byDevice[row]);
        continue;
      }
      // A device that cannot choose does not say why.
      Result<std::span<const float>> own =
          byDevice ? program.fetchLogits(int64_t(row), *queue)
                   : logits.subspan(row * width, width);
      if (!own)
        return own.status();
      Result<int32_t> token = ingot::choose(*own, draw);
      if (!token)
        return token.status();
      chosen.push_back(*token);
    }
  return {};
}

Session::Session(std::unique_ptr<Impl> impl) : self(std::move(impl)) {}
Session::Session(Session &&) noexcept = default;
Session &Session::operator=(Session &&) noexcept = default;
Session::~Session() = default;

Result<Session> Session::create(std::shared_ptr<const Model> model,
                                const SessionOptions &options) {
  Device &device = *model->impl().device;
  Result<std::unique_ptr<DeviceQueue>> queue =
      device.createQueue({options.threads, options.checkLaunches});
  if (!queue)
    return queue.status();
  std::vector<DeviceMemory> arenas;
  for (const fb::Arena *arena : *model->impl().plan().arenas()) {
    Result<DeviceMemory> memory = device.allocate(
        arena->bytes(),
        "arena " + storage::quote(arena->name()->string_view()));
    if (!memory)
      return memory.status();
    arenas.push_back(std::move(*memory));
  }
  return Session(std::make_unique<Impl>(std::move(model), std::move(*queue),
                                        std::move(arenas), options.hiddenRows));
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

Result<StepOutput> Session::prefill(std::span<const Rows> rows) {
  return self->run("prefill", rows);
}

Result<StepOutput> Session::decode(std::span<const Rows> rows) {
  size_t tokens = 0;
  for (const Rows &row : rows)
    tokens += row.tokens.size();
  return self->run(decodeEntryFor(self->model->impl().plan(), int64_t(tokens)),
                   rows);
}

Result<StepOutput> Session::score(std::span<const Rows> rows) {
  return self->run("score", rows);
}

Result<StepOutput> Session::draft(std::span<const Rows> rows,
                                  std::span<const float> hidden) {
  return self->run("draft", rows, hidden);
}

void Session::observe(Observer observer) {
  self->observer = std::move(observer);
}

void Session::timeLaunches(LaunchTimer timer) {
  self->timer = std::move(timer);
}

KeptSteps Session::keptSteps() const { return self->queue->kept(); }

MemoryUse Session::memoryUse() const {
  MemoryUse use;
  const auto &arenas = *self->model->impl().plan().arenas();
  for (uint32_t i = 0; i < arenas.size(); ++i) {
    switch (arenas.Get(i)->kind()) {
    case fb::ArenaKind::Workspace:
      use.workspace += self->arenas[i].size();
      break;
    case fb::ArenaKind::Io:
      use.io += self->arenas[i].size();
      break;
    case fb::ArenaKind::KvCache:
      use.kvCache += self->arenas[i].size();
      break;
    }
  }
  const Model::Impl &model = self->model->impl();
  for (uint32_t i = 0; i < model.weights.size(); ++i) {
    const fb::Weight &weight = *model.plan().weights()->Get(i);
    if (verify::isPacked(weight))
      use.packedWeights += countBytes(weight);
    else if (model.read[i])
      (model.seed               ? use.drawnWeights
       : model.device->isHost() ? use.mappedWeights
                                : use.uploadedWeights) += countBytes(weight);
  }
  return use;
}

} // namespace ingot
