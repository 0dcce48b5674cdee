//===- Passes.td - every pass, phase by phase -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PASSES
#define INGOT_PASSES

include "passes/Model/Model.td"
include "passes/Quantize/Quantize.td"
include "passes/Lower/Lower.td"
include "passes/Memory/Memory.td"
include "passes/Verify/Verify.td"

#endif // INGOT_PASSES
