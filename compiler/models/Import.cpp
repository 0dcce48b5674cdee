//===- Import.cpp - From a checkpoint to an ingot module ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/Import.h"
#include "compiler/models/Parameters.h"

#include "compiler/models/ConfigReader.h"
#include "compiler/models/LayerBuilder.h"
#include "compiler/models/WeightTable.h"
#include "dialects/Ingot/IngotDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"

using namespace mlir;
using llvm::Error;
using llvm::Expected;

namespace ingot::compiler {

namespace {

/// Builds the functions of one module.
class ModelBuilder {
public:
  ModelBuilder(MLIRContext &context, const storage::Checkpoint *checkpoint,
               const FamilyForm &form, const Shape &shape)
      : builder(&context), checkpoint(checkpoint), form(form), shape(shape) {}

  /// What is worth telling is appended to `notes`.
  Expected<OwningOpRef<ModuleOp>> build(std::vector<std::string> &notes);

private:
  DictionaryAttr facts(ModuleOp module);
  /// Appends an empty function; `draft` ones take the hidden rows as well.
  func::FuncOp addFunction(ModuleOp module, StringRef name, bool draft);
  void buildStep(func::FuncOp function, WeightTable &weights);
  void buildDraft(func::FuncOp function, WeightTable &weights, int64_t layer);
  /// Ends a function with its last norm, whose rows are `hidden`, and logits.
  void finish(LayerBuilder &layers, Value hidden, Value logits);
  void tap(Value value, int64_t index);
  Layer describe(int64_t layer) const {
    return form.family->describe(shape, layer);
  }
  /// What a layer caches for a token; layers are alike in that.
  int64_t kvWidth() const { return cacheWidth(describe(0)); }

  /// Stands at the end of the function that is being built.
  OpBuilder builder;
  /// Null if weights are only declared.
  const storage::Checkpoint *checkpoint;
  const FamilyForm &form;
  const Shape &shape;
};

} // namespace

DictionaryAttr ModelBuilder::facts(ModuleOp module) {
  ParameterCount parameters = countParameters(module);
  auto fact = [&](StringRef name, int64_t value) {
    return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
  };
  return builder.getDictionaryAttr(
      {fact("vocab_size", shape.vocab), fact("hidden_size", shape.hidden),
       fact("max_position_embeddings", shape.maxPositions),
       fact("layers", shape.layers), fact("draft_layers", shape.draftLayers),
       fact("kv_layers", shape.layers + shape.draftLayers),
       fact("kv_width", kvWidth()), fact("parameters", parameters.all),
       fact("active_parameters", parameters.active),
       fact("mtp_parameters", parameters.mtp)});
}

func::FuncOp ModelBuilder::addFunction(ModuleOp module, StringRef name,
                                       bool draft) {
  auto rows = [&](int64_t width) -> Type {
    return RankedTensorType::get({ShapedType::kDynamic, width},
                                 builder.getF32Type());
  };
  auto named = [&](StringRef text) {
    return builder.getNamedAttr(ir::IngotDialect::kNameAttr,
                                builder.getStringAttr(text));
  };
  Type batch = ir::BatchType::get(builder.getContext());
  Type cache = ir::KVCacheType::get(builder.getContext(),
                                    shape.layers + shape.draftLayers, kvWidth(),
                                    builder.getF32Type());
  SmallVector<Type> inputs = {batch, cache};
  if (draft)
    inputs.insert(inputs.begin() + 1, rows(shape.hidden));
  builder.setInsertionPointToEnd(module.getBody());
  auto function = func::FuncOp::create(
      builder, NameLoc::get(builder.getStringAttr(name)), name,
      builder.getFunctionType(inputs,
                              {rows(shape.vocab), rows(shape.hidden), cache}));
  function.setResultAttrs(0, named("logits"));
  function.setResultAttrs(1, named("hidden"));
  if (draft)
    function.setArgAttrs(1, named("hidden"));
  builder.setInsertionPointToStart(function.addEntryBlock());
  return function;
}

void ModelBuilder::tap(Value value, int64_t index) {
  value.getDefiningOp()->setAttr(
      ir::IngotDialect::kTapAttr,
      builder.getStringAttr("hidden." + Twine(index)));
}

void ModelBuilder::finish(LayerBuilder &layers, Value hidden, Value logits) {
  func::ReturnOp::create(builder, logits.getLoc(),
                         ValueRange{logits, hidden, layers.cache()});
}

void ModelBuilder::buildStep(func::FuncOp function, WeightTable &weights) {
  LayerBuilder layers(builder, weights, shape, function.getArgument(0),
                      function.getArgument(1));
  Value x = layers.embed(Slot::Embed, 0, "embed");
  tap(x, 0);
  for (int64_t layer = 0; layer < shape.layers; ++layer) {
    x = layers.layer(describe(layer), layer, x);
    if (layer + 1 < shape.layers)
      tap(x, layer + 1);
  }
  // The last tap is behind the norm: what the head and the drafts see.
  Value hidden = layers.norm(x, Slot::FinalNorm, 0, "norm");
  tap(hidden, shape.layers);
  if (shape.tied)
    weights.takeCopy(Slot::Head, Slot::Embed);
  Slot head = shape.tied ? Slot::Embed : Slot::Head;
  finish(layers, hidden, layers.logits(hidden, head, 0, "head"));
}

void ModelBuilder::buildDraft(func::FuncOp function, WeightTable &weights,
                              int64_t layer) {
  LayerBuilder layers(builder, weights, shape, function.getArgument(0),
                      function.getArgument(2));
  auto name = [&](StringRef part) {
    return ("layers." + Twine(layer) + "." + part).str();
  };
  // DeepSeek-V3, section 2.2, equation 21; the published weights expect the
  // embedding first.
  Value next = layers.embed(Slot::DraftEmbed, layer, name("embed"));
  next = layers.norm(next, Slot::DraftEmbedNorm, layer, name("enorm"));
  Value before = layers.norm(function.getArgument(1), Slot::DraftHiddenNorm,
                             layer, name("hnorm"));
  Value x = layers.concat(next, before, name("concat"));
  x = layers.linear(x, Slot::DraftProjection, layer, shape.hidden,
                    name("eh_proj"));
  x = layers.layer(describe(layer), layer, x);
  Value hidden =
      layers.norm(x, Slot::DraftNorm, layer, name("shared_head.norm"));
  finish(
      layers, hidden,
      layers.logits(hidden, Slot::DraftHead, layer, name("shared_head.head")));
}

Expected<OwningOpRef<ModuleOp>>
ModelBuilder::build(std::vector<std::string> &notes) {
  Location loc = NameLoc::get(builder.getStringAttr("model"));
  OwningOpRef<ModuleOp> module = ModuleOp::create(loc);
  func::FuncOp step = addFunction(*module, "step", /*draft=*/false);
  // Weights are declared ahead of the functions.
  WeightTable weights(checkpoint, form, shape, OpBuilder(step));
  buildStep(step, weights);
  for (int64_t draft = 0; draft < shape.draftLayers; ++draft) {
    std::string name = "draft" + (draft ? std::to_string(draft + 1) : "");
    func::FuncOp function = addFunction(*module, name, /*draft=*/true);
    // Drafts are published as the layers behind the last one.
    buildDraft(function, weights, shape.layers + draft);
  }
  if (Error error = weights.finish(notes))
    return error;
  (*module)->setAttr(kModelAttr, facts(*module));
  return module;
}

/// Verifies `module`; the error has the text of the first diagnostic: layers
/// are alike, and so are their faults.
static Error verified(ModuleOp module, const ConfigFile &config) {
  std::string text;
  ScopedDiagnosticHandler handler(
      module.getContext(), [&](Diagnostic &diagnostic) {
        auto name = dyn_cast<NameLoc>(diagnostic.getLocation());
        if (text.empty())
          text = config.name() + ": " +
                 (name ? name.getName().str() + ": " : "") + diagnostic.str();
        return success();
      });
  return succeeded(verify(module)) ? Error::success() : importError(text);
}

/// Keeps the first `layers` of the main layers.
static Error keepLayers(const Family &family, Shape &shape, int64_t layers,
                        const ConfigFile &config) {
  if (layers > shape.layers)
    return importError(config.name() + ": expects at most the model's " +
                       Twine(shape.layers) + " layers, got " + Twine(layers));
  int64_t dense = 0;
  while (dense < shape.layers &&
         std::holds_alternative<DenseFfn>(family.describe(shape, dense).ffn))
    ++dense;
  if (dense < shape.layers && layers <= dense)
    return importError(
        config.name() + ": expects more layers than the " + Twine(dense) +
        " leading dense ones, so that one is routed, got " + Twine(layers));
  if (layers < shape.layers)
    shape.draftLayers = 0;
  shape.layers = layers;
  return Error::success();
}

/// Imports with a checkpoint, or declares without.
static Expected<OwningOpRef<ModuleOp>>
buildModel(MLIRContext &context, const storage::Checkpoint *checkpoint,
           const ConfigFile &config, int64_t layers, ImportReport *report) {
  // An op of a dialect that is not loaded would crash, not fail.
  context.loadDialect<func::FuncDialect, ir::IngotDialect>();
  ImportReport unread;
  ImportReport &told = report ? *report : unread;
  Expected<FamilyForm> form = formOf(config);
  if (!form)
    return form.takeError();
  Expected<Shape> shape = readShape(*form, config, told.warnings);
  if (!shape)
    return shape.takeError();
  if (layers > 0)
    if (Error error = keepLayers(*form->family, *shape, layers, config))
      return error;
  Expected<OwningOpRef<ModuleOp>> module =
      ModelBuilder(context, checkpoint, *form, *shape).build(told.notes);
  if (!module)
    return module.takeError();
  if (Error error = verified(**module, config))
    return error;
  return module;
}

Expected<OwningOpRef<ModuleOp>>
importModel(MLIRContext &context, const storage::Checkpoint &checkpoint,
            const ConfigFile &config, ImportReport *report) {
  return buildModel(context, &checkpoint, config, /*layers=*/0, report);
}

Expected<OwningOpRef<ModuleOp>> declareModel(MLIRContext &context,
                                             const ConfigFile &config,
                                             int64_t layers,
                                             ImportReport *report) {
  return buildModel(context, nullptr, config, layers, report);
}

} // namespace ingot::compiler
