//===- EditedModel.h - A tiny checkpoint with chosen faults -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The published-layout tiny checkpoint, of which a test changes a key of
// config.json or a tensor, and then imports it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_MODELS_EDITEDMODEL_H
#define INGOT_TEST_COMPILER_MODELS_EDITEDMODEL_H

#include "compiler/models/Import.h"
#include "runtime/storage/SafeTensorsWriter.h"
#include "test/runtime/storage/TempFolder.h"

#include "mlir/IR/MLIRContext.h"

#include <nlohmann/json.hpp>

#include <fstream>
#include <list>

namespace ingot::compiler::test {

/// Owns the context, so its module must not outlive it.
class EditedModel {
public:
  explicit EditedModel(const std::string &name = "deepseek-v3-tiny")
      : folder(INGOT_TEST_MODELS "/" + name),
        original(storage::Checkpoint::open(folder)) {
    std::ifstream file(folder + "/config.json");
    configuration = nlohmann::json::parse(file);
    for (const storage::CheckpointTensor &tensor : original->tensors())
      tensors.push_back(
          {{tensor.info.name, tensor.info.type, tensor.info.shape},
           original->data(tensor)});
  }

  /// Changes config.json as a JSON merge patch says (RFC 7396: null removes).
  void config(std::string_view patch) {
    configuration.merge_patch(nlohmann::json::parse(patch));
  }
  void remove(std::string_view prefix) {
    tensorsEdited = true;
    std::erase_if(tensors, [&](const storage::TensorToWrite &tensor) {
      return tensor.declaration.name.starts_with(prefix);
    });
  }
  /// Adds the tensor, or puts it in the place of one of that name; zeros.
  void put(const std::string &name, storage::ElementType type,
           std::vector<int64_t> shape, std::byte fill = {}) {
    tensorsEdited = true;
    std::erase_if(tensors, [&](const storage::TensorToWrite &tensor) {
      return tensor.declaration.name == name;
    });
    size_t bytes = storage::sizeOf(type);
    for (int64_t size : shape)
      bytes *= static_cast<size_t>(size);
    values.emplace_back(bytes, fill);
    tensors.push_back({{name, type, std::move(shape)}, values.back()});
  }

  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> import() {
    auto file = ConfigFile::parse(configuration.dump(), "config.json");
    EXPECT_TRUE(file) << file.status().message();
    if (!tensorsEdited)
      return importModel(context, *original, *file, &report);
    Status written =
        storage::writeSafeTensors(edited.path("model.safetensors"), tensors);
    EXPECT_TRUE(written.ok()) << written.message();
    auto checkpoint = storage::Checkpoint::open(edited.path());
    EXPECT_TRUE(checkpoint) << checkpoint.status().message();
    return importModel(context, *checkpoint, *file, &report);
  }
  /// The message with which the import fails; the folder's path is written
  /// as "DIR".
  std::string error() {
    auto module = import();
    if (module) {
      ADD_FAILURE() << "the import succeeded";
      return "";
    }
    std::string message = llvm::toString(module.takeError());
    for (const std::string &path : {edited.path(), folder})
      for (size_t at; (at = message.find(path)) != std::string::npos;)
        message.replace(at, path.size(), "DIR");
    return message;
  }

  ImportReport report;

private:
  mlir::MLIRContext context;
  std::string folder;
  Result<storage::Checkpoint> original;
  storage::test::TempFolder edited;
  nlohmann::json configuration;
  std::vector<storage::TensorToWrite> tensors;
  /// What the tensors that were put hold.
  std::list<std::vector<std::byte>> values;
  bool tensorsEdited = false;
};

} // namespace ingot::compiler::test

#endif // INGOT_TEST_COMPILER_MODELS_EDITEDMODEL_H
