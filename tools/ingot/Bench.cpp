//===- Bench.cpp - ingot bench --------------------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/Bench.h"
#include "runtime/storage/AtomicFile.h"
#include "tools/ingot/Commands.h"
#include "tools/ingot/ModelFlags.h"

#include <CLI/CLI.hpp>
#include <climits>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>

namespace ingot::tool {
namespace {

struct Flags {
  ModelFlags model;
  BenchOptions options;
  bool json = false, profile = false;
  std::string profileTrace;
};

void printText(const BenchReport &report) {
  std::printf("read loop: in turns with decoding, over %.1f MB of %s\n",
              double(report.readBytes) / 1e6,
              report.readAnonymous ? "anonymous memory, since the weights "
                                     "are smaller and may sit in caches"
                                   : "weights");
  if (report.peakFlops > 0)
    std::printf("multiply-add loop: %.1f GFLOP/s\n", report.peakFlops / 1e9);
  const PrefillRate &prefill = report.prefill;
  std::printf("prefill: %lld tokens, %.1f tokens/s\n",
              (long long)prefill.tokens, prefill.tokensPerSecond());
  auto printFlops = [&](const char *what, uint64_t flops, double perSecond) {
    std::printf("  %s: %.2f GFLOP, %.1f GFLOP/s", what, double(flops) / 1e9,
                perSecond / 1e9);
    if (report.peakFlops > 0)
      std::printf(", %.1f %% of the multiply-add loop",
                  100 * perSecond / report.peakFlops);
    std::printf("\n");
  };
  printFlops("all", prefill.flops, prefill.flopsPerSecond());
  printFlops("products", prefill.productFlops, prefill.productFlopsPerSecond());
  for (const DecodeRate &rate : report.decode) {
    const char *most = rate.cost.atMost ? "at most " : "";
    auto print = [&](const char *what, uint64_t bytes, double perSecond,
                     double read, double share) {
      std::printf("  %s: %s%.2f MB a step, %s%.2f GB/s, %s%.1f %% of the read "
                  "loop's %.2f\n",
                  what, most, double(bytes) / 1e6, most, perSecond / 1e9, most,
                  100 * share, read / 1e9);
    };
    std::printf("decode, batch %lld: %.1f tokens/s\n", (long long)rate.batch,
                rate.tokensPerSecond());
    print("weights", rate.cost.weightBytes, rate.bytesPerSecond(),
          rate.readBytesPerSecond, rate.share());
    print("without the head", rate.bodyBytes(), rate.bodyBytesPerSecond(),
          rate.bodyReadBytesPerSecond, rate.bodyShare());
  }
  if (!report.prefillTrace.empty())
    std::printf("prefill, launch by launch:\n%sdecode, launch by launch:\n%s",
                asText(report.prefillTrace).c_str(),
                asText(report.decodeTrace).c_str());
  for (const StepProfile &profile : report.profiles)
    std::printf("%s, %lld sequences, launch by launch:\n%s",
                profile.entry.c_str(), (long long)profile.shape.sequences,
                asText(profile).c_str());
}

nlohmann::ordered_json asJson(const StepProfile &profile) {
  auto launches = nlohmann::ordered_json::array();
  for (const ProfiledLaunch &launch : profile.launches)
    launches.push_back({{"launch", launch.name},
                        {"kernel", launch.kernel},
                        {"seconds", launch.seconds},
                        {"bytes", launch.cost.bytes()},
                        {"flops", launch.cost.flops}});
  return {{"entry", profile.entry},
          {"sequences", profile.shape.sequences},
          {"launches", launches}};
}

nlohmann::ordered_json asJson(const std::vector<KernelTime> &kernels) {
  auto json = nlohmann::ordered_json::array();
  for (const KernelTime &kernel : kernels)
    json.push_back({{"kernel", kernel.kernel},
                    {"launches", kernel.launches},
                    {"seconds", kernel.seconds}});
  return json;
}

/// Null where there is no peak to compare with.
nlohmann::ordered_json shareOfPeak(const BenchReport &report,
                                   double flopsPerSecond) {
  return report.peakFlops > 0
             ? nlohmann::ordered_json(flopsPerSecond / report.peakFlops)
             : nlohmann::ordered_json();
}

void printJson(const BenchReport &report) {
  const PrefillRate &prefill = report.prefill;
  nlohmann::ordered_json json = {
      {"read_bytes", report.readBytes},
      {"read_anonymous", report.readAnonymous},
      {"peak_flops_per_second", report.peakFlops},
      {"prefill_tokens", prefill.tokens},
      {"prefill_tokens_per_second", prefill.tokensPerSecond()},
      {"prefill_flops", prefill.flops},
      {"prefill_flops_per_second", prefill.flopsPerSecond()},
      {"prefill_share_of_peak", shareOfPeak(report, prefill.flopsPerSecond())},
      {"prefill_product_flops", prefill.productFlops},
      {"prefill_product_flops_per_second", prefill.productFlopsPerSecond()},
      {"prefill_product_share_of_peak",
       shareOfPeak(report, prefill.productFlopsPerSecond())},
      {"decode", nlohmann::ordered_json::array()}};
  for (const DecodeRate &rate : report.decode) {
    json["decode"].push_back(
        {{"batch", rate.batch},
         {"tokens_per_second", rate.tokensPerSecond()},
         {"step_seconds", rate.stepSeconds},
         {"bytes", rate.cost.weightBytes},
         {"bytes_without_head", rate.bodyBytes()},
         {"bytes_are_a_bound", rate.cost.atMost},
         {"bytes_per_second", rate.bytesPerSecond()},
         {"read_bytes_per_second", rate.readBytesPerSecond},
         {"share_of_read_loop", rate.share()},
         {"step_seconds_without_head", rate.bodySeconds},
         {"read_bytes_per_second_without_head", rate.bodyReadBytesPerSecond},
         {"share_without_head", rate.bodyShare()}});
  }
  if (!report.prefillTrace.empty()) {
    json["prefill_trace"] = asJson(report.prefillTrace);
    json["decode_trace"] = asJson(report.decodeTrace);
  }
  for (const StepProfile &profile : report.profiles)
    json["profiles"].push_back(asJson(profile));
  std::printf("%s\n", json.dump(2).c_str());
}

Status writeTrace(const std::string &path, const BenchReport &report) {
  const std::string text = asChromeTrace(report.profiles);
  Result<storage::AtomicFile> file = storage::AtomicFile::create(path);
  if (!file)
    return file.status();
  if (Status s = file->write(std::as_bytes(std::span(text))); !s.ok())
    return s;
  return file->commit();
}

Status bench(Flags &flags) {
  auto loaded = load(flags.model, /*hiddenRows=*/false);
  if (!loaded)
    return loaded.status();
  flags.options.threads = flags.model.threads;
  flags.options.profile = flags.profile || !flags.profileTrace.empty();
  auto report = runBench(loaded->session, flags.options);
  if (!report)
    return report.status();
  if (!flags.profileTrace.empty())
    if (Status s = writeTrace(flags.profileTrace, *report); !s.ok())
      return s;
  flags.json ? printJson(*report) : printText(*report);
  return {};
}

} // namespace

void addBench(CLI::App &app, Status &outcome) {
  auto flags = std::make_shared<Flags>();
  CLI::App *command =
      app.add_subcommand("bench", "Measures how fast a model runs, beside "
                                  "loops that only read or multiply.");
  addModelFlags(*command, flags->model);
  auto add = [&](const char *name, int64_t &value, const char *description) {
    command->add_option(name, value, description)
        ->check(CLI::Range(1, INT_MAX))
        ->capture_default_str();
  };
  add("--prompt-tokens", flags->options.promptTokens,
      "Tokens of each prompt (made up)");
  add("--tokens", flags->options.tokens, "Steps to time after the prompt");
  add("--batch", flags->options.batch,
      "Also measure batches of 2, 4 and so on up to this one");
  command->add_flag("--trace", flags->options.trace,
                    "Also time every launch, and print the kernels, slowest "
                    "first");
  command->add_flag("--profile", flags->profile,
                    "Also print every launch of a step of decoding: its time, "
                    "bytes and share of the read loop");
  command
      ->add_option("--profile-trace", flags->profileTrace,
                   "Write these launches for the trace viewers of Chrome and "
                   "Perfetto")
      ->type_name("FILE");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->callback([flags, &outcome] { outcome = bench(*flags); });
}

} // namespace ingot::tool
