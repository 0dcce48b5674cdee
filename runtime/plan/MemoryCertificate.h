//===- MemoryCertificate.h - what running a plan takes ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The bytes that a process with one session needs, kind by kind, known from the
// plan alone:
//
//   for (const MemoryNeed &need : listMemory(plan, {}))
//     print(need.kind, need.bytes);
//
// Weights and arenas are exact. The rest is bounded: what the runtime builds of
// the plan, and kProcessBytes for the process itself. Pure functions over
// verified plans.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_MEMORYCERTIFICATE_H
#define INGOT_PLAN_MEMORYCERTIFICATE_H

#include "ingot/Status.h"
#include "runtime/device/cpu/ThreadPool.h"
#include "runtime/plan/plan_generated.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ingot {

/// Libraries, the caller's stack, text and sampling of a process that runs a
/// plan.
inline constexpr uint64_t kProcessBytes = uint64_t(16) << 20;

/// What a GPU's driver takes in a process, and on the GPU for graphs, code and
/// the stacks of threads. The first is a bound: with driver 580 on an H100 a
/// whole process had 152 MiB resident. The second was not measured.
inline constexpr uint64_t kDriverHostBytes = uint64_t(512) << 20;
inline constexpr uint64_t kDriverDeviceBytes = uint64_t(512) << 20;
/// Pinned memory that weights pass through on their way to a GPU.
inline constexpr uint64_t kUploadBytes = uint64_t(64) << 20;

struct MemoryNeed {
  /// "plan", "tokenizer", "mapped weights" or "drawn weights", "machine code",
  /// "packed weights", "packing", "thread stacks", "workspace", "io", "kv
  /// cache", "steps", "process"; of a GPU's memory the same after "gpu ", and
  /// "gpu weights" for those that are read or drawn.
  std::string_view kind;
  uint64_t bytes = 0;
  /// Pages of a file: the system may drop them and read them again.
  bool mapped = false;
  /// Of a GPU's memory, not the host's.
  bool onDevice = false;
};

/// What of running is not in the plan.
struct RunSetup {
  /// Whether weights are drawn, not mapped.
  bool drawn = false;
  int threads = 1;
};

/// The artifact up to its embedded weights: header, plan, machine code.
uint64_t planBytes(const fb::Plan &plan);

/// What running `plan` takes, in the order in which the runtime takes it. Kinds
/// without bytes are left out.
std::vector<MemoryNeed> listMemory(const fb::Plan &plan, const RunSetup &setup);

/// Memory that the machine has left (MemAvailable of /proc/meminfo); none where
/// the system does not say.
std::optional<uint64_t> availableMemory();

/// OutOfMemory unless those of `needs` that are the host's fit: all of them
/// into `limit`, where there is one, and what is not mapped into `available`,
/// where that is known. The message names `artifact`, what is needed and what
/// there is, in all and by kind.
Status checkMemory(const std::vector<MemoryNeed> &needs,
                   std::optional<uint64_t> limit,
                   std::optional<uint64_t> available,
                   const std::string &artifact);

/// The same for those of the GPU called `device`.
Status checkDeviceMemory(const std::vector<MemoryNeed> &needs,
                         std::optional<uint64_t> limit,
                         std::optional<uint64_t> available,
                         const std::string &device,
                         const std::string &artifact);

/// Whether a GPU runs the plan.
bool isForGpu(const fb::Plan &plan);

/// Weights, and their parts, begin at multiples of this in a GPU's memory.
inline constexpr uint64_t kDeviceAlignment = 256;
constexpr uint64_t alignForDevice(uint64_t bytes) {
  return (bytes + kDeviceAlignment - 1) / kDeviceAlignment * kDeviceAlignment;
}
/// More than any device has: larger sums count as this.
inline constexpr uint64_t kMostDeviceBytes = uint64_t(1) << 62;
/// Bytes of a weight there.
uint64_t deviceBytes(const fb::Weight &weight);
/// Bytes of a part of everything that a launch of Plan.pack reads and that is
/// not in place on a GPU.
uint64_t packedPartBytes(const fb::Plan &plan, const fb::Launch &launch);
/// Parts that a launch of Plan.pack packs at a time on a GPU: as many as pass
/// through 128 MiB, and at least one.
uint32_t partsAtATime(const fb::Plan &plan, const fb::Launch &launch);
/// Memory for such parts there: for those that are being packed and the next
/// ones or, where that is more, for the largest alone.
uint64_t devicePackingBytes(const fb::Plan &plan);

} // namespace ingot

#endif // INGOT_PLAN_MEMORYCERTIFICATE_H
