//===- RandomCheckpoint.h - a checkpoint of drawn weights -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A plan that was compiled of a config alone has the shapes of weights and no
// files. This writes what `--weights random:SEED` would draw as a checkpoint,
// in shards and with an index, and a plan that refers to them: to try loading,
// of any published size, without its weights.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PACK_RANDOMCHECKPOINT_H
#define INGOT_PACK_RANDOMCHECKPOINT_H

#include "ingot/Status.h"

#include <cstdint>
#include <string>

namespace ingot {

struct RandomCheckpointOptions {
  uint64_t seed = 0;
  /// A folder that exists.
  std::string folder;
  /// A shard ends with the tensor that reaches this.
  uint64_t shardBytes = uint64_t(4) << 30;
  /// Threads that draw; 0: one for each processor.
  int threads = 0;
};

struct RandomCheckpoint {
  uint64_t tensors = 0, files = 0, bytes = 0;
  /// Of the plan that refers to the files.
  std::string artifact;
};

/// Writes "model-00001-of-00002.safetensors" and so on,
/// "model.safetensors.index.json" and "model.ingot" into the folder, of the
/// plan at `artifact`. InvalidInput if that has weights of its own; each file
/// appears whole or not at all.
Result<RandomCheckpoint>
writeRandomCheckpoint(const std::string &artifact,
                      const RandomCheckpointOptions &options);

} // namespace ingot

#endif // INGOT_PACK_RANDOMCHECKPOINT_H
