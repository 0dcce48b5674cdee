//===- DeviceWeights.cpp - weights in the memory of a device --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/DeviceWeights.h"
#include "runtime/device/Stopwatch.h"
#include "runtime/exec/DevicePacking.h"
#include "runtime/exec/WeightSource.h"
#include "runtime/plan/MemoryCertificate.h"
#include "runtime/plan/VerifyParts.h"

#include <cstring>

namespace ingot {

namespace {

class Placer {
public:
  explicit Placer(Model::Impl &model) : model(model), plan(model.plan()) {}

  Status run(int threads) {
    auto created = model.device->createUploader(threads);
    if (!created)
      return created.status();
    uploader = std::move(*created);
    if (Status status = layOut(); !status.ok())
      return status;
    const Stopwatch uploading;
    if (Status status = uploadWeights(); !status.ok())
      return status;
    model.times.uploadSeconds = uploading.seconds();
    const Stopwatch packing;
    if (Status status = packOnDevice(model, *uploader); !status.ok())
      return status;
    model.times.packSeconds = packing.seconds();
    return placeTables();
  }

private:
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

  Status uploadWeights() {
    std::vector<Upload> uploads;
    for (uint32_t i = 0; i < plan.weights()->size(); ++i) {
      if (!model.read[i] || verify::isPacked(*plan.weights()->Get(i)))
        continue;
      for (uint32_t part = 0; part < model.weights[i].size(); ++part)
        uploads.push_back(uploadOf(
            model, i, part, const_cast<std::byte *>(model.weights[i][part])));
    }
    for (const Upload &upload : uploads)
      model.times.uploadedBytes += upload.bytes;
    return uploader->upload(uploads);
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
                    return Status();
                  }};
    return uploader->upload({&tables, 1});
  }

  Model::Impl &model;
  const fb::Plan &plan;
  std::unique_ptr<DeviceUploader> uploader;
};

} // namespace

Status placeWeights(Model::Impl &model, int threads) {
  Status status = Placer(model).run(threads);
  model.weightFiles.clear();
  return status;
}

} // namespace ingot
