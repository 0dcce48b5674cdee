//===- CodedProducts.h - contracts of products with codes -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The products of Linear, GatedLinear and the sorted experts, of inputs that
// QuantizeInputs has made codes: [rows, k] E4M3 and [rows, ceil(k / kInputRun)]
// float32 scales. A product of codes is exact; sums of the columns that share a
// scale of the weight and one of the input are multiplied by both. The first
// two operands are codes and scales, wherever the op's scratch has them.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CODEDPRODUCTS_H
#define INGOT_KERNELS_CODEDPRODUCTS_H

#include "compiler/kernels/contract/ExpertsDownGrouped.h"
#include "compiler/kernels/contract/ExpertsUpGrouped.h"
#include "compiler/kernels/contract/GatedLinear.h"
#include "compiler/kernels/contract/Linear.h"

namespace ingot::kernels {

/// Whether a product of [n, k] weights is one of codes where its inputs are
/// rounded to `inputs`: whole rows of 16 bytes, of blocks that cut no run.
constexpr bool isCoded(WeightFormat w, int64_t k, Format inputs) {
  return inputs == Format::F8E4M3 && w.format == Format::F8E4M3 &&
         w.blockColumns % kInputRun == 0 && k % 16 == 0;
}

constexpr const char *rejectCoded(WeightFormat w, int64_t n, int64_t k,
                                  Format inputs) {
  if (!isCoded(w, k, inputs))
    return "expects f8E4M3FN inputs and weights, in rows of whole 16 bytes";
  return rejectProduct(w, n, k);
}

/// Bytes of a row of codes and its scales.
constexpr int64_t codedBytes(int64_t k) {
  return k + 4 * ceilDiv(k, kInputRun);
}

struct LinearCoded : Linear {
  static constexpr Operands operands(const Problem &p) {
    return {{{"codes", Operand::Scratch, 0},
             {"code_scales", Operand::Scratch, 1},
             {"weights", Operand::Input, 1},
             {"scales", Operand::Scales, 1},
             {"bias", Operand::Input, p.biased ? 2u : 1u},
             {"y", Operand::Output, 0},
             {"T", Operand::Symbol, 0, "T"}},
            7};
  }
  static constexpr Cost cost(const Problem &p) {
    Cost cost = Linear::cost(p);
    cost.rowBytes += codedBytes(p.k) - 4 * p.k;
    return cost;
  }
};

struct GatedLinearCoded : GatedLinear {
  static constexpr Operands operands(const Problem &) {
    return {{{"codes", Operand::Scratch, 0},
             {"code_scales", Operand::Scratch, 1},
             {"gate", Operand::Input, 1},
             {"gate_scales", Operand::Scales, 1},
             {"up", Operand::Input, 2},
             {"up_scales", Operand::Scales, 2},
             {"y", Operand::Output, 0},
             {"T", Operand::Symbol, 0, "T"}},
            8};
  }
  static constexpr Cost cost(const Problem &p) {
    Cost cost = GatedLinear::cost(p);
    cost.rowBytes += codedBytes(p.k) - 4 * p.k;
    return cost;
  }
};

/// Codes have a row for each token, or for each slot with the weights on the
/// input.
struct ExpertsUpCoded : ExpertsUpGrouped {
  static constexpr Operands operands(const Problem &) {
    return {{{"codes", Operand::Scratch, 4},
             {"code_scales", Operand::Scratch, 5},
             {"starts", Operand::Scratch, 1},
             {"slots", Operand::Scratch, 2},
             {"gates", Operand::Input, 3},
             {"gate_scales", Operand::Scales, 3},
             {"ups", Operand::Input, 4},
             {"up_scales", Operand::Scales, 4},
             {"hidden", Operand::WrittenScratch, 0}},
            9};
  }
  static constexpr Cost cost(const Problem &p) {
    Cost cost = ExpertsUpGrouped::cost(p);
    cost.rowBytes +=
        (p.weightsOnInput ? p.topK : 1) * codedBytes(p.k) - 4 * p.k;
    return cost;
  }
};

/// Codes have a row for each slot.
struct ExpertsDownCoded : ExpertsDownGrouped {
  static constexpr Operands operands(const Problem &) {
    return {{{"codes", Operand::Scratch, 4},
             {"code_scales", Operand::Scratch, 5},
             {"starts", Operand::Scratch, 1},
             {"slots", Operand::Scratch, 2},
             {"downs", Operand::Input, 5},
             {"down_scales", Operand::Scales, 5},
             {"outputs", Operand::WrittenScratch, 3}},
            7};
  }
  static constexpr Cost cost(const Problem &p) {
    Cost cost = ExpertsDownGrouped::cost(p);
    cost.rowBytes += p.topK * (codedBytes(p.k) - 4 * p.k);
    return cost;
  }
};

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CODEDPRODUCTS_H
