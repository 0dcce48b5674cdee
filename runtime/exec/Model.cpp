//===- Model.cpp - loads a compiled model ---------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/Stopwatch.h"
#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/device/cuda/CudaDevice.h"
#include "runtime/exec/DeviceWeights.h"
#include "runtime/exec/ModelImpl.h"
#include "runtime/exec/PackWeights.h"
#include "runtime/exec/PlanText.h"
#include "runtime/exec/WeightFiles.h"
#include "runtime/plan/MemoryCertificate.h"
#include "runtime/plan/StepCost.h"
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
    if (entry->name()->string_view() == "decode") {
      info.maxDecodeTokens = tokens;
      for (const fb::Binding *output : *entry->outputs())
        info.choosesTokens |= output->name()->string_view() == "chosen";
    } else if (entry->name()->string_view() == "score") {
      info.maxScoredTokens = tokens;
    } else if (entry->name()->string_view() != kSingleDecodeEntry) {
      info.maxStepTokens = std::min(info.maxStepTokens, tokens);
    }
    info.hasDraft |= entry->name()->string_view() == "draft";
  }
  return info;
}

/// The device that the plan is for.
Result<std::shared_ptr<Device>> openDevice(const PlanFile &file,
                                           const LoadOptions &options) {
  const fb::Target &target = *file.plan().target();
  if (isForGpu(file.plan()))
    return openCudaDevice(
        {options.cudaDriver, options.device, target.name()->str()});
  Result<std::set<std::string>> features = readProcessorFeatures();
  if (!features)
    return features.status();
  if (Status status = checkTarget(target, *features, file.path()); !status.ok())
    return status;
  return createCpuDevice();
}

RunSetup setupOf(const LoadOptions &options) {
  RunSetup setup;
  setup.drawn = options.randomSeed.has_value();
  setup.threads = ThreadPool::resolve(options.threads);
  return setup;
}

/// Whether the model and a session fit into the host's memory, as far as the
/// certificate says.
Status checkRoom(const PlanFile &file, const LoadOptions &options) {
  std::optional<uint64_t> limit = options.memoryLimit;
  if (isForGpu(file.plan()))
    limit.reset();
  return checkMemory(listMemory(file.plan(), setupOf(options)), limit,
                     availableMemory(), file.path());
}

/// The same of the memory of a device that is not the host.
Status checkDeviceRoom(const PlanFile &file, const Device &device,
                       const LoadOptions &options) {
  if (device.isHost())
    return {};
  return checkDeviceMemory(listMemory(file.plan(), setupOf(options)),
                           options.memoryLimit, device.availableBytes(),
                           device.info().name, file.path());
}

/// Arguments of the launches of each kernel, which all have as many.
std::vector<std::optional<size_t>> countArguments(const fb::Plan &plan) {
  std::vector<std::optional<size_t>> counts(plan.kernels()->size());
  auto count = [&](const auto &launches) {
    for (const fb::Launch *launch : launches)
      counts[launch->kernel()] = launch->args()->size();
  };
  for (const fb::Entry *entry : *plan.entries())
    count(*entry->steps());
  count(*plan.pack());
  return counts;
}

Status loadKernels(Model::Impl &model) {
  const Stopwatch watch;
  const fb::Plan &plan = model.plan();
  std::vector<CodeImage> images;
  // Text is not run: a module that is no code has no image.
  std::vector<size_t> imageOf(plan.modules()->size());
  for (uint32_t i = 0; i < plan.modules()->size(); ++i) {
    const fb::Module &module = *plan.modules()->Get(i);
    imageOf[i] = images.size();
    if (module.kind() != fb::ModuleKind::Ptx)
      images.push_back({model.file.blob(module.offset(), module.size()),
                        model.file.path() + ": module " + std::to_string(i)});
  }
  std::vector<KernelRequest> requests;
  const auto arguments = countArguments(plan);
  for (uint32_t i = 0; i < plan.kernels()->size(); ++i) {
    const fb::Kernel &kernel = *plan.kernels()->Get(i);
    KernelRequest request{imageOf[kernel.module_()], kernel.symbol()->str()};
    if (const fb::Resources *resources = kernel.resources()) {
      request.block = resources->block();
      request.sharedBytes = resources->shared_bytes();
      request.startsEarly = resources->early_start();
    }
    request.arguments = arguments[i];
    requests.push_back(std::move(request));
  }
  Result<DeviceCode> code = model.device->loadCode(images, requests);
  if (!code)
    return code.status();
  model.code = std::move(*code);
  model.times.modules = images.size();
  model.times.codeSeconds = watch.seconds();
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

/// Finds the weights' bytes in the files of the checkpoint.
Status findWeights(Model::Impl &model, const LoadOptions &options) {
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
  return {};
}

/// Weights before code: nothing of the artifact runs unless all of it fits.
Status loadOnHost(Model::Impl &model, ThreadPool &pool) {
  if (model.seed)
    if (Status s = drawRandomWeights(model, *model.seed, pool); !s.ok())
      return s;
  if (!model.seed)
    locateWeights(model);
  if (Status status = loadKernels(model); !status.ok())
    return status;
  if (Status status = packWeights(model, model.seed, pool); !status.ok())
    return status;
  for (const auto &views : model.weights)
    model.tables.push_back(reinterpret_cast<const std::byte *>(views.data()));
  return {};
}

Status loadOnDevice(Model::Impl &model, int threads) {
  if (model.seed)
    if (Status status = checkDrawable(model.plan()); !status.ok())
      return status;
  if (Status status = loadKernels(model); !status.ok())
    return status;
  return placeWeights(model, threads);
}

/// Finds or draws weights, packs those that the plan has packed, and loads the
/// code.
Status loadOntoDevice(Model::Impl &model, const LoadOptions &options) {
  model.weights.resize(model.plan().weights()->size());
  model.read = listEntryWeights(model.plan());
  model.seed = options.randomSeed;
  if (!model.seed)
    if (Status status = findWeights(model, options); !status.ok())
      return status;
  if (!model.device->isHost())
    return loadOnDevice(model, options.threads);
  Result<std::unique_ptr<ThreadPool>> pool =
      ThreadPool::create(options.threads);
  return pool ? loadOnHost(model, **pool) : pool.status();
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
  const Stopwatch watch;
  Result<PlanFile> file = PlanFile::open(path);
  if (!file)
    return file.status();
  if (Status status = checkRoom(*file, options); !status.ok())
    return status;
  Result<std::shared_ptr<Device>> device = openDevice(*file, options);
  if (!device)
    return device.status();
  if (Status s = checkDeviceRoom(*file, **device, options); !s.ok())
    return s;

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

  impl->device = std::move(*device);
  const DeviceInfo &info = impl->device->info();
  impl->times.device = info.name;
  impl->times.driverSeconds = info.driverSeconds;
  impl->times.contextSeconds = info.contextSeconds;
  impl->times.artifactSeconds =
      watch.seconds() - info.driverSeconds - info.contextSeconds;
  if (Status status = loadOntoDevice(*impl, options); !status.ok())
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
const LoadTimes &Model::loadTimes() const { return self->times; }

} // namespace ingot
