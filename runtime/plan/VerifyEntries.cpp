//===- VerifyEntries.cpp - whether entries can be run ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/StepCost.h"
#include "runtime/plan/VerifyParts.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace ingot::verify {

namespace {

/// A buffer that the executor reads or writes itself. An extent is the name of
/// a symbol, or a number where `symbol` is null.
struct ExpectedBuffer {
  const char *name;
  fb::ElementType type;
  struct Extent {
    const char *symbol;
    int64_t size;
  };
  std::vector<Extent> shape;
};

using Bindings = flatbuffers::Vector<flatbuffers::Offset<fb::Binding>>;

std::string describe(const ExpectedBuffer &expected) {
  std::string text = fb::EnumNameElementType(expected.type);
  for (const auto &extent : expected.shape)
    text += std::string(" x ") +
            (extent.symbol ? extent.symbol : std::to_string(extent.size));
  return text;
}

std::string describe(const fb::Plan &plan, const fb::Buffer &buffer) {
  std::string text = fb::EnumNameElementType(buffer.type());
  for (const fb::Dim *dim : *buffer.shape())
    text += " x " + (dim->symbol() >= 0
                         ? plan.symbols()->Get(dim->symbol())->name()->str()
                         : std::to_string(dim->size()));
  return text;
}

bool matches(const fb::Plan &plan, const fb::Buffer &buffer,
             const ExpectedBuffer &expected) {
  if (buffer.type() != expected.type ||
      buffer.shape()->size() != expected.shape.size())
    return false;
  for (uint32_t i = 0; i < buffer.shape()->size(); ++i) {
    const fb::Dim &dim = *buffer.shape()->Get(i);
    const auto &extent = expected.shape[i];
    if (extent.symbol ? dim.symbol() != findSymbol(plan, extent.symbol)
                      : dim.symbol() != -1 || dim.size() != extent.size)
      return false;
  }
  return true;
}

/// A buffer that an entry uses is sized for that entry's bucket.
Status verifySizes(const Context &c, const std::string &object,
                   const fb::Entry &entry, const fb::Buffer &buffer) {
  for (const fb::Dim *dim : *buffer.shape()) {
    if (dim->symbol() == -1)
      continue;
    int64_t most = entry.bucket()->Get(uint32_t(dim->symbol()));
    if (dim->size() != most)
      return c.fail(
          object,
          "a buffer for " + std::to_string(most) + " of " +
              named("symbol", c.plan.symbols()->Get(dim->symbol())->name()),
          dim->size());
  }
  return {};
}

/// One binding for each of `expected`, and no other.
Status verifyBindings(const Context &c, const fb::Entry &owner,
                      const char *kind, const Bindings &bindings,
                      const std::vector<ExpectedBuffer> &expected) {
  const std::string entry = named("entry", owner.name());
  std::set<std::string_view> seen;
  for (const fb::Binding *binding : bindings) {
    std::string_view name = binding->name()->string_view();
    const std::string object = entry + " " + kind + " " + storage::quote(name);
    auto known = std::find_if(expected.begin(), expected.end(),
                              [&](const auto &e) { return name == e.name; });
    if (known == expected.end() || !seen.insert(name).second)
      return c.fail(entry, std::string(kind) + "s that are known and unique",
                    storage::quote(name));
    if (Status s = c.checkIndex(object, "buffers", binding->buffer(),
                                c.plan.buffers()->size());
        !s.ok())
      return s;
    const fb::Buffer &buffer = *c.plan.buffers()->Get(binding->buffer());
    if (!matches(c.plan, buffer, *known))
      return c.fail(object, describe(*known), describe(c.plan, buffer));
    if (Status s = verifySizes(c, object, owner, buffer); !s.ok())
      return s;
    const fb::Arena &arena = *c.plan.arenas()->Get(buffer.arena());
    if (arena.kind() != fb::ArenaKind::Io)
      return c.fail(object, "a buffer in an io arena",
                    named("arena", arena.name()));
  }
  for (const ExpectedBuffer &e : expected)
    if (!seen.contains(e.name))
      return c.fail(entry, std::string(kind) + " '" + e.name + "'", "none");
  return {};
}

/// The value of `expr` for a symbol's `value`; none if it is not in
/// [0, kMaxCount].
std::optional<int64_t> evaluate(const fb::Expr &expr, int64_t value) {
  int64_t result;
  if (__builtin_mul_overflow(value, expr.mul(), &result) ||
      __builtin_add_overflow(result, expr.add(), &result) || result < 0)
    return std::nullopt;
  result = result / expr.ceil_div() + (result % expr.ceil_div() != 0);
  return result <= kMaxCount ? std::optional(result) : std::nullopt;
}

Status verifyGrid(const Context &c, const std::string &object,
                  const fb::Entry &entry, const fb::Launch &launch) {
  if (launch.grid()->size() != 3)
    return c.fail(object, "a grid of 3 sizes", launch.grid()->size());
  if (Status s = c.checkAligned(object, "a grid", *launch.grid()); !s.ok())
    return s;
  const fb::Kernel &kernel = *c.plan.kernels()->Get(launch.kernel());
  int64_t tiles = 1;
  for (uint32_t axis = 0; axis < 3; ++axis) {
    const fb::Expr *expr = launch.grid()->Get(axis);
    if (Status s =
            c.checkRange(object, "a ceil_div", expr->ceil_div(), 1, kMaxCount);
        !s.ok())
      return s;
    int64_t max = 0;
    if (expr->symbol() != -1) {
      if (Status s = c.checkIndex(object + " grid", "symbols", expr->symbol(),
                                  c.plan.symbols()->size());
          !s.ok())
        return s;
      max = entry.bucket()->Get(uint32_t(expr->symbol()));
    }
    // Monotonic in the symbol: its ends bound all values.
    std::optional<int64_t> low = evaluate(*expr, 0),
                           high = evaluate(*expr, max);
    const int64_t most = maxGridSize(kernel, axis);
    if (low && high && std::max(*low, *high) <= most &&
        !__builtin_mul_overflow(tiles, std::max(*low, *high), &tiles) &&
        tiles <= kMaxCount)
      continue;
    return c.fail(object, "a grid of 0 to " + std::to_string(most) + " tiles",
                  "a size of " + std::to_string(expr->mul()) + " * " +
                      std::to_string(max) + " + " +
                      std::to_string(expr->add()));
  }
  return {};
}

Status verifyArg(const Context &c, const std::string &object,
                 const fb::Entry &entry, const fb::Arg &arg) {
  switch (arg.kind()) {
  case fb::ArgKind::Buffer:
    if (Status s = c.checkIndex(object, "buffers", arg.index(),
                                c.plan.buffers()->size());
        !s.ok())
      return s;
    return verifySizes(c, object, entry, *c.plan.buffers()->Get(arg.index()));
  case fb::ArgKind::Symbol:
    return c.checkIndex(object, "symbols", arg.index(),
                        c.plan.symbols()->size());
  case fb::ArgKind::WeightTable:
    return c.checkIndex(object, "weights", arg.index(),
                        c.plan.weights()->size());
  case fb::ArgKind::WeightPart:
    break;
  case fb::ArgKind::Weight: {
    if (Status s = c.checkIndex(object, "weights", arg.index(),
                                c.plan.weights()->size());
        !s.ok())
      return s;
    const fb::Weight &weight = *c.plan.weights()->Get(arg.index());
    if (weight.views()->size() == 1)
      return {};
    return c.fail(object, named("weight", weight.name()) + " to have 1 view",
                  weight.views()->size());
  }
  }
  // Parts of weights are for packing.
  return c.fail(object, "a kind of 0 to 3", int64_t(arg.kind()));
}

/// What can be watched is a float32 row for each token.
Status verifyTap(const Context &c, const std::string &object,
                 const fb::Launch &launch) {
  if (launch.results()->size() == 0)
    return c.fail(object, "a result to tap", "none");
  const fb::Buffer &buffer = *c.plan.buffers()->Get(launch.results()->Get(0));
  if (buffer.type() == fb::ElementType::F32 && buffer.shape()->size() == 2 &&
      buffer.shape()->Get(0)->symbol() == findSymbol(c.plan, "T") &&
      buffer.shape()->Get(1)->symbol() == -1)
    return {};
  return c.fail(object, "a tapped result of type F32 x T x n",
                describe(c.plan, buffer));
}

Status verifyLaunch(const Context &c, const std::string &object,
                    const fb::Entry &entry, const fb::Launch &launch) {
  if (Status s = c.checkIndex(object, "kernels", launch.kernel(),
                              c.plan.kernels()->size());
      !s.ok())
    return s;
  if (Status s = verifyArguments(c, object, launch); !s.ok())
    return s;
  if (Status s = verifyGrid(c, object, entry, launch); !s.ok())
    return s;
  if (launch.runs() != 1 || launch.packs()->size() != 0)
    return c.fail(object, "1 run that packs nothing",
                  std::to_string(launch.runs()) + " that pack " +
                      std::to_string(launch.packs()->size()) + " weights");
  for (uint32_t i = 0; i < launch.args()->size(); ++i)
    if (Status s = verifyArg(c, object + " " + numbered("argument", i), entry,
                             *launch.args()->Get(i));
        !s.ok())
      return s;
  for (uint32_t result : *launch.results()) {
    if (Status s = c.checkIndex(object + " result", "buffers", result,
                                c.plan.buffers()->size());
        !s.ok())
      return s;
    auto isResult = [&](const fb::Arg *arg) {
      return arg->kind() == fb::ArgKind::Buffer && arg->index() == result;
    };
    if (std::none_of(launch.args()->begin(), launch.args()->end(), isResult))
      return c.fail(object, "results that are arguments",
                    numbered("buffer", result));
  }
  if (launch.cost())
    if (Status s = verifyCost(c, object + " cost", *launch.cost()); !s.ok())
      return s;
  return launch.tap() ? verifyTap(c, object, launch) : Status();
}

/// Which symbols there are has been verified.
Status verifyBucket(const Context &c, const std::string &object,
                    const fb::Entry &entry) {
  if (entry.bucket()->size() != c.plan.symbols()->size())
    return c.failUnsigned(
        object,
        "a bucket of " + std::to_string(c.plan.symbols()->size()) + " sizes",
        entry.bucket()->size());
  if (Status s = c.checkAligned(object, "a bucket", *entry.bucket()); !s.ok())
    return s;
  for (uint32_t i = 0; i < entry.bucket()->size(); ++i) {
    const fb::Symbol &symbol = *c.plan.symbols()->Get(i);
    if (Status s =
            c.checkRange(object + " bucket", named("symbol", symbol.name()),
                         entry.bucket()->Get(i), 1, symbol.max());
        !s.ok())
      return s;
  }
  return {};
}

Status verifyAbsorption(const Context &c, const std::string &object,
                        const fb::Absorption &absorption) {
  if (absorption.form() > fb::AttentionForm::MAX)
    return c.fail(object, "a form of 0 to 1", int64_t(absorption.form()));
  const std::pair<const char *, int64_t> terms[] = {
      {"expanded bytes", absorption.expanded().bytes()},
      {"expanded flops", absorption.expanded().flops()},
      {"expanded exchanges", absorption.expanded().exchanges()},
      {"reassociated bytes", absorption.reassociated().bytes()},
      {"reassociated flops", absorption.reassociated().flops()},
      {"reassociated exchanges", absorption.reassociated().exchanges()}};
  for (auto [name, value] : terms)
    if (value < 0)
      return c.fail(object, std::string(name) + " that are not negative",
                    value);
  return {};
}

/// Of a TokenDraw, by 32 bits.
constexpr int64_t kDrawWords = 8;

/// Every plan has these.
constexpr std::string_view kMainEntries[] = {"prefill", "decode", "score"};

/// Entries of the main model: those, and one that a plan may have.
bool isMainEntry(std::string_view name) {
  return name == kSingleDecodeEntry ||
         std::find(std::begin(kMainEntries), std::end(kMainEntries), name) !=
             std::end(kMainEntries);
}

/// Whether it says so in any of the two ways that belong together.
bool choosesTokens(const fb::Entry &entry) {
  auto has = [](const Bindings &bindings, std::string_view name) {
    return std::any_of(bindings.begin(), bindings.end(),
                       [&](const fb::Binding *binding) {
                         return binding->name()->string_view() == name;
                       });
  };
  return has(*entry.inputs(), "draws") || has(*entry.outputs(), "chosen");
}

std::vector<ExpectedBuffer> expectedInputs(const fb::Plan &plan,
                                           const fb::Entry &entry) {
  const fb::ElementType i32 = fb::ElementType::I32, f32 = fb::ElementType::F32;
  const int64_t pages = plan.kv_cache()->pages_per_sequence();
  std::vector<ExpectedBuffer> inputs = {
      {"tokens", i32, {{"T", 0}}},
      {"positions", i32, {{"T", 0}}},
      {"sequence", i32, {{"T", 0}}},
      {"slot", i32, {{"T", 0}}},
      {"query_end", i32, {{"S", 0}}},
      {"pages", i32, {{"S", 0}, {nullptr, pages}}},
      {"logit_row", i32, {{"R", 0}}}};
  if (entry.name()->string_view() == "draft")
    inputs.push_back(
        {"hidden", f32, {{"T", 0}, {nullptr, plan.model()->hidden_size()}}});
  if (choosesTokens(entry))
    inputs.push_back({"draws", i32, {{"R", 0}, {nullptr, kDrawWords}}});
  return inputs;
}

std::vector<ExpectedBuffer> expectedOutputs(const fb::Plan &plan,
                                            const fb::Entry &entry) {
  const fb::Model &model = *plan.model();
  std::vector<ExpectedBuffer> outputs = {
      {"logits",
       fb::ElementType::F32,
       {{"R", 0}, {nullptr, model.vocab_size()}}},
      {"hidden",
       fb::ElementType::F32,
       {{"T", 0}, {nullptr, model.hidden_size()}}}};
  if (choosesTokens(entry))
    outputs.push_back({"chosen", fb::ElementType::I32, {{"R", 0}}});
  return outputs;
}

Status verifyEntry(const Context &c, const fb::Entry &entry) {
  const std::string object = named("entry", entry.name());
  if (entry.name()->string_view() != "draft" &&
      !isMainEntry(entry.name()->string_view()))
    return c.fail("entry",
                  "the name 'prefill', 'decode', 'decode_single', 'score' or "
                  "'draft'",
                  storage::quote(entry.name()->string_view()));
  if (Status s = verifyBucket(c, object, entry); !s.ok())
    return s;
  if (entry.absorption())
    if (Status s =
            verifyAbsorption(c, object + " absorption", *entry.absorption());
        !s.ok())
      return s;
  if (Status s = verifyBindings(c, entry, "input", *entry.inputs(),
                                expectedInputs(c.plan, entry));
      !s.ok())
    return s;
  if (Status s = verifyBindings(c, entry, "output", *entry.outputs(),
                                expectedOutputs(c.plan, entry));
      !s.ok())
    return s;
  for (const fb::Launch *launch : *entry.steps())
    if (Status s = verifyLaunch(
            c,
            object + " launch " + storage::quote(launch->name()->string_view()),
            entry, *launch);
        !s.ok())
      return s;
  return {};
}

} // namespace

Status verifyCost(const Context &c, const std::string &object,
                  const fb::Cost &cost) {
  if (cost.rows() != -1)
    if (Status s = c.checkIndex(object, "symbols", cost.rows(),
                                c.plan.symbols()->size());
        !s.ok())
      return s;
  for (const CostTerm &term : termsOf(cost))
    if (term.value < 0)
      return c.fail(object, std::string(term.name) + " that are not negative",
                    term.value);
  return {};
}

Status verifyEntries(const Context &c) {
  std::set<std::string_view> seen;
  UniqueNames names(c, "entry");
  for (const fb::Entry *entry : *c.plan.entries()) {
    if (Status s = names.add(entry->name()); !s.ok())
      return s;
    if (Status s = verifyEntry(c, *entry); !s.ok())
      return s;
    seen.insert(entry->name()->string_view());
  }
  for (std::string_view name : kMainEntries)
    if (!seen.contains(name))
      return c.fail("plan", "an entry " + storage::quote(name), "none");
  return {};
}

} // namespace ingot::verify
