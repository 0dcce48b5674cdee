//===- FuseLaunches.cpp - several kernels in one launch -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Before:     a launch for each kernel that the catalogue chose
// After:      launches that need not wait for each other are one
// Requires:   entries as ingot-select-kernels makes them
// Guarantees: every buffer gets the values that it got before
//
//===----------------------------------------------------------------------===//

#include "dialects/Plan/PlanDialect.h"
#include "passes/Lower/KernelCatalogue.h"
#include "passes/Passes.h"

#include "llvm/ADT/StringSet.h"

namespace ingot::passes {
#define GEN_PASS_DEF_FUSELAUNCHESPASS
#include "passes/Passes.h.inc"
} // namespace ingot::passes

using namespace mlir;
using namespace ingot::passes;
namespace plan = ingot::plan;

namespace {

/// Whether `launch` writes `value`.
bool writes(plan::LaunchOp launch, Value value) {
  return llvm::any_of(launch.getWrites(), [&](int64_t slot) {
    return launch.getArgs()[slot] == value;
  });
}

/// Whether the order of two launches matters.
bool depend(plan::LaunchOp first, plan::LaunchOp second) {
  auto touchesResults = [](plan::LaunchOp one, plan::LaunchOp other) {
    return llvm::any_of(one.getArgs(),
                        [&](Value arg) { return writes(other, arg); });
  };
  return touchesResults(first, second) || touchesResults(second, first);
}

bool isOne(plan::ExprAttr size) {
  return size.getMul() == 0 && size.getAdd() == 1 && size.getCeilDiv() == 1;
}
bool isConstant(plan::ExprAttr size) {
  return size.getMul() == 0 && size.getCeilDiv() == 1;
}

plan::ExprAttr sizeOf(plan::LaunchOp launch, unsigned dimension) {
  return cast<plan::ExprAttr>(launch.getGrid()[dimension]);
}

/// What both cost; null if no attribute can say it.
plan::CostAttr sumOf(plan::CostAttr a, plan::CostAttr b) {
  if (!a || !b || a.getRows() != b.getRows() ||
      (a.getParts() != 0 && b.getParts() != 0))
    return {};
  const plan::CostAttr &parts = a.getParts() != 0 ? a : b;
  return plan::CostAttr::get(
      a.getContext(), a.getRows(), a.getProduct() || b.getProduct(),
      a.getWeightBytes() + b.getWeightBytes(), parts.getParts(),
      parts.getPartBytes(), parts.getRowParts(),
      a.getRowBytes() + b.getRowBytes(), a.getRowFlops() + b.getRowFlops(),
      a.getCachedBytes() + b.getCachedBytes(),
      a.getCachedFlops() + b.getCachedFlops(),
      a.getPairFlops() + b.getPairFlops());
}

/// How two launches become one.
struct Fused {
  std::string kernel;
  SmallVector<Attribute> grid;
  /// Whether it has the name of the second.
  bool namedBySecond;
  plan::CostAttr cost;
};

class EntryFusion {
public:
  EntryFusion(plan::EntryOp entry, KernelCatalogue &catalogue)
      : entry(entry), catalogue(catalogue) {}

  void run() {
    // First what must follow one another, as only whole chains stand side by
    // side.
    fuseAll(&EntryFusion::inSequence);
    fuseAll(&EntryFusion::sideBySide);
  }

private:
  using Rule = std::optional<Fused> (EntryFusion::*)(plan::LaunchOp,
                                                     plan::LaunchOp);

  void fuseAll(Rule rule) {
    SmallVector<plan::LaunchOp> done;
    for (auto launch :
         llvm::make_early_inc_range(entry.getOps<plan::LaunchOp>()))
      if (!fuseWithEarlier(launch, done, rule))
        done.push_back(launch);
  }

  /// Makes one of `launch` and the first of `done` that it can be fused with,
  /// if it depends on none behind that. What depends on it can be early then,
  /// too.
  bool fuseWithEarlier(plan::LaunchOp launch,
                       MutableArrayRef<plan::LaunchOp> done, Rule rule) {
    plan::LaunchOp *chosen = nullptr;
    std::optional<Fused> best;
    for (plan::LaunchOp &earlier : llvm::reverse(done)) {
      if (std::optional<Fused> fused = fuse(earlier, launch, rule)) {
        chosen = &earlier;
        best = std::move(fused);
      }
      if (depend(earlier, launch))
        break;
    }
    if (chosen)
      *chosen = replace(*chosen, launch, *best);
    return chosen;
  }

  std::optional<Fused> fuse(plan::LaunchOp first, plan::LaunchOp second,
                            Rule rule) {
    plan::CostAttr cost = sumOf(first.getCostAttr(), second.getCostAttr());
    if (!cost || (first.getTapAttr() && second.getTapAttr()))
      return std::nullopt;
    std::optional<Fused> fused = (this->*rule)(first, second);
    if (fused)
      fused->cost = cost;
    return fused;
  }

  std::optional<Fused> inSequence(plan::LaunchOp first, plan::LaunchOp second) {
    if (first.getGrid() != second.getGrid() || !isOne(sizeOf(first, 1)) ||
        !isOne(sizeOf(first, 2)) || !depend(first, second))
      return std::nullopt;
    std::string kernel =
        catalogue.inSequence(first.getKernel(), second.getKernel());
    if (kernel.empty())
      return std::nullopt;
    return Fused{kernel,
                 llvm::to_vector(first.getGrid()),
                 /*namedBySecond=*/true,
                 {}};
  }

  std::optional<Fused> sideBySide(plan::LaunchOp first, plan::LaunchOp second) {
    plan::ExprAttr x = sizeOf(first, 0), y = sizeOf(first, 1);
    plan::ExprAttr z = sizeOf(first, 2), otherX = sizeOf(second, 0);
    plan::ExprAttr otherY = sizeOf(second, 1);
    if (z != sizeOf(second, 2) || depend(first, second))
      return std::nullopt;
    auto fused = [&](Axis axis, plan::ExprAttr size,
                     plan::ExprAttr other) -> std::optional<Fused> {
      std::string kernel = catalogue.sideBySide(
          first.getKernel(), axis, size.getAdd(), second.getKernel());
      if (kernel.empty())
        return std::nullopt;
      auto all = plan::ExprAttr::get(size.getContext(), "", 0,
                                     size.getAdd() + other.getAdd(), 1);
      bool alongX = axis == Axis::X;
      return Fused{kernel,
                   {alongX ? all : x, alongX ? y : all, z},
                   /*namedBySecond=*/false,
                   {}};
    };
    if (isConstant(x) && isConstant(otherX) && y == otherY)
      if (auto alongX = fused(Axis::X, x, otherX))
        return alongX;
    if (x == otherX && isConstant(y) && isOne(otherY))
      return fused(Axis::Y, y, otherY);
    return std::nullopt;
  }

  /// Puts the fused launch where `first` is.
  plan::LaunchOp replace(plan::LaunchOp first, plan::LaunchOp second,
                         const Fused &fused) {
    // Buffers, weights and symbols may be named by then: they need nothing.
    for (Value arg : second.getArgs())
      if (!arg.getDefiningOp()->isBeforeInBlock(first))
        arg.getDefiningOp()->moveBefore(first);
    bool bySecond =
        second.getTapAttr() || (fused.namedBySecond && !first.getTapAttr());
    plan::LaunchOp named = bySecond ? second : first;
    int64_t count = static_cast<int64_t>(first.getArgs().size());
    SmallVector<Value> args(first.getArgs());
    llvm::append_range(args, second.getArgs());
    SmallVector<int64_t> written, later(first.getWrites());
    for (int64_t slot : second.getWrites())
      written.push_back(count + slot);
    if (!bySecond)
      std::swap(written, later);
    llvm::append_range(written, later);

    OpBuilder builder(first);
    declare(builder, first, fused.kernel);
    auto launch = plan::LaunchOp::create(
        builder, named.getLoc(),
        FlatSymbolRefAttr::get(builder.getContext(), fused.kernel),
        named.getNameAttr(), builder.getArrayAttr(fused.grid), args,
        builder.getDenseI64ArrayAttr(written), named.getTapAttr(), fused.cost);
    first.erase();
    second.erase();
    return launch;
  }

  static void declare(OpBuilder &builder, plan::LaunchOp like,
                      StringRef kernel) {
    auto module = like->getParentOfType<ModuleOp>();
    Operation *declared = SymbolTable::lookupSymbolIn(module, like.getKernel());
    if (SymbolTable::lookupSymbolIn(module, kernel))
      return;
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointAfter(declared);
    auto copy = cast<plan::KernelOp>(builder.clone(*declared));
    copy.setSymName(kernel);
  }

  plan::EntryOp entry;
  KernelCatalogue &catalogue;
};

struct FuseLaunches : ingot::passes::impl::FuseLaunchesPassBase<FuseLaunches> {
  FuseLaunches() = default;
  explicit FuseLaunches(KernelCatalogue &catalogue) : catalogue(&catalogue) {}

  void runOnOperation() override {
    ModuleOp module = getOperation();
    for (auto entry : module.getOps<plan::EntryOp>())
      EntryFusion(entry, *catalogue).run();
    // What is launched only as a part of others.
    llvm::StringSet<> launched;
    module.walk(
        [&](plan::LaunchOp launch) { launched.insert(launch.getKernel()); });
    for (auto kernel :
         llvm::make_early_inc_range(module.getOps<plan::KernelOp>()))
      if (!launched.contains(kernel.getSymName()))
        kernel.erase();
  }

  KernelCatalogue *catalogue = nullptr;
};

} // namespace

std::unique_ptr<Pass>
ingot::passes::createFuseLaunchesPass(KernelCatalogue &catalogue) {
  return std::make_unique<FuseLaunches>(catalogue);
}
