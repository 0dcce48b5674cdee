//===- PrintDatum.cpp - Print the interpreter's values --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/interpreter/PrintDatum.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

#include <cmath>

using namespace mlir;

namespace ingot::compiler {

namespace {

/// Prints the tensor's values from `next` on as a list of shape `shape`.
template <typename Real>
void printList(ArrayRef<int64_t> shape, const Real *&next,
               llvm::raw_ostream &out) {
  if (shape.empty()) {
    double value = *next++;
    if (std::isnan(value))
      out << "nan";
    else
      out << llvm::format("%.6g", value);
    return;
  }
  out << "[";
  for (int64_t i = 0; i < shape.front(); ++i) {
    out << (i ? ", " : "");
    printList(shape.drop_front(), next, out);
  }
  out << "]";
}

} // namespace

template <typename Real>
void printValues(const Tensor<Real> &tensor, llvm::raw_ostream &out) {
  const Real *next = tensor.data.data();
  printList(ArrayRef(tensor.shape), next, out);
}

template <typename Real>
void printDatum(Type type, const Datum<Real> &datum, llvm::raw_ostream &out) {
  if (auto *tensor = std::get_if<TensorPtr<Real>>(&datum)) {
    out << RankedTensorType::get((*tensor)->shape,
                                 cast<RankedTensorType>(type).getElementType())
        << " ";
    printValues(**tensor, out);
    out << "\n";
    return;
  }
  out << type;
  if (auto *batch = std::get_if<Batch>(&datum)) {
    out << " " << batch->rows() << " rows\n";
    return;
  }
  out << "\n";
  const auto &cache = std::get<KVCache<Real>>(datum);
  for (auto [index, layer] : llvm::enumerate(cache.layers))
    for (const auto &[place, row] : *layer) {
      out << "  layer " << index << " sequence " << place.first << " position "
          << place.second << ": ";
      const Real *next = row->data();
      printList({cache.width}, next, out);
      out << "\n";
    }
}

template void printValues(const Tensor<float> &, llvm::raw_ostream &);
template void printValues(const Tensor<double> &, llvm::raw_ostream &);
template void printDatum(Type, const Datum<float> &, llvm::raw_ostream &);
template void printDatum(Type, const Datum<double> &, llvm::raw_ostream &);

} // namespace ingot::compiler
