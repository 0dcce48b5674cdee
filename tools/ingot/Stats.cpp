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

std::string asText(const Stats &stats) {
  const GenerateTimings &timings = stats.timings;
  ResidentMemory resident = residentMemory();
  char times[320];
  std::snprintf(times, sizeof times,
                "load: %.3f s\nfirst token: %.3f s\n"
                "prefill: %lld tokens, %.1f tokens/s\n"
                "decode: %lld tokens, %.1f tokens/s\n",
                stats.loadSeconds, timings.firstTokenSeconds,
                (long long)timings.promptTokens,
                timings.prefillTokensPerSecond(), (long long)timings.newTokens,
                timings.decodeTokensPerSecond());
  return times + ("mapped weights: " + mebibytes(stats.memory.mappedWeights)) +
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
       {{"load_seconds", stats.loadSeconds},
        {"first_token_seconds", timings.firstTokenSeconds},
        {"prompt_tokens", timings.promptTokens},
        {"new_tokens", timings.newTokens},
        {"prefill_tokens_per_second", timings.prefillTokensPerSecond()},
        {"decode_tokens_per_second", timings.decodeTokensPerSecond()},
        {"mapped_weight_bytes", stats.memory.mappedWeights},
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
