//===- CpuProblems.h - from ops to the problems of contracts ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads shapes, formats and constants off ingot ops. Ops are verified already;
// what fails here, with a diagnostic at the op, is what has no kernel.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_CPUPROBLEMS_H
#define INGOT_COMPILER_KERNELS_CPUPROBLEMS_H

#include "compiler/kernels/contract/AbsorbQuery.h"
#include "compiler/kernels/contract/Add.h"
#include "compiler/kernels/contract/AddRmsNorm.h"
#include "compiler/kernels/contract/AttendLatent.h"
#include "compiler/kernels/contract/Attention.h"
#include "compiler/kernels/contract/AttentionChunk.h"
#include "compiler/kernels/contract/Concat.h"
#include "compiler/kernels/contract/Embed.h"
#include "compiler/kernels/contract/ExpertsCombine.h"
#include "compiler/kernels/contract/ExpertsDown.h"
#include "compiler/kernels/contract/ExpertsDownGrouped.h"
#include "compiler/kernels/contract/ExpertsGroup.h"
#include "compiler/kernels/contract/ExpertsUp.h"
#include "compiler/kernels/contract/ExpertsUpGrouped.h"
#include "compiler/kernels/contract/GatedLinear.h"
#include "compiler/kernels/contract/KvAppend.h"
#include "compiler/kernels/contract/LatentAttention.h"
#include "compiler/kernels/contract/Linear.h"
#include "compiler/kernels/contract/Logits.h"
#include "compiler/kernels/contract/ProjectValue.h"
#include "compiler/kernels/contract/Quantize.h"
#include "compiler/kernels/contract/RmsNorm.h"
#include "compiler/kernels/contract/Rope.h"
#include "compiler/kernels/contract/Route.h"
#include "compiler/kernels/contract/Split.h"
#include "compiler/kernels/contract/Swiglu.h"
#include "compiler/kernels/contract/Transpose.h"
#include "dialects/Ingot/IngotDialect.h"

namespace ingot::compiler {

/// Fails unless activations (tensors of as many rows as a step has) and the KV
/// cache hold float32, or i32 for indices.
mlir::LogicalResult expectFloat32(mlir::Operation *op);

/// The format of a weight operand of `op`.
mlir::FailureOr<kernels::WeightFormat> weightFormat(mlir::Operation *op,
                                                    mlir::Value weight);

mlir::FailureOr<kernels::Linear::Problem> linearProblem(ir::LinearOp op);
mlir::FailureOr<kernels::Linear::Problem>
gatedLinearProblem(ir::GatedLinearOp op);
mlir::FailureOr<kernels::Linear::Problem> logitsProblem(ir::LogitsOp op);
mlir::FailureOr<kernels::Embed::Problem> embedProblem(ir::EmbedOp op);
mlir::FailureOr<kernels::Quantize::Problem> quantizeProblem(ir::QuantizeOp op);
mlir::FailureOr<kernels::RmsNorm::Problem>
rmsNormProblem(mlir::Operation *op, mlir::Value weight, double eps);
mlir::FailureOr<kernels::Route::Problem> routeProblem(ir::RouteOp op);
/// `frequencies` receives the angles that the problem points to.
/// Of a norm that may lack its weight.
mlir::FailureOr<kernels::RmsNorm::Problem> headNormProblem(ir::RMSNormOp op);
mlir::FailureOr<kernels::Transpose::Problem>
transposeProblem(ir::TransposeOp op);
kernels::Rope::Problem ropeProblem(ir::RopeOp op,
                                   llvm::SmallVector<double> &frequencies);
mlir::FailureOr<kernels::LatentAttention::Problem>
latentAttentionProblem(ir::LatentAttentionOp op, kernels::PagedCache pages);
mlir::FailureOr<kernels::AttentionHeads>
attentionProblem(ir::AttentionOp op, kernels::PagedCache pages);
mlir::FailureOr<kernels::AbsorbQuery::Problem>
absorbQueryProblem(ir::AbsorbQueryOp op);
mlir::FailureOr<kernels::AttendLatent::Problem>
attendLatentProblem(ir::AttendLatentOp op, kernels::PagedCache pages);
mlir::FailureOr<kernels::KvAppend::Problem> kvAppendProblem(ir::KVAppendOp op);
mlir::FailureOr<kernels::ProjectValue::Problem>
projectValueProblem(ir::ProjectValueOp op);
/// Gate and up have one shape and must have one format; every weight must be
/// stacked of one tensor an expert, as kernels reach them through tables.
/// Of the network that takes every token, which `op` has.
mlir::FailureOr<kernels::Linear::Problem> sharedUpProblem(ir::ExpertsOp op);
mlir::FailureOr<kernels::Linear::Problem> sharedDownProblem(ir::ExpertsOp op);
mlir::FailureOr<kernels::ExpertsUp::Problem> expertsUpProblem(ir::ExpertsOp op);
mlir::FailureOr<kernels::ExpertsDown::Problem>
expertsDownProblem(ir::ExpertsOp op);
/// The same product of experts that have all of their tokens.
template <typename Problem>
kernels::ExpertsGrouped::Problem groupedProblem(const Problem &p) {
  return {p.weight, p.n, p.k, p.topK, p.experts, p.weightsOnInput, p.inputs};
}

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_CPUPROBLEMS_H
