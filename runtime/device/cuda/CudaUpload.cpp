//===- CudaUpload.cpp - from the host's memory into a GPU's ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/device/cuda/CudaUpload.h"
#include "runtime/device/cpu/ThreadPool.h"

#include <algorithm>
#include <atomic>
#include <mutex>

namespace ingot::cuda {

namespace {

/// A stream, and two pieces of pinned memory that take turns.
class Lane {
public:
  explicit Lane(const GpuContext &context) : context(context) {}
  ~Lane();
  Lane(const Lane &) = delete;
  Lane &operator=(const Lane &) = delete;

  /// Makes ready what the lane works with, if it is not; by the thread that
  /// sends, as all of this.
  Status open();
  Status send(const Upload &upload, uint64_t offset, uint64_t bytes);
  Status finish() {
    return context.check(context.api().cuStreamSynchronize(stream),
                         "cannot upload weights");
  }

private:
  struct Buffer {
    void *memory = nullptr;
    /// When the GPU has fetched what was in it.
    Event fetched = nullptr;
    bool used = false;
  };

  const GpuContext &context;
  Stream stream = nullptr;
  std::array<Buffer, 2> buffers;
  size_t turn = 0;
};

Status Lane::open() {
  if (Status s = context.enter(); !s.ok())
    return s;
  const Api &api = context.api();
  Error error = kSuccess;
  if (!stream)
    error = api.cuStreamCreate(&stream, kStreamNonBlocking);
  for (Buffer &buffer : buffers) {
    if (error == kSuccess && !buffer.memory)
      error = api.cuMemHostAlloc(&buffer.memory, kUploadPiece, 0);
    if (error == kSuccess && !buffer.fetched)
      error = api.cuEventCreate(&buffer.fetched, kEventDisableTiming);
  }
  return context.check(error, "cannot allocate memory to upload from");
}

Lane::~Lane() {
  if (!context.enter().ok())
    return;
  const Api &api = context.api();
  if (stream)
    api.cuStreamSynchronize(stream);
  for (const Buffer &buffer : buffers) {
    if (buffer.fetched)
      api.cuEventDestroy(buffer.fetched);
    if (buffer.memory)
      api.cuMemFreeHost(buffer.memory);
  }
  if (stream)
    api.cuStreamDestroy(stream);
}

Status Lane::send(const Upload &upload, uint64_t offset, uint64_t bytes) {
  const Api &api = context.api();
  Buffer &buffer = buffers[turn];
  turn = 1 - turn;
  Error error = buffer.used ? api.cuEventSynchronize(buffer.fetched) : kSuccess;
  if (error == kSuccess) {
    if (Status s = upload.write(
            offset, {static_cast<std::byte *>(buffer.memory), bytes});
        !s.ok())
      return s;
    error = api.cuMemcpyHtoDAsync(toDevice(upload.to) + offset, buffer.memory,
                                  bytes, stream);
  }
  if (error == kSuccess)
    error =
        api.cuEventRecordWithFlags(buffer.fetched, stream, kEventRecordDefault);
  buffer.used = true;
  return context.check(error, "cannot upload weights");
}

/// What the threads of one call share.
class Work {
public:
  explicit Work(std::span<const Upload> uploads) : uploads(uploads) {
    for (size_t i = 0; i < uploads.size(); ++i)
      for (uint64_t begin = 0; begin < uploads[i].bytes; begin += kUploadPiece)
        pieces.push_back({i, begin});
  }

  size_t count() const { return pieces.size(); }
  /// Sends pieces as long as there are any; what failed first is kept.
  void run(Lane &lane) {
    Status status = lane.open();
    while (status.ok()) {
      const size_t index = next++;
      if (index >= pieces.size())
        break;
      const Upload &upload = uploads[pieces[index].upload];
      const uint64_t begin = pieces[index].begin;
      status = lane.send(upload, begin,
                         std::min(kUploadPiece, upload.bytes - begin));
    }
    if (status.ok())
      status = lane.finish();
    if (status.ok())
      return;
    next = pieces.size(); // for the others to stop
    std::lock_guard lock(mutex);
    if (failure.ok())
      failure = status;
  }
  const Status &status() const { return failure; }

private:
  struct Piece {
    size_t upload;
    uint64_t begin;
  };

  std::span<const Upload> uploads;
  std::vector<Piece> pieces;
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  Status failure;
};

class CudaUploader : public DeviceUploader {
public:
  CudaUploader(std::shared_ptr<const GpuContext> context,
               std::unique_ptr<ThreadPool> pool)
      : context(std::move(context)), pool(std::move(pool)) {
    for (int i = 0; i < this->pool->threads(); ++i)
      lanes.push_back(std::make_unique<Lane>(*this->context));
  }

  Status upload(std::span<const Upload> uploads) override {
    Work work(uploads);
    // Two pieces for each thread at the least.
    const size_t used = std::min((work.count() + 1) / 2, lanes.size());
    pool->parallelFor(uint32_t(used), [&](uint32_t begin, uint32_t end) {
      for (uint32_t i = begin; i < end; ++i)
        work.run(*lanes[i]);
    });
    return work.status();
  }

private:
  std::shared_ptr<const GpuContext> context;
  std::unique_ptr<ThreadPool> pool;
  std::vector<std::unique_ptr<Lane>> lanes;
};

} // namespace

Result<std::unique_ptr<DeviceUploader>>
createUploader(std::shared_ptr<const GpuContext> context, int threads) {
  auto pool = ThreadPool::create(
      std::min(kMaxUploadThreads, ThreadPool::resolve(threads)));
  if (!pool)
    return pool.status();
  return std::unique_ptr<DeviceUploader>(
      std::make_unique<CudaUploader>(std::move(context), std::move(*pool)));
}

} // namespace ingot::cuda
