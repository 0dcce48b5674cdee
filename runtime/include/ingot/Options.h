//===- Options.h - options, and what things took ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_OPTIONS_H
#define INGOT_OPTIONS_H

#include <cstdint>
#include <optional>
#include <string>

namespace ingot {

struct LoadOptions {
  /// Folder of the checkpoint's files. Empty: the folder that the plan names,
  /// then the artifact's own.
  std::string weightsDirectory = {};
  /// If set, weights are drawn with this seed instead of read: all that an
  /// artifact compiled without a checkpoint can run with.
  std::optional<uint64_t> randomSeed = {};
  /// Threads that draw, pack and upload; 0: one for each processor.
  int threads = 0;
  /// Most bytes that the model and one session may need, mapped weights
  /// included; none: as many as the machine has. For a plan that runs on a GPU,
  /// of the GPU's memory.
  std::optional<uint64_t> memoryLimit = {};
  /// For such a plan: the number of the GPU, and its driver, as the dynamic
  /// linker finds it.
  int device = 0;
  std::string cudaDriver = "libcuda.so.1";
};

/// What loading took.
struct LoadTimes {
  /// "cpu", "GPU 0 (NVIDIA H100 80GB HBM3)".
  std::string device;
  /// Seconds in which a GPU's driver starts, and gives a context: the same
  /// whatever is loaded.
  double driverSeconds = 0, contextSeconds = 0;
  /// Seconds to read and verify the artifact and make its tokenizer.
  double artifactSeconds = 0;
  /// Modules of machine code, and the seconds to load them.
  uint64_t modules = 0;
  double codeSeconds = 0;
  /// Weights that were copied to a GPU as they are, and the seconds for it.
  uint64_t uploadedBytes = 0;
  double uploadSeconds = 0;
  /// The same for what was copied to be packed there, and packed.
  uint64_t packedFromBytes = 0;
  double packSeconds = 0;
};

/// Steps that a session has made ready to be run again (on a GPU, CUDA graphs),
/// and the seconds for it.
struct KeptSteps {
  uint64_t count = 0;
  double seconds = 0;
};

struct SessionOptions {
  /// Threads that run kernels; 0: one for each processor.
  int threads = 0;
  /// On a GPU, waits for each launch, so that a failure names the one it came
  /// from.
  bool checkLaunches = false;
  /// Whether steps give the hidden rows behind the logits, which drafts take. A
  /// GPU need not copy them back otherwise.
  bool hiddenRows = true;
};

/// Bytes a session holds.
struct MemoryUse {
  uint64_t workspace = 0;
  uint64_t io = 0;
  uint64_t kvCache = 0;
  /// Weights mapped from files and read in place.
  uint64_t mappedWeights = 0;
  /// Weights copied from files to a GPU.
  uint64_t uploadedWeights = 0;
  /// Weights drawn at random into memory of the model's.
  uint64_t drawnWeights = 0;
  /// Weights computed from others when the model was loaded, in memory of the
  /// model's. What they were computed from is not held.
  uint64_t packedWeights = 0;
};

} // namespace ingot

#endif // INGOT_OPTIONS_H
