//===- Spelling.cpp - parts of a plan as words ----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Spelling.h"
#include "runtime/plan/Container.h"
#include "runtime/plan/StepCost.h"

namespace ingot {

std::string_view spell(fb::ElementType type) {
  switch (type) {
  case fb::ElementType::F32:
    return "f32";
  case fb::ElementType::F16:
    return "f16";
  case fb::ElementType::BF16:
    return "bf16";
  case fb::ElementType::F8E4M3:
    return "f8e4m3";
  case fb::ElementType::I32:
    return "i32";
  }
  return "unknown";
}

std::string_view spell(fb::ArenaKind kind) {
  switch (kind) {
  case fb::ArenaKind::Workspace:
    return "workspace";
  case fb::ArenaKind::Io:
    return "io";
  case fb::ArenaKind::KvCache:
    return "kv cache";
  }
  return "unknown";
}

std::string_view spell(fb::ModuleKind kind) {
  switch (kind) {
  case fb::ModuleKind::HostObject:
    return "host object";
  case fb::ModuleKind::Cubin:
    return "cubin";
  case fb::ModuleKind::Ptx:
    return "ptx";
  }
  return "unknown";
}

std::string_view spell(fb::AttentionForm form) {
  switch (form) {
  case fb::AttentionForm::Expanded:
    return "expanded";
  case fb::AttentionForm::Reassociated:
    return "reassociated";
  }
  return "unknown";
}

static std::string symbolName(const fb::Plan &plan, uint32_t symbol) {
  return plan.symbols()->Get(symbol)->name()->str();
}

std::string spell(const fb::Plan &plan, const fb::Expr &expr) {
  // Without a symbol the value is known now.
  if (expr.symbol() < 0 || expr.mul() == 0) {
    int64_t divisor = expr.ceil_div();
    return std::to_string((expr.add() + divisor - 1) / divisor);
  }
  std::string text = symbolName(plan, expr.symbol());
  if (expr.mul() != 1)
    text += " * " + std::to_string(expr.mul());
  if (expr.add() != 0)
    text += " + " + std::to_string(expr.add());
  if (expr.ceil_div() == 1)
    return text;
  if (text.find(' ') != std::string::npos)
    text = "(" + text + ")";
  return "ceil(" + text + " / " + std::to_string(expr.ceil_div()) + ")";
}

std::string spell(const fb::Resources &resources) {
  return "block " + std::to_string(resources.block()) + ", shared " +
         std::to_string(resources.shared_bytes()) + " + " +
         std::to_string(resources.static_shared_bytes()) + ", registers " +
         std::to_string(resources.registers()) + ", local " +
         std::to_string(resources.local_bytes()) +
         (resources.early_start() ? ", starts early" : "");
}

std::string spellType(const fb::Plan &plan, const fb::Buffer &buffer) {
  std::string text(spell(buffer.type()));
  text += " [";
  for (const fb::Dim *dim : *buffer.shape()) {
    if (text.back() != '[')
      text += ", ";
    text += dim->symbol() < 0 ? std::to_string(dim->size())
                              : symbolName(plan, dim->symbol());
  }
  return text + "]";
}

std::string spellType(const fb::Weight &weight) {
  std::string text(spell(weight.type()));
  text += " [";
  for (int64_t extent : *weight.shape()) {
    if (text.back() != '[')
      text += ", ";
    text += std::to_string(extent);
  }
  return text + "]";
}

std::string spell(const fb::Plan &plan, const fb::Buffer &buffer) {
  return plan.arenas()->Get(buffer.arena())->name()->str() + "+" +
         std::to_string(buffer.offset()) + " " + spellType(plan, buffer);
}

std::string spell(const fb::Plan &plan, const fb::Cost &cost) {
  std::string text =
      cost.rows() < 0 ? "once" : "rows " + symbolName(plan, cost.rows());
  if (cost.product())
    text += ", product";
  for (const CostTerm &term : termsOf(cost))
    if (term.value != 0)
      text += ", " + std::string(term.name) + " " + std::to_string(term.value);
  return text;
}

std::string spell(const fb::Plan &plan, const fb::Arg &arg) {
  switch (arg.kind()) {
  case fb::ArgKind::Buffer:
    return spell(plan, *plan.buffers()->Get(arg.index()));
  case fb::ArgKind::Weight:
    return "@" + plan.weights()->Get(arg.index())->name()->str();
  case fb::ArgKind::WeightTable:
    return "@" + plan.weights()->Get(arg.index())->name()->str() + "[*]";
  case fb::ArgKind::Symbol:
    return symbolName(plan, arg.index());
  case fb::ArgKind::WeightPart:
    return "@" + plan.weights()->Get(arg.index())->name()->str() + "[run]";
  }
  return "unknown";
}

PlanSizes sizesOf(const fb::Plan &plan) {
  PlanSizes sizes;
  for (const fb::Module *module : *plan.modules())
    sizes.modules += module->size();
  for (const fb::Weight *weight : *plan.weights())
    for (const fb::View *view : *weight->views())
      (view->file() == kNoFile   ? sizes.drawnWeights
       : view->file() == kPacked ? sizes.packedWeights
       : view->file() < 0        ? sizes.embeddedWeights
                                 : sizes.fileWeights) += view->size();
  for (const fb::Arena *arena : *plan.arenas())
    sizes.arenas += arena->bytes();
  return sizes;
}

} // namespace ingot
