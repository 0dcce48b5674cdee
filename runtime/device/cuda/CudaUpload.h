//===- CudaUpload.h - from the host's memory into a GPU's -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DEVICE_CUDA_CUDAUPLOAD_H
#define INGOT_DEVICE_CUDA_CUDAUPLOAD_H

#include "runtime/device/cuda/GpuContext.h"

namespace ingot::cuda {

/// Bytes of a piece: enough for the bus to be busy most of the time, and few
/// enough for many threads to have two each.
inline constexpr uint64_t kUploadPiece = uint64_t(2) << 20;
/// Threads that can help: a GPU has one bus.
inline constexpr int kMaxUploadThreads = 16;

/// Uploads piece by piece: each of the threads writes into pinned memory of its
/// own and, while the GPU fetches that, into a second one.
Result<std::unique_ptr<DeviceUploader>>
createUploader(std::shared_ptr<const GpuContext> context, int threads);

} // namespace ingot::cuda

#endif // INGOT_DEVICE_CUDA_CUDAUPLOAD_H
