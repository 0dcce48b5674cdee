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
#include "compiler/kernels/contract/CudaFp8Tiles.h"
#include "compiler/kernels/contract/CudaProducts.h"
#include "compiler/kernels/contract/CudaRows.h"
#include "compiler/kernels/contract/CudaTiledAttention.h"
#include "compiler/kernels/contract/CudaTiledHeads.h"
#include "compiler/kernels/contract/CudaTiles.h"
#include "compiler/kernels/contract/NvvmRows.h"

using namespace mlir;
using namespace ingot::kernels;

namespace ingot::compiler {

using passes::KernelArg;
using passes::LaunchChoice;
using passes::ScratchBuffer;
using passes::Selection;

namespace {

/// The row of Kernels.def that belongs to a contract.
template <typename Contract>
struct Row;
// Types cannot stand in parentheses.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define INGOT_CUDA_KERNEL(CONTRACT, NAME, FILE)                                \
  template <>                                                                  \
  struct Row<CONTRACT> {                                                       \
    static constexpr const char *contract = #CONTRACT;                         \
    static constexpr const char *name = NAME;                                  \
    static constexpr const char *file = FILE;                                  \
  };
#define INGOT_NVVM_KERNEL(CONTRACT, NAME, PARTS)                               \
  template <>                                                                  \
  struct Row<CONTRACT> {                                                       \
    static constexpr const char *name = NAME;                                  \
    static constexpr const char *parts = PARTS;                                \
  };
#include "compiler/kernels/Kernels.def"
// NOLINTEND(bugprone-macro-parentheses)

/// The contract by which tensor cores compute the same, where they take the
/// problem; void if they do not.
template <typename Contract>
struct Tiled {
  using Other = void;
};
template <typename Contract>
struct TiledAs {
  using Other = Contract;
  template <typename Problem>
  static bool takes(const Problem &p) {
    return isTiled(p.weight, p.k, p.inputs);
  }
};
/// Where its schedule does.
template <typename Contract>
struct ScheduledAs {
  using Other = Contract;
  template <typename Problem>
  static bool takes(const Problem &p) {
    using Schedule = OnCuda<Contract>;
    return !Schedule::reject(p, Schedule::configure(p));
  }
};
template <>
struct Tiled<Linear> : TiledAs<LinearTiled> {};
template <>
struct Tiled<GatedLinear> : TiledAs<GatedLinearTiled> {};
template <>
struct Tiled<ExpertsUpGrouped> : TiledAs<ExpertsUpTiled> {};
template <>
struct Tiled<ExpertsDownGrouped> : TiledAs<ExpertsDownTiled> {};
template <>
struct Tiled<AbsorbQuery> : ScheduledAs<AbsorbQueryTiled> {};
template <>
struct Tiled<ProjectValue> : ScheduledAs<ProjectValueTiled> {};
template <>
struct Tiled<LinearCoded> : ScheduledAs<LinearFp8Tiles> {};
template <>
struct Tiled<GatedLinearCoded> : ScheduledAs<GatedLinearFp8Tiles> {};
template <>
struct Tiled<ExpertsUpCoded> : ScheduledAs<ExpertsUpFp8Tiles> {};
template <>
struct Tiled<ExpertsDownCoded> : ScheduledAs<ExpertsDownFp8Tiles> {};

/// The contract of the same product of codes; void if an op does not begin with
/// one.
template <typename Contract>
struct Coded {
  using Other = void;
};
template <>
struct Coded<Linear> {
  using Other = LinearCoded;
};
template <>
struct Coded<GatedLinear> {
  using Other = GatedLinearCoded;
};

} // namespace

/// Whether a step continues answers, with a few tokens of each sequence: there
/// the order of sums must be the same whatever else the step has. A step that
/// takes prompts has many tokens of one.
static bool continuesAnswers(Operation *op) {
  ir::BucketAttr bucket = ir::bucketOf(op);
  return !bucket || bucket.getPerSequence() <= 16;
}

static bool takesOneToken(Operation *op) {
  ir::BucketAttr bucket = ir::bucketOf(op);
  return bucket && bucket.getTokens() == 1;
}

/// What `size` is in a step of one token.
static Size ofOneToken(Size size) {
  return size.symbol == 'T' ? fixed(ceilDiv(size.mul + size.add, size.ceilDiv))
                            : size;
}

/// Whether a product's inputs become codes in a launch of their own: where many
/// blocks of threads would else round the same ones.
template <typename Problem>
static bool takesCodes(Operation *op, const Problem &problem) {
  return !continuesAnswers(op) &&
         isCoded(problem.weight, problem.k, problem.inputs);
}

/// Has a product of codes read those in scratch `codes`, and the next.
static void readCodes(LaunchChoice &launch, unsigned codes) {
  launch.args[0] = KernelArg::scratch(codes, /*written=*/false);
  launch.args[1] = KernelArg::scratch(codes + 1, /*written=*/false);
}

/// Lanes of a contract's aliases on a GPU: float32 values of 16 bytes, the most
/// that a thread loads at once.
static constexpr int64_t kLoadedAtOnce = 4;

/// A body in CUDA C++.
template <typename Contract>
static CudaWork textOf(const typename Contract::Problem &problem,
                       const typename OnCuda<Contract>::Config &config) {
  CudaBody body{Row<Contract>::contract, Row<Contract>::name,
                Row<Contract>::file,     initialiserText(problem),
                initialiserText(config), {}};
  Operands operands = Contract::operands(problem);
  for (unsigned i = 0; i < operands.count; ++i)
    body.numbers.push_back(operands.list[i].kind == Operand::Symbol);
  return body;
}

/// A body in MLIR, named by `writer`.
template <typename Contract>
static CudaWork bodyOf(const typename Contract::Problem &problem,
                       const typename OnCuda<Contract>::Config &config,
                       InstanceWriter writer) {
  if constexpr (requires { typename Contract::Config; })
    Contract::aliases(
        problem, Contract::configure(problem, Machine{kLoadedAtOnce}), writer);
  OnCuda<Contract>::aliases(problem, config, writer);
  std::vector<std::string> parts = writer.wordsOf(Row<Contract>::parts);
  for (std::string &part : parts)
    if (!StringRef(part).contains('/'))
      part = "nvvm/" + part;
  return std::vector<KernelBody>{{writer.aliases(), std::move(parts)}};
}

template <typename Contract>
FailureOr<CudaCatalogue::Prepared>
CudaCatalogue::prepare(Operation *op,
                       FailureOr<typename Contract::Problem> problem) {
  using Schedule = OnCuda<Contract>;
  if (failed(problem))
    return failure();
  if constexpr (!std::is_void_v<typename Tiled<Contract>::Other>)
    if (!continuesAnswers(op) && Tiled<Contract>::takes(*problem))
      return prepare<typename Tiled<Contract>::Other>(op, problem);
  InstanceWriter writer(Row<Contract>::name);
  Contract::name(*problem, writer);
  auto config = Schedule::configure(*problem);
  if constexpr (requires { Schedule::configure(*problem, int64_t(1)); })
    if (takesOneToken(op)) {
      config = Schedule::configure(*problem, 1);
      writer.size("t", 1);
    }
  if (const char *reason = Schedule::reject(*problem, config))
    return rejectedBy(Row<Contract>::name, op, reason);

  Prepared prepared;
  CudaInstance &instance = prepared.instance;
  instance.name = writer.name();
  instance.block = Schedule::threads(config);
  instance.byRow = requires { Schedule::kByRow; };
  if constexpr (requires { Row<Contract>::parts; }) {
    instance.strands = {{bodyOf<Contract>(*problem, config, writer)}};
  } else {
    instance.strands = {{textOf<Contract>(*problem, config)}};
    instance.sharedBytes = Schedule::sharedBytes(*problem, config);
  }
  if constexpr (requires { Schedule::resident(config); })
    instance.resident = Schedule::resident(config);
  Grid grid = Schedule::grid(*problem, config);
  if (takesOneToken(op))
    grid = {ofOneToken(grid.x), ofOneToken(grid.y), ofOneToken(grid.z)};
  prepared.launch.grid = {toExpr(grid.x), toExpr(grid.y), toExpr(grid.z)};
  prepared.launch.args = toArgs(Contract::operands(*problem));
  prepared.cost = Contract::cost(*problem);
  return prepared;
}

unsigned CudaCatalogue::addCodes(Operation *op,
                                 const QuantizeInputs::Problem &problem,
                                 KernelArg x, Selection &selection,
                                 std::vector<Chosen> &launches) {
  unsigned codes = selection.scratch.size();
  passes::SizeExpr rows = toExpr(each('T', problem.rows));
  selection.scratch.push_back({rows, problem.k, ScratchBuffer::F8E4M3});
  selection.scratch.push_back({rows, QuantizeInputs::runs(problem)});
  Chosen &chosen = launches.emplace_back(prepare<QuantizeInputs>(op, problem));
  if (succeeded(chosen)) {
    std::vector<KernelArg> &args = chosen->launch.args;
    args[0] = std::move(x);
    args[2] = KernelArg::scratch(codes, /*written=*/true);
    args[3] = KernelArg::scratch(codes + 1, /*written=*/true);
    // Never read, but an argument all the same.
    if (!problem.weighted)
      args[1] = args[0];
  }
  return codes;
}

template <typename Contract>
FailureOr<Selection>
CudaCatalogue::single(Operation *op,
                      FailureOr<typename Contract::Problem> problem) {
  using Product = Coded<Contract>::Other;
  if constexpr (!std::is_void_v<Product>)
    if (succeeded(problem) && takesCodes(op, *problem)) {
      Selection selection;
      std::vector<Chosen> launches;
      unsigned codes = addCodes(op, {problem->k}, KernelArg::operand(0),
                                selection, launches);
      launches.push_back(prepare<Product>(op, problem));
      if (failed(launches.back()))
        return failure();
      readCodes(launches.back()->launch, codes);
      return launch(op, std::move(selection), launches);
    }
  return LaunchCatalogue::single<Contract>(op, std::move(problem));
}

FailureOr<unsigned> CudaCatalogue::addShared(ir::ExpertsOp op,
                                             std::optional<unsigned> codes,
                                             Selection &selection,
                                             std::vector<Chosen> &launches) {
  FailureOr<Linear::Problem> up = sharedUpProblem(op);
  FailureOr<Linear::Problem> down = sharedDownProblem(op);
  if (failed(up) || failed(down))
    return failure();
  bool coded = takesCodes(op, *up) && takesCodes(op, *down);
  FailureOr<SharedNetwork> shared =
      coded ? prepareShared<GatedLinearCoded, LinearCoded>(op, selection)
            : prepareShared(op, selection);
  if (failed(shared))
    return failure();
  if (coded) {
    if (!codes)
      codes = addCodes(op, {up->k}, KernelArg::operand(0), selection, launches);
    readCodes(shared->up.launch, *codes);
  }
  launches.push_back(std::move(shared->up));
  if (coded)
    readCodes(shared->down.launch,
              addCodes(op, {down->k},
                       KernelArg::scratch(shared->hidden, /*written=*/false),
                       selection, launches));
  launches.push_back(std::move(shared->down));
  return shared->output;
}

FailureOr<Selection>
CudaCatalogue::selectCodedExperts(ir::ExpertsOp op,
                                  const ExpertsUp::Problem &up,
                                  const ExpertsDown::Problem &down) {
  bool hasShared = !op.getShared().empty();
  passes::SizeExpr slots = toExpr(each('T', up.topK));
  Selection selection{{},
                      {{slots, up.n},
                       {toExpr(fixed(1)), up.experts + 1, ScratchBuffer::I32},
                       {slots, 1, ScratchBuffer::I32},
                       {slots, down.n}}};
  std::vector<Chosen> launches;
  auto addProduct = [&](Chosen product, unsigned codes) {
    if (succeeded(product))
      readCodes(product->launch, codes);
    launches.push_back(std::move(product));
  };
  launches.push_back(
      prepare<ExpertsGroup>(op, ExpertsGroup::Problem{up.experts, up.topK}));
  bool weighted = up.weightsOnInput;
  unsigned codes = addCodes(op, {up.k, weighted ? up.topK : 1, weighted},
                            KernelArg::operand(0), selection, launches);
  addProduct(prepare<ExpertsUpCoded>(op, groupedProblem(up)), codes);
  unsigned hidden =
      addCodes(op, {down.k, down.topK},
               KernelArg::scratch(0, /*written=*/false), selection, launches);
  addProduct(prepare<ExpertsDownCoded>(op, groupedProblem(down)), hidden);
  Chosen combine = prepare<ExpertsCombine>(
      op, ExpertsCombine::Problem{down.n, down.topK, hasShared,
                                  down.weightsOnInput});
  if (failed(combine))
    return failure();
  if (hasShared) {
    FailureOr<unsigned> output =
        addShared(op, weighted ? std::nullopt : std::optional(codes), selection,
                  launches);
    if (failed(output))
      return failure();
    combine->launch.args[1] = KernelArg::scratch(*output, /*written=*/false);
  }
  launches.push_back(std::move(combine));
  return launch(op, std::move(selection), launches);
}

bool CudaCatalogue::groupsTokens(Operation *op, const ExpertsUp::Problem &) {
  return !continuesAnswers(op);
}

FailureOr<Selection>
CudaCatalogue::selectSingle(ir::ExpertsOp op, const ExpertsUp::Problem &up,
                            const ExpertsDown::Problem &down,
                            Selection selection) {
  bool hasShared = !op.getShared().empty();
  unsigned outputs = selection.scratch.size();
  selection.scratch.push_back({toExpr(each('T', up.topK)), down.n});
  Chosen ups = prepare<ExpertsUp>(op, up);
  Chosen downs = prepare<ExpertsDownSlots>(op, groupedProblem(down));
  Chosen combine = prepare<ExpertsCombine>(
      op, ExpertsCombine::Problem{down.n, down.topK, hasShared,
                                  down.weightsOnInput});
  if (failed(downs) || failed(combine))
    return failure();
  std::vector<Chosen> launches;
  unsigned added = outputs;
  if (hasShared) {
    FailureOr<SharedNetwork> shared = prepareShared(op, selection);
    if (failed(shared))
      return failure();
    // The first product waits for no routing: it can be fused with what the
    // routing waits for. So can the second, with the routing of one token.
    launches.push_back(std::move(shared->up));
    if (takesOneToken(op))
      launches.push_back(std::move(shared->down));
    else
      downs = joined(std::move(*downs), std::move(shared->down));
    added = shared->output;
  }
  combine->launch.args[0] = KernelArg::scratch(outputs, /*written=*/false);
  combine->launch.args[1] = KernelArg::scratch(added, /*written=*/false);
  for (Chosen *one : {&ups, &downs, &combine})
    launches.push_back(std::move(*one));
  return launch(op, std::move(selection), launches);
}

template <typename Whole, typename Split, typename Problem>
FailureOr<Selection>
CudaCatalogue::selectAttention(Operation *op, FailureOr<Problem> problem,
                               int64_t heads, int64_t value,
                               AttentionMask mask) {
  if (failed(problem))
    return failure();
  int64_t splits = OnCuda<Split>::splits(*problem);
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
  if (auto experts = dyn_cast<ir::ExpertsOp>(op)) {
    FailureOr<ExpertsUp::Problem> up = expertsUpProblem(experts);
    FailureOr<ExpertsDown::Problem> down = expertsDownProblem(experts);
    if (failed(up) || failed(down))
      return failure();
    return takesCodes(op, *up) && takesCodes(op, *down)
               ? selectCodedExperts(experts, *up, *down)
               : selectExperts(experts);
  }
  if (auto attention = dyn_cast<ir::AttentionOp>(op)) {
    FailureOr<AttentionHeads> problem = attentionProblem(attention, pages);
    if (failed(problem))
      return failure();
    return selectAttention<AttentionTiled, AttentionSplit>(
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

std::string CudaCatalogue::inSequence(llvm::StringRef first,
                                      llvm::StringRef second) {
  CudaInstance both = instanceNamed(first);
  const CudaInstance &next = instanceNamed(second);
  if (!both.byRow || !next.byRow || both.block != next.block ||
      !both.isInMLIR() || !next.isInMLIR() || both.strands.size() > 1 ||
      next.strands.size() > 1)
    return {};
  both.follow(next);
  return remember(std::move(both));
}

std::string CudaCatalogue::sideBySide(llvm::StringRef first, passes::Axis axis,
                                      int64_t tiles, llvm::StringRef second) {
  CudaInstance both = instanceNamed(first);
  const CudaInstance &other = instanceNamed(second);
  bool rows = axis == passes::Axis::Y;
  if (both.block != other.block || both.isInMLIR() != other.isInMLIR() ||
      both.byRow != rows || other.byRow != rows)
    return {};
  both.join(other, tiles);
  return remember(std::move(both));
}

const CudaInstance &CudaCatalogue::instanceNamed(llvm::StringRef name) const {
  return *llvm::find_if(instances(), [&](const CudaInstance &instance) {
    return instance.name == name;
  });
}

} // namespace ingot::compiler
