//===- PackWeights.cpp - computes the packed weights of a plan ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/PackWeights.h"
#include "runtime/device/cpu/TileLoop.h"

namespace ingot {

namespace {

class Packer {
public:
  Packer(Model::Impl &model, const std::optional<uint64_t> &seed,
         ThreadPool &pool)
      : model(model), seed(seed), pool(pool) {}

  Status run(const fb::Launch &launch) {
    Result<std::vector<Source>> sources = listSources(launch);
    if (!sources)
      return sources.status();
    auto kernel = reinterpret_cast<HostKernel>(
        model.code.kernels[launch.kernel()].function);
    std::vector<uint64_t> args(launch.args()->size());
    for (uint32_t part = 0; part < launch.runs(); ++part) {
      for (size_t i = 0; i < args.size(); ++i)
        args[i] =
            uint64_t(reinterpret_cast<uintptr_t>(acquire((*sources)[i], part)));
      auto size = [&](uint32_t i) {
        return uint32_t(launch.grid()->Get(i)->add());
      };
      runTiles(pool, kernel, args.data(), {size(0), size(1), size(2)});
      for (const Source &source : *sources)
        release(source, part);
    }
    return {};
  }

private:
  /// An argument, and the memory that its parts are drawn to if they lie
  /// nowhere.
  struct Source {
    uint32_t weight;
    std::optional<HostMemory> scratch;
  };

  const fb::Weight &weightOf(const Source &source) const {
    return *model.plan().weights()->Get(source.weight);
  }

  Result<std::vector<Source>> listSources(const fb::Launch &launch) const {
    std::vector<Source> sources;
    for (const fb::Arg *arg : *launch.args()) {
      Source source{arg->index(), std::nullopt};
      if (model.weights[source.weight].empty()) {
        Result<HostMemory> memory = HostMemory::allocate(
            weightOf(source).views()->Get(0)->size(), "a random weight");
        if (!memory)
          return memory.status();
        source.scratch = std::move(*memory);
      }
      sources.push_back(std::move(source));
    }
    return sources;
  }

  /// Where a part can be read, or written if it is packed.
  const std::byte *acquire(const Source &source, uint32_t part) {
    if (!source.scratch)
      return model.weights[source.weight][part];
    const fb::Weight &weight = weightOf(source);
    const uint64_t count = countElements(weight) / weight.views()->size();
    drawOver(pool, randomElements(model.plan(), weight, *seed), part * count,
             count, source.scratch->data());
    return source.scratch->data();
  }

  /// A part of a file that no entry reads need not stay in memory.
  void release(const Source &source, uint32_t part) const {
    if (!source.scratch && !model.read[source.weight] &&
        !model.packed->begins[source.weight])
      storage::releasePages({model.weights[source.weight][part],
                             weightOf(source).views()->Get(part)->size()});
  }

  Model::Impl &model;
  const std::optional<uint64_t> &seed;
  ThreadPool &pool;
};

} // namespace

Status packWeights(Model::Impl &model, const std::optional<uint64_t> &seed,
                   ThreadPool &pool) {
  const WeightSet packed = listPackedWeights(model.plan());
  Result<WeightMemory> memory =
      allocateWeights(model.plan(), packed, "packed weights");
  if (!memory)
    return memory.status();
  model.packed = std::move(*memory);
  for (uint32_t i = 0; i < packed.size(); ++i)
    if (packed[i])
      model.weights[i] =
          placeViews(*model.plan().weights()->Get(i), model.packed->begins[i]);
  Packer packer(model, seed, pool);
  for (const fb::Launch *launch : *model.plan().pack())
    if (Status status = packer.run(*launch); !status.ok())
      return status;
  return {};
}

} // namespace ingot
