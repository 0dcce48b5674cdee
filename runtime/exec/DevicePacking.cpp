//===- DevicePacking.cpp - packs weights on a device ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/DevicePacking.h"
#include "runtime/exec/WeightSource.h"
#include "runtime/plan/MemoryCertificate.h"

namespace ingot {

namespace {

/// Some parts of what a launch of Plan.pack reads.
struct Group {
  const fb::Launch *launch;
  uint32_t first, count;
  /// Of what must be uploaded for them.
  uint64_t bytes;
};

class Packer {
public:
  Packer(Model::Impl &model, DeviceUploader &uploader)
      : model(model), plan(model.plan()), uploader(uploader) {}

  Status run() {
    auto created = model.device->createQueue({});
    if (!created)
      return created.status();
    queue = std::move(*created);
    auto memory = model.device->allocate(devicePackingBytes(plan),
                                         "weights to be packed");
    if (!memory)
      return memory.status();
    scratch = std::move(*memory);
    running = {scratch.data(), scratch.data()};
    for (const fb::Launch *launch : *plan.pack())
      if (Status status = packOne(*launch); !status.ok())
        return status;
    return finish();
  }

private:
  Status packOne(const fb::Launch &launch) {
    const uint32_t atATime = partsAtATime(plan, launch);
    const uint64_t partBytes = packedPartBytes(plan, launch);
    for (uint32_t first = 0; first < launch.runs(); first += atATime) {
      const uint32_t count = std::min(atATime, launch.runs() - first);
      if (Status s = packGroup({&launch, first, count, count * partBytes});
          !s.ok())
        return s;
    }
    return {};
  }

  Status packGroup(const Group &group) {
    Result<std::byte *> begin = makeRoom(group.bytes);
    if (!begin)
      return begin.status();
    std::vector<Upload> uploads;
    std::vector<uint64_t> args = placeArguments(group, *begin, uploads);
    for (const Upload &upload : uploads)
      model.times.packedFromBytes += upload.bytes;
    if (Status status = uploader.upload(uploads); !status.ok())
      return status;
    // One group runs at a time: the next one's upload takes longer.
    if (Status status = finish(); !status.ok())
      return status;
    running = {*begin, *begin + group.bytes};
    return start(group, args);
  }

  /// Memory for the next group, which the running one does not use.
  Result<std::byte *> makeRoom(uint64_t bytes) {
    std::byte *begin = scratch.data();
    if (uint64_t(running.first - begin) >= bytes)
      return begin;
    if (uint64_t(begin + scratch.size() - running.second) >= bytes)
      return running.second;
    if (Status status = finish(); !status.ok())
      return status;
    return begin;
  }

  /// Addresses of what each run of the launch takes, in order; what has no
  /// place gets one from `next` on and goes to `uploads`.
  std::vector<uint64_t> placeArguments(const Group &group, std::byte *next,
                                       std::vector<Upload> &uploads) const {
    std::vector<uint64_t> args;
    for (uint32_t i = 0; i < group.count; ++i)
      for (const fb::Arg *arg : *group.launch->args()) {
        const uint32_t part = group.first + i;
        const std::byte *address = next;
        if (!model.weights[arg->index()].empty()) {
          address = model.weights[arg->index()][part];
        } else {
          uploads.push_back(uploadOf(model, arg->index(), part, next));
          next += alignForDevice(uploads.back().bytes);
        }
        args.push_back(uint64_t(reinterpret_cast<uintptr_t>(address)));
      }
    return args;
  }

  Status start(const Group &group, std::span<const uint64_t> args) {
    const fb::Launch &launch = *group.launch;
    DeviceStep step;
    step.name = nameOf(group.first, group.count);
    for (uint32_t i = 0; i < group.count; ++i) {
      DeviceLaunch run;
      run.kernel = &model.code.kernels[launch.kernel()];
      for (uint32_t axis = 0; axis < 3; ++axis)
        run.grid[axis] = uint32_t(launch.grid()->Get(axis)->add());
      run.args = args.subspan(i * launch.args()->size(), launch.args()->size());
      run.name = launch.name()->string_view();
      run.kernelName =
          plan.kernels()->Get(launch.kernel())->name()->string_view();
      step.launches.push_back(run);
    }
    runningName = step.name;
    return queue->start(step);
  }

  static std::string nameOf(uint32_t first, uint32_t count) {
    return "packing parts " + std::to_string(first) + " to " +
           std::to_string(first + count - 1);
  }

  /// Waits for the group that runs, if there is one.
  Status finish() {
    if (runningName.empty())
      return {};
    Status status = queue->wait(runningName);
    runningName.clear();
    running = {scratch.data(), scratch.data()};
    return status;
  }

  Model::Impl &model;
  const fb::Plan &plan;
  DeviceUploader &uploader;
  DeviceMemory scratch;
  std::unique_ptr<DeviceQueue> queue; // and goes first
  /// The group that the device packs: its memory, and its name, or none.
  std::pair<std::byte *, std::byte *> running;
  std::string runningName;
};

} // namespace

Status packOnDevice(Model::Impl &model, DeviceUploader &uploader) {
  if (model.plan().pack()->size() == 0)
    return {};
  return Packer(model, uploader).run();
}

} // namespace ingot
