//===- MemoryCertificate.cpp - what running a plan takes ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/MemoryCertificate.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace ingot {

namespace {

/// What a container of the standard library takes for an element, with the
/// allocator's own words: a node of a hash map of strings is the largest.
constexpr uint64_t kNodeBytes = 112;

uint64_t bytesOf(const fb::Weight &weight) {
  uint64_t bytes = 0;
  for (const fb::View *view : *weight.views())
    bytes += view->size();
  return bytes;
}

/// Drawn weights begin at cache lines.
uint64_t weightBytes(const fb::Plan &plan, bool drawn) {
  uint64_t bytes = 0;
  for (const fb::Weight *weight : *plan.weights())
    bytes += drawn ? (bytesOf(*weight) + 63) / 64 * 64 : bytesOf(*weight);
  return bytes;
}

uint64_t arenaBytes(const fb::Plan &plan, fb::ArenaKind kind) {
  uint64_t bytes = 0;
  for (const fb::Arena *arena : *plan.arenas())
    if (arena->kind() == kind)
      bytes += arena->bytes();
  return bytes;
}

uint64_t codeBytes(const fb::Plan &plan) {
  uint64_t bytes = 0;
  for (const fb::Module *module : *plan.modules())
    bytes += module->size();
  return bytes;
}

/// Launches bound to addresses, and the tables of stacked weights.
uint64_t stepBytes(const fb::Plan &plan) {
  uint64_t bytes = 0;
  for (const fb::Entry *entry : *plan.entries())
    for (const fb::Launch *launch : *entry->steps())
      bytes += 2 * kNodeBytes + 32 * uint64_t(launch->args()->size());
  for (const fb::Weight *weight : *plan.weights())
    bytes += kNodeBytes + 16 * uint64_t(weight->views()->size());
  return bytes;
}

/// Every piece twice (by id, and by its bytes), every merge twice, and a node
/// for every byte of an added token.
uint64_t tokenizerBytes(const fb::Tokenizer &tokenizer) {
  uint64_t bytes = 0;
  for (const fb::Piece *piece : *tokenizer.pieces())
    bytes += 2 * kNodeBytes + 2 * uint64_t(piece->bytes()->size());
  bytes += kNodeBytes * uint64_t(tokenizer.merges()->size());
  for (const fb::AddedToken *token : *tokenizer.added_tokens())
    bytes += 2 * kNodeBytes * (1 + uint64_t(token->content()->size()));
  // A parsed template takes more room than its text.
  return bytes + 64 * uint64_t(tokenizer.chat_template()->size());
}

std::string mebibytes(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MiB", double(bytes) / (1 << 20));
  return text;
}

uint64_t sumOf(const std::vector<MemoryNeed> &needs, bool mappedToo) {
  uint64_t sum = 0;
  for (const MemoryNeed &need : needs)
    if (mappedToo || !need.mapped)
      sum += need.bytes;
  return sum;
}

/// Kind by kind, in the order in which memory is taken, what is needed and what
/// is left for it.
std::string describe(const std::vector<MemoryNeed> &needs, uint64_t left,
                     bool mappedToo) {
  std::string text;
  for (const MemoryNeed &need : needs) {
    if (need.mapped && !mappedToo)
      continue;
    text += "\n  " + std::string(need.kind) + ": " + mebibytes(need.bytes) +
            " needed, " + mebibytes(left) + " available";
    left -= std::min(left, need.bytes);
  }
  return text;
}

} // namespace

uint64_t planBytes(const fb::Plan &plan) {
  uint64_t end = 0; // modules lie behind the plan
  for (const fb::Module *module : *plan.modules())
    end = std::max(end, module->offset() + module->size());
  return end;
}

std::vector<MemoryNeed> listMemory(const fb::Plan &plan,
                                   const RunSetup &setup) {
  const uint64_t weights = weightBytes(plan, setup.drawn);
  std::vector<MemoryNeed> needs = {
      {"plan", planBytes(plan), true},
      {"tokenizer", tokenizerBytes(*plan.tokenizer())},
      {setup.drawn ? "drawn weights" : "mapped weights", weights, !setup.drawn},
      {"machine code", codeBytes(plan)},
      {"thread stacks", kThreadStackBytes * uint64_t(setup.threads - 1)},
      {"workspace", arenaBytes(plan, fb::ArenaKind::Workspace)},
      {"io", arenaBytes(plan, fb::ArenaKind::Io)},
      {"kv cache", arenaBytes(plan, fb::ArenaKind::KvCache)},
      {"steps", stepBytes(plan)},
      {"process", kProcessBytes}};
  std::erase_if(needs, [](const MemoryNeed &need) { return need.bytes == 0; });
  return needs;
}

std::optional<uint64_t> availableMemory() {
  std::ifstream file("/proc/meminfo");
  // "MemAvailable:   12345 kB"
  for (std::string key; file >> key;)
    if (uint64_t kib = 0; key == "MemAvailable:" && file >> kib)
      return kib * 1024;
  return std::nullopt;
}

Status checkMemory(const std::vector<MemoryNeed> &needs,
                   std::optional<uint64_t> limit,
                   std::optional<uint64_t> available,
                   const std::string &artifact) {
  auto refuse = [&](bool mappedToo, uint64_t room, const std::string &whose) {
    return outOfMemory(artifact + ": needs " +
                       mebibytes(sumOf(needs, mappedToo)) + " of memory, " +
                       whose + " " + mebibytes(room) +
                       describe(needs, room, mappedToo));
  };
  if (limit && sumOf(needs, /*mappedToo=*/true) > *limit)
    return refuse(true, *limit, "the limit is");
  if (available && sumOf(needs, /*mappedToo=*/false) > *available)
    return refuse(false, *available, "beside mapped files, the machine has");
  return {};
}

} // namespace ingot
