//===- Families.cpp - The table of model families -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Family.h"

namespace ingot::compiler {

#define INGOT_MODEL_FAMILY(SYMBOL) extern const Family k##SYMBOL;
#include "compiler/models/Families.def"

std::span<const Family *const> families() {
  static constexpr const Family *kFamilies[] = {
#define INGOT_MODEL_FAMILY(SYMBOL) &k##SYMBOL,
#include "compiler/models/Families.def"
  };
  return kFamilies;
}

} // namespace ingot::compiler
