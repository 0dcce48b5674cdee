//===- Stats.cpp - what a generation took ---------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ingot/Stats.h"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

namespace ingot::tool {

ResidentMemory residentMemory() {
  ResidentMemory memory;
  std::ifstream status("/proc/self/status");
  // "VmRSS:	    1234 kB"
  for (std::string key; status >> key;) {
    uint64_t *slot = key == "VmRSS:"     ? &memory.total
                     : key == "RssAnon:" ? &memory.anonymous
                     : key == "RssFile:" ? &memory.file
                     : key == "VmHWM:"   ? &memory.peak
                                         : nullptr;
    if (uint64_t kib = 0; slot && status >> kib)
      *slot = kib * 1024;
  }
  return memory;
}

static std::string mebibytes(uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f MiB", double(bytes) / (1 << 20));
  return text;
}

/// Of a GPU: what starting it took, which is no part of loading a model, and
/// how fast weights got there.
static std::string gpuText(const LoadTimes &load) {
  if (load.contextSeconds == 0)
    return "";
  char text[256];
  const double rate = load.uploadSeconds > 0
                          ? double(load.uploadedBytes) / load.uploadSeconds
                          : 0;
  std::snprintf(text, sizeof text,
                "driver: %.3f s\ncontext: %.3f s\n"
                "uploaded: %.1f MiB in %.3f s, %.2f GB/s\n",
                load.driverSeconds, load.contextSeconds,
                double(load.uploadedBytes) / (1 << 20), load.uploadSeconds,
                rate / 1e9);
  return "device: " + load.device + "\n" + text;
}

/// Without the start of a GPU.
static double loadSeconds(const Stats &stats) {
  return stats.loadSeconds - stats.load.driverSeconds -
         stats.load.contextSeconds;
}

std::string asText(const Stats &stats) {
  const GenerateTimings &timings = stats.timings;
  ResidentMemory resident = residentMemory();
  char times[320];
  std::snprintf(times, sizeof times,
                "load: %.3f s\nfirst token: %.3f s\n"
                "prefill: %lld tokens, %.1f tokens/s\n"
                "decode: %lld tokens, %.1f tokens/s\n",
                loadSeconds(stats), timings.firstTokenSeconds,
                (long long)timings.promptTokens,
                timings.prefillTokensPerSecond(), (long long)timings.newTokens,
                timings.decodeTokensPerSecond());
  return gpuText(stats.load) + times +
         ("mapped weights: " + mebibytes(stats.memory.mappedWeights)) +
         "\ndrawn weights: " + mebibytes(stats.memory.drawnWeights) +
         "\npacked weights: " + mebibytes(stats.memory.packedWeights) +
         "\nworkspace: " + mebibytes(stats.memory.workspace) +
         "\nio: " + mebibytes(stats.memory.io) +
         "\nkv cache: " + mebibytes(stats.memory.kvCache) +
         "\nresident: " + mebibytes(resident.total) + " (" +
         mebibytes(resident.anonymous) + " anonymous, " +
         mebibytes(resident.file) + " of files), at most " +
         mebibytes(resident.peak) + "\n";
}

std::string asJson(const GenerateResult &result, const Stats &stats) {
  const GenerateTimings &timings = stats.timings;
  ResidentMemory resident = residentMemory();
  nlohmann::ordered_json json = {
      {"ids", result.ids},
      {"text", result.text},
      {"finish_reason", name(result.reason)},
      {"stats",
       {{"device", stats.load.device},
        {"driver_seconds", stats.load.driverSeconds},
        {"context_seconds", stats.load.contextSeconds},
        {"load_seconds", loadSeconds(stats)},
        {"uploaded_bytes", stats.load.uploadedBytes},
        {"upload_seconds", stats.load.uploadSeconds},
        {"first_token_seconds", timings.firstTokenSeconds},
        {"prompt_tokens", timings.promptTokens},
        {"new_tokens", timings.newTokens},
        {"prefill_tokens_per_second", timings.prefillTokensPerSecond()},
        {"decode_tokens_per_second", timings.decodeTokensPerSecond()},
        {"mapped_weight_bytes", stats.memory.mappedWeights},
        {"uploaded_weight_bytes", stats.memory.uploadedWeights},
        {"drawn_weight_bytes", stats.memory.drawnWeights},
        {"packed_weight_bytes", stats.memory.packedWeights},
        {"workspace_bytes", stats.memory.workspace},
        {"io_bytes", stats.memory.io},
        {"kv_cache_bytes", stats.memory.kvCache},
        {"resident_bytes", resident.total},
        {"resident_anonymous_bytes", resident.anonymous},
        {"resident_file_bytes", resident.file},
        {"peak_resident_bytes", resident.peak}}}};
  return json.dump(2, ' ', false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace ingot::tool
