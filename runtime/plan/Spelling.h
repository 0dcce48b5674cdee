//===- Spelling.h - parts of a plan as words --------------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How types, shapes, sizes and arguments of a plan are spelled, in inspection
// and in messages. Indices must be in range: these are for verified plans. Pure
// functions.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_SPELLING_H
#define INGOT_PLAN_SPELLING_H

#include "runtime/plan/plan_generated.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ingot {

/// "f8e4m3".
std::string_view spell(fb::ElementType type);
/// "kv cache".
std::string_view spell(fb::ArenaKind kind);
/// "host object".
std::string_view spell(fb::ModuleKind kind);
/// "reassociated".
std::string_view spell(fb::AttentionForm form);
/// "T", "4", "ceil((T * 2 + 1) / 4)".
std::string spell(const fb::Plan &plan, const fb::Expr &expr);
/// "block 256, shared 65536 + 1024, registers 96, local 0": bytes, of which the
/// second are the code's own.
std::string spell(const fb::Resources &resources);
/// "f32 [T, 256]".
std::string spellType(const fb::Plan &plan, const fb::Buffer &buffer);
/// "f32 [512, 256]".
std::string spellType(const fb::Weight &weight);
/// "io+4096 f32 [T, 256]".
std::string spell(const fb::Plan &plan, const fb::Buffer &buffer);
/// "rows T, product, weight_bytes 131072, row_bytes 3072": what is not 0.
std::string spell(const fb::Plan &plan, const fb::Cost &cost);
/// A buffer as above, "@weight", "@weight[*]" for a table,
/// "@weight[run]" for a part, or a symbol's name.
std::string spell(const fb::Plan &plan, const fb::Arg &arg);

/// Sums that tools print.
struct PlanSizes {
  uint64_t modules = 0;
  /// Weights that stay in the checkpoint's files, and those in the artifact.
  uint64_t fileWeights = 0, embeddedWeights = 0;
  /// Weights that lie nowhere and are drawn at load.
  uint64_t drawnWeights = 0;
  /// Weights that are computed at load.
  uint64_t packedWeights = 0;
  uint64_t arenas = 0;
};
PlanSizes sizesOf(const fb::Plan &plan);

} // namespace ingot

#endif // INGOT_PLAN_SPELLING_H
