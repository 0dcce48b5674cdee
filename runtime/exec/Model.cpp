//===- Model.cpp - loads a compiled model ---------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/ModelImpl.h"
#include "runtime/exec/PackWeights.h"
#include "runtime/exec/PlanText.h"
#include "runtime/exec/WeightFiles.h"
#include "runtime/plan/MemoryCertificate.h"
#include "runtime/plan/TargetCheck.h"
#include "runtime/plan/VerifyParts.h"

#include <algorithm>
#include <limits>

namespace ingot {

namespace {

/// Most tokens that a step of `entry` takes.
int64_t tokensOf(const fb::Plan &plan, const fb::Entry &entry) {
  for (uint32_t i = 0; i < plan.symbols()->size(); ++i)
    if (plan.symbols()->Get(i)->name()->string_view() == "T")
      return entry.bucket()->Get(i);
  return 0; // never: verification demands a T
}

ModelInfo describe(const fb::Plan &plan) {
  ModelInfo info;
  info.vocabSize = plan.model()->vocab_size();
  info.hiddenSize = plan.model()->hidden_size();
  info.maxContext = plan.model()->max_context();
  info.maxBatch = plan.model()->max_batch();
  info.maxStepTokens = std::numeric_limits<int64_t>::max();
  for (const fb::Entry *entry : *plan.entries()) {
    int64_t tokens = tokensOf(plan, *entry);
    if (entry->name()->string_view() == "decode")
      info.maxDecodeTokens = tokens;
    else
      info.maxStepTokens = std::min(info.maxStepTokens, tokens);
    info.hasDraft |= entry->name()->string_view() == "draft";
  }
  return info;
}

Status checkMachine(const PlanFile &file) {
  Result<std::set<std::string>> features = readProcessorFeatures();
  if (!features)
    return features.status();
  return checkTarget(*file.plan().target(), *features, file.path());
}

/// Whether the model and a session fit, as far as the certificate says.
Status checkRoom(const PlanFile &file, const LoadOptions &options) {
  RunSetup setup;
  setup.drawn = options.randomSeed.has_value();
  setup.threads = ThreadPool::resolve(options.threads);
  return checkMemory(listMemory(file.plan(), setup), options.memoryLimit,
                     availableMemory(), file.path());
}

Status loadKernels(Model::Impl &model) {
  for (uint32_t i = 0; i < model.plan().modules()->size(); ++i) {
    const fb::Module &module = *model.plan().modules()->Get(i);
    Result<HostModule> loaded =
        HostModule::load(model.file.blob(module.offset(), module.size()),
                         model.file.path() + ": module " + std::to_string(i));
    if (!loaded)
      return loaded.status();
    model.modules.push_back(std::move(*loaded));
  }
  for (const fb::Kernel *kernel : *model.plan().kernels()) {
    Result<HostKernel> found =
        model.modules[kernel->module_()].find(kernel->symbol()->str());
    if (!found)
      return found.status();
    model.kernels.push_back(*found);
  }
  return {};
}

/// Draws the weights that entries read and nothing packs.
Status drawRandomWeights(Model::Impl &model, uint64_t seed, ThreadPool &pool) {
  const fb::Plan &plan = model.plan();
  WeightSet wanted = model.read;
  for (uint32_t i = 0; i < wanted.size(); ++i)
    wanted[i] = wanted[i] && !verify::isPacked(*plan.weights()->Get(i));
  Result<WeightMemory> drawn = drawWeights(plan, wanted, seed, pool);
  if (!drawn)
    return drawn.status();
  model.drawn = std::move(*drawn);
  for (uint32_t i = 0; i < wanted.size(); ++i)
    if (wanted[i])
      model.weights[i] =
          placeViews(*plan.weights()->Get(i), model.drawn->begins[i]);
  return {};
}

/// Verification has seen that views lie in files of the plan's size, and
/// opening that the files have it.
void locateWeights(Model::Impl &model) {
  for (uint32_t i = 0; i < model.weights.size(); ++i)
    for (const fb::View *view : *model.plan().weights()->Get(i)->views()) {
      if (view->file() == kPacked)
        continue;
      model.weights[i].push_back(
          view->file() == kEmbedded
              ? model.file.blob(view->offset(), view->size()).data()
              : model.weightFiles[view->file()].bytes().data() +
                    view->offset());
    }
}

/// Finds the weights' bytes, in the files of the checkpoint or by drawing them.
Status bindWeights(Model::Impl &model, const LoadOptions &options,
                   ThreadPool &pool) {
  model.weights.resize(model.plan().weights()->size());
  model.read = listEntryWeights(model.plan());
  if (options.randomSeed)
    return drawRandomWeights(model, *options.randomSeed, pool);
  for (const fb::Weight *weight : *model.plan().weights())
    if (weight->views()->Get(0)->file() == kNoFile)
      return incompatible(model.file.path() +
                          ": was compiled without weights; it runs with "
                          "--weights random:SEED only");
  Result<std::vector<storage::MappedFile>> files = openWeightFiles(
      model.plan(), listWeightFolders(model.plan(), model.file.path(),
                                      options.weightsDirectory));
  if (!files)
    return files.status();
  model.weightFiles = std::move(*files);
  locateWeights(model);
  return {};
}

/// Names the artifact in a message of the text library.
Status inArtifact(const PlanFile &file, const Status &status) {
  return invalidPlan(file.path() + ": " + status.message());
}

} // namespace

Model::Model(std::unique_ptr<Impl> impl) : self(std::move(impl)) {}
Model::~Model() = default;

Result<std::shared_ptr<const Model>> Model::load(const std::string &path,
                                                 const LoadOptions &options) {
  Result<PlanFile> file = PlanFile::open(path);
  if (!file)
    return file.status();
  if (Status status = checkMachine(*file); !status.ok())
    return status;
  if (Status status = checkRoom(*file, options); !status.ok())
    return status;

  text::TokenizerSpec spec = readTokenizerSpec(*file->plan().tokenizer());
  std::string templateSource = spec.chatTemplate, bosToken = spec.bosToken,
              eosToken = spec.eosToken;
  Result<text::Tokenizer> tokenizer = text::Tokenizer::create(std::move(spec));
  if (!tokenizer)
    return inArtifact(*file, tokenizer.status());
  auto impl = std::make_unique<Impl>(std::move(*file), std::move(*tokenizer));
  const fb::Plan &plan = impl->plan();
  impl->info = describe(plan);
  impl->bosToken = std::move(bosToken);
  impl->eosToken = std::move(eosToken);
  impl->generation = readGeneration(*plan.generation());
  if (!templateSource.empty()) {
    Result<text::ChatTemplate> chat =
        text::ChatTemplate::create(templateSource);
    if (!chat)
      return inArtifact(impl->file, chat.status());
    impl->chatTemplate = std::move(*chat);
  }

  Result<std::unique_ptr<ThreadPool>> pool =
      ThreadPool::create(options.threads);
  if (!pool)
    return pool.status();
  // Weights before code: nothing of the artifact runs unless all of it fits.
  if (Status status = bindWeights(*impl, options, **pool); !status.ok())
    return status;
  if (Status status = loadKernels(*impl); !status.ok())
    return status;
  if (Status status = packWeights(*impl, options.randomSeed, **pool);
      !status.ok())
    return status;
  return std::shared_ptr<const Model>(new Model(std::move(impl)));
}

const ModelInfo &Model::info() const { return self->info; }
const text::Tokenizer &Model::tokenizer() const { return self->tokenizer; }
const text::ChatTemplate *Model::chatTemplate() const {
  return self->chatTemplate ? &*self->chatTemplate : nullptr;
}
const text::GenerationDefaults &Model::generationDefaults() const {
  return self->generation;
}
const std::string &Model::bosToken() const { return self->bosToken; }
const std::string &Model::eosToken() const { return self->eosToken; }

} // namespace ingot
