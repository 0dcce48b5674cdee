//===- EditedModel.h - A tiny checkpoint with chosen faults -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tiny checkpoint in its published layout, of which a test changes a key of
// config.json or a tensor, and then imports it, or computes its logits.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_COMPILER_MODELS_EDITEDMODEL_H
#define INGOT_TEST_COMPILER_MODELS_EDITEDMODEL_H

#include "compiler/interpreter/InterpretedModel.h"
#include "compiler/models/Import.h"
#include "runtime/storage/SafeTensorsWriter.h"
#include "test/runtime/storage/TempFolder.h"

#include "mlir/IR/MLIRContext.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
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

  /// Puts what `from` holds under the name `to` as well.
  void copy(const std::string &from, const std::string &to) {
    tensorsEdited = true;
    auto source = std::find_if(tensors.begin(), tensors.end(),
                               [&](const storage::TensorToWrite &tensor) {
                                 return tensor.declaration.name == from;
                               });
    storage::TensorToWrite added = *source;
    added.declaration.name = to;
    std::erase_if(tensors, [&](const storage::TensorToWrite &tensor) {
      return tensor.declaration.name == to;
    });
    tensors.push_back(added);
  }
  /// Copies all tensors whose names begin with `from`, `to` in its place.
  void copyAll(const std::string &from, const std::string &to) {
    std::vector<std::string> names;
    for (const storage::TensorToWrite &tensor : tensors)
      if (tensor.declaration.name.starts_with(from))
        names.push_back(tensor.declaration.name);
    for (const std::string &name : names)
      copy(name, to + name.substr(from.size()));
  }
  /// Multiplies a bf16 tensor by eight, exactly.
  void timesEight(const std::string &name) {
    tensorsEdited = true;
    for (storage::TensorToWrite &tensor : tensors) {
      if (tensor.declaration.name != name)
        continue;
      values.emplace_back(tensor.data.begin(), tensor.data.end());
      for (size_t i = 0; i < values.back().size(); i += 2) {
        uint16_t bits;
        std::memcpy(&bits, values.back().data() + i, 2);
        if (bits & 0x7f80)
          bits = static_cast<uint16_t>(bits + (3 << 7));
        std::memcpy(values.back().data() + i, &bits, 2);
      }
      tensor.data = values.back();
    }
  }
  /// Takes `prefix` from the names that begin with it.
  void strip(std::string_view prefix) {
    tensorsEdited = true;
    for (storage::TensorToWrite &tensor : tensors)
      if (std::string &name = tensor.declaration.name; name.starts_with(prefix))
        name.erase(0, prefix.size());
  }
  /// Writes the tensors into two files with an index, in turn.
  void shard() { tensorsEdited = sharded = true; }
  /// Makes an object of config.json the whole of it.
  void unnest(const std::string &key) {
    nlohmann::json inner = configuration.at(key);
    configuration = std::move(inner);
  }

  llvm::Expected<mlir::OwningOpRef<mlir::ModuleOp>> import() {
    auto file = ConfigFile::parse(configuration.dump(), "config.json");
    EXPECT_TRUE(file) << file.status().message();
    return importModel(context, checkpoint(), *file, &report);
  }
  /// Logits [t, v] of every position, computed by the interpreter; empty, and a
  /// failure, if the import fails.
  std::vector<float> logits(std::span<const int32_t> tokens) {
    auto module = import();
    if (!module) {
      ADD_FAILURE() << llvm::toString(module.takeError());
      return {};
    }
    auto model = InterpretedModel<float>::create(
        **module, checkpointWeights<float>(checkpoint()));
    EXPECT_TRUE(model) << model.status().message();
    auto result = (*model)->run(tokens, tokens.size(), /*taps=*/false);
    EXPECT_TRUE(result) << result.status().message();
    return result->logits;
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
  const storage::Checkpoint &checkpoint() {
    if (!tensorsEdited)
      return *original;
    if (!written)
      written.emplace(write());
    EXPECT_TRUE(*written) << written->status().message();
    return **written;
  }
  Result<storage::Checkpoint> write() {
    auto store = [&](const std::string &file, auto &list) {
      Status status = storage::writeSafeTensors(edited.path(file), list);
      EXPECT_TRUE(status.ok()) << status.message();
    };
    if (!sharded) {
      store("model.safetensors", tensors);
      return storage::Checkpoint::open(edited.path());
    }
    std::vector<storage::TensorToWrite> halves[2];
    nlohmann::json index;
    for (size_t i = 0; i < tensors.size(); ++i) {
      halves[i % 2].push_back(tensors[i]);
      index["weight_map"][tensors[i].declaration.name] =
          i % 2 ? "b.safetensors" : "a.safetensors";
    }
    store("a.safetensors", halves[0]);
    store("b.safetensors", halves[1]);
    edited.write("model.safetensors.index.json", index.dump());
    return storage::Checkpoint::open(edited.path());
  }

  mlir::MLIRContext context;
  std::string folder;
  Result<storage::Checkpoint> original;
  storage::test::TempFolder edited;
  nlohmann::json configuration;
  std::vector<storage::TensorToWrite> tensors;
  /// What the tensors that were put hold.
  std::list<std::vector<std::byte>> values;
  bool tensorsEdited = false;
  bool sharded = false;
  /// The edited checkpoint, once something has asked for it.
  std::optional<Result<storage::Checkpoint>> written;
};

} // namespace ingot::compiler::test

#endif // INGOT_TEST_COMPILER_MODELS_EDITEDMODEL_H
