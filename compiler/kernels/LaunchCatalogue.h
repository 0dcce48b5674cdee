//===- LaunchCatalogue.h - launches of any target's kernels -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The catalogue of a target derives from LaunchCatalogue of itself, which says
// what launches an op takes, and brings what differs between targets:
//
//   kPlace                  where its kernels run, in messages: "the cpu"
//   kRoundsInputs           whether products can round their inputs first
//   kJoinsGrouped           whether a shared network runs beside experts with
//                           all of their tokens; else it has its own launches
//   prepare<Contract>(...)  the kernel of one launch
//   groupsTokens(...)       whether each expert takes all of its tokens
//   selectOther(op)         the ops that are its own affair
//
// Its source alone defines them, so it alone calls what calls them.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_LAUNCHCATALOGUE_H
#define INGOT_COMPILER_KERNELS_LAUNCHCATALOGUE_H

#include "compiler/kernels/SelectPlain.h"

namespace ingot::compiler {

/// `Instance` is a kernel of the target: it has a name, a body, one beside it
/// or none, and is joined with another.
template <typename Catalogue, typename Instance>
class LaunchCatalogue : public passes::KernelCatalogue {
public:
  /// The instances so far, named as LaunchChoice::kernel says.
  llvm::ArrayRef<Instance> instances() const { return known; }

  /// One launch of one kernel: for selectPlain.
  template <typename Contract>
  mlir::FailureOr<passes::Selection>
  single(mlir::Operation *op,
         mlir::FailureOr<typename Contract::Problem> problem) {
    Chosen only[] = {derived().template prepare<Contract>(op, problem)};
    return launch(op, {}, only);
  }

private:
  friend Catalogue;
  LaunchCatalogue() = default;
  Catalogue &derived() { return static_cast<Catalogue &>(*this); }

  /// A launch whose kernel is not yet among the instances.
  struct Prepared {
    passes::LaunchChoice launch;
    Instance instance;
    kernels::Cost cost;
  };
  using Chosen = mlir::FailureOr<Prepared>;

  /// What KernelCatalogue::select promises.
  mlir::FailureOr<passes::Selection> selectAny(mlir::Operation *op);

  /// `selection` with these launches; fails if one of them has failed.
  mlir::FailureOr<passes::Selection>
  launch(mlir::Operation *op, passes::Selection selection,
         llvm::MutableArrayRef<Chosen> prepared);
  /// The name of the instance, new or known.
  std::string remember(Instance instance);
  /// Both in one launch, side by side along x. The tiles along y are the
  /// first's: the second's are no more, or its body ignores those beyond.
  static Prepared joined(Prepared first, Prepared second);

  /// The two products of a shared network, and the scratch that holds what is
  /// between them and their result.
  struct SharedNetwork {
    Prepared up, down;
    unsigned hidden, output;
  };
  template <typename Up = kernels::GatedLinear, typename Down = kernels::Linear>
  mlir::FailureOr<SharedNetwork> prepareShared(ir::ExpertsOp op,
                                               passes::Selection &selection);
  mlir::FailureOr<passes::Selection> selectExperts(ir::ExpertsOp op);
  /// Each token's experts one by one.
  mlir::FailureOr<passes::Selection>
  selectSingle(ir::ExpertsOp op, const kernels::ExpertsUp::Problem &up,
               const kernels::ExpertsDown::Problem &down,
               passes::Selection selection);
  /// Each expert with all of its tokens.
  mlir::FailureOr<passes::Selection>
  selectGrouped(ir::ExpertsOp op, const kernels::ExpertsUp::Problem &up,
                const kernels::ExpertsDown::Problem &down,
                passes::Selection selection);

  std::vector<Instance> known;
};

template <typename Catalogue, typename Instance>
mlir::FailureOr<passes::Selection>
LaunchCatalogue<Catalogue, Instance>::selectAny(mlir::Operation *op) {
  if (failed(expectFloat32(op)))
    return mlir::failure();
  if (auto product = llvm::dyn_cast<ir::ProductOpInterface>(op);
      product && product.getInputsAttr() && !Catalogue::kRoundsInputs)
    return noKernelOn(Catalogue::kPlace, op)
           << " for inputs in " << product.getInputsAttr().getValue();
  return selectPlain(derived(), op, [&](mlir::Operation *o) {
    return derived().selectOther(o);
  });
}

template <typename Catalogue, typename Instance>
mlir::FailureOr<passes::Selection> LaunchCatalogue<Catalogue, Instance>::launch(
    mlir::Operation *op, passes::Selection selection,
    llvm::MutableArrayRef<Chosen> prepared) {
  if (llvm::any_of(prepared, [](const Chosen &one) { return failed(one); }))
    return mlir::failure();
  for (Chosen &one : prepared) {
    one->launch.kernel = remember(std::move(one->instance));
    one->launch.cost = toAttr(op->getContext(), one->cost);
    selection.launches.push_back(std::move(one->launch));
  }
  return selection;
}

template <typename Catalogue, typename Instance>
std::string LaunchCatalogue<Catalogue, Instance>::remember(Instance instance) {
  // Names say what people tell instances apart by, not every constant: two
  // that share a name are numbered.
  std::string base = instance.name;
  for (unsigned number = 2;; ++number) {
    auto other = llvm::find_if(known, [&](const Instance &candidate) {
      return candidate.name == instance.name;
    });
    if (other == known.end())
      break;
    if (other->body == instance.body && other->beside == instance.beside)
      return instance.name;
    instance.name = base + "_" + std::to_string(number);
  }
  known.push_back(instance);
  return instance.name;
}

template <typename Catalogue, typename Instance>
auto LaunchCatalogue<Catalogue, Instance>::joined(Prepared first,
                                                  Prepared second) -> Prepared {
  int64_t split = first.launch.grid[0].add;
  first.instance.join(std::move(second.instance), split);
  first.launch.grid[0] =
      passes::SizeExpr::constant(split + second.launch.grid[0].add);
  llvm::append_range(first.launch.args, second.launch.args);
  first.cost.weightBytes += second.cost.weightBytes;
  first.cost.rowBytes += second.cost.rowBytes;
  first.cost.rowFlops += second.cost.rowFlops;
  return first;
}

template <typename Catalogue, typename Instance>
template <typename Up, typename Down>
auto LaunchCatalogue<Catalogue, Instance>::prepareShared(
    ir::ExpertsOp op, passes::Selection &selection)
    -> mlir::FailureOr<SharedNetwork> {
  using passes::KernelArg;
  mlir::FailureOr<kernels::Linear::Problem> upProblem = sharedUpProblem(op);
  mlir::FailureOr<kernels::Linear::Problem> downProblem = sharedDownProblem(op);
  Chosen up = derived().template prepare<Up>(op, upProblem);
  Chosen down = derived().template prepare<Down>(op, downProblem);
  if (failed(up) || failed(down))
    return mlir::failure();
  unsigned hidden = selection.scratch.size(), output = hidden + 1;
  passes::SizeExpr tokens = toExpr(kernels::each('T'));
  selection.scratch.push_back({tokens, upProblem->n});
  selection.scratch.push_back({tokens, downProblem->n});
  unsigned gate = op.getShared().getBeginOperandIndex();
  rebind(up->launch,
         {KernelArg::operand(0), KernelArg::operand(gate),
          KernelArg::operand(gate + 1)},
         KernelArg::scratch(hidden, /*written=*/true));
  rebind(down->launch,
         {KernelArg::scratch(hidden, /*written=*/false),
          KernelArg::operand(gate + 2)},
         KernelArg::scratch(output, /*written=*/true));
  return SharedNetwork{std::move(*up), std::move(*down), hidden, output};
}

template <typename Catalogue, typename Instance>
mlir::FailureOr<passes::Selection>
LaunchCatalogue<Catalogue, Instance>::selectExperts(ir::ExpertsOp op) {
  mlir::FailureOr<kernels::ExpertsUp::Problem> up = expertsUpProblem(op);
  mlir::FailureOr<kernels::ExpertsDown::Problem> down = expertsDownProblem(op);
  if (failed(up) || failed(down))
    return mlir::failure();
  passes::Selection selection{{},
                              {{toExpr(kernels::each('T', up->topK)), up->n}}};
  return Catalogue::groupsTokens(op, *up)
             ? selectGrouped(op, *up, *down, std::move(selection))
             : selectSingle(op, *up, *down, std::move(selection));
}

template <typename Catalogue, typename Instance>
mlir::FailureOr<passes::Selection>
LaunchCatalogue<Catalogue, Instance>::selectSingle(
    ir::ExpertsOp op, const kernels::ExpertsUp::Problem &up,
    const kernels::ExpertsDown::Problem &down, passes::Selection selection) {
  using namespace kernels;
  using passes::KernelArg;
  Chosen products[] = {derived().template prepare<ExpertsUp>(op, up),
                       derived().template prepare<ExpertsDown>(op, down)};
  if (op.getShared().empty())
    return launch(op, std::move(selection), products);
  if (failed(products[0]) || failed(products[1]))
    return mlir::failure();
  unsigned routed = selection.scratch.size();
  selection.scratch.push_back({toExpr(each('T')), down.n});
  mlir::FailureOr<SharedNetwork> shared = prepareShared(op, selection);
  Chosen sum = derived().template prepare<Add>(op, Add::Problem{down.n});
  if (failed(shared) || failed(sum))
    return mlir::failure();
  rebind(products[1]->launch, {}, KernelArg::scratch(routed, /*written=*/true));
  rebind(sum->launch,
         {KernelArg::scratch(routed, /*written=*/false),
          KernelArg::scratch(shared->output, /*written=*/false)},
         KernelArg::result(0));
  Chosen launches[] = {joined(std::move(*products[0]), std::move(shared->up)),
                       joined(std::move(*products[1]), std::move(shared->down)),
                       std::move(sum)};
  return launch(op, std::move(selection), launches);
}

template <typename Catalogue, typename Instance>
mlir::FailureOr<passes::Selection>
LaunchCatalogue<Catalogue, Instance>::selectGrouped(
    ir::ExpertsOp op, const kernels::ExpertsUp::Problem &up,
    const kernels::ExpertsDown::Problem &down, passes::Selection selection) {
  using namespace kernels;
  using passes::ScratchBuffer;
  bool hasShared = !op.getShared().empty();
  passes::SizeExpr slots = toExpr(each('T', up.topK));
  selection.scratch.push_back(
      {toExpr(fixed(1)), up.experts + 1, ScratchBuffer::I32});
  selection.scratch.push_back({slots, 1, ScratchBuffer::I32});
  selection.scratch.push_back({slots, down.n});
  std::vector<Chosen> launches;
  launches.push_back(derived().template prepare<ExpertsGroup>(
      op, ExpertsGroup::Problem{up.experts, up.topK}));
  launches.push_back(
      derived().template prepare<ExpertsUpGrouped>(op, groupedProblem(up)));
  launches.push_back(
      derived().template prepare<ExpertsDownGrouped>(op, groupedProblem(down)));
  if (hasShared) {
    Chosen &first = launches[1], &second = launches[2];
    mlir::FailureOr<SharedNetwork> shared = prepareShared(op, selection);
    if (failed(first) || failed(second) || failed(shared))
      return mlir::failure();
    if (Catalogue::kJoinsGrouped) {
      first = joined(std::move(*first), std::move(shared->up));
      second = joined(std::move(*second), std::move(shared->down));
    } else {
      launches.push_back(std::move(shared->up));
      launches.push_back(std::move(shared->down));
    }
  }
  launches.push_back(derived().template prepare<ExpertsCombine>(
      op, ExpertsCombine::Problem{down.n, down.topK, hasShared,
                                  down.weightsOnInput}));
  return launch(op, std::move(selection), launches);
}

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_LAUNCHCATALOGUE_H
