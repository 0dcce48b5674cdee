//===- MemoryCertificate.cpp - what running a plan takes ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/MemoryCertificate.h"
#include "runtime/plan/WeightSets.h"

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace ingot {

namespace {

/// Of the weights that a GPU packs at a time.
constexpr uint64_t kMostPackedBytes = uint64_t(128) << 20;

/// Weights that lie in memory of the runtime's begin at cache lines.
uint64_t allocatedBytes(const fb::Weight &weight) {
  return (countBytes(weight) + 63) / 64 * 64;
}

/// Of the weights that entries read and nothing packs.
uint64_t sourceBytes(const fb::Plan &plan, bool drawn) {
  const WeightSet read = listEntryWeights(plan),
                  packed = listPackedWeights(plan);
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < read.size(); ++i)
    if (read[i] && !packed[i]) {
      const fb::Weight &weight = *plan.weights()->Get(i);
      bytes += drawn ? allocatedBytes(weight) : countBytes(weight);
    }
  return bytes;
}

uint64_t packedBytes(const fb::Plan &plan) {
  const WeightSet packed = listPackedWeights(plan);
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < packed.size(); ++i)
    bytes += packed[i] ? allocatedBytes(*plan.weights()->Get(i)) : 0;
  return bytes;
}

/// What a launch of Plan.pack reads is drawn for it alone, part by part.
uint64_t packingBytes(const fb::Plan &plan) {
  const WeightSet packed = listPackedWeights(plan);
  uint64_t most = 0;
  for (const fb::Launch *launch : *plan.pack()) {
    uint64_t bytes = 0;
    for (const fb::Arg *arg : *launch->args())
      if (!packed[arg->index()])
        bytes += plan.weights()->Get(arg->index())->views()->Get(0)->size();
    most = std::max(most, bytes);
  }
  return most;
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

/// Launches bound to addresses, and the tables of stacked weights, with the
/// allocator's own words and what containers hold in reserve.
uint64_t stepBytes(const fb::Plan &plan) {
  uint64_t bytes = 0;
  for (const fb::Entry *entry : *plan.entries())
    for (const fb::Launch *launch : *entry->steps())
      bytes += 256 + 32 * uint64_t(launch->args()->size());
  for (const fb::Weight *weight : *plan.weights())
    bytes += 64 + 16 * uint64_t(weight->views()->size());
  return bytes;
}

/// A piece is a string in a list and a node of a hash map, whose key is short
/// enough to lie in it or has a block of its own, and a string that it decodes
/// to; one that is a character has another node; a merge is an element and a
/// node; an added token has a node of two trees for every byte.
uint64_t tokenizerBytes(const fb::Tokenizer &tokenizer) {
  uint64_t bytes = 0;
  for (const fb::Piece *piece : *tokenizer.pieces()) {
    const uint64_t length = piece->bytes()->size();
    bytes += 160 + (length > 15 ? 3 * (length + 32) : 0);
    bytes += length <= 4 ? 64 : 0;
  }
  bytes += 64 * uint64_t(tokenizer.merges()->size());
  for (const fb::AddedToken *token : *tokenizer.added_tokens())
    bytes += 384 * (1 + uint64_t(token->content()->size()));
  // A parsed template takes more room than its text; patterns are compiled.
  return bytes + 64 * uint64_t(tokenizer.chat_template()->size()) +
         uint64_t(256 << 10) * tokenizer.split_patterns()->size();
}

std::string mebibytes(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MiB", double(bytes) / (1 << 20));
  return text;
}

uint64_t deviceWeightBytes(const fb::Plan &plan, bool packedOnes) {
  const WeightSet packed = listPackedWeights(plan),
                  read = listEntryWeights(plan);
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < read.size(); ++i)
    if (packedOnes ? packed[i] : read[i] && !packed[i])
      bytes = std::min(kMostDeviceBytes,
                       bytes + deviceBytes(*plan.weights()->Get(i)));
  return bytes;
}

/// On the host: what is built of the plan, and what changes sides.
std::vector<MemoryNeed> listGpuMemory(const fb::Plan &plan,
                                      const RunSetup &setup) {
  return {
      {"plan", planBytes(plan), true},
      {"tokenizer", tokenizerBytes(*plan.tokenizer())},
      {"thread stacks", kThreadStackBytes * uint64_t(setup.threads - 1)},
      {"io", arenaBytes(plan, fb::ArenaKind::Io)},
      {"steps", stepBytes(plan)},
      {"uploads", kUploadBytes},
      {"driver", kDriverHostBytes},
      {"process", kProcessBytes},
      {"gpu weights", deviceWeightBytes(plan, false), false, true},
      {"gpu machine code", codeBytes(plan), false, true},
      {"gpu packed weights", deviceWeightBytes(plan, true), false, true},
      {"gpu packing", devicePackingBytes(plan), false, true},
      {"gpu workspace", arenaBytes(plan, fb::ArenaKind::Workspace), false,
       true},
      {"gpu io", arenaBytes(plan, fb::ArenaKind::Io), false, true},
      {"gpu kv cache", arenaBytes(plan, fb::ArenaKind::KvCache), false, true},
      {"gpu driver", kDriverDeviceBytes, false, true}};
}

std::vector<MemoryNeed> ofOneSide(std::vector<MemoryNeed> needs,
                                  bool onDevice) {
  std::erase_if(
      needs, [&](const MemoryNeed &need) { return need.onDevice != onDevice; });
  return needs;
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

bool isForGpu(const fb::Plan &plan) {
  return plan.target()->name()->string_view().starts_with("sm_");
}

uint64_t deviceBytes(const fb::Weight &weight) {
  uint64_t bytes = 0;
  for (const fb::View *view : *weight.views())
    bytes = std::min(kMostDeviceBytes, bytes + alignForDevice(view->size()));
  return bytes;
}

uint64_t packedPartBytes(const fb::Plan &plan, const fb::Launch &launch) {
  const WeightSet packed = listPackedWeights(plan),
                  read = listEntryWeights(plan);
  uint64_t bytes = 0;
  for (const fb::Arg *arg : *launch.args())
    if (!packed[arg->index()] && !read[arg->index()])
      bytes += alignForDevice(
          plan.weights()->Get(arg->index())->views()->Get(0)->size());
  return bytes;
}

uint32_t partsAtATime(const fb::Plan &plan, const fb::Launch &launch) {
  const uint64_t bytes = std::max<uint64_t>(1, packedPartBytes(plan, launch));
  return uint32_t(std::clamp<uint64_t>(kMostPackedBytes / bytes, 1,
                                       std::max<uint32_t>(1, launch.runs())));
}

uint64_t devicePackingBytes(const fb::Plan &plan) {
  uint64_t most = 0;
  for (const fb::Launch *launch : *plan.pack())
    most = std::max(most, partsAtATime(plan, *launch) *
                              packedPartBytes(plan, *launch));
  return std::max(most, 2 * std::min(most, kMostPackedBytes));
}

/// As on a host, whose memory is all there is.
static std::vector<MemoryNeed> listHostMemory(const fb::Plan &plan,
                                              const RunSetup &setup) {
  return {{"plan", planBytes(plan), true},
          {"tokenizer", tokenizerBytes(*plan.tokenizer())},
          {setup.drawn ? "drawn weights" : "mapped weights",
           sourceBytes(plan, setup.drawn), !setup.drawn},
          {"machine code", codeBytes(plan)},
          {"packed weights", packedBytes(plan)},
          {"packing", setup.drawn ? packingBytes(plan) : 0},
          {"thread stacks", kThreadStackBytes * uint64_t(setup.threads - 1)},
          {"workspace", arenaBytes(plan, fb::ArenaKind::Workspace)},
          {"io", arenaBytes(plan, fb::ArenaKind::Io)},
          {"kv cache", arenaBytes(plan, fb::ArenaKind::KvCache)},
          {"steps", stepBytes(plan)},
          {"process", kProcessBytes}};
}

std::vector<MemoryNeed> listMemory(const fb::Plan &plan,
                                   const RunSetup &setup) {
  std::vector<MemoryNeed> needs =
      isForGpu(plan) ? listGpuMemory(plan, setup) : listHostMemory(plan, setup);
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

Status checkMemory(const std::vector<MemoryNeed> &all,
                   std::optional<uint64_t> limit,
                   std::optional<uint64_t> available,
                   const std::string &artifact) {
  const std::vector<MemoryNeed> needs = ofOneSide(all, false);
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

Status checkDeviceMemory(const std::vector<MemoryNeed> &all,
                         std::optional<uint64_t> limit,
                         std::optional<uint64_t> available,
                         const std::string &device,
                         const std::string &artifact) {
  const std::vector<MemoryNeed> needs = ofOneSide(all, true);
  const uint64_t sum = sumOf(needs, true);
  auto refuse = [&](uint64_t room, const std::string &whose) {
    return outOfMemory(artifact + ": needs " + mebibytes(sum) +
                       " of GPU memory, " + whose + " " + mebibytes(room) +
                       describe(needs, room, true));
  };
  if (limit && sum > *limit)
    return refuse(*limit, "the limit is");
  if (available && sum > *available)
    return refuse(*available, device + " has");
  return {};
}

} // namespace ingot
