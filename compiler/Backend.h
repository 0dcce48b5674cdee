//===- Backend.h - what compiling for a target takes ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything in which targets differ: their kernels, and how they become
// machine code. CpuBackend.cpp and CudaBackend.cpp have one each; the table of
// targets is in Backend.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_BACKEND_H
#define INGOT_COMPILER_BACKEND_H

#include "compiler/Compiler.h"
#include "compiler/emit/Artifact.h"
#include "passes/Lower/KernelCatalogue.h"

namespace ingot::compiler {

/// One target, for one compilation. Belongs to one thread.
class Backend {
public:
  virtual ~Backend() = default;

  /// The kernels, for a plan of these sizes. Called once, before `generate`,
  /// which compiles what it has been asked for.
  virtual passes::KernelCatalogue &
  openCatalogue(const passes::PlanLimits &limits) = 0;

  /// Whether a plan has an entry for one sequence's newest token alone.
  virtual bool decodesSingle() const = 0;

  /// How the form of latent attention is chosen where `asked` is wanted.
  virtual passes::AbsorbOptions absorb(passes::Absorb asked) const = 0;

  /// Whether it has a kernel that draws tokens, so that the host need not.
  virtual bool choosesTokens() const = 0;

  /// Compiles the kernels of `module`, in the plan dialect, into `parts`: its
  /// modules and what the machine must have. What a kernel takes is noted at
  /// its plan.kernel.
  virtual llvm::Error generate(mlir::ModuleOp module, ArtifactParts &parts) = 0;
};

/// The backend of `options.target`. Fails if there is no such target, no such
/// processor, or if a library that it compiles with is missing (which does not
/// matter where options.stopAfter says that nothing is compiled).
Result<std::unique_ptr<Backend>> createBackend(const CompileOptions &options);

/// "cpu, sm_90a", for messages.
std::string targetNames();

/// For the table of targets.
Result<std::unique_ptr<Backend>> createCpuBackend(const CompileOptions &);
Result<std::unique_ptr<Backend>> createCudaBackend(const CompileOptions &);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_BACKEND_H
