//===- Compiler.cpp - the hops of a compilation ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Compiler.h"
#include "compiler/Backend.h"
#include "compiler/checkpoint/ConfigFile.h"
#include "compiler/checkpoint/GenerationImport.h"
#include "compiler/checkpoint/TokenizerImport.h"
#include "compiler/models/Import.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Pass/PassManager.h"
#include "runtime/text/ChatTemplate.h"
#include "runtime/text/Tokenizer.h"

using namespace mlir;

namespace ingot::compiler {

namespace {

/// Collects what is diagnosed, so that it ends up in the status.
class DiagnosticLog {
public:
  DiagnosticLog(MLIRContext &context, const CompileHooks &hooks)
      : handler(&context, [this, &hooks](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() == DiagnosticSeverity::Error)
            errors += (errors.empty() ? "" : "\n") + describe(diagnostic);
          else if (diagnostic.getSeverity() == DiagnosticSeverity::Warning)
            hooks.onWarning(describe(diagnostic));
        }) {}

  /// The errors so far, or `fallback` if there are none.
  Status failure(StringRef fallback) const {
    return invalidInput(errors.empty() ? fallback.str() : errors);
  }

private:
  /// "layers.1.mlp: message": the name of the op's location before its message.
  static std::string describe(Diagnostic &diagnostic) {
    std::string text;
    if (auto name = diagnostic.getLocation()->findInstanceOf<NameLoc>())
      text = name.getName().str() + ": ";
    return text + diagnostic.str();
  }

  std::string errors;
  ScopedDiagnosticHandler handler;
};

} // namespace

/// The longest sequence that the model was made for.
static int64_t modelContext(ModuleOp module) {
  auto facts = module->getAttrOfType<DictionaryAttr>(kModelAttr);
  return facts.getAs<IntegerAttr>("max_position_embeddings").getInt();
}

/// Tokens that the largest pool of KV pages has, its scratch page included.
static constexpr int64_t kMaxPoolTokens = int64_t(1) << 31;

/// Sizes the plan: what the caller asked for, within what the model can do.
static Result<passes::PlanLimits> planLimits(const CompileOptions &options,
                                             int64_t modelContext) {
  passes::PlanLimits limits;
  limits.maxBatch = options.maxBatch;
  limits.maxContext = options.maxContext
                          ? options.maxContext
                          : std::min(modelContext, kDefaultMaxContext);
  if (limits.maxContext > modelContext)
    return invalidInput("expects --max-context of at most the model's " +
                        std::to_string(modelContext) + " positions, got " +
                        std::to_string(limits.maxContext));
  limits.kvTokens = options.kvTokens;
  limits.maxStepTokens = options.maxStepTokens;
  if (limits.pages() <= limits.pagesPerSequence())
    return invalidInput("expects --kv-tokens of at least the longest "
                        "sequence's " +
                        std::to_string(limits.maxContext) + ", got " +
                        std::to_string(limits.kvTokens));
  // Places of tokens in the pool are 32-bit numbers.
  if (limits.pages() > kMaxPoolTokens / limits.pageSize)
    return invalidInput("expects a kv cache of fewer than " +
                        std::to_string(kMaxPoolTokens) + " tokens, got " +
                        std::to_string((limits.pages() - 1) * limits.pageSize));
  return limits;
}

/// The checkpoint's tokenizer, tried out: what the runtime would refuse must
/// not get into a plan. A chat template that the runtime cannot render is left
/// out, with a warning, since everything else works without it.
static Result<text::TokenizerSpec> readTokenizer(const std::string &checkpoint,
                                                 const CompileHooks &hooks) {
  auto spec = importTokenizer(checkpoint);
  if (!spec)
    return spec;
  if (auto tokenizer = text::Tokenizer::create(*spec); !tokenizer)
    return tokenizer.status();
  if (spec->chatTemplate.empty())
    return spec;
  if (auto chat = text::ChatTemplate::create(spec->chatTemplate); !chat) {
    hooks.onWarning("chat template left out: " + chat.status().message());
    spec->chatTemplate.clear();
  }
  return spec;
}

/// The mean KL against golden outputs that formats excuse; measured on trained
/// models (docs/Architecture.md): 1e-11 in float32, 5e-5 with a bf16 cache,
/// 6e-3 with an FP8 one.
static double goldenLimit(const CompileOptions &options) {
  if (options.weights == passes::WeightFormat::FP8 ||
      options.kvCache == passes::CacheFormat::FP8 ||
      options.activations == passes::ActivationFormat::FP8)
    return 5e-2;
  return options.kvCache == passes::CacheFormat::BF16 ||
                 options.activations == passes::ActivationFormat::BF16
             ? 1e-3
             : 1e-6;
}

/// Fills what the artifact holds beside the module.
static Status fillParts(const CompileOptions &options,
                        const CompileHooks &hooks, ArtifactParts &parts) {
  if (options.checkpoint.empty())
    return {};
  auto tokenizer = readTokenizer(options.checkpoint, hooks);
  if (!tokenizer)
    return tokenizer.status();
  auto generation = importGenerationDefaults(options.checkpoint);
  if (!generation)
    return generation.status();
  parts.tokenizer = std::move(*tokenizer);
  parts.generation = std::move(*generation);
  parts.embedWeights = options.embedWeights;
  parts.hashWeights = options.hashWeights;
  parts.golden = {options.goldenCheck, goldenLimit(options)};
  return {};
}

/// The checkpoint to compile; none where a config alone is.
static Result<std::optional<storage::Checkpoint>>
openCheckpoint(const CompileOptions &options) {
  std::optional<storage::Checkpoint> checkpoint;
  if (options.checkpoint.empty())
    return checkpoint;
  auto opened = storage::Checkpoint::open(options.checkpoint);
  if (!opened)
    return opened.status();
  checkpoint = std::move(*opened);
  return checkpoint;
}

/// The model as published, from the checkpoint or, if that is null, from a
/// config alone.
static Result<OwningOpRef<ModuleOp>>
readModel(MLIRContext &context, const CompileOptions &options,
          const storage::Checkpoint *checkpoint, const CompileHooks &hooks) {
  auto config = ConfigFile::open(
      checkpoint ? options.checkpoint + "/config.json" : options.config);
  if (!config)
    return config.status();
  ImportReport report;
  auto module = checkpoint
                    ? importModel(context, *checkpoint, *config, &report)
                    : declareModel(context, *config, options.layers, &report);
  if (options.strict && !report.warnings.empty())
    return invalidInput(llvm::join(report.warnings, "\n"));
  for (const std::string &warning : report.warnings)
    hooks.onWarning(warning);
  for (const std::string &note : report.notes)
    hooks.onWarning(note);
  if (!module)
    return invalidInput(llvm::toString(module.takeError()));
  return std::move(*module);
}

/// Runs the passes up to `last` over the imported module.
static LogicalResult runPhases(ModuleOp module, passes::Phase last,
                               passes::KernelCatalogue &catalogue,
                               const passes::PipelineOptions &options) {
  PassManager manager(module.getContext());
  passes::buildPipeline(manager, last, catalogue, options);
  return manager.run(module);
}

Status compile(const CompileOptions &options, const CompileHooks &hooks) {
  auto backend = createBackend(options);
  if (!backend)
    return backend.status();

  hooks.onHop("import");
  auto checkpoint = openCheckpoint(options);
  if (!checkpoint)
    return checkpoint.status();
  ArtifactParts parts;
  parts.checkpoint = *checkpoint ? &**checkpoint : nullptr;
  if (Status status = fillParts(options, hooks, parts); !status.ok())
    return status;
  MLIRContext context;
  DiagnosticLog log(context, hooks);
  auto imported = readModel(context, options, parts.checkpoint, hooks);
  if (!imported)
    return imported.status();
  ModuleOp module = **imported;

  hooks.onHop("passes");
  auto limits = planLimits(options, modelContext(module));
  if (!limits)
    return limits.status();
  limits->singleDecode = (*backend)->decodesSingle();
  passes::Phase last = options.stopAfter.value_or(passes::Phase::Memory);
  if (failed(runPhases(module, last, (*backend)->openCatalogue(*limits),
                       {.limits = *limits,
                        .absorb = (*backend)->absorb(options.absorb),
                        .weights = options.weights,
                        .kvCache = options.kvCache,
                        .activations = options.activations,
                        .chooseTokens = (*backend)->choosesTokens(),
                        .without = options.without})))
    return log.failure("a pass failed without a message");
  if (options.stopAfter) {
    module->print(hooks.ir);
    return {};
  }

  hooks.onHop("kernels");
  parts.target = options.target;
  if (llvm::Error error = (*backend)->generate(module, parts))
    return log.failure(llvm::toString(std::move(error)));

  hooks.onHop("emit");
  auto report = emitArtifact(module, parts, options.output);
  if (!report && report.status().code() == StatusCode::Internal)
    return log.failure(report.status().message());
  if (report && hooks.onReport)
    hooks.onReport(*report);
  return report.status();
}

} // namespace ingot::compiler
