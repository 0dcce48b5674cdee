//===- RandomCheckpoint.cpp - a checkpoint of drawn weights ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/pack/RandomCheckpoint.h"
#include "runtime/device/cpu/ThreadPool.h"
#include "runtime/exec/RandomWeights.h"
#include "runtime/plan/ArtifactWriter.h"
#include "runtime/plan/ContentSample.h"
#include "runtime/plan/PlanFile.h"
#include "runtime/plan/VerifyParts.h"
#include "runtime/storage/Checkpoint.h"
#include "runtime/storage/SafeTensorsWriter.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

namespace ingot {

namespace {

/// Bytes that are drawn at a time.
constexpr uint64_t kPiece = uint64_t(64) << 20;

/// A part of a weight, which becomes a tensor.
struct Part {
  uint32_t weight, index;
  std::string name;
  uint64_t bytes;
};

storage::ElementType storedType(fb::ElementType type) {
  switch (type) {
  case fb::ElementType::F32:
    return storage::ElementType::F32;
  case fb::ElementType::F16:
    return storage::ElementType::F16;
  case fb::ElementType::BF16:
    return storage::ElementType::BF16;
  case fb::ElementType::F8E4M3:
    return storage::ElementType::F8_E4M3;
  case fb::ElementType::I32:
    break; // cannot be drawn
  }
  return storage::ElementType::I32;
}

/// "layers.1.experts.{e}.gate.weight" and 3: the tensor of that expert.
std::string tensorName(const fb::Weight &weight, uint32_t part) {
  std::string name = weight.name()->str();
  if (size_t at = name.find("{e}"); at != std::string::npos)
    name.replace(at, 3, std::to_string(part));
  return name;
}

class Writer {
public:
  Writer(const PlanFile &file, const RandomCheckpointOptions &options,
         ThreadPool &pool)
      : file(file), plan(file.plan()), options(options), pool(pool) {}

  Result<RandomCheckpoint> run() {
    if (Status status = listParts(); !status.ok())
      return status;
    const std::vector<std::vector<Part>> shards = divide();
    for (size_t i = 0; i < shards.size(); ++i)
      if (Status s = writeShard(shards[i], shardName(i, shards.size()));
          !s.ok())
        return s;
    if (Status status = writeIndex(); !status.ok())
      return status;
    if (Status status = writePlan(); !status.ok())
      return status;
    report.files = shards.size();
    return report;
  }

private:
  Status listParts() {
    if (Status status = checkDrawable(plan); !status.ok())
      return status;
    for (uint32_t i = 0; i < plan.weights()->size(); ++i) {
      const fb::Weight &weight = *plan.weights()->Get(i);
      if (verify::isPacked(weight))
        continue;
      if (weight.views()->Get(0)->file() != kNoFile)
        return invalidInput(file.path() +
                            ": expects an artifact that was compiled without "
                            "weights (ingotc --config-only)");
      for (uint32_t part = 0; part < weight.views()->size(); ++part)
        parts.push_back({i, part, tensorName(weight, part),
                         weight.views()->Get(part)->size()});
    }
    return {};
  }

  /// Larger elements first within a shard: so all are aligned to their size.
  std::vector<std::vector<Part>> divide() const {
    std::vector<std::vector<Part>> shards(1);
    uint64_t bytes = 0;
    for (const Part &part : parts) {
      if (bytes >= options.shardBytes) {
        shards.emplace_back();
        bytes = 0;
      }
      shards.back().push_back(part);
      bytes += part.bytes;
    }
    auto order = [&](const Part &part) {
      uint64_t size =
          verify::elementSize(plan.weights()->Get(part.weight)->type());
      return std::tuple(-int64_t(size), part.weight, part.index);
    };
    for (std::vector<Part> &shard : shards)
      std::sort(shard.begin(), shard.end(), [&](const Part &a, const Part &b) {
        return order(a) < order(b);
      });
    return shards;
  }

  static std::string shardName(size_t index, size_t count) {
    char name[64];
    std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors",
                  index + 1, count);
    return name;
  }

  /// Of a stack, a part is one of its matrices.
  std::vector<int64_t> shapeOf(const fb::Weight &weight) const {
    std::vector<int64_t> shape(weight.shape()->begin(), weight.shape()->end());
    if (weight.views()->size() > 1)
      shape.erase(shape.begin());
    return shape;
  }

  Status writeShard(const std::vector<Part> &shard, const std::string &name) {
    std::vector<storage::TensorDeclaration> declared;
    for (const Part &part : shard) {
      const fb::Weight &weight = *plan.weights()->Get(part.weight);
      declared.push_back(
          {part.name, storedType(weight.type()), shapeOf(weight)});
      places[part.name] = name;
    }
    auto writer = storage::SafeTensorsWriter::create(
        options.folder + "/" + name, declared);
    if (!writer)
      return writer.status();
    for (const Part &part : shard)
      if (Status status = draw(part, *writer); !status.ok())
        return status;
    return writer->finish();
  }

  Status draw(const Part &part, storage::SafeTensorsWriter &writer) {
    const fb::Weight &weight = *plan.weights()->Get(part.weight);
    const RandomElements elements = randomElements(plan, weight, options.seed);
    const uint64_t size = verify::elementSize(weight.type());
    const uint64_t begin = part.index * (part.bytes / size);
    ++report.tensors;
    report.bytes += part.bytes;
    for (uint64_t at = 0; at < part.bytes; at += kPiece) {
      buffer.resize(std::min(kPiece, part.bytes - at));
      drawOver(pool, elements, begin + at / size, buffer.size() / size,
               buffer.data());
      if (Status status = writer.write(buffer); !status.ok())
        return status;
    }
    return {};
  }

  Status writeIndex() const {
    nlohmann::json index = {{"metadata", {{"total_size", report.bytes}}},
                            {"weight_map", places}};
    auto written = storage::AtomicFile::create(options.folder +
                                               "/model.safetensors.index.json");
    if (!written)
      return written.status();
    if (Status status = written->write(index.dump(1) + "\n"); !status.ok())
      return status;
    return written->commit();
  }

  /// The plan again, with views into the files.
  Status writePlan() {
    auto checkpoint = storage::Checkpoint::open(options.folder);
    if (!checkpoint)
      return checkpoint.status();
    fb::PlanT out;
    plan.UnPackTo(&out);
    out.checkpoint = ".";
    for (const storage::CheckpointFile &one : checkpoint->files()) {
      auto mapped = storage::MappedFile::open(options.folder + "/" + one.name);
      if (!mapped)
        return mapped.status();
      auto table = std::make_unique<fb::FileT>();
      table->name = one.name;
      table->size = one.size;
      table->header_hash = one.headerHash;
      table->sample_hash = sampleContent(mapped->bytes());
      out.files.push_back(std::move(table));
    }
    for (const Part &part : parts) {
      const storage::CheckpointTensor *tensor = checkpoint->find(part.name);
      if (!tensor)
        return internalError("tensor '" + part.name + "' was not written");
      out.weights[part.weight]->views[part.index] =
          fb::View(int32_t(tensor->file), tensor->info.fileOffset, part.bytes);
    }
    std::vector<Blob> blobs;
    for (const fb::Module *module : *plan.modules())
      blobs.push_back({.bytes = file.blob(module->offset(), module->size())});
    report.artifact = options.folder + "/model.ingot";
    return writeArtifact(report.artifact, out, blobs);
  }

  const PlanFile &file;
  const fb::Plan &plan;
  const RandomCheckpointOptions &options;
  ThreadPool &pool;
  std::vector<Part> parts;
  /// The file of each tensor.
  std::map<std::string, std::string> places;
  std::vector<std::byte> buffer;
  RandomCheckpoint report;
};

} // namespace

Result<RandomCheckpoint>
writeRandomCheckpoint(const std::string &artifact,
                      const RandomCheckpointOptions &options) {
  Result<PlanFile> file = PlanFile::open(artifact);
  if (!file)
    return file.status();
  auto pool = ThreadPool::create(options.threads);
  if (!pool)
    return pool.status();
  return Writer(*file, options, **pool).run();
}

} // namespace ingot
