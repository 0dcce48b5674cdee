//===- WeightSets.cpp - which weights of a plan are used ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/WeightSets.h"
#include "runtime/plan/VerifyParts.h"

namespace ingot {

WeightSet listEntryWeights(const fb::Plan &plan) {
  WeightSet used(plan.weights()->size());
  for (const fb::Entry *entry : *plan.entries())
    for (const fb::Launch *launch : *entry->steps())
      for (const fb::Arg *arg : *launch->args())
        if (arg->kind() == fb::ArgKind::Weight ||
            arg->kind() == fb::ArgKind::WeightTable)
          used[arg->index()] = true;
  return used;
}

WeightSet listPackedWeights(const fb::Plan &plan) {
  WeightSet packed;
  for (const fb::Weight *weight : *plan.weights())
    packed.push_back(verify::isPacked(*weight));
  return packed;
}

uint64_t countBytes(const fb::Weight &weight) {
  uint64_t bytes = 0;
  for (const fb::View *view : *weight.views())
    bytes += view->size();
  return bytes;
}

} // namespace ingot
