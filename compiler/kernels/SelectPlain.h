//===- SelectPlain.h - ops with one kernel on every target ------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The part of KernelCatalogue::select that catalogues have in common.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_KERNELS_SELECTPLAIN_H
#define INGOT_COMPILER_KERNELS_SELECTPLAIN_H

#include "compiler/kernels/CatalogueParts.h"
#include "compiler/kernels/CpuProblems.h"
#include "llvm/ADT/TypeSwitch.h"

namespace ingot::compiler {

/// Of the ops that copy, combine or scale rows; for other ops `otherwise(op)`.
template <typename Catalogue, typename Otherwise>
mlir::FailureOr<passes::Selection>
selectRows(Catalogue &catalogue, mlir::Operation *op, Otherwise otherwise) {
  using namespace kernels;
  using Chosen = mlir::FailureOr<passes::Selection>;
  llvm::SmallVector<double> frequencies;
  return llvm::TypeSwitch<mlir::Operation *, Chosen>(op)
      .Case([&](ir::AddOp o) {
        return catalogue.template single<Add>(
            o, Add::Problem{columns(o.getResult())});
      })
      .Case([&](ir::SwigluOp o) {
        return catalogue.template single<Swiglu>(
            o, Swiglu::Problem{columns(o.getResult())});
      })
      .Case([&](ir::ConcatOp o) {
        return catalogue.template single<Concat>(
            o, Concat::Problem{columns(o.getLhs()), columns(o.getRhs())});
      })
      .Case([&](ir::SplitOp o) {
        return catalogue.template single<Split>(
            o, Split::Problem{columns(o.getHead()), columns(o.getTail())});
      })
      .Case([&](ir::RopeOp o) {
        return catalogue.template single<Rope>(o, ropeProblem(o, frequencies));
      })
      .Case([&](ir::RMSNormOp o) {
        return catalogue.template single<RmsNorm>(o, headNormProblem(o));
      })
      .Case([&](ir::AddRMSNormOp o) {
        return catalogue.template single<AddRmsNorm>(
            o, rmsNormProblem(o, o.getWeight(), o.getEps().convertToDouble()));
      })
      .Case([&](ir::RouteOp o) {
        return catalogue.template single<Route>(o, routeProblem(o));
      })
      .Case([&](ir::KVAppendOp o) {
        return catalogue.template single<KvAppend>(o, kvAppendProblem(o));
      })
      .Default([&](mlir::Operation *o) -> Chosen { return otherwise(o); });
}

/// The one launch of an op that each target computes with one kernel, by
/// `catalogue.single<Contract>(op, problem)`; for other ops `otherwise(op)`.
template <typename Catalogue, typename Otherwise>
mlir::FailureOr<passes::Selection>
selectPlain(Catalogue &catalogue, mlir::Operation *op, Otherwise otherwise) {
  using namespace kernels;
  return llvm::TypeSwitch<mlir::Operation *,
                          mlir::FailureOr<passes::Selection>>(op)
      .Case([&](ir::EmbedOp o) {
        return catalogue.template single<Embed>(o, embedProblem(o));
      })
      .Case([&](ir::LinearOp o) {
        return catalogue.template single<Linear>(o, linearProblem(o));
      })
      .Case([&](ir::GatedLinearOp o) {
        return catalogue.template single<GatedLinear>(o, gatedLinearProblem(o));
      })
      .Case([&](ir::LogitsOp o) {
        return catalogue.template single<Logits>(o, logitsProblem(o));
      })
      .Case([&](ir::QuantizeOp o) {
        return catalogue.template single<Quantize>(o, quantizeProblem(o));
      })
      .Case([&](ir::TransposeOp o) {
        return catalogue.template single<Transpose>(o, transposeProblem(o));
      })
      .Case([&](ir::AbsorbQueryOp o) {
        return catalogue.template single<AbsorbQuery>(o, absorbQueryProblem(o));
      })
      .Case([&](ir::ProjectValueOp o) {
        return catalogue.template single<ProjectValue>(o,
                                                       projectValueProblem(o));
      })
      .Default([&](mlir::Operation *o) {
        return selectRows(catalogue, o, otherwise);
      });
}

} // namespace ingot::compiler

#endif // INGOT_COMPILER_KERNELS_SELECTPLAIN_H
