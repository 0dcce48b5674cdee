//===- IoMirror.h - the host's side of inputs and outputs -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On a device with memory of its own, the host writes inputs to and reads
// outputs from a copy of the part of the io arenas where they lie; a step takes
// along what it uses of it. On the host itself the copy is the arenas.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_IOMIRROR_H
#define INGOT_EXEC_IOMIRROR_H

#include "runtime/device/Device.h"
#include "runtime/plan/plan_generated.h"

#include <map>
#include <span>
#include <vector>

namespace ingot {

/// Borrows the plan and the arenas. Move-only.
class IoMirror {
public:
  /// Of the inputs and outputs of `entry` in `arenas`, by index into
  /// Plan.arenas.
  IoMirror(const fb::Plan &plan, const fb::Entry &entry,
           std::span<const DeviceMemory> arenas);

  /// Makes the copy, if `device` is not the host and there is none yet.
  Status open(Device &device);
  /// Where the host finds a buffer of the entry. Null before `open`.
  std::byte *find(const fb::Buffer &buffer) const;

  /// What a step copies in which symbol i has values[i]; nothing on the host.
  std::vector<DeviceCopy> inputs(std::span<const int64_t> values) const;
  /// Those of a step that the host reads.
  struct Wanted {
    bool hidden = true;
    /// The tokens that were chosen; else the logits.
    bool chosen = false;
  };
  std::vector<DeviceCopy> outputs(std::span<const int64_t> values,
                                  const Wanted &wanted) const;

private:
  /// Of one arena: the range in which the entry's buffers lie.
  struct Range {
    uint64_t begin = 0, end = 0;
    DeviceMemory staging;
  };
  using Bindings = flatbuffers::Vector<flatbuffers::Offset<fb::Binding>>;

  void cover(const Bindings &bindings);
  /// Of those that `wanted` names.
  template <typename Names>
  std::vector<DeviceCopy> copiesOf(const Bindings &bindings,
                                   std::span<const int64_t> values,
                                   Names wanted) const;

  const fb::Plan &plan;
  const fb::Entry &entry;
  std::span<const DeviceMemory> arenas;
  bool shared = false;
  std::map<uint32_t, Range> ranges;
};

} // namespace ingot

#endif // INGOT_EXEC_IOMIRROR_H
