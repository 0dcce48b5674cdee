//===- ImportedOps.h - Looking into an imported module ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_MODELS_IMPORTEDOPS_H
#define INGOT_TEST_COMPILER_MODELS_IMPORTEDOPS_H

#include "compiler/models/ConfigReader.h"
#include "dialects/Ingot/IngotDialect.h"
#include "test/compiler/models/EditedModel.h"

namespace ingot::compiler::test {

using Module = mlir::OwningOpRef<mlir::ModuleOp>;

/// Null, and a failure, if the import fails.
inline Module imported(EditedModel &model) {
  auto module = model.import();
  if (!module) {
    ADD_FAILURE() << llvm::toString(module.takeError());
    return {};
  }
  return std::move(*module);
}

/// In the order in which they stand.
template <typename Op>
std::vector<Op> all(mlir::Operation *root) {
  std::vector<Op> found;
  root->walk([&](Op op) { found.push_back(op); });
  return found;
}

/// The op that is named like this: "layers.0.self_attn.q_proj".
template <typename Op>
Op named(Module &module, llvm::StringRef name) {
  for (Op op : all<Op>(*module))
    if (auto loc = mlir::dyn_cast<mlir::NameLoc>(op.getLoc());
        loc && loc.getName() == name)
      return op;
  ADD_FAILURE() << "no op is named " << name.str();
  return {};
}

/// The weight that a value is, perhaps transposed; empty if it is none.
inline std::string weightOf(mlir::Value value) {
  if (!value)
    return "";
  if (auto transpose = value.getDefiningOp<ir::TransposeOp>())
    return weightOf(transpose.getX());
  auto get = value.getDefiningOp<ir::GetWeightOp>();
  return get ? get.getWeight().str() : "";
}

inline std::string text(mlir::Type type) {
  std::string result;
  llvm::raw_string_ostream(result) << type;
  return result;
}

/// The shape in a published config, which must not give a warning.
inline Shape published(const std::string &name) {
  auto config = ConfigFile::open(INGOT_TEST_CONFIGS "/" + name);
  EXPECT_TRUE(config) << config.status().message();
  auto form = formOf(*config);
  EXPECT_TRUE(bool(form)) << llvm::toString(form.takeError());
  std::vector<std::string> warnings;
  auto shape = readShape(*form, *config, warnings);
  EXPECT_TRUE(bool(shape)) << llvm::toString(shape.takeError());
  EXPECT_TRUE(warnings.empty()) << warnings.front();
  return *shape;
}

} // namespace ingot::compiler::test

#endif // INGOT_TEST_COMPILER_MODELS_IMPORTEDOPS_H
