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

static std::string replaceAll(std::string text, StringRef from, StringRef to) {
  for (size_t at; (at = text.find(from)) != std::string::npos;)
    text.replace(at, from.size(), to);
  return text;
}

std::string CpuCatalogue::remember(const InstanceWriter &writer,
                                   StringRef parts) {
  std::string files = replaceAll(parts.str(), "{format}", writer.formatName());
  files = replaceAll(files, "{word}", writer.variant());
  // Names say what people tell instances apart by, not every constant: two
  // that share a name are numbered.
  std::string name = writer.name();
  for (unsigned number = 2;; ++number) {
    auto known = llvm::find_if(instances, [&](const KernelInstance &instance) {
      return instance.name == name;
    });
    if (known == instances.end())
      break;
    if (known->aliases == writer.aliases())
      return name;
    name = writer.name() + "_" + std::to_string(number);
  }
  KernelInstance instance{name, writer.aliases(), {}};
  for (StringRef part : llvm::split(files, " "))
    instance.parts.push_back(part.str());
  instances.push_back(std::move(instance));
  return name;
}

template <typename Contract>
FailureOr<LaunchChoice>
CpuCatalogue::choose(Operation *op,
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

  LaunchChoice launch;
  launch.kernel = remember(writer, Row<Contract>::parts);
  Grid grid = Contract::grid(*problem, config);
  launch.grid = {toExpr(grid.x), toExpr(grid.y), toExpr(grid.z)};
  Operands operands = Contract::operands(*problem);
  for (unsigned i = 0; i < operands.count; ++i)
    launch.args.push_back(toArg(operands.list[i]));
  launch.cost = toAttr(op->getContext(), Contract::cost(*problem));
  return launch;
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

/// Whether an expert has about two tokens or more in the largest step: then it
/// pays to sort them, so that its weights are read and decoded once.
static bool groupsTokens(Operation *op, const ExpertsUp::Problem &problem) {
  ir::BucketAttr bucket = ir::bucketOf(op);
  return bucket && bucket.getTokens() * problem.topK >= 2 * problem.experts;
}

FailureOr<Selection> CpuCatalogue::selectExperts(Operation *op) {
  auto experts = cast<ir::ExpertsOp>(op);
  FailureOr<ExpertsUp::Problem> up = expertsUpProblem(experts);
  FailureOr<ExpertsDown::Problem> down = expertsDownProblem(experts);
  if (failed(up) || failed(down))
    return failure();
  SizeExpr slots = toExpr(each('T', up->topK));
  Selection selection{{}, {{slots, up->n}}};
  SmallVector<FailureOr<LaunchChoice>> launches;
  if (groupsTokens(op, *up)) {
    selection.scratch.push_back(
        {toExpr(fixed(1)), up->experts + 1, ScratchBuffer::I32});
    selection.scratch.push_back({slots, 1, ScratchBuffer::I32});
    selection.scratch.push_back({slots, down->n});
    launches = {
        choose<ExpertsGroup>(op, ExpertsGroup::Problem{up->experts, up->topK}),
        choose<ExpertsUpGrouped>(op, ExpertsGrouped::Problem{up->weight, up->n,
                                                             up->k, up->topK,
                                                             up->experts}),
        choose<ExpertsDownGrouped>(
            op, ExpertsGrouped::Problem{down->weight, down->n, down->k,
                                        down->topK, down->experts}),
        choose<ExpertsCombine>(op,
                               ExpertsCombine::Problem{down->n, down->topK})};
  } else {
    launches = {choose<ExpertsUp>(op, up), choose<ExpertsDown>(op, down)};
  }
  for (FailureOr<LaunchChoice> &launch : launches) {
    if (failed(launch))
      return failure();
    selection.launches.push_back(std::move(*launch));
  }
  return selection;
}

static int64_t columns(Value value) {
  return cast<RankedTensorType>(value.getType()).getDimSize(1);
}

FailureOr<Selection> CpuCatalogue::select(Operation *op) {
  if (failed(expectFloat32(op)))
    return failure();
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
      .Case([&](ir::RMSNormOp o) {
        return single<RmsNorm>(
            o, rmsNormProblem(o, o.getWeight(), o.getEps().convertToDouble()));
      })
      .Case([&](ir::AddRMSNormOp o) {
        return single<AddRmsNorm>(
            o, rmsNormProblem(o, o.getWeight(), o.getEps().convertToDouble()));
      })
      .Case([&](ir::RouteOp o) { return single<Route>(o, routeProblem(o)); })
      .Case([&](ir::ExpertsOp o) { return selectExperts(o); })
      .Default([&](Operation *o) { return selectAttention(o); });
}

FailureOr<Selection> CpuCatalogue::selectAttention(Operation *op) {
  PagedCache pages{Format::F32, options.pageSize, options.pagesPerSequence};
  return llvm::TypeSwitch<Operation *, FailureOr<Selection>>(op)
      .Case([&](ir::KVAppendOp o) {
        return single<KvAppend>(
            o, KvAppend::Problem{columns(o.getHead()), columns(o.getTail())});
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
