//===- Plan.td - the plan dialect, op for table of plan.fbs ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_DIALECTS_PLAN
#define INGOT_DIALECTS_PLAN

include "dialects/Plan/PlanDialect.td"
include "dialects/Plan/Module.td"
include "dialects/Plan/Entry.td"

#endif // INGOT_DIALECTS_PLAN
