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

  Status open(uint64_t bytes);
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

Status Lane::open(uint64_t bytes) {
  if (Status s = context.enter(); !s.ok())
    return s;
  const Api &api = context.api();
  Error error = api.cuStreamCreate(&stream, kStreamNonBlocking);
  for (Buffer &buffer : buffers) {
    if (error == kSuccess)
      error = api.cuMemHostAlloc(&buffer.memory, bytes, 0);
    if (error == kSuccess)
      error = api.cuEventCreate(&buffer.fetched, kEventDisableTiming);
  }
  return context.check(error, "cannot allocate memory to upload from");
}

Lane::~Lane() {
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
    upload.write(offset, {static_cast<std::byte *>(buffer.memory), bytes});
    error = api.cuMemcpyHtoDAsync(toDevice(upload.to) + offset, buffer.memory,
                                  bytes, stream);
  }
  if (error == kSuccess)
    error =
        api.cuEventRecordWithFlags(buffer.fetched, stream, kEventRecordDefault);
  buffer.used = true;
  return context.check(error, "cannot upload weights");
}

/// What the threads share.
class Uploader {
public:
  Uploader(const GpuContext &context, std::span<const Upload> uploads)
      : context(context), uploads(uploads) {
    for (size_t i = 0; i < uploads.size(); ++i)
      for (uint64_t begin = 0; begin < uploads[i].bytes; begin += kUploadPiece)
        pieces.push_back({i, begin});
  }

  size_t count() const { return pieces.size(); }
  /// Sends pieces as long as there are any; what failed first is kept.
  void work() {
    Lane lane(context);
    Status status = lane.open(largest());
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

  uint64_t largest() const {
    uint64_t bytes = 0;
    for (const Upload &upload : uploads)
      bytes = std::max(bytes, std::min(kUploadPiece, upload.bytes));
    return bytes;
  }

  const GpuContext &context;
  std::span<const Upload> uploads;
  std::vector<Piece> pieces;
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  Status failure;
};

} // namespace

Status uploadAll(const GpuContext &context, std::span<const Upload> uploads,
                 int threads) {
  Uploader uploader(context, uploads);
  if (uploader.count() == 0)
    return {};
  // Two pieces for each thread at the least.
  const int most = int(std::min<size_t>(
      (uploader.count() + 1) / 2,
      size_t(std::min(kMaxUploadThreads, ThreadPool::resolve(threads)))));
  auto pool = ThreadPool::create(most);
  if (!pool)
    return pool.status();
  (*pool)->parallelFor(uint32_t(most), [&](uint32_t begin, uint32_t end) {
    for (uint32_t i = begin; i < end; ++i)
      uploader.work();
  });
  return uploader.status();
}

} // namespace ingot::cuda
