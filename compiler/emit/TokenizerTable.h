//===- TokenizerTable.h - a tokenizer as the table of a plan -- -*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The way back is readTokenizerSpec (runtime/exec/PlanText.h). Pure.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_EMIT_TOKENIZERTABLE_H
#define INGOT_COMPILER_EMIT_TOKENIZERTABLE_H

#include "runtime/plan/plan_generated.h"
#include "runtime/text/TokenizerSpec.h"

#include <memory>

namespace ingot::compiler {

/// Copies field by field.
std::unique_ptr<fb::TokenizerT>
translateTokenizer(const text::TokenizerSpec &spec);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_EMIT_TOKENIZERTABLE_H
