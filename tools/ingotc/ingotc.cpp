//===- ingotc.cpp - compiles a checkpoint into an artifact ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Compiler.h"
#include "tools/process/EmptyWords.h"
#include "tools/process/Faults.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include <CLI/CLI.hpp>
#include <chrono>
#include <climits>
#include <cstdio>
#include <filesystem>
#include <map>
#include <unistd.h>

using namespace ingot;
using namespace ingot::compiler;

namespace {

constexpr const char *kExamples = R"(
Examples:
  ingotc checkpoint/ -o model.ingot
      compile for this machine's processor; weights stay in checkpoint/
  ingotc checkpoint/ -o model.ingot --embed-weights --cpu x86-64-v3
      one self-contained file for any processor with AVX2
  ingotc --config-only config.json -o model.ingot
      no weights: ingot run --weights random:1 draws them
  ingotc --config-only config.json --report
      print parameters, bytes, operations and memory, and write nothing
  ingotc checkpoint/ --stop-after import
      print the model as IR, before any pass)";

/// Says on a terminal which hop runs and how long each took.
class ProgressLine {
public:
  explicit ProgressLine(bool enabled) : enabled(enabled) {}
  ~ProgressLine() { finish(); }

  void begin(llvm::StringRef hop) {
    finish();
    if (!enabled)
      return;
    current = hop.str();
    start = std::chrono::steady_clock::now();
    fprintf(stderr, "%-10s ...", current.c_str());
    fflush(stderr);
  }

  void finish() {
    if (current.empty())
      return;
    std::chrono::duration<double> took =
        std::chrono::steady_clock::now() - start;
    fprintf(stderr, "\r%-10s %.1f s\n", current.c_str(), took.count());
    current.clear();
  }

private:
  bool enabled;
  std::string current;
  std::chrono::steady_clock::time_point start;
};

} // namespace

static void declareInput(CLI::App &app, CompileOptions &options) {
  CLI::Option_group *input = app.add_option_group("Input");
  auto *checkpoint = input->add_option(
      "CHECKPOINT", options.checkpoint,
      "Folder with config.json, tokenizer.json and safetensors");
  auto *config =
      input
          ->add_option("--config-only", options.config,
                       "Compile a config.json alone; the artifact runs with "
                       "random weights")
          ->type_name("FILE");
  input->require_option(1);
  app.add_option("--layers", options.layers,
                 "With --config-only: how many main layers to keep")
      ->needs(config)
      ->check(CLI::Range(1, 1024));
  app.add_flag("--strict", options.strict,
               "Refuse a config.json with unknown keys, instead of a warning");
  app.add_flag("--embed-weights", options.embedWeights,
               "Put the weights into the artifact")
      ->needs(checkpoint);
  app.add_flag("--hash-weights", options.hashWeights,
               "Read all of the weights and store their hash, for `ingot "
               "verify --full`")
      ->needs(checkpoint);
  app.add_option("--golden-check", options.goldenCheck,
                 "Store a few prompts and logits of a file of golden outputs, "
                 "for `ingot verify`")
      ->type_name("FILE")
      ->needs(checkpoint);
}

static void declareSizes(CLI::App &app, CompileOptions &options) {
  app.add_option("--max-batch", options.maxBatch,
                 "Most sequences live at a time")
      ->capture_default_str()
      ->check(CLI::Range(1, 4096));
  app.add_option("--max-context", options.maxContext,
                 "Longest sequence in tokens (default: the model's limit, at "
                 "most " +
                     std::to_string(kDefaultMaxContext) + ")")
      ->check(CLI::Range(1, 1 << 24));
  app.add_option("--max-step-tokens", options.maxStepTokens,
                 "Most tokens of a step that takes prompts; longer prompts go "
                 "in chunks")
      ->capture_default_str()
      ->check(CLI::Range(1, 1 << 16));
  app.add_option("--kv-tokens", options.kvTokens,
                 "Tokens that the KV cache has room for (default: max-batch "
                 "times max-context); prompts that do not fit wait")
      ->check(CLI::Range(1, INT_MAX));
}

/// How the model is rewritten.
static void declarePasses(CLI::App &app, CompileOptions &options) {
  app.add_option("--absorb", options.absorb,
                 "Latent attention multiplies queries by W_UK (reassociate), "
                 "expands keys and values (none), or what is cheaper (auto)")
      ->type_name("FORM")
      ->transform(CLI::CheckedTransformer(std::map<std::string, passes::Absorb>{
          {"auto", passes::Absorb::Auto},
          {"none", passes::Absorb::None},
          {"reassociate", passes::Absorb::Reassociate}}));
  app.add_option_function<std::string>(
         "--quantize",
         [&](const std::string &) {
           options.weights = passes::WeightFormat::FP8;
         },
         "Quantise the matrices of products when the artifact is loaded: fp8, "
         "128x128 blocks of E4M3")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"fp8"}));
  app.add_option("--kv-cache", options.kvCache,
                 "What the KV cache keeps values in: f32, bf16 or fp8")
      ->type_name("FORMAT")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, passes::CacheFormat>{
              {"f32", passes::CacheFormat::F32},
              {"bf16", passes::CacheFormat::BF16},
              {"fp8", passes::CacheFormat::FP8}}));
  app.add_option("--activations", options.activations,
                 "What products round their inputs to: f32 (nothing), bf16, or "
                 "fp8 (f8E4M3FN), where weights are FP8 in blocks of 128 "
                 "columns")
      ->type_name("FORMAT")
      ->transform(CLI::CheckedTransformer(
          std::map<std::string, passes::ActivationFormat>{
              {"f32", passes::ActivationFormat::F32},
              {"bf16", passes::ActivationFormat::BF16},
              {"fp8", passes::ActivationFormat::FP8},
              {"f8E4M3FN", passes::ActivationFormat::FP8}}));
  app.add_option("--without", options.without,
                 "Leave out an optional pass: " +
                     llvm::join(passes::optionalPassNames(), ", "))
      ->type_name("PASS")
      ->take_all()
      ->allow_extra_args(false)
      ->check(CLI::IsMember(passes::optionalPassNames()));
}

static void declareFlags(CLI::App &app, CompileOptions &options,
                         std::string &stopAfter, std::string &report) {
  declareInput(app, options);
  app.add_option("-o,--output", options.output, "Artifact to write");
  app.add_option("--target", options.target,
                 "What to compile for: cpu, or sm_90a for H100 GPUs")
      ->capture_default_str();
  app.add_option("--cpu", options.cpu,
                 "Processor: native, x86-64-v3 or x86-64-v4")
      ->capture_default_str();
  declareSizes(app, options);
  declarePasses(app, options);
  app.add_option("--stop-after", stopAfter,
                 "Print the IR after a phase (" + passes::phaseNames() +
                     ") instead of writing an artifact");
  app.add_option("--report", report,
                 "Print what the plan takes and does: text (default) or json; "
                 "needs no -o")
      ->type_name("FORMAT")
      ->expected(0, 1)
      ->default_str("text")
      ->check(CLI::IsMember({"text", "json"}));
  app.set_version_flag("--version", "ingotc " INGOT_VERSION);
  app.footer(kExamples);
}

static int fail(const std::string &message) {
  fprintf(stderr, "ingotc: error: %s\n", message.c_str());
  return 1;
}

/// LLVM allocates with malloc, too.
static void onBadAllocation(void *, const char *, bool) {
  tool::failOutOfMemory();
}

int main(int argc, char **argv) {
  tool::handleFaults("ingotc");
  llvm::install_bad_alloc_error_handler(onBadAllocation);
  CLI::App app("Compiles a published checkpoint ahead of time.", "ingotc");
  CompileOptions options;
  std::string stopAfter, report;
  declareFlags(app, options, stopAfter, report);
  if (tool::hasStrayEmptyWord(app, {argv + 1, argv + argc}))
    return fail("an argument is empty (see ingotc --help)");
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &request) {
    return app.exit(request);
  } catch (const CLI::ParseError &error) {
    return fail(std::string(error.what()) + " (see ingotc --help)");
  }
  if (!stopAfter.empty()) {
    options.stopAfter = passes::parsePhase(stopAfter);
    if (!options.stopAfter)
      return fail("expects --stop-after to be one of " + passes::phaseNames() +
                  ", got '" + stopAfter + "'");
  } else if (options.output.empty() && report.empty()) {
    return fail("expects -o ARTIFACT or --report (see ingotc --help)");
  }

  ProgressLine progress(isatty(STDERR_FILENO));
  auto onHop = [&](llvm::StringRef hop) { progress.begin(hop); };
  auto onWarning = [&](const std::string &message) {
    fprintf(stderr, "ingotc: warning: %s\n", message.c_str());
  };
  std::string facts;
  auto onReport = [&](const PlanReport &plan) {
    facts = report == "json" ? asJson(plan) + "\n" : asText(plan);
  };
  Status status = compile(options, {onHop, onWarning, llvm::outs(), onReport});
  progress.finish();
  if (!status.ok())
    return fail(status.message());
  if (!report.empty())
    fputs(facts.c_str(), stdout);
  else if (!options.stopAfter)
    printf("%s: %ju bytes\n", options.output.c_str(),
           static_cast<uintmax_t>(std::filesystem::file_size(options.output)));
  return 0;
}
