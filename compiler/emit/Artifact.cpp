//===- Artifact.cpp - module, weights and machine code become one file ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/emit/Artifact.h"
#include "compiler/emit/TokenizerTable.h"
#include "compiler/emit/Translate.h"
#include "runtime/plan/ArtifactWriter.h"
#include "runtime/plan/Container.h"
#include "runtime/plan/ContentSample.h"

#include <filesystem>

namespace ingot::compiler {

static std::unique_ptr<fb::GenerationT>
translateGeneration(const text::GenerationDefaults &defaults) {
  auto table = std::make_unique<fb::GenerationT>();
  table->stop_ids = defaults.stopIds;
  table->do_sample = defaults.doSample;
  table->temperature = defaults.temperature;
  table->top_k = defaults.topK;
  table->top_p = defaults.topP;
  return table;
}

/// Path of file `index` of the checkpoint.
static std::string filePath(const storage::Checkpoint &checkpoint,
                            size_t index) {
  return checkpoint.folder() + "/" + checkpoint.files()[index].name;
}

/// Records the checkpoint's files, so that a changed one is refused.
static Status referToFiles(const storage::Checkpoint &checkpoint,
                           bool hashWeights, fb::PlanT &plan) {
  for (size_t i = 0; i < checkpoint.files().size(); ++i) {
    const storage::CheckpointFile &file = checkpoint.files()[i];
    auto table = std::make_unique<fb::FileT>();
    table->name = file.name;
    table->size = file.size;
    table->header_hash = file.headerHash;
    auto mapped = storage::MappedFile::open(filePath(checkpoint, i));
    if (!mapped)
      return mapped.status();
    std::span<const std::byte> bytes = mapped->bytes();
    table->sample_hash = sampleContent(bytes);
    if (hashWeights)
      table->content_hash = hashContent({&bytes, 1});
    plan.files.push_back(std::move(table));
  }
  return {};
}

/// Makes every view a range of the artifact and lists the ranges to copy.
static Status embedViews(const storage::Checkpoint &checkpoint,
                         bool hashWeights, fb::PlanT &plan,
                         std::vector<Blob> &blobs) {
  std::vector<storage::MappedFile> files;
  for (size_t i = 0; hashWeights && i < checkpoint.files().size(); ++i) {
    auto mapped = storage::MappedFile::open(filePath(checkpoint, i));
    if (!mapped)
      return mapped.status();
    files.push_back(std::move(*mapped));
  }
  std::vector<std::span<const std::byte>> embedded;
  for (auto &weight : plan.weights)
    for (fb::View &view : weight->views) {
      if (view.file() == kPacked)
        continue;
      Blob blob;
      blob.path = filePath(checkpoint, view.file());
      blob.offset = view.offset();
      blob.size = view.size();
      blobs.push_back(std::move(blob));
      if (hashWeights)
        embedded.push_back(
            files[view.file()].bytes().subspan(view.offset(), view.size()));
      view = fb::View(kEmbedded, 0, view.size());
    }
  if (hashWeights)
    plan.embedded_hash = hashContent(embedded);
  return {};
}

/// \returns the modules' images, which `parts` owns.
static std::vector<Blob> addModules(const ArtifactParts &parts,
                                    fb::PlanT &plan) {
  std::vector<Blob> blobs;
  for (const CodeModule &module : parts.modules) {
    auto table = std::make_unique<fb::ModuleT>();
    table->kind = module.kind;
    table->arch = module.arch;
    table->source = module.source;
    plan.modules.push_back(std::move(table));
    blobs.push_back({.bytes = std::as_bytes(std::span(module.image))});
  }
  return blobs;
}

/// Refers to the weights or, as `parts` says, embeds them.
static Status addWeights(const ArtifactParts &parts, fb::PlanT &plan,
                         std::vector<Blob> &blobs) {
  if (!parts.checkpoint)
    return {};
  return parts.embedWeights
             ? embedViews(*parts.checkpoint, parts.hashWeights, plan, blobs)
             : referToFiles(*parts.checkpoint, parts.hashWeights, plan);
}

/// Where the loader looks for the checkpoint: relative to the artifact where
/// the two lie below a common folder, so that both can move together.
static std::string checkpointPath(const std::string &folder,
                                  const std::string &artifact) {
  std::error_code error;
  auto from = std::filesystem::absolute(artifact, error).parent_path();
  auto relative = std::filesystem::relative(folder, from, error);
  return error || relative.empty() ? folder : relative.generic_string();
}

Result<PlanReport> emitArtifact(mlir::ModuleOp module,
                                const ArtifactParts &parts,
                                const std::string &path) {
  fb::PlanT plan;
  plan.producer = "ingotc " INGOT_VERSION;
  plan.target = std::make_unique<fb::TargetT>();
  plan.target->name = parts.target;
  plan.target->cpu = parts.cpu;
  plan.target->features = parts.features;
  plan.tokenizer = translateTokenizer(parts.tokenizer);
  plan.generation = translateGeneration(parts.generation);
  if (parts.checkpoint)
    plan.checkpoint = checkpointPath(parts.checkpoint->folder(), path);
  if (failed(translateModule(module, parts.checkpoint, plan)))
    return internalError("the plan could not be written");

  std::vector<Blob> blobs = addModules(parts, plan);
  if (Status status = addWeights(parts, plan, blobs); !status.ok())
    return status;
  if (!parts.golden.path.empty()) {
    auto check = readGoldenCheck(parts.golden, *plan.model);
    if (!check)
      return check.status();
    plan.golden_check = std::move(*check);
  }
  auto packed = packArtifact(path, plan, blobs);
  if (!packed)
    return packed.status();
  if (!path.empty())
    if (Status status = writeArtifact(path, *packed, blobs); !status.ok())
      return status;
  return reportOn(packed->plan());
}

} // namespace ingot::compiler
