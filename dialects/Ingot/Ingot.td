//===- Ingot.td - table of contents of the ingot dialect ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//


#ifndef INGOT_DIALECTS_INGOT
#define INGOT_DIALECTS_INGOT

include "dialects/Ingot/IngotDialect.td"
include "dialects/Ingot/IngotAttrs.td"
include "dialects/Ingot/IngotTypes.td"
include "dialects/Ingot/IngotInterfaces.td"

include "dialects/Ingot/Weight.td"
include "dialects/Ingot/Token.td"
include "dialects/Ingot/Elementwise.td"
include "dialects/Ingot/Norm.td"
include "dialects/Ingot/Linear.td"
include "dialects/Ingot/Layout.td"
include "dialects/Ingot/Attention.td"
include "dialects/Ingot/MoE.td"
include "dialects/Ingot/Quant.td"

#endif // INGOT_DIALECTS_INGOT
