//===- VerifyPlan.cpp - whether a plan makes sense ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/VerifyPlan.h"
#include "runtime/plan/VerifyParts.h"

#include <cmath>

namespace ingot {

namespace verify {

static Status verifyModel(const Context &c) {
  const fb::Model &model = *c.plan.model();
  const std::pair<const char *, int64_t> facts[] = {
      {"a max_context", model.max_context()},
      {"a max_batch", model.max_batch()},
      {"a vocab_size", model.vocab_size()},
      {"a hidden_size", model.hidden_size()}};
  for (auto [what, value] : facts)
    if (Status s = c.checkRange("model", what, value, 1, kMaxCount); !s.ok())
      return s;
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  for (auto [what, value, most] :
       {std::tuple("parameters", model.parameters(), kMost),
        {"active_parameters", model.active_parameters(), model.parameters()},
        {"mtp_parameters", model.mtp_parameters(), kMost}})
    if (Status s = c.checkRange("model", what, value, 0, most); !s.ok())
      return s;
  return {};
}

static Status verifyKvCache(const Context &c) {
  const fb::KvCache &cache = *c.plan.kv_cache();
  const std::string object = "kv cache";
  if (Status s =
          c.checkRange(object, "a page_size", cache.page_size(), 1, kMaxCount);
      !s.ok())
    return s;
  // Slots are i32.
  if (Status s = c.checkRange(object, "pages", cache.pages(), 2,
                              kMaxCount / cache.page_size());
      !s.ok())
    return s;
  if (Status s = c.checkRange(object, "pages_per_sequence",
                              cache.pages_per_sequence(), 1, cache.pages() - 1);
      !s.ok())
    return s;
  int64_t tokens = int64_t(cache.pages_per_sequence()) * cache.page_size();
  if (int64_t context = c.plan.model()->max_context(); tokens < context)
    return c.fail(object,
                  "pages of a sequence for " + std::to_string(context) +
                      " tokens",
                  tokens);
  return {};
}

/// The symbols must be those that the executor knows the values of.
static Status verifySymbols(const Context &c) {
  UniqueNames names(c, "symbol");
  for (const fb::Symbol *symbol : *c.plan.symbols()) {
    if (Status s = names.add(symbol->name()); !s.ok())
      return s;
    std::string_view name = symbol->name()->string_view();
    if (name != "T" && name != "S" && name != "R")
      return c.fail("symbol", "the name 'T', 'S' or 'R'", storage::quote(name));
    if (Status s = c.checkRange(named("symbol", symbol->name()), "a maximum",
                                symbol->max(), 1, kMaxCount);
        !s.ok())
      return s;
  }
  for (const char *name : {"T", "S", "R"})
    if (findSymbol(c.plan, name) < 0)
      return c.fail("plan", std::string("a symbol '") + name + "'", "none");
  return {};
}

static Status verifyArenas(const Context &c) {
  UniqueNames names(c, "arena");
  for (const fb::Arena *arena : *c.plan.arenas()) {
    if (Status s = names.add(arena->name()); !s.ok())
      return s;
    if (arena->kind() > fb::ArenaKind::MAX)
      return c.fail(named("arena", arena->name()), "kind 0, 1 or 2",
                    int64_t(arena->kind()));
  }
  return {};
}

/// A dimension is a positive constant or a symbol with a value that it may
/// have; verifyEntries compares that with the entry's bucket.
static Status verifyDim(const Context &c, const std::string &object,
                        const fb::Dim &dim) {
  if (dim.symbol() == -1)
    return {};
  if (Status s = c.checkIndex(object, "symbols", dim.symbol(),
                              c.plan.symbols()->size());
      !s.ok())
    return s;
  const fb::Symbol &symbol = *c.plan.symbols()->Get(dim.symbol());
  return c.checkRange(object, named("symbol", symbol.name()), dim.size(), 1,
                      symbol.max());
}

/// Layers of the cache are stored page by page: [pages, page_size, ...] or
/// [pages * page_size, ...], whatever the step.
static Status verifyCacheBuffer(const Context &c, const std::string &object,
                                const fb::Buffer &buffer) {
  const auto &shape = *buffer.shape();
  int64_t pages = c.plan.kv_cache()->pages();
  int64_t pageSize = c.plan.kv_cache()->page_size();
  bool flat = shape.size() >= 1 && shape.Get(0)->symbol() == -1 &&
              shape.Get(0)->size() == pages * pageSize;
  bool paged = shape.size() >= 2 && shape.Get(0)->symbol() == -1 &&
               shape.Get(1)->symbol() == -1 && shape.Get(0)->size() == pages &&
               shape.Get(1)->size() == pageSize;
  if (flat || paged)
    return {};
  return c.fail(object,
                std::to_string(pages * pageSize) + " rows of the kv cache",
                shape.size() == 0 ? std::string("no dimension")
                                  : std::to_string(shape.Get(0)->size()));
}

static Status verifyBuffer(const Context &c, const std::string &object,
                           const fb::Buffer &buffer) {
  if (Status s = c.checkIndex(object, "arenas", buffer.arena(),
                              c.plan.arenas()->size());
      !s.ok())
    return s;
  if (Status s = c.checkAligned(object, "a shape", *buffer.shape()); !s.ok())
    return s;
  std::optional<uint64_t> bytes = elementSize(buffer.type());
  if (*bytes == 0)
    return c.fail(object, "an element type of 0 to 4", int64_t(buffer.type()));
  for (const fb::Dim *dim : *buffer.shape()) {
    if (Status s = verifyDim(c, object, *dim); !s.ok())
      return s;
    bytes = grow(*bytes, dim->size());
    if (!bytes)
      return c.fail(object, "positive sizes whose product is below 2^63",
                    dim->size());
  }
  if (buffer.offset() % 64 != 0)
    return c.failUnsigned(object, "an offset aligned to 64", buffer.offset());
  const fb::Arena &arena = *c.plan.arenas()->Get(buffer.arena());
  if (buffer.offset() > arena.bytes() ||
      *bytes > arena.bytes() - buffer.offset())
    return c.fail(object,
                  "a range within the " + std::to_string(arena.bytes()) +
                      " bytes of " + named("arena", arena.name()),
                  std::to_string(*bytes) + " bytes at offset " +
                      std::to_string(buffer.offset()));
  if (arena.kind() == fb::ArenaKind::KvCache)
    return verifyCacheBuffer(c, object, buffer);
  return {};
}

static Status verifyBuffers(const Context &c) {
  for (uint32_t i = 0; i < c.plan.buffers()->size(); ++i)
    if (Status s =
            verifyBuffer(c, numbered("buffer", i), *c.plan.buffers()->Get(i));
        !s.ok())
      return s;
  return {};
}

static Status verifyGeneration(const Context &c) {
  const fb::Generation &generation = *c.plan.generation();
  const std::string object = "generation";
  for (int32_t id : *generation.stop_ids())
    if (Status s = c.checkRange(object, "stop ids", id, 0,
                                c.plan.model()->vocab_size() - 1);
        !s.ok())
      return s;
  // Written so that NaN fails too.
  if (!(generation.temperature() >= 0) || std::isinf(generation.temperature()))
    return c.fail(object, "a finite temperature of at least 0",
                  std::to_string(generation.temperature()));
  if (!(generation.top_p() > 0 && generation.top_p() <= 1))
    return c.fail(object, "a top_p in (0, 1]",
                  std::to_string(generation.top_p()));
  return c.checkRange(object, "a top_k", generation.top_k(), 0, kMaxCount);
}

} // namespace verify

Status verifyPlan(const fb::Plan &plan, const ContainerHeader &header,
                  const std::string &name) {
  verify::Context context{plan, header, name};
  for (auto *part :
       {verify::verifyModel, verify::verifyKvCache, verify::verifySymbols,
        verify::verifyModules, verify::verifyKernels, verify::verifyArenas,
        verify::verifyBuffers, verify::verifyWeights, verify::verifyPack,
        verify::verifyEntries, verify::verifyTokenizer,
        verify::verifyGeneration, verify::verifyGoldenCheck})
    if (Status status = part(context); !status.ok())
      return status;
  return {};
}

} // namespace ingot
