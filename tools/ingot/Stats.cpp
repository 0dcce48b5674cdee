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

/// "uploaded: 10.0 MiB in 0.001 s, 10.49 GB/s"
static std::string rateText(const char *what, uint64_t bytes, double seconds) {
  char text[128];
  std::snprintf(text, sizeof text, "%s: %.1f MiB in %.3f s, %.2f GB/s\n", what,
                double(bytes) / (1 << 20), seconds,
                seconds > 0 ? double(bytes) / seconds / 1e9 : 0);
  return text;
}

/// Of a GPU: what starting it took, which is no part of loading a model, and
/// what the rest consists of.
static std::string gpuText(const Stats &stats) {
  const LoadTimes &load = stats.load;
  if (load.contextSeconds == 0)
    return "";
  char text[256];
  std::snprintf(text, sizeof text,
                "driver: %.3f s\ncontext: %.3f s\nartifact: %.3f s\n"
                "code: %llu modules in %.3f s\ngraphs: %llu in %.3f s\n",
                load.driverSeconds, load.contextSeconds, load.artifactSeconds,
                (unsigned long long)load.modules, load.codeSeconds,
                (unsigned long long)stats.kept.count, stats.kept.seconds);
  return "device: " + load.device + "\n" + text +
         rateText("uploaded", load.uploadedBytes, load.uploadSeconds) +
         rateText("packed", load.packedFromBytes, load.packSeconds);
}

/// Without the start of a GPU.
static double withoutStart(double seconds, const Stats &stats) {
  return seconds - stats.load.driverSeconds - stats.load.contextSeconds;
}

static std::string firstTokenText(const Stats &stats) {
  char text[128];
  int length = std::snprintf(text, sizeof text, "first token: %.3f s\n",
                             stats.timings.firstTokenSeconds);
  if (stats.startToFirstToken)
    std::snprintf(text + length, sizeof text - size_t(length),
                  "start to first token: %.3f s\n",
                  withoutStart(*stats.startToFirstToken, stats));
  return text;
}

std::string asText(const Stats &stats) {
  const GenerateTimings &timings = stats.timings;
  ResidentMemory resident = residentMemory();
  char load[64], rates[160];
  std::snprintf(load, sizeof load, "load: %.3f s\n",
                withoutStart(stats.loadSeconds, stats));
  std::snprintf(rates, sizeof rates,
                "prefill: %lld tokens, %.1f tokens/s\n"
                "decode: %lld tokens, %.1f tokens/s\n",
                (long long)timings.promptTokens,
                timings.prefillTokensPerSecond(), (long long)timings.newTokens,
                timings.decodeTokensPerSecond());
  return gpuText(stats) + load + firstTokenText(stats) + rates +
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
        {"artifact_seconds", stats.load.artifactSeconds},
        {"code_seconds", stats.load.codeSeconds},
        {"load_seconds", withoutStart(stats.loadSeconds, stats)},
        {"uploaded_bytes", stats.load.uploadedBytes},
        {"upload_seconds", stats.load.uploadSeconds},
        {"packed_from_bytes", stats.load.packedFromBytes},
        {"pack_seconds", stats.load.packSeconds},
        {"graphs", stats.kept.count},
        {"graph_seconds", stats.kept.seconds},
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
  if (stats.startToFirstToken)
    json["stats"]["start_to_first_token_seconds"] =
        withoutStart(*stats.startToFirstToken, stats);
  return json.dump(2, ' ', false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace ingot::tool
