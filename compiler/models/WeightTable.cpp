//===- WeightTable.cpp - Finds the tensors of a model ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/WeightTable.h"
#include "runtime/storage/Messages.h"

#include "dialects/Ingot/IngotDialect.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>

using llvm::ArrayRef;
using llvm::StringRef;
using mlir::RankedTensorType;
using mlir::Type;

namespace ingot::compiler {

using storage::ElementType;

/// More would bury the first, and a damaged checkpoint may lack thousands.
static constexpr size_t kNamed = 10;
/// What the published FP8 checkpoints append to a weight's name for its scales.
static constexpr StringRef kScaleSuffix = "_scale_inv";
static constexpr StringRef kExpertIndex = ir::WeightOp::kStackIndex;
static constexpr StringRef kPartIndex = ir::WeightOp::kPartIndex;

void Names::add(std::string name) {
  if (++count <= kNamed)
    named.push_back(std::move(name));
}

/// `pattern` with `number` in the place of `what`, if it has it.
static std::string replaced(StringRef pattern, StringRef what, int64_t number) {
  auto [before, after] = pattern.split(what);
  if (before.size() == pattern.size())
    return pattern.str();
  return (before + llvm::Twine(number) + after).str();
}

/// `[256, 128]`.
static std::string text(ArrayRef<int64_t> shape) {
  std::string result = "[";
  llvm::raw_string_ostream stream(result);
  llvm::interleaveComma(shape, stream);
  return result + "]";
}

static Type plainTypeOf(const Shape &shape, mlir::OpBuilder &builder) {
  switch (shape.plainType) {
  case Float16:
    return builder.getF16Type();
  case Float32:
    return builder.getF32Type();
  default:
    return builder.getBF16Type();
  }
}

WeightTable::WeightTable(const storage::Checkpoint *checkpoint,
                         const FamilyForm &form, const Shape &shape,
                         mlir::OpBuilder builder)
    : checkpoint(checkpoint), form(form),
      block({shape.blockRows, shape.blockColumns}),
      plainType(plainTypeOf(shape, builder)), builder(builder),
      claimed(checkpoint ? checkpoint->tensors().size() : 0) {}

const WeightRule &WeightTable::ruleOf(Slot slot) const {
  std::span<const WeightRule> rules = form.family->weights;
  auto rule =
      llvm::find_if(rules, [&](const WeightRule &r) { return r.slot == slot; });
  assert(rule != rules.end() && "the family describes unnamed slots");
  return *rule;
}

std::string WeightTable::nameOf(const WeightRule &rule, int64_t layer) const {
  return replaced(std::string(form.architecture->tensors) +
                      std::string(rule.name),
                  "{l}", layer);
}

bool WeightTable::isSkipped(StringRef name) const {
  return llvm::any_of(form.architecture->skipped, [&](std::string_view part) {
    return name.contains(part);
  });
}

Type WeightTable::blockedType() {
  return ir::ScaledType::get(builder.getContext(),
                             mlir::Float8E4M3FNType::get(builder.getContext()),
                             block, builder.getF32Type());
}

Type WeightTable::publishedType(const WeightRule &rule) {
  if (rule.published == Published::F32)
    return builder.getF32Type();
  if (rule.published == Published::Plain || block[0] == 0 ||
      rule.layout != Layout::OutInBlocks)
    return plainType;
  return blockedType();
}

unsigned WeightTable::indexOf(const Tensor &tensor) const {
  return &tensor - checkpoint->tensors().data();
}

const storage::CheckpointTensor *WeightTable::take(const std::string &name) {
  const Tensor *tensor = checkpoint->find(name);
  if (!tensor) {
    missing.add(name);
    return nullptr;
  }
  claimed.set(indexOf(*tensor));
  return tensor;
}

bool WeightTable::checkShape(const Tensor &tensor, ArrayRef<int64_t> shape) {
  if (ArrayRef<int64_t>(tensor.info.shape) == shape)
    return true;
  wrong.add(checkpoint->files()[tensor.file].name + ": tensor " +
            storage::quote(tensor.info.name) + " expects shape " + text(shape) +
            ", got " + text(tensor.info.shape));
  return false;
}

void WeightTable::noteWrongType(const Tensor &tensor, StringRef expected) {
  wrong.add((checkpoint->files()[tensor.file].name + ": tensor " +
             storage::quote(tensor.info.name) + " expects " + expected +
             ", got " + StringRef(storage::name(tensor.info.type)))
                .str());
}

Type WeightTable::claimScales(const Tensor &tensor) {
  if (block[0] == 0) {
    wrong.add(checkpoint->files()[tensor.file].name + ": tensor " +
              storage::quote(tensor.info.name) +
              " is F8_E4M3, but config.json has no 'quantization_config'");
    return {};
  }
  const Tensor *scales = take(tensor.info.name + kScaleSuffix.str());
  if (!scales)
    return {};
  if (scales->info.type != ElementType::F32) {
    noteWrongType(*scales, "F32");
    return {};
  }
  int64_t blocks[2];
  for (unsigned i = 0; i < 2; ++i)
    blocks[i] = llvm::divideCeil(tensor.info.shape[i], block[i]);
  if (!checkShape(*scales, blocks))
    return {};
  return blockedType();
}

Type WeightTable::claim(const std::string &name, ArrayRef<int64_t> shape,
                        Layout layout) {
  const Tensor *tensor = take(name);
  if (!tensor || !checkShape(*tensor, shape)) {
    // Its scales are not surplus; one complaint is enough.
    if (const Tensor *scales = checkpoint->find(name + kScaleSuffix.str()))
      claimed.set(indexOf(*scales));
    return {};
  }
  switch (tensor->info.type) {
  case ElementType::BF16:
    return builder.getBF16Type();
  case ElementType::F16:
    return builder.getF16Type();
  case ElementType::F32:
    return builder.getF32Type();
  case ElementType::F8_E4M3:
    if (layout == Layout::OutInBlocks)
      return claimScales(*tensor);
    [[fallthrough]];
  default:
    noteWrongType(*tensor, layout == Layout::OutInBlocks
                               ? "BF16, F16, F32 or F8_E4M3"
                               : "BF16, F16 or F32");
    return {};
  }
}

Type WeightTable::claimStack(StringRef pattern, ArrayRef<int64_t> shape,
                             Layout layout) {
  Type first;
  // One weight has one type, so the experts must agree.
  for (int64_t expert = 0; expert < shape.front(); ++expert) {
    std::string name = replaced(pattern, kExpertIndex, expert);
    Type element = claim(name, shape.drop_front(), layout);
    if (expert == 0)
      first = element;
    else if (element && first && element != first)
      noteWrongType(*checkpoint->find(name),
                    "the element type of expert 0's tensor");
  }
  return first;
}

bool WeightTable::isCopy(const std::string &name, const std::string &original) {
  // A family publishes copies only to be complete.
  if (!checkpoint)
    return true;
  const Tensor *copy = checkpoint->find(name);
  const Tensor *main = checkpoint->find(original);
  // Without the original there is nothing to share; its absence is noted
  // where the main model asks for it.
  if (!copy || !main)
    return !copy;
  if (copy->info.type != main->info.type ||
      copy->info.shape != main->info.shape ||
      std::memcmp(checkpoint->data(*copy).data(),
                  checkpoint->data(*main).data(), copy->info.bytes) != 0)
    return false;
  take(name);
  return true;
}

WeightTable::Weight WeightTable::declare(const std::string &symbol,
                                         RankedTensorType type) {
  auto [entry, isNew] = declared.try_emplace(symbol, type);
  if (isNew) {
    auto name = builder.getStringAttr(symbol);
    mlir::StringAttr scale;
    if (mlir::isa<ir::ScaledType>(type.getElementType()))
      scale = builder.getStringAttr(symbol + kScaleSuffix);
    ir::WeightOp::create(builder, mlir::NameLoc::get(name), name,
                         mlir::TypeAttr::get(type), name, scale,
                         /*value=*/mlir::ElementsAttr(),
                         /*scale_value=*/mlir::ElementsAttr(),
                         /*packed=*/mlir::IntegerAttr());
  }
  return {entry->getKey(), entry->getValue()};
}

Type WeightTable::elementType(const WeightRule &rule, const std::string &symbol,
                              ArrayRef<int64_t> shape) {
  if (!checkpoint)
    return publishedType(rule);
  if (StringRef whole = symbol; whole.consume_back(kPartIndex))
    return claim(whole.str(), shape, rule.layout);
  return StringRef(symbol).contains(kExpertIndex)
             ? claimStack(symbol, shape, rule.layout)
             : claim(symbol, shape, rule.layout);
}

WeightTable::Weight WeightTable::get(Slot slot, int64_t layer,
                                     ArrayRef<int64_t> shape) {
  const WeightRule &rule = ruleOf(slot);
  std::string symbol = nameOf(rule, layer);
  llvm::SmallVector<int64_t> stored(shape);
  std::optional<std::pair<int64_t, int64_t>> columns;
  if (rule.layout == Layout::InOut) {
    int64_t &k = stored[stored.size() - 2], &n = stored.back();
    std::swap(k, n);
    columns = {rule.columns[0] * n, (rule.columns[0] + 1) * n};
    n *= rule.columns[1];
  }
  if (auto known = declared.find(symbol); known != declared.end())
    return {known->getKey(), known->getValue(), columns};
  if (rule.sharedWith &&
      isCopy(symbol, nameOf(ruleOf(*rule.sharedWith), layer)))
    return get(*rule.sharedWith, layer, shape);
  Type element = elementType(rule, symbol, stored);
  // The builder goes on with any type; finish() fails the import.
  if (!element)
    element = builder.getF32Type();
  Weight weight = declare(symbol, RankedTensorType::get(stored, element));
  weight.columns = columns;
  return weight;
}

void WeightTable::takeCopy(Slot slot, Slot original) {
  isCopy(nameOf(ruleOf(slot), 0), nameOf(ruleOf(original), 0));
}

/// `'a', 'b' and 3 more`.
static std::string listed(const Names &names) {
  auto quoted = [](const std::string &name) { return storage::quote(name); };
  std::string result = llvm::join(llvm::map_range(names.first(), quoted), ", ");
  if (names.size() > names.first().size())
    result +=
        " and " + std::to_string(names.size() - names.first().size()) + " more";
  return result;
}

llvm::Error WeightTable::finish(std::vector<std::string> &notes) {
  // What is declared can be neither wrong nor missing.
  if (!checkpoint)
    return llvm::Error::success();
  std::vector<std::string> lines = wrong.first();
  if (wrong.size() > lines.size())
    lines.push_back(checkpoint->folder() + ": " +
                    std::to_string(wrong.size() - lines.size()) +
                    " more tensors are not as expected");
  if (missing.size() > 0)
    lines.push_back(checkpoint->folder() +
                    ": expects tensors that are missing (" +
                    std::to_string(missing.size()) + "): " + listed(missing));
  // A tensor that nothing uses means that the model was not understood.
  Names unexpected, skipped;
  claimed.flip();
  for (unsigned index : claimed.set_bits()) {
    const std::string &name = checkpoint->tensors()[index].info.name;
    (isSkipped(name) ? skipped : unexpected).add(name);
  }
  if (skipped.size() > 0)
    notes.push_back(checkpoint->folder() +
                    ": skips tensors that the language model does not need (" +
                    std::to_string(skipped.size()) + "): " + listed(skipped));
  if (unexpected.size() > 0)
    lines.push_back(
        checkpoint->folder() + ": has tensors that the model does not use (" +
        std::to_string(unexpected.size()) + "): " + listed(unexpected));
  return lines.empty() ? llvm::Error::success()
                       : importError(llvm::join(lines, "\n"));
}

} // namespace ingot::compiler
