//===- CudaCatalogue.cpp - the kernels of a GPU ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/CudaCatalogue.h"
#include "compiler/kernels/InitialiserText.h"
#include "compiler/kernels/InstanceWriter.h"
#include "compiler/kernels/contract/CudaAttention.h"
#include "compiler/kernels/contract/CudaProducts.h"
#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/contract/CudaTiles.h"

using namespace mlir;
using namespace ingot::kernels;

namespace ingot::compiler {

using passes::Selection;

namespace {

/// The row of Kernels.def that belongs to a contract.
template <typename Contract>
struct Row;
#define INGOT_CUDA_KERNEL(CONTRACT, NAME, FILE)                                \
  template <>                                                                  \
  struct Row<CONTRACT> {                                                       \
    static constexpr const char *contract = #CONTRACT, *name = NAME,           \
                                *file = FILE;                                  \
  };
#include "compiler/kernels/Kernels.def"

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
  if (const char *reason = Schedule::reject(*problem, config))
    return rejectedBy(Row<Contract>::name, op, reason);
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

bool CudaCatalogue::groupsTokens(Operation *op, const ExpertsUp::Problem &) {
  return !continuesAnswers(op);
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
  return launch(op, std::move(selection), launches);
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
  if (auto choose = dyn_cast<ir::ChooseOp>(op))
    return single<Choose>(op, Choose::Problem{choose.vocabulary()});
  return noKernelOn(kPlace, op)
         << (isa<ir::LatentAttentionOp>(op)
                 ? ", where latent attention is reassociated"
                 : "");
}

FailureOr<Selection> CudaCatalogue::select(Operation *op) {
  return selectAny(op);
}

} // namespace ingot::compiler
