//===- VerifyParts.h - what the parts of verification share -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Private to the verification of plans: VerifyPlan.cpp checks what a plan
// consists of, VerifyCode.cpp its machine code, VerifyWeights.cpp its files and
// weights, VerifyPack.cpp how weights are packed, VerifyEntries.cpp its
// entries, VerifyTokenizer.cpp its tokenizer, VerifyGolden.cpp what it is
// checked by, in this order, each relying on the ones before.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_PLAN_VERIFYPARTS_H
#define INGOT_PLAN_VERIFYPARTS_H

#include "ingot/Status.h"
#include "runtime/plan/Container.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/storage/Messages.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace ingot::verify {

/// Largest count that kernels handle as an i32: tokens, rows, slots.
inline constexpr int64_t kMaxCount = std::numeric_limits<int32_t>::max();

/// The plan under verification. Borrows everything.
struct Context {
  const fb::Plan &plan;
  const ContainerHeader &header;
  const std::string &name;

  /// "NAME: OBJECT expects EXPECTED, got GOT".
  Status fail(const std::string &object, const std::string &expected,
              const std::string &got) const {
    return invalidPlan(name + ": " + object + " expects " + expected +
                       ", got " + got);
  }
  Status fail(const std::string &object, const std::string &expected,
              int64_t got) const {
    return fail(object, expected, std::to_string(got));
  }
  Status failUnsigned(const std::string &object, const std::string &expected,
                      uint64_t got) const {
    return fail(object, expected, std::to_string(got));
  }

  /// `index` must lie in [0, count) to refer to one of the plan's `things`.
  Status checkIndex(const std::string &object, std::string_view things,
                    int64_t index, uint64_t count) const {
    if (index >= 0 && uint64_t(index) < count)
      return {};
    return fail(object,
                "one of " + std::to_string(count) + " " + std::string(things),
                index);
  }

  /// Elements of 8 bytes are read in place; the flatbuffers library checks that
  /// a vector's length is aligned, but not its elements.
  template <typename T>
  Status checkAligned(const std::string &object, const std::string &what,
                      const flatbuffers::Vector<T> &vector) const {
    uint64_t rest = reinterpret_cast<uintptr_t>(vector.Data()) % 8;
    if (rest == 0 || vector.size() == 0)
      return {};
    return fail(object, what + " at a multiple of 8 bytes",
                "a remainder of " + std::to_string(rest));
  }

  Status checkRange(const std::string &object, const std::string &what,
                    int64_t value, int64_t low, int64_t high) const {
    if (value >= low && value <= high)
      return {};
    return fail(object,
                what + " of " + std::to_string(low) + " to " +
                    std::to_string(high),
                value);
  }
};

/// "buffer 'x'": how messages name an object.
inline std::string named(const char *kind, const flatbuffers::String *name) {
  return kind + (" " + storage::quote(name->string_view()));
}
inline std::string numbered(const char *kind, size_t index) {
  return kind + (" " + std::to_string(index));
}

/// Remembers names and finds those that come twice.
class UniqueNames {
public:
  UniqueNames(const Context &context, const char *kind)
      : context(context), kind(kind) {}

  Status add(const flatbuffers::String *name) {
    if (name->size() == 0 ||
        name->string_view().find('\0') != std::string::npos)
      return context.fail(kind, "a name", storage::quote(name->string_view()));
    if (!seen.insert(name->string_view()).second)
      return context.fail(kind, "names that are unique",
                          storage::quote(name->string_view()) + " twice");
    return {};
  }

private:
  const Context &context;
  const char *kind;
  std::set<std::string_view> seen;
};

/// Bytes of an element, or 0 for a type that the schema does not have.
inline uint64_t elementSize(fb::ElementType type) {
  switch (type) {
  case fb::ElementType::F32:
  case fb::ElementType::I32:
    return 4;
  case fb::ElementType::F16:
  case fb::ElementType::BF16:
    return 2;
  case fb::ElementType::F8E4M3:
    return 1;
  }
  return 0;
}

/// `bytes` * `extent`; none if that overflows 2^63 or `extent` is not positive.
inline std::optional<uint64_t> grow(uint64_t bytes, int64_t extent) {
  uint64_t product;
  if (extent <= 0 ||
      __builtin_mul_overflow(bytes, uint64_t(extent), &product) ||
      product > uint64_t(std::numeric_limits<int64_t>::max()))
    return std::nullopt;
  return product;
}

/// Index of the plan's symbol of that name, or -1.
inline int32_t findSymbol(const fb::Plan &plan, std::string_view name) {
  for (uint32_t i = 0; i < plan.symbols()->size(); ++i)
    if (plan.symbols()->Get(i)->name()->string_view() == name)
      return int32_t(i);
  return -1;
}

/// Whether Plan.pack computes a weight (of one view or more).
inline bool isPacked(const fb::Weight &weight) {
  return weight.views()->Get(0)->file() == kPacked;
}
/// Whether a weight lies nowhere before it is drawn or packed.
inline bool isComputed(const fb::Weight &weight) {
  return isPacked(weight) || weight.views()->Get(0)->file() == kNoFile;
}

/// Modules, and the kernels in them.
Status verifyModules(const Context &context);
Status verifyKernels(const Context &context);

/// Whether a GPU can be given the arguments of a launch, whose kernel exists.
Status verifyArguments(const Context &context, const std::string &object,
                       const fb::Launch &launch);

/// Largest size of a grid of `kernel` along `axis`, 0 being x.
int64_t maxGridSize(const fb::Kernel &kernel, size_t axis);

/// Weights and the files that they lie in.
Status verifyWeights(const Context &context);

/// Whether the terms of a launch's cost make sense.
Status verifyCost(const Context &context, const std::string &object,
                  const fb::Cost &cost);

/// The launches that pack weights. Relies on weights and kernels.
Status verifyPack(const Context &context);

/// Entries, their bindings and launches. Relies on everything else.
Status verifyEntries(const Context &context);

/// Checks what a tokenizer does to a text before it is split.
Status verifyTokenizer(const Context &context);

/// Checks the prompts that `ingot verify` runs, if there are any.
Status verifyGoldenCheck(const Context &context);

} // namespace ingot::verify

#endif // INGOT_PLAN_VERIFYPARTS_H
