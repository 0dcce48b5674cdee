//===- DeviceWeights.cpp - weights in the memory of a device --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/DeviceWeights.h"
#include "runtime/plan/MemoryCertificate.h"
#include "runtime/plan/VerifyParts.h"

#include <chrono>
#include <cstring>

namespace ingot {

namespace {

using Views = std::vector<const std::byte *>;

class Placer {
public:
  Placer(Model::Impl &model, int threads)
      : model(model), plan(model.plan()), threads(threads) {}

  Status run() {
    // The places in files make room for those on the device.
    sources = std::move(model.weights);
    model.weights.assign(plan.weights()->size(), {});
    if (Status status = layOut(); !status.ok())
      return status;
    if (Status status = uploadWeights(); !status.ok())
      return status;
    if (Status status = pack(); !status.ok())
      return status;
    return placeTables();
  }

private:
  /// An argument of a launch that packs: a weight that is in place or, for as
  /// many parts as are packed at a time, one behind the other, memory of its
  /// own.
  struct Argument {
    uint32_t weight;
    std::optional<DeviceMemory> scratch;
  };

  bool isPlaced(uint32_t weight) const {
    return model.read[weight] || verify::isPacked(*plan.weights()->Get(weight));
  }

  /// Every view begins at a multiple of kDeviceAlignment: kernels read 16 bytes
  /// at a time, of any part of a stack.
  Status layOut() {
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < plan.weights()->size(); ++i)
      if (isPlaced(i))
        bytes = std::min(kMostDeviceBytes,
                         bytes + deviceBytes(*plan.weights()->Get(i)));
    // What is that large cannot be had, so that the sum need not be right.
    Result<DeviceMemory> memory = model.device->allocate(bytes, "weights");
    if (!memory)
      return memory.status();
    model.placed = std::move(*memory);
    std::byte *next = model.placed.data();
    for (uint32_t i = 0; i < plan.weights()->size(); ++i) {
      if (!isPlaced(i))
        continue;
      for (const fb::View *view : *plan.weights()->Get(i)->views()) {
        model.weights[i].push_back(next);
        next += alignForDevice(view->size());
      }
    }
    return {};
  }

  /// Part `part` of a weight that nothing packs, to `to`.
  Upload uploadPart(uint32_t weight, uint32_t part, std::byte *to) const {
    const fb::Weight &table = *plan.weights()->Get(weight);
    Upload upload{to, table.views()->Get(part)->size(), {}};
    if (!model.seed) {
      upload.write = [from = sources[weight][part]](uint64_t offset,
                                                    std::span<std::byte> out) {
        storage::fetchPages({from + offset, out.size()});
        std::memcpy(out.data(), from + offset, out.size());
      };
      return upload;
    }
    const uint64_t size = verify::elementSize(table.type());
    const uint64_t begin = part * (upload.bytes / size);
    upload.write = [elements = randomElements(plan, table, *model.seed), begin,
                    size](uint64_t offset, std::span<std::byte> out) {
      drawElements(elements, begin + offset / size, out.size() / size,
                   out.data());
    };
    return upload;
  }

  Status upload(const std::vector<Upload> &uploads) {
    auto begin = std::chrono::steady_clock::now();
    Status status = model.device->upload(uploads, threads);
    model.times.uploadSeconds +=
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin)
            .count();
    for (const Upload &one : uploads)
      model.times.uploadedBytes += one.bytes;
    return status;
  }

  Status uploadWeights() {
    std::vector<Upload> uploads;
    for (uint32_t i = 0; i < plan.weights()->size(); ++i) {
      if (!model.read[i] || verify::isPacked(*plan.weights()->Get(i)))
        continue;
      for (uint32_t part = 0; part < model.weights[i].size(); ++part)
        uploads.push_back(uploadPart(
            i, part, const_cast<std::byte *>(model.weights[i][part])));
    }
    return upload(uploads);
  }

  Status pack() {
    if (plan.pack()->size() == 0)
      return {};
    auto queue = model.device->createQueue({});
    if (!queue)
      return queue.status();
    for (const fb::Launch *launch : *plan.pack())
      if (Status status = packOne(*launch, **queue); !status.ok())
        return status;
    return {};
  }

  Status packOne(const fb::Launch &launch, DeviceQueue &queue) {
    const uint32_t atATime = partsAtATime(plan, launch);
    Result<std::vector<Argument>> arguments = listArguments(launch, atATime);
    if (!arguments)
      return arguments.status();
    for (uint32_t first = 0; first < launch.runs(); first += atATime) {
      const uint32_t count = std::min(atATime, launch.runs() - first);
      std::vector<Upload> uploads;
      for (const Argument &argument : *arguments)
        for (uint32_t i = 0; argument.scratch && i < count; ++i)
          uploads.push_back(
              uploadPart(argument.weight, first + i, scratchOf(argument, i)));
      if (Status status = upload(uploads); !status.ok())
        return status;
      if (Status s = runParts(launch, *arguments, first, count, queue); !s.ok())
        return s;
    }
    return {};
  }

  Result<std::vector<Argument>> listArguments(const fb::Launch &launch,
                                              uint32_t atATime) {
    std::vector<Argument> arguments;
    for (const fb::Arg *arg : *launch.args()) {
      Argument argument{arg->index(), std::nullopt};
      if (!isPlaced(arg->index())) {
        Result<DeviceMemory> memory = model.device->allocate(
            atATime * partStride(arg->index()), "weights to be packed");
        if (!memory)
          return memory.status();
        argument.scratch = std::move(*memory);
      }
      arguments.push_back(std::move(argument));
    }
    return arguments;
  }

  /// All parts of a weight have as many bytes.
  uint64_t partStride(uint32_t weight) const {
    return alignForDevice(plan.weights()->Get(weight)->views()->Get(0)->size());
  }

  std::byte *scratchOf(const Argument &argument, uint32_t i) const {
    return argument.scratch->data() + i * partStride(argument.weight);
  }

  Status runParts(const fb::Launch &launch,
                  const std::vector<Argument> &arguments, uint32_t first,
                  uint32_t count, DeviceQueue &queue) {
    DeviceStep step;
    step.name = "packing parts " + std::to_string(first) + " to " +
                std::to_string(first + count - 1);
    std::vector<uint64_t> args;
    args.reserve(arguments.size() * count);
    for (uint32_t i = 0; i < count; ++i) {
      for (const Argument &argument : arguments)
        args.push_back(uint64_t(reinterpret_cast<uintptr_t>(
            argument.scratch ? scratchOf(argument, i)
                             : model.weights[argument.weight][first + i])));
      DeviceLaunch run;
      run.kernel = &model.code.kernels[launch.kernel()];
      for (uint32_t axis = 0; axis < 3; ++axis)
        run.grid[axis] = uint32_t(launch.grid()->Get(axis)->add());
      run.args = std::span(args).last(arguments.size());
      run.name = launch.name()->string_view();
      run.kernelName =
          plan.kernels()->Get(launch.kernel())->name()->string_view();
      step.launches.push_back(run);
    }
    return queue.run(step, StepHooks());
  }

  /// One table after the other, of the addresses of each stacked weight that is
  /// read.
  Status placeTables() {
    std::vector<const std::byte *> addresses;
    std::vector<size_t> begins;
    for (uint32_t i = 0; i < plan.weights()->size(); ++i) {
      begins.push_back(addresses.size());
      if (model.read[i])
        addresses.insert(addresses.end(), model.weights[i].begin(),
                         model.weights[i].end());
    }
    const auto bytes = std::as_bytes(std::span(addresses));
    Result<DeviceMemory> memory =
        model.device->allocate(bytes.size(), "tables of weights");
    if (!memory)
      return memory.status();
    model.placedTables = std::move(*memory);
    for (size_t begin : begins)
      model.tables.push_back(model.placedTables.data() +
                             begin * sizeof(const std::byte *));
    Upload tables{model.placedTables.data(), bytes.size(),
                  [bytes](uint64_t offset, std::span<std::byte> out) {
                    std::memcpy(out.data(), bytes.data() + offset, out.size());
                  }};
    return model.device->upload({&tables, 1}, 1);
  }

  Model::Impl &model;
  const fb::Plan &plan;
  int threads;
  /// By index into Plan.weights: where each view lies in a file.
  std::vector<Views> sources;
};

} // namespace

Status placeWeights(Model::Impl &model, int threads) {
  Status status = Placer(model, threads).run();
  model.weightFiles.clear();
  return status;
}

} // namespace ingot
