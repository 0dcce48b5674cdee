//===- VerifyPlan.h - whether a plan makes sense ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A flatbuffer that is well formed may still say nonsense. After this check,
// every index of a plan is in range, every buffer lies in its arena and every
// blob in its file, and every entry has the inputs and outputs that the
// executor writes and reads, for any value of the symbols up to their maximum.
// What a kernel does with its arguments is the compiler's word alone.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_VERIFYPLAN_H
#define INGOT_PLAN_VERIFYPLAN_H

#include "ingot/Status.h"

#include <string>

namespace ingot {

struct ContainerHeader;
namespace fb {
struct Plan;
} // namespace fb

/// Checks a plan whose flatbuffer is well formed and whose container has been
/// read. `name` is the artifact's. InvalidPlan names the object at fault.
Status verifyPlan(const fb::Plan &plan, const ContainerHeader &header,
                  const std::string &name);

} // namespace ingot

#endif // INGOT_PLAN_VERIFYPLAN_H
