//===- Import.h - From a checkpoint to an ingot module ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The module holds one `ingot.weight` for each weight and one function for each
// ragged step:
//   @step(batch, cache) -> (logits [rows, v], hidden [t, n], cache)
//   @draft(batch, hidden [t, n], cache) -> the same
// `hidden` is the row behind the last norm of every token. @draft is the first
// multi-token prediction module, @draft2 the second and so on; their layers
// have the caches behind those of the main layers.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_IMPORT_H
#define INGOT_COMPILER_MODELS_IMPORT_H

#include "compiler/checkpoint/ConfigFile.h"
#include "runtime/storage/Checkpoint.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace ingot::compiler {

/// Facts about the whole model, a dictionary of integers on the module:
/// vocab_size, hidden_size, max_position_embeddings, layers, draft_layers,
/// kv_layers (both together), kv_width (values a token a layer), parameters,
/// active_parameters and mtp_parameters (see Parameters.h).
constexpr llvm::StringLiteral kModelAttr = "ingot.model";

/// What an import has to say beside its result.
struct ImportReport {
  /// Not an error, but worth a line each; with file and key.
  std::vector<std::string> warnings;
  /// What was left out on purpose, a line each.
  std::vector<std::string> notes;
};

/// As importModel, for a model of which there is only the config: its weights
/// get the element types that the family publishes. `layers` above 0 keeps that
/// many of the main layers, at least one of which must be routed if any is;
/// drafts stay only with all of them.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
declareModel(mlir::MLIRContext &context, const ConfigFile &config,
             int64_t layers = 0, ImportReport *report = nullptr);

/// Imports the model that `config` describes and `checkpoint` holds. Loads the
/// dialects it needs. The module verifies and refers to tensors by name only,
/// so it may outlive the checkpoint. The error names file, key or tensor,
/// expected and got; it has several lines if several tensors are at fault.
/// `report` may be null.
llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>>
importModel(mlir::MLIRContext &context, const storage::Checkpoint &checkpoint,
            const ConfigFile &config, ImportReport *report = nullptr);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_IMPORT_H
