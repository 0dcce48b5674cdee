//===- Weights.cpp - Where the interpreter's weights come from ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/Weights.h"
#include "runtime/storage/Checkpoint.h"
#include "llvm/ADT/APFloat.h"
#include "llvm/Support/FormatVariadic.h"

#include <cstring>

using namespace mlir;

namespace ingot::compiler {

namespace {

template <typename... Args>
llvm::Error makeError(const char *format, Args &&...args) {
  return llvm::createStringError(
      llvm::formatv(format, std::forward<Args>(args)...).str());
}

double toDouble(APFloat value) {
  bool lossy;
  value.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lossy);
  return value.convertToDouble();
}

std::string print(Type type) { return llvm::formatv("{0}", type).str(); }

std::string print(ArrayRef<int64_t> shape) {
  return llvm::formatv("[{0:$[, ]}]",
                       llvm::make_range(shape.begin(), shape.end()))
      .str();
}

/// The shape of a scaled tensor's scales: its last two dimensions in blocks.
std::vector<int64_t> scaleShape(ArrayRef<int64_t> shape,
                                ArrayRef<int64_t> block) {
  std::vector<int64_t> result(shape.begin(), shape.end());
  for (size_t i = 0; i < 2; ++i) {
    int64_t &size = result[result.size() - 2 + i];
    size = (size + block[i] - 1) / block[i];
  }
  return result;
}

/// Multiplies each value of [..., n, k] by its block's scale.
template <typename Real>
void applyScales(Tensor<Real> &values, const Tensor<Real> &scales,
                 ArrayRef<int64_t> block) {
  size_t rank = values.shape.size();
  int64_t n = values.shape[rank - 2], k = values.shape[rank - 1];
  int64_t scaleRows = scales.shape[rank - 2],
          scaleColumns = scales.shape[rank - 1];
  for (size_t i = 0; i < values.data.size(); ++i) {
    int64_t column = i % k, row = i / k % n, matrix = i / k / n;
    values.data[i] *=
        scales.data[(matrix * scaleRows + row / block[0]) * scaleColumns +
                    column / block[1]];
  }
}

/// The safetensors type that holds elements of an MLIR type; none if no
/// checkpoint does.
std::optional<storage::ElementType> storedAs(Type type) {
  using storage::ElementType;
  if (type.isF64())
    return ElementType::F64;
  if (type.isF32())
    return ElementType::F32;
  if (type.isF16())
    return ElementType::F16;
  if (type.isBF16())
    return ElementType::BF16;
  if (isa<Float8E4M3FNType>(type))
    return ElementType::F8_E4M3;
  if (isa<Float8E5M2Type>(type))
    return ElementType::F8_E5M2;
  return std::nullopt;
}

/// Every value of a float type of at most 16 bits, by its bits: decoding one
/// by one through APFloat would take minutes for a checkpoint.
template <typename Real>
std::vector<Real> decodeTable(FloatType type) {
  unsigned width = type.getWidth();
  std::vector<Real> table(size_t(1) << width);
  for (size_t bits = 0; bits < table.size(); ++bits)
    table[bits] = static_cast<Real>(
        toDouble(APFloat(type.getFloatSemantics(), APInt(width, bits))));
  return table;
}

template <typename Stored, typename Real, typename Decode>
void decodeEach(ArrayRef<std::byte> bytes, Real *out, Decode decode) {
  for (size_t i = 0; i < bytes.size() / sizeof(Stored); ++i) {
    Stored stored; // Tensors in a file are aligned to nothing.
    std::memcpy(&stored, bytes.data() + i * sizeof(Stored), sizeof(Stored));
    out[i] = decode(stored);
  }
}

template <typename Real>
void decode(FloatType type, ArrayRef<std::byte> bytes, Real *out) {
  auto convert = [](auto value) { return static_cast<Real>(value); };
  if (type.isF64())
    return decodeEach<double>(bytes, out, convert);
  if (type.isF32())
    return decodeEach<float>(bytes, out, convert);
  std::vector<Real> table = decodeTable<Real>(type);
  auto look = [&](auto bits) { return table[bits]; };
  if (type.getWidth() == 16)
    return decodeEach<uint16_t>(bytes, out, look);
  return decodeEach<uint8_t>(bytes, out, look);
}

/// Reads the tensors that stand for one weight.
template <typename Real>
class CheckpointReader {
public:
  explicit CheckpointReader(const storage::Checkpoint &checkpoint)
      : checkpoint(checkpoint) {}

  /// The tensor `name`, or the stack of those that `{e}` in it stands for. All
  /// parts of one tensor are that tensor.
  llvm::Expected<Tensor<Real>> read(StringRef name, ArrayRef<int64_t> shape,
                                    Type element) const {
    Tensor<Real> result(shape.vec());
    name.consume_back(ir::WeightOp::kPartIndex);
    auto [prefix, suffix] = name.split(ir::WeightOp::kStackIndex);
    if (prefix.size() == name.size()) {
      if (llvm::Error error = readOne(name, shape, element, result.data.data()))
        return error;
      return result;
    }
    for (int64_t e = 0; e < shape.front(); ++e) {
      std::string one = llvm::formatv("{0}{1}{2}", prefix, e, suffix).str();
      if (llvm::Error error =
              readOne(one, shape.drop_front(), element, result.row(e)))
        return error;
    }
    return result;
  }

private:
  llvm::Error readOne(StringRef name, ArrayRef<int64_t> shape, Type element,
                      Real *out) const {
    const storage::CheckpointTensor *tensor = checkpoint.find(name);
    if (!tensor)
      return makeError("expects tensor '{0}' in '{1}'", name,
                       checkpoint.folder());
    std::optional<storage::ElementType> stored = storedAs(element);
    if (!stored || *stored != tensor->info.type ||
        shape != ArrayRef<int64_t>(tensor->info.shape))
      return makeError("expects tensor '{0}' to be {1} of {2}, got {3} of {4}",
                       name, print(shape), print(element),
                       print(tensor->info.shape),
                       storage::name(tensor->info.type));
    std::span<const std::byte> bytes = checkpoint.data(*tensor);
    decode(cast<FloatType>(element), {bytes.data(), bytes.size()}, out);
    return llvm::Error::success();
  }

  const storage::Checkpoint &checkpoint;
};

} // namespace

template <typename Real>
llvm::Expected<Tensor<Real>> denseValues(ElementsAttr attribute) {
  auto dense = dyn_cast<DenseElementsAttr>(attribute);
  Type element = attribute.getElementType();
  if (!dense || !(isa<FloatType>(element) || element.isInteger(32)))
    return makeError("expects dense elements of floats or i32, got '{0}'",
                     print(attribute.getShapedType()));
  Tensor<Real> result(attribute.getShapedType().getShape().vec());
  auto out = result.data.begin();
  if (isa<FloatType>(element))
    for (APFloat value : dense.getValues<APFloat>())
      *out++ = static_cast<Real>(toDouble(value));
  else
    for (APInt value : dense.getValues<APInt>())
      *out++ = static_cast<Real>(value.getSExtValue());
  return result;
}

template <typename Real>
WeightSource<Real> inlineWeights() {
  return [](ir::WeightOp weight) -> llvm::Expected<Tensor<Real>> {
    if (!weight.getValue())
      return makeError("expects a value, as there is no checkpoint to read "
                       "'{0}' from",
                       *weight.getTensor());
    auto values = denseValues<Real>(*weight.getValue());
    auto scaled =
        dyn_cast<ir::ScaledType>(weight.getTensorType().getElementType());
    if (!values || !scaled)
      return values;
    auto scales = denseValues<Real>(*weight.getScaleValue());
    if (!scales)
      return scales.takeError();
    applyScales(*values, *scales, scaled.getBlock());
    return values;
  };
}

template <typename Real>
WeightSource<Real> checkpointWeights(const storage::Checkpoint &checkpoint) {
  CheckpointReader<Real> reader(checkpoint);
  WeightSource<Real> fallback = inlineWeights<Real>();
  return [=](ir::WeightOp weight) -> llvm::Expected<Tensor<Real>> {
    if (weight.getValue())
      return fallback(weight);
    RankedTensorType type = weight.getTensorType();
    auto scaled = dyn_cast<ir::ScaledType>(type.getElementType());
    if (!scaled)
      return reader.read(*weight.getTensor(), type.getShape(),
                         type.getElementType());
    auto values =
        reader.read(*weight.getTensor(), type.getShape(), scaled.getValue());
    if (!values)
      return values;
    auto scales = reader.read(*weight.getScaleTensor(),
                              scaleShape(type.getShape(), scaled.getBlock()),
                              scaled.getScale());
    if (!scales)
      return scales;
    applyScales(*values, *scales, scaled.getBlock());
    return values;
  };
}

template llvm::Expected<Tensor<float>> denseValues(ElementsAttr);
template llvm::Expected<Tensor<double>> denseValues(ElementsAttr);
template WeightSource<float> inlineWeights();
template WeightSource<double> inlineWeights();
template WeightSource<float> checkpointWeights(const storage::Checkpoint &);
template WeightSource<double> checkpointWeights(const storage::Checkpoint &);

} // namespace ingot::compiler
