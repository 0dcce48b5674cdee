//===- CudaCatalogue.cpp - the kernels of a GPU ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/CudaCatalogue.h"
#include "compiler/kernels/CatalogueParts.h"
#include "compiler/kernels/InitialiserText.h"
#include "compiler/kernels/InstanceWriter.h"
#include "compiler/kernels/SelectPlain.h"
#include "compiler/kernels/contract/CudaAttention.h"
#include "compiler/kernels/contract/CudaProducts.h"
#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/contract/CudaTiles.h"

using namespace mlir;
using namespace ingot::kernels;

namespace ingot::compiler {

using passes::KernelArg;
using passes::LaunchChoice;
using passes::ScratchBuffer;
using passes::Selection;
using passes::SizeExpr;

namespace {

/// The row of Kernels.def that belongs to a contract.
template <typename Contract>
struct Row;
// Types cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define INGOT_CUDA_KERNEL(CONTRACT, NAME, FILE)                                \
  template <>                                                                  \
  struct Row<CONTRACT> {                                                       \
    static constexpr const char *contract = #CONTRACT, *name = NAME,           \
                                *file = FILE;                                  \
  };
#include "compiler/kernels/Kernels.def"
// NOLINTEND(bugprone-macro-parentheses)

/// The contract by which tensor cores compute the same; void if they do not.
template <typename Contract>
struct Tiled {
  using Other = void;
};
template <>
struct Tiled<Linear> {
  using Other = LinearTiled;
};
template <>
struct Tiled<GatedLinear> {
  using Other = GatedLinearTiled;
};
template <>
struct Tiled<ExpertsUpGrouped> {
  using Other = ExpertsUpTiled;
};
template <>
struct Tiled<ExpertsDownGrouped> {
  using Other = ExpertsDownTiled;
};

} // namespace

/// Whether a step continues answers, with a few tokens of each sequence: there
/// the order of sums must be the same whatever else the step has. A step that
/// takes prompts has many tokens of one.
static bool continuesAnswers(Operation *op) {
  ir::BucketAttr bucket = ir::bucketOf(op);
  return !bucket || bucket.getPerSequence() <= 16;
}

/// An initialiser of the values that a problem points to.
static std::string tableOf(const Rope::Problem &problem) {
  std::string text;
  for (int64_t i = 0; i < problem.pairs; ++i)
    text += (i == 0 ? "" : ", ") + realText(problem.frequencies[i]);
  return "{" + text + "}";
}

template <typename Contract>
static CudaBody bodyOf(const typename Contract::Problem &problem,
                       const typename OnCuda<Contract>::Config &config) {
  CudaBody body{Row<Contract>::contract,
                Row<Contract>::name,
                Row<Contract>::file,
                initialiserText(problem),
                initialiserText(config),
                {},
                {}};
  if constexpr (std::is_same_v<Contract, Rope>)
    body.table = tableOf(problem);
  Operands operands = Contract::operands(problem);
  for (unsigned i = 0; i < operands.count; ++i)
    body.numbers.push_back(operands.list[i].kind == Operand::Symbol);
  return body;
}

std::string CudaCatalogue::remember(CudaInstance instance) {
  // Names say what people tell instances apart by, not every constant: two
  // that share a name are numbered.
  std::string base = instance.name;
  for (unsigned number = 2;; ++number) {
    auto other = llvm::find_if(known, [&](const CudaInstance &candidate) {
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

template <typename Contract>
FailureOr<CudaCatalogue::Prepared>
CudaCatalogue::prepare(Operation *op,
                       FailureOr<typename Contract::Problem> problem) {
  using Schedule = OnCuda<Contract>;
  if (failed(problem))
    return failure();
  if constexpr (!std::is_void_v<typename Tiled<Contract>::Other>)
    if (!continuesAnswers(op) && isTiled(problem->weight, problem->k))
      return prepare<typename Tiled<Contract>::Other>(op, problem);
  auto config = Schedule::configure(*problem);
  if (const char *reason = Schedule::reject(*problem, config)) {
    op->emitOpError() << "has no kernel: '" << Row<Contract>::name << "' "
                      << reason;
    return failure();
  }
  InstanceWriter writer(Row<Contract>::name);
  Contract::name(*problem, writer);

  Prepared prepared;
  prepared.instance = {writer.name(), bodyOf<Contract>(*problem, config),
                       Schedule::threads(config),
                       Schedule::sharedBytes(*problem, config)};
  Grid grid = Schedule::grid(*problem, config);
  prepared.launch.grid = {toExpr(grid.x), toExpr(grid.y), toExpr(grid.z)};
  prepared.launch.args = toArgs(Contract::operands(*problem));
  prepared.cost = Contract::cost(*problem);
  return prepared;
}

LaunchChoice CudaCatalogue::finish(Operation *op, Prepared prepared) {
  prepared.launch.kernel = remember(std::move(prepared.instance));
  prepared.launch.cost = toAttr(op->getContext(), prepared.cost);
  return std::move(prepared.launch);
}

LogicalResult
CudaCatalogue::launch(Operation *op, Selection &selection,
                      MutableArrayRef<FailureOr<Prepared>> prepared) {
  if (llvm::any_of(prepared, [](const auto &one) { return failed(one); }))
    return failure();
  for (FailureOr<Prepared> &one : prepared)
    selection.launches.push_back(finish(op, std::move(*one)));
  return success();
}

template <typename Contract>
FailureOr<Selection>
CudaCatalogue::single(Operation *op,
                      FailureOr<typename Contract::Problem> problem) {
  Selection selection;
  FailureOr<Prepared> only[] = {prepare<Contract>(op, std::move(problem))};
  if (failed(launch(op, selection, only)))
    return failure();
  return selection;
}

CudaCatalogue::Prepared CudaCatalogue::joined(Prepared first, Prepared second) {
  int64_t split = first.launch.grid[0].add;
  CudaInstance &instance = first.instance;
  assert(instance.block == second.instance.block && "expects blocks alike");
  instance.name += "_and_" + second.instance.name;
  instance.beside = std::move(second.instance.body);
  instance.split = split;
  instance.sharedBytes =
      std::max(instance.sharedBytes, second.instance.sharedBytes);
  first.launch.grid[0] = SizeExpr::constant(split + second.launch.grid[0].add);
  llvm::append_range(first.launch.args, second.launch.args);
  first.cost.weightBytes += second.cost.weightBytes;
  first.cost.rowBytes += second.cost.rowBytes;
  first.cost.rowFlops += second.cost.rowFlops;
  return first;
}

FailureOr<CudaCatalogue::SharedNetwork>
CudaCatalogue::prepareShared(ir::ExpertsOp op, Selection &selection) {
  FailureOr<Linear::Problem> upProblem = sharedUpProblem(op);
  FailureOr<Linear::Problem> downProblem = sharedDownProblem(op);
  FailureOr<Prepared> up = prepare<GatedLinear>(op, upProblem);
  FailureOr<Prepared> down = prepare<Linear>(op, downProblem);
  if (failed(up) || failed(down))
    return failure();
  unsigned hidden = selection.scratch.size(), output = hidden + 1;
  selection.scratch.push_back({toExpr(each('T')), upProblem->n});
  selection.scratch.push_back({toExpr(each('T')), downProblem->n});
  unsigned gate = op.getShared().getBeginOperandIndex();
  rebind(up->launch,
         {KernelArg::operand(0), KernelArg::operand(gate),
          KernelArg::operand(gate + 1)},
         KernelArg::scratch(hidden, /*written=*/true));
  rebind(down->launch,
         {KernelArg::scratch(hidden, /*written=*/false),
          KernelArg::operand(gate + 2)},
         KernelArg::scratch(output, /*written=*/true));
  return SharedNetwork{std::move(*up), std::move(*down), output};
}

FailureOr<Selection> CudaCatalogue::selectExperts(ir::ExpertsOp op) {
  FailureOr<ExpertsUp::Problem> up = expertsUpProblem(op);
  FailureOr<ExpertsDown::Problem> down = expertsDownProblem(op);
  if (failed(up) || failed(down))
    return failure();
  Selection selection{{}, {{toExpr(each('T', up->topK)), up->n}}};
  return continuesAnswers(op)
             ? selectSingle(op, *up, *down, std::move(selection))
             : selectGrouped(op, *up, *down, std::move(selection));
}

FailureOr<Selection>
CudaCatalogue::selectSingle(ir::ExpertsOp op, const ExpertsUp::Problem &up,
                            const ExpertsDown::Problem &down,
                            Selection selection) {
  FailureOr<Prepared> products[] = {prepare<ExpertsUp>(op, up),
                                    prepare<ExpertsDown>(op, down)};
  if (op.getShared().empty()) {
    if (failed(launch(op, selection, products)))
      return failure();
    return selection;
  }
  if (failed(products[0]) || failed(products[1]))
    return failure();
  unsigned routed = selection.scratch.size();
  selection.scratch.push_back({toExpr(each('T')), down.n});
  FailureOr<SharedNetwork> shared = prepareShared(op, selection);
  FailureOr<Prepared> sum = prepare<Add>(op, Add::Problem{down.n});
  if (failed(shared) || failed(sum))
    return failure();
  rebind(products[1]->launch, {}, KernelArg::scratch(routed, /*written=*/true));
  rebind(sum->launch,
         {KernelArg::scratch(routed, /*written=*/false),
          KernelArg::scratch(shared->output, /*written=*/false)},
         KernelArg::result(0));
  selection.launches = {
      finish(op, joined(std::move(*products[0]), std::move(shared->up))),
      finish(op, joined(std::move(*products[1]), std::move(shared->down))),
      finish(op, std::move(*sum))};
  return selection;
}

FailureOr<Selection>
CudaCatalogue::selectGrouped(ir::ExpertsOp op, const ExpertsUp::Problem &up,
                             const ExpertsDown::Problem &down,
                             Selection selection) {
  bool hasShared = !op.getShared().empty();
  SizeExpr slots = toExpr(each('T', up.topK));
  selection.scratch.push_back(
      {toExpr(fixed(1)), up.experts + 1, ScratchBuffer::I32});
  selection.scratch.push_back({slots, 1, ScratchBuffer::I32});
  selection.scratch.push_back({slots, down.n});
  std::vector<FailureOr<Prepared>> launches;
  launches.push_back(
      prepare<ExpertsGroup>(op, ExpertsGroup::Problem{up.experts, up.topK}));
  launches.push_back(prepare<ExpertsUpGrouped>(
      op, ExpertsGrouped::Problem{up.weight, up.n, up.k, up.topK, up.experts,
                                  up.weightsOnInput}));
  launches.push_back(prepare<ExpertsDownGrouped>(
      op, ExpertsGrouped::Problem{down.weight, down.n, down.k, down.topK,
                                  down.experts, down.weightsOnInput}));
  if (hasShared) {
    FailureOr<SharedNetwork> shared = prepareShared(op, selection);
    if (failed(shared))
      return failure();
    launches.push_back(std::move(shared->up));
    launches.push_back(std::move(shared->down));
  }
  launches.push_back(prepare<ExpertsCombine>(
      op, ExpertsCombine::Problem{down.n, down.topK, hasShared,
                                  down.weightsOnInput}));
  if (failed(launch(op, selection, launches)))
    return failure();
  return selection;
}

template <typename Whole, typename Split>
FailureOr<Selection> CudaCatalogue::selectAttention(
    Operation *op, FailureOr<typename Whole::Problem> problem, int64_t heads,
    int64_t value, AttentionMask mask) {
  if (failed(problem))
    return failure();
  int64_t splits = OnCuda<Whole>::splits(*problem);
  if (!continuesAnswers(op) || splits == 1)
    return single<Whole>(op, problem);
  Selection selection{
      {}, {{toExpr(each('T')), splitColumns(heads, value, splits)}}};
  FailureOr<Prepared> launches[] = {
      prepare<Split>(op, typename Split::Problem{*problem, splits}),
      prepare<CombineSplits>(
          op, CombineSplits::Problem{heads, value, splits, mask})};
  if (failed(launch(op, selection, launches)))
    return failure();
  return selection;
}

FailureOr<Selection> CudaCatalogue::select(Operation *op) {
  if (failed(expectFloat32(op)))
    return failure();
  if (auto product = dyn_cast<ir::ProductOpInterface>(op);
      product && product.getInputsAttr())
    return op->emitOpError() << "has no kernel on a gpu for inputs in "
                             << product.getInputsAttr().getValue();
  return selectPlain(*this, op, [&](Operation *o) { return selectOther(o); });
}

FailureOr<Selection> CudaCatalogue::selectOther(Operation *op) {
  PagedCache pages{options.pageSize, options.pagesPerSequence};
  if (auto experts = dyn_cast<ir::ExpertsOp>(op))
    return selectExperts(experts);
  if (auto attention = dyn_cast<ir::AttentionOp>(op)) {
    FailureOr<AttentionHeads> problem = attentionProblem(attention, pages);
    if (failed(problem))
      return failure();
    return selectAttention<Attention, AttentionSplit>(
        op, problem, problem->heads, problem->width, problem->mask);
  }
  if (auto attend = dyn_cast<ir::AttendLatentOp>(op)) {
    FailureOr<AttendLatent::Problem> problem =
        attendLatentProblem(attend, pages);
    if (failed(problem))
      return failure();
    return selectAttention<AttendLatent, AttendLatentSplit>(
        op, problem, problem->heads, problem->rank, AttentionMask{});
  }
  op->emitOpError() << "has no kernel on a gpu"
                    << (isa<ir::LatentAttentionOp>(op)
                            ? ", where latent attention is reassociated"
                            : "");
  return failure();
}

} // namespace ingot::compiler
