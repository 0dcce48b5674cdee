//===- CpuCatalogue.cpp - the kernels of the host -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/CpuCatalogue.h"
#include "compiler/kernels/CpuProblems.h"
#include "compiler/kernels/InstanceWriter.h"

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
#define INGOT_KERNEL(CONTRACT, NAME, PARTS)                                    \
  template <>                                                                  \
  struct Row<CONTRACT> {                                                       \
    static constexpr const char *name = NAME;                                  \
    static constexpr const char *parts = PARTS;                                \
  };
#include "compiler/kernels/Kernels.def"

} // namespace

static SizeExpr toExpr(Size size) {
  std::string symbol;
  if (size.symbol)
    symbol = size.symbol;
  return {symbol, size.mul, size.add, size.ceilDiv};
}

static KernelArg toArg(const Operand &operand) {
  switch (operand.kind) {
  case Operand::Input:
    return KernelArg::operand(operand.index);
  case Operand::Source:
    return KernelArg::source(operand.index);
  case Operand::Scales:
    return KernelArg::scales(operand.index);
  case Operand::Output:
    return KernelArg::result(operand.index);
  case Operand::OutputScales:
    return KernelArg::resultScales(operand.index);
  case Operand::Scratch:
    return KernelArg::scratch(operand.index, /*written=*/false);
  case Operand::WrittenScratch:
    return KernelArg::scratch(operand.index, /*written=*/true);
  case Operand::Batch:
    return KernelArg::batch(operand.field);
  case Operand::Symbol:
    return KernelArg::symbol(operand.field);
  }
  llvm_unreachable("all kinds of operands are converted");
}

static plan::CostAttr toAttr(MLIRContext *context, const Cost &cost) {
  std::string rows;
  if (cost.rows)
    rows = cost.rows;
  return plan::CostAttr::get(context, rows, cost.product, cost.weightBytes,
                             cost.parts, cost.partBytes, cost.rowParts,
                             cost.rowBytes, cost.rowFlops, cost.cachedBytes,
                             cost.cachedFlops, cost.pairFlops);
}

/// Codes that decode_table.mlir decodes at once: a vector register of bytes.
static constexpr int64_t kTableCodes = 64;

static std::string replaceAll(std::string text, StringRef from, StringRef to) {
  for (size_t at; (at = text.find(from)) != std::string::npos;)
    text.replace(at, from.size(), to);
  return text;
}

/// A part that calls functions of another one.
struct Basis {
  llvm::StringLiteral part, needed;
};
static constexpr Basis kBases[] = {
    {"weight_f32", "load_f32"},       {"weight_bf16", "load_bf16"},
    {"weight_f8e4m3", "load_f8e4m3"}, {"cache_f32", "load_f32"},
    {"cache_bf16", "load_bf16"},      {"cache_f8e4m3", "load_f8e4m3"},
    {"cache_f8e4m3", "to_e4m3"},      {"products", "load_codes"},
    {"absorb_query", "load_codes"},   {"weight_f32", "no_marks"},
    {"weight_bf16", "no_marks"},      {"weight_f16", "no_marks"}};

/// The parts of a body, files of cpu/, each once. FP8 codes are decoded by
/// whichever way is the processor's faster one.
static std::vector<std::string> partsOf(const InstanceWriter &writer,
                                        StringRef parts, bool byteTables) {
  std::string files = replaceAll(parts.str(), "{format}", writer.formatName());
  files = replaceAll(files, "{word}", writer.variant());
  std::vector<std::string> list;
  auto add = [&](StringRef part) {
    if (!llvm::is_contained(list, part))
      list.push_back(part.str());
  };
  bool table = byteTables && writer.codesAtOnce() == kTableCodes;
  for (StringRef part : llvm::split(files, " ")) {
    add(part);
    for (const Basis &basis : kBases)
      if (basis.part == part)
        add(basis.needed);
    if (part == "weight_f8e4m3") {
      add(table ? "decode_table" : "decode_halves");
      if (table)
        add("no_marks");
    }
  }
  return list;
}

std::string CpuCatalogue::remember(KernelInstance instance) {
  // Names say what people tell instances apart by, not every constant: two
  // that share a name are numbered.
  std::string base = instance.name;
  for (unsigned number = 2;; ++number) {
    auto known = llvm::find_if(instances, [&](const KernelInstance &other) {
      return other.name == instance.name;
    });
    if (known == instances.end())
      break;
    if (known->body == instance.body && known->beside == instance.beside)
      return instance.name;
    instance.name = base + "_" + std::to_string(number);
  }
  instances.push_back(instance);
  return instance.name;
}

template <typename Contract>
FailureOr<CpuCatalogue::Prepared>
CpuCatalogue::prepare(Operation *op,
                      FailureOr<typename Contract::Problem> problem) {
  if (failed(problem))
    return failure();
  auto config = Contract::configure(*problem, Machine{options.lanes});
  if (const char *reason = Contract::reject(*problem, config)) {
    op->emitOpError() << "has no kernel: '" << Row<Contract>::name << "' "
                      << reason;
    return failure();
  }
  InstanceWriter writer(Row<Contract>::name);
  Contract::name(*problem, writer);
  Contract::aliases(*problem, config, writer);

  Prepared prepared;
  prepared.instance = {writer.name(),
                       {writer.aliases(), partsOf(writer, Row<Contract>::parts,
                                                  options.byteTables)}};
  LaunchChoice &launch = prepared.launch;
  Grid grid = Contract::grid(*problem, config);
  launch.grid = {toExpr(grid.x), toExpr(grid.y), toExpr(grid.z)};
  Operands operands = Contract::operands(*problem);
  for (unsigned i = 0; i < operands.count; ++i)
    launch.args.push_back(toArg(operands.list[i]));
  prepared.cost = Contract::cost(*problem);
  return prepared;
}

template <typename Contract>
FailureOr<LaunchChoice>
CpuCatalogue::choose(Operation *op,
                     FailureOr<typename Contract::Problem> problem) {
  FailureOr<Prepared> prepared = prepare<Contract>(op, std::move(problem));
  if (failed(prepared))
    return failure();
  return finish(op, std::move(*prepared));
}

LaunchChoice CpuCatalogue::finish(Operation *op, Prepared prepared) {
  prepared.launch.kernel = remember(std::move(prepared.instance));
  prepared.launch.cost = toAttr(op->getContext(), prepared.cost);
  return std::move(prepared.launch);
}

template <typename Contract>
FailureOr<Selection>
CpuCatalogue::single(Operation *op,
                     FailureOr<typename Contract::Problem> problem) {
  FailureOr<LaunchChoice> launch = choose<Contract>(op, std::move(problem));
  if (failed(launch))
    return failure();
  return Selection{{std::move(*launch)}, {}};
}

/// Makes the launch of an op of its own compute a part of another op:
/// `operands[i]` stands for its operand i, and for all if there are any;
/// `result` for its result.
static void rebind(LaunchChoice &launch, ArrayRef<KernelArg> operands,
                   const KernelArg &result) {
  for (KernelArg &arg : launch.args) {
    if (arg.kind == KernelArg::Result)
      arg = result;
    else if (arg.kind == KernelArg::Operand && !operands.empty())
      arg = operands[arg.index];
    else if (arg.kind == KernelArg::Scales && !operands.empty())
      arg = KernelArg::scales(operands[arg.index].index);
  }
}

CpuCatalogue::Prepared CpuCatalogue::joined(Prepared first, Prepared second) {
  int64_t split = first.launch.grid[0].add;
  first.instance.name += "_and_" + second.instance.name;
  first.instance.beside = std::move(second.instance.body);
  first.instance.split = split;
  first.launch.grid[0] = SizeExpr::constant(split + second.launch.grid[0].add);
  llvm::append_range(first.launch.args, second.launch.args);
  first.cost.weightBytes += second.cost.weightBytes;
  first.cost.rowBytes += second.cost.rowBytes;
  first.cost.rowFlops += second.cost.rowFlops;
  return first;
}

FailureOr<CpuCatalogue::SharedNetwork>
CpuCatalogue::prepareShared(ir::ExpertsOp op, Selection &selection) {
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

/// Whether an expert has about two tokens or more in the largest step: then it
/// pays to sort them, so that its weights are read and decoded once. There are
/// enough experts for tiles of a shared network beside theirs.
static bool groupsTokens(Operation *op, const ExpertsUp::Problem &problem) {
  ir::BucketAttr bucket = ir::bucketOf(op);
  return bucket && bucket.getTokens() * problem.topK >= 2 * problem.experts &&
         bucket.getTokens() <= kTileTokens * problem.experts;
}

FailureOr<Selection> CpuCatalogue::selectExperts(ir::ExpertsOp op) {
  FailureOr<ExpertsUp::Problem> up = expertsUpProblem(op);
  FailureOr<ExpertsDown::Problem> down = expertsDownProblem(op);
  if (failed(up) || failed(down))
    return failure();
  Selection selection{{}, {{toExpr(each('T', up->topK)), up->n}}};
  return groupsTokens(op, *up)
             ? selectGrouped(op, *up, *down, std::move(selection))
             : selectSingle(op, *up, *down, std::move(selection));
}

FailureOr<Selection>
CpuCatalogue::selectSingle(ir::ExpertsOp op, const ExpertsUp::Problem &up,
                           const ExpertsDown::Problem &down,
                           Selection selection) {
  FailureOr<Prepared> first = prepare<ExpertsUp>(op, up);
  FailureOr<Prepared> second = prepare<ExpertsDown>(op, down);
  if (failed(first) || failed(second))
    return failure();
  if (op.getShared().empty()) {
    selection.launches = {finish(op, std::move(*first)),
                          finish(op, std::move(*second))};
    return selection;
  }
  unsigned routed = selection.scratch.size();
  selection.scratch.push_back({toExpr(each('T')), down.n});
  FailureOr<SharedNetwork> shared = prepareShared(op, selection);
  FailureOr<Prepared> sum = prepare<Add>(op, Add::Problem{down.n});
  if (failed(shared) || failed(sum))
    return failure();
  rebind(second->launch, {}, KernelArg::scratch(routed, /*written=*/true));
  rebind(sum->launch,
         {KernelArg::scratch(routed, /*written=*/false),
          KernelArg::scratch(shared->output, /*written=*/false)},
         KernelArg::result(0));
  selection.launches = {
      finish(op, joined(std::move(*first), std::move(shared->up))),
      finish(op, joined(std::move(*second), std::move(shared->down))),
      finish(op, std::move(*sum))};
  return selection;
}

FailureOr<Selection>
CpuCatalogue::selectGrouped(ir::ExpertsOp op, const ExpertsUp::Problem &up,
                            const ExpertsDown::Problem &down,
                            Selection selection) {
  bool hasShared = !op.getShared().empty();
  SizeExpr slots = toExpr(each('T', up.topK));
  selection.scratch.push_back(
      {toExpr(fixed(1)), up.experts + 1, ScratchBuffer::I32});
  selection.scratch.push_back({slots, 1, ScratchBuffer::I32});
  selection.scratch.push_back({slots, down.n});
  FailureOr<Prepared> group =
      prepare<ExpertsGroup>(op, ExpertsGroup::Problem{up.experts, up.topK});
  FailureOr<Prepared> first = prepare<ExpertsUpGrouped>(
      op, ExpertsGrouped::Problem{up.weight, up.n, up.k, up.topK, up.experts,
                                  up.weightsOnInput});
  FailureOr<Prepared> second = prepare<ExpertsDownGrouped>(
      op, ExpertsGrouped::Problem{down.weight, down.n, down.k, down.topK,
                                  down.experts, down.weightsOnInput});
  FailureOr<Prepared> sum = prepare<ExpertsCombine>(
      op, ExpertsCombine::Problem{down.n, down.topK, hasShared,
                                  down.weightsOnInput});
  if (failed(group) || failed(first) || failed(second) || failed(sum))
    return failure();
  if (hasShared) {
    FailureOr<SharedNetwork> shared = prepareShared(op, selection);
    if (failed(shared))
      return failure();
    *first = joined(std::move(*first), std::move(shared->up));
    *second = joined(std::move(*second), std::move(shared->down));
  }
  for (FailureOr<Prepared> *prepared : {&group, &first, &second, &sum})
    selection.launches.push_back(finish(op, std::move(**prepared)));
  return selection;
}

static int64_t columns(Value value) {
  return cast<RankedTensorType>(value.getType()).getDimSize(1);
}

FailureOr<Selection> CpuCatalogue::select(Operation *op) {
  if (failed(expectFloat32(op)))
    return failure();
  if (auto product = dyn_cast<ir::ProductOpInterface>(op);
      product && product.getInputsAttr())
    return op->emitOpError() << "has no kernel on the cpu for inputs in "
                             << product.getInputsAttr().getValue();
  SmallVector<double> frequencies;
  return llvm::TypeSwitch<Operation *, FailureOr<Selection>>(op)
      .Case([&](ir::AddOp o) {
        return single<Add>(o, Add::Problem{columns(o.getResult())});
      })
      .Case([&](ir::SwigluOp o) {
        return single<Swiglu>(o, Swiglu::Problem{columns(o.getResult())});
      })
      .Case([&](ir::ConcatOp o) {
        return single<Concat>(
            o, Concat::Problem{columns(o.getLhs()), columns(o.getRhs())});
      })
      .Case([&](ir::SplitOp o) {
        return single<Split>(
            o, Split::Problem{columns(o.getHead()), columns(o.getTail())});
      })
      .Case([&](ir::RopeOp o) {
        return single<Rope>(o, ropeProblem(o, frequencies));
      })
      .Case([&](ir::EmbedOp o) { return single<Embed>(o, embedProblem(o)); })
      .Case([&](ir::LinearOp o) { return single<Linear>(o, linearProblem(o)); })
      .Case([&](ir::GatedLinearOp o) {
        return single<GatedLinear>(o, gatedLinearProblem(o));
      })
      .Case([&](ir::LogitsOp o) { return single<Logits>(o, logitsProblem(o)); })
      .Case([&](ir::QuantizeOp o) {
        return single<Quantize>(o, quantizeProblem(o));
      })
      .Case([&](ir::TransposeOp o) {
        return single<Transpose>(o, transposeProblem(o));
      })
      .Case([&](ir::RMSNormOp o) {
        return single<RmsNorm>(o, headNormProblem(o));
      })
      .Case([&](ir::AddRMSNormOp o) {
        return single<AddRmsNorm>(
            o, rmsNormProblem(o, o.getWeight(), o.getEps().convertToDouble()));
      })
      .Case([&](ir::RouteOp o) { return single<Route>(o, routeProblem(o)); })
      .Case([&](ir::ExpertsOp o) { return selectExperts(o); })
      .Default([&](Operation *o) { return selectAttention(o); });
}

/// Whether the largest step has so many tokens of a sequence that it pays to
/// load a page of the cache for all of them.
static bool bringsChunks(Operation *op) {
  ir::BucketAttr bucket = ir::bucketOf(op);
  return bucket && bucket.getPerSequence() >= 8;
}

FailureOr<Selection> CpuCatalogue::selectAttention(Operation *op) {
  PagedCache pages{options.pageSize, options.pagesPerSequence};
  return llvm::TypeSwitch<Operation *, FailureOr<Selection>>(op)
      .Case([&](ir::KVAppendOp o) {
        return single<KvAppend>(o, kvAppendProblem(o));
      })
      .Case([&](ir::AttentionOp o) {
        FailureOr<AttentionHeads> problem = attentionProblem(o, pages);
        return bringsChunks(o) ? single<AttentionChunk>(o, problem)
                               : single<Attention>(o, problem);
      })
      .Case([&](ir::LatentAttentionOp o) {
        return single<LatentAttention>(o, latentAttentionProblem(o, pages));
      })
      .Case([&](ir::AbsorbQueryOp o) {
        return single<AbsorbQuery>(o, absorbQueryProblem(o));
      })
      .Case([&](ir::AttendLatentOp o) {
        return single<AttendLatent>(o, attendLatentProblem(o, pages));
      })
      .Case([&](ir::ProjectValueOp o) {
        return single<ProjectValue>(o, projectValueProblem(o));
      })
      .Default([](Operation *o) -> FailureOr<Selection> {
        o->emitOpError() << "has no kernel on the cpu";
        return failure();
      });
}

llvm::Expected<OwningOpRef<ModuleOp>>
CpuCatalogue::instantiate(MLIRContext &context) const {
  return instantiateKernels(context, instances);
}

} // namespace ingot::compiler
