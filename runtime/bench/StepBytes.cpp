//===- StepBytes.cpp - weights that a step must read ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/bench/StepBytes.h"

#include <algorithm>
#include <vector>

namespace ingot {

namespace {

uint64_t sizeOf(const fb::Weight &weight) {
  uint64_t bytes = 0;
  for (const fb::View *view : *weight.views())
    bytes += view->size();
  return bytes;
}

bool isBuffer(const fb::Arg &arg) { return arg.kind() == fb::ArgKind::Buffer; }

bool isWeight(const fb::Arg &arg) {
  return arg.kind() == fb::ArgKind::Weight ||
         arg.kind() == fb::ArgKind::WeightTable;
}

/// What the arguments of a launch say of how it reads its weights.
class LaunchReader {
public:
  LaunchReader(const fb::Plan &plan, const fb::Entry &entry,
               const fb::Launch &launch)
      : plan(plan) {
    for (const fb::Binding *output : *entry.outputs())
      if (output->name()->string_view() == "logits")
        for (uint32_t result : *launch.results())
          head |= result == output->buffer();
    for (const fb::Arg *arg : *launch.args())
      if (isBuffer(*arg))
        readBuffer(entry, arg->index());
  }

  bool isHead() const { return head; }
  /// Whether it takes parts of stacked weights, and how many a token.
  bool takesParts(const fb::Arg &arg) const {
    return arg.kind() == fb::ArgKind::WeightTable && partsPerToken > 0;
  }

  uint64_t bytes(const fb::Arg &arg, int64_t tokens) const {
    const fb::Weight &weight = *plan.weights()->Get(arg.index());
    int64_t parts = 1, taken = 1;
    if (takesParts(arg)) {
      parts = weight.views()->size();
      taken = partsPerToken * tokens;
    } else if (gathers && weight.shape()->size() == 2) {
      parts = weight.shape()->Get(0);
      taken = tokens;
    }
    return sizeOf(weight) / uint64_t(parts) * uint64_t(std::min(parts, taken));
  }

private:
  void readBuffer(const fb::Entry &entry, uint32_t index) {
    for (const fb::Binding *input : *entry.inputs()) {
      if (input->buffer() != index)
        continue;
      gathers |= input->name()->string_view() == "tokens";
      return;
    }
    // Integers a token that the plan itself computes: chosen experts.
    const fb::Buffer &buffer = *plan.buffers()->Get(index);
    if (buffer.type() == fb::ElementType::I32 && buffer.shape()->size() == 2)
      partsPerToken = buffer.shape()->Get(1)->size();
  }

  const fb::Plan &plan;
  bool head = false;
  bool gathers = false;
  int64_t partsPerToken = 0;
};

} // namespace

StepBytes countStepBytes(const fb::Plan &plan, const fb::Entry &entry,
                         const StepSizes &sizes) {
  StepBytes count;
  std::vector<uint64_t> read(plan.weights()->size());
  std::vector<bool> ofHead(read.size());
  for (const fb::Launch *launch : *entry.steps()) {
    LaunchReader reader(plan, entry, *launch);
    if (reader.isHead() && sizes.logitRows == 0)
      continue;
    for (const fb::Arg *arg : *launch->args()) {
      if (!isWeight(*arg))
        continue;
      uint64_t &bytes = read[arg->index()];
      bytes = std::max(bytes, reader.bytes(*arg, sizes.tokens));
      ofHead[arg->index()] = ofHead[arg->index()] || reader.isHead();
      count.atMost |= reader.takesParts(*arg) && sizes.tokens > 1;
    }
  }
  for (size_t i = 0; i < read.size(); ++i)
    (ofHead[i] ? count.head : count.body) += read[i];
  return count;
}

} // namespace ingot
