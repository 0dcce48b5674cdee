//===- CatalogueParts.cpp - what catalogues share -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/CatalogueParts.h"

using namespace mlir;
using namespace ingot::kernels;

namespace ingot::compiler {

using passes::KernelArg;
using passes::LaunchChoice;
using passes::SizeExpr;

SizeExpr toExpr(Size size) {
  std::string symbol;
  if (size.symbol)
    symbol = size.symbol;
  return {symbol, size.mul, size.add, size.ceilDiv};
}

KernelArg toArg(const Operand &operand) {
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

std::vector<KernelArg> toArgs(const Operands &operands) {
  std::vector<KernelArg> args;
  for (unsigned i = 0; i < operands.count; ++i)
    args.push_back(toArg(operands.list[i]));
  return args;
}

plan::CostAttr toAttr(MLIRContext *context, const Cost &cost) {
  std::string rows;
  if (cost.rows)
    rows = cost.rows;
  return plan::CostAttr::get(context, rows, cost.product, cost.weightBytes,
                             cost.parts, cost.partBytes, cost.rowParts,
                             cost.rowBytes, cost.rowFlops, cost.cachedBytes,
                             cost.cachedFlops, cost.pairFlops);
}

void rebind(LaunchChoice &launch, ArrayRef<KernelArg> operands,
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

InFlightDiagnostic noKernelOn(StringRef place, Operation *op) {
  return op->emitOpError() << "has no kernel on " << place;
}

LogicalResult rejectedBy(StringRef kernel, Operation *op, StringRef reason) {
  return op->emitOpError() << "has no kernel: '" << kernel << "' " << reason;
}

int64_t columns(Value value) {
  return cast<RankedTensorType>(value.getType()).getDimSize(1);
}

} // namespace ingot::compiler
