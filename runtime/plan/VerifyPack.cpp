//===- VerifyPack.cpp - whether weights can be packed ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/VerifyParts.h"

#include <algorithm>
#include <vector>

namespace ingot::verify {

namespace {

/// Goes through Plan.pack and keeps which weights have been written.
class PackVerifier {
public:
  explicit PackVerifier(const Context &c)
      : c(c), weights(*c.plan.weights()), written(weights.size()) {}

  Status run() {
    for (const fb::Launch *launch : *c.plan.pack())
      if (Status s = verifyLaunch(
              "pack launch " + storage::quote(launch->name()->string_view()),
              *launch);
          !s.ok())
        return s;
    for (uint32_t i = 0; i < weights.size(); ++i)
      if (isPacked(*weights.Get(i)) && !written[i])
        return c.fail(named("weight", weights.Get(i)->name()),
                      "a launch that packs it", "none");
    return {};
  }

private:
  Status verifyLaunch(const std::string &object, const fb::Launch &launch) {
    if (Status s = c.checkIndex(object, "kernels", launch.kernel(),
                                c.plan.kernels()->size());
        !s.ok())
      return s;
    if (Status s = verifyArguments(c, object, launch); !s.ok())
      return s;
    if (Status s = verifyGrid(object, launch); !s.ok())
      return s;
    if (launch.results()->size() != 0 || launch.tap())
      return c.fail(object, "neither results nor a tap",
                    std::to_string(launch.results()->size()) + " results");
    for (uint32_t i = 0; i < launch.args()->size(); ++i)
      if (Status s = verifyArg(object + " " + numbered("argument", i), launch,
                               *launch.args()->Get(i));
          !s.ok())
        return s;
    if (launch.cost())
      if (Status s = verifyCost(c, object + " cost", *launch.cost()); !s.ok())
        return s;
    return verifyPacks(object, launch);
  }

  Status verifyGrid(const std::string &object, const fb::Launch &launch) {
    if (launch.grid()->size() != 3)
      return c.fail(object, "a grid of 3 sizes", launch.grid()->size());
    if (Status s = c.checkAligned(object, "a grid", *launch.grid()); !s.ok())
      return s;
    const fb::Kernel &kernel = *c.plan.kernels()->Get(launch.kernel());
    int64_t tiles = 1;
    for (uint32_t axis = 0; axis < 3; ++axis) {
      const fb::Expr *size = launch.grid()->Get(axis);
      if (size->symbol() != -1 || size->ceil_div() != 1)
        return c.fail(object, "a grid of plain numbers",
                      "symbol " + std::to_string(size->symbol()) +
                          " and ceil_div " + std::to_string(size->ceil_div()));
      const int64_t most = maxGridSize(kernel, axis);
      if (size->add() < 0 || size->add() > most ||
          __builtin_mul_overflow(tiles, size->add(), &tiles) ||
          tiles > kMaxCount)
        return c.fail(object,
                      "a grid of 0 to " + std::to_string(most) + " tiles",
                      "a size of " + std::to_string(size->add()));
    }
    return {};
  }

  /// Every argument has a part for each run, and is written by then.
  Status verifyArg(const std::string &object, const fb::Launch &launch,
                   const fb::Arg &arg) {
    if (arg.kind() != fb::ArgKind::WeightPart)
      return c.fail(object, "a kind of 4 (part of a weight)",
                    int64_t(arg.kind()));
    if (Status s = c.checkIndex(object, "weights", arg.index(), weights.size());
        !s.ok())
      return s;
    const fb::Weight &weight = *weights.Get(arg.index());
    if (weight.views()->size() != launch.runs())
      return c.failUnsigned(object,
                            named("weight", weight.name()) +
                                " to have a view for each of " +
                                std::to_string(launch.runs()) + " runs",
                            weight.views()->size());
    if (isPacked(weight) && !written[arg.index()] &&
        !contains(*launch.packs(), arg.index()))
      return c.fail(object,
                    named("weight", weight.name()) +
                        " to be packed before it is read",
                    "a launch before that");
    return {};
  }

  Status verifyPacks(const std::string &object, const fb::Launch &launch) {
    if (launch.packs()->size() == 0)
      return c.fail(object, "a weight to pack", "none");
    for (uint32_t index : *launch.packs()) {
      if (Status s =
              c.checkIndex(object + " packs", "weights", index, weights.size());
          !s.ok())
        return s;
      const std::string weight = named("weight", weights.Get(index)->name());
      auto isWeight = [&](const fb::Arg *arg) { return arg->index() == index; };
      if (std::none_of(launch.args()->begin(), launch.args()->end(), isWeight))
        return c.fail(object, "to pack weights that are arguments", weight);
      if (!isPacked(*weights.Get(index)))
        return c.fail(object, "to write weights that are packed", weight);
      if (written[index])
        return c.fail(object, "to pack weights that nothing has packed before",
                      weight);
      written[index] = true;
    }
    return {};
  }

  static bool contains(const flatbuffers::Vector<uint32_t> &list,
                       uint32_t value) {
    return std::find(list.begin(), list.end(), value) != list.end();
  }

  const Context &c;
  const flatbuffers::Vector<flatbuffers::Offset<fb::Weight>> &weights;
  std::vector<bool> written;
};

} // namespace

Status verifyPack(const Context &c) { return PackVerifier(c).run(); }

} // namespace ingot::verify
