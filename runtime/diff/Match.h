//===- Match.h - steps that two plans have in common ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two plans of one model differ in what was fused and in which kernels were
// chosen, but launches keep the names of the parts of the model. What both have
// under one name can be compared.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIFF_MATCH_H
#define INGOT_DIFF_MATCH_H

#include "runtime/plan/plan_generated.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace ingot::diff {

/// A result that a launch of A and a launch of B both write.
struct Common {
  /// Of the launches: "layers.1.self_attn.o_proj".
  std::string_view name;
  /// Places of the launches in their entries.
  size_t a, b;
  /// Place among the results of either.
  size_t result;
  /// Type of A's values, and their bytes for one row of a step.
  fb::ElementType typeA;
  size_t rowBytes;
  std::string_view kernelA, kernelB;
};

/// The results that entry `a` of plan `planA` and entry `b` of `planB` have in
/// common, in the order of b. Where as many launches of one name are in both,
/// they are paired in order, else only the last ones: what comes before is on
/// the way to what the part of the model yields. Left out are results that are
/// of unequal sizes, of types that cannot be compared, or no rows of the step
/// (scratch, the pages of the cache). Views point into the plans.
std::vector<Common> matchEntries(const fb::Plan &planA, const fb::Entry &a,
                                 const fb::Plan &planB, const fb::Entry &b);

} // namespace ingot::diff

#endif // INGOT_DIFF_MATCH_H
