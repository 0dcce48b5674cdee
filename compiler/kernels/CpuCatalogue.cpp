//===- CpuCatalogue.cpp - the kernels of the host -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/CpuCatalogue.h"
#include "compiler/kernels/InstanceWriter.h"

using namespace mlir;
using namespace ingot::kernels;

namespace ingot::compiler {

using passes::KernelArg;
using passes::Selection;

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

/// Codes that decode_table.mlir decodes at once: a vector register of bytes.
static constexpr int64_t kTableCodes = 64;

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

/// The files of a body, each once. FP8 codes are decoded by
/// whichever way is the processor's faster one.
static std::vector<std::string> partsOf(const InstanceWriter &writer,
                                        StringRef parts, bool byteTables) {
  std::vector<std::string> list;
  auto add = [&](StringRef part) {
    std::string file = ("cpu/" + part).str();
    if (!llvm::is_contained(list, file))
      list.push_back(file);
  };
  bool table = byteTables && writer.codesAtOnce() == kTableCodes;
  for (const std::string &part : writer.wordsOf(parts)) {
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

template <typename Contract>
FailureOr<CpuCatalogue::Prepared>
CpuCatalogue::prepare(Operation *op,
                      FailureOr<typename Contract::Problem> problem) {
  if (failed(problem))
    return failure();
  auto config = Contract::configure(*problem, Machine{options.lanes});
  if (const char *reason = Contract::reject(*problem, config))
    return rejectedBy(Row<Contract>::name, op, reason);
  InstanceWriter writer(Row<Contract>::name);
  Contract::name(*problem, writer);
  Contract::aliases(*problem, config, writer);

  Prepared prepared;
  prepared.instance = {writer.name(),
                       {writer.aliases(), partsOf(writer, Row<Contract>::parts,
                                                  options.byteTables)}};
  Grid grid = Contract::grid(*problem, config);
  prepared.launch.grid = {toExpr(grid.x), toExpr(grid.y), toExpr(grid.z)};
  prepared.launch.args = toArgs(Contract::operands(*problem));
  prepared.cost = Contract::cost(*problem);
  return prepared;
}

/// Whether an expert has about two tokens or more in the largest step: then it
/// pays to sort them, so that its weights are read and decoded once.
bool CpuCatalogue::groupsTokens(Operation *op,
                                const ExpertsUp::Problem &problem) {
  ir::BucketAttr bucket = ir::bucketOf(op);
  return bucket && bucket.getTokens() * problem.topK >= 2 * problem.experts &&
         bucket.getTokens() <= kTileTokens * problem.experts;
}

/// Whether the largest step has so many tokens of a sequence that it pays to
/// load a page of the cache for all of them.
static bool bringsChunks(Operation *op) {
  ir::BucketAttr bucket = ir::bucketOf(op);
  return bucket && bucket.getPerSequence() >= 8;
}

FailureOr<Selection>
CpuCatalogue::selectSingle(ir::ExpertsOp op, const ExpertsUp::Problem &up,
                           const ExpertsDown::Problem &down,
                           Selection selection) {
  Chosen products[] = {prepare<ExpertsUp>(op, up),
                       prepare<ExpertsDown>(op, down)};
  if (op.getShared().empty())
    return launch(op, std::move(selection), products);
  if (failed(products[0]) || failed(products[1]))
    return failure();
  unsigned routed = selection.scratch.size();
  selection.scratch.push_back({toExpr(each('T')), down.n});
  FailureOr<SharedNetwork> shared = prepareShared(op, selection);
  Chosen sum = prepare<Add>(op, Add::Problem{down.n});
  if (failed(shared) || failed(sum))
    return failure();
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

FailureOr<Selection> CpuCatalogue::selectOther(Operation *op) {
  PagedCache pages{options.pageSize, options.pagesPerSequence};
  return llvm::TypeSwitch<Operation *, FailureOr<Selection>>(op)
      .Case([&](ir::ExpertsOp o) { return selectExperts(o); })
      .Case([&](ir::AttentionOp o) {
        FailureOr<AttentionHeads> problem = attentionProblem(o, pages);
        return bringsChunks(o) ? single<AttentionChunk>(o, problem)
                               : single<Attention>(o, problem);
      })
      .Case([&](ir::LatentAttentionOp o) {
        return single<LatentAttention>(o, latentAttentionProblem(o, pages));
      })
      .Case([&](ir::AttendLatentOp o) {
        return single<AttendLatent>(o, attendLatentProblem(o, pages));
      })
      .Default([](Operation *o) { return noKernelOn(kPlace, o); });
}

FailureOr<Selection> CpuCatalogue::select(Operation *op) {
  return selectAny(op);
}

llvm::Expected<OwningOpRef<ModuleOp>>
CpuCatalogue::instantiate(MLIRContext &context) const {
  return instantiateKernels(context, instances());
}

} // namespace ingot::compiler
