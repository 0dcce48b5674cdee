//===- IngotAttrs.cpp - rules of the attributes ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialects/Ingot/IngotDialect.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/Ingot/IngotEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/Ingot/IngotAttrs.cpp.inc"

using namespace mlir;

namespace ingot::ir {

void IngotDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/Ingot/IngotAttrs.cpp.inc"
      >();
}

LogicalResult YarnAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               FloatAttr factor, int64_t original,
                               FloatAttr betaFast, FloatAttr betaSlow,
                               FloatAttr magnitude) {
  // Negated, so that NaN is refused.
  if (!(factor.getValueAsDouble() >= 1.0))
    return emitError() << "expects yarn factor of at least 1, got " << factor;
  if (original < 1)
    return emitError() << "expects yarn original positions to be positive, got "
                       << original;
  if (!(betaSlow.getValueAsDouble() > 0.0 &&
        betaFast.getValueAsDouble() >= betaSlow.getValueAsDouble()))
    return emitError() << "expects 0 < yarn beta_slow <= beta_fast, got "
                       << betaSlow << " and " << betaFast;
  return success();
}

LogicalResult RopeAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                               int64_t dim, FloatAttr theta, PairLayout,
                               Attribute scaling) {
  if (dim < 2 || dim % 2 != 0)
    return emitError() << "expects rope dim to be even and positive, got "
                       << dim;
  if (!(theta.getValueAsDouble() > 1.0))
    return emitError() << "expects rope theta above 1, got " << theta;
  if (scaling && !isa<YarnAttr, NtkByPartsAttr, LinearPositionsAttr>(scaling))
    return emitError() << "expects rope scaling to be yarn, ntk_by_parts or "
                          "linear_positions, got "
                       << scaling;
  return success();
}

LogicalResult
NtkByPartsAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                       FloatAttr factor, FloatAttr low, FloatAttr high,
                       int64_t original) {
  if (!(factor.getValueAsDouble() >= 1.0))
    return emitError() << "expects ntk_by_parts factor of at least 1, got "
                       << factor;
  if (!(low.getValueAsDouble() > 0.0 &&
        high.getValueAsDouble() >= low.getValueAsDouble()))
    return emitError() << "expects 0 < ntk_by_parts low_freq_factor <= "
                          "high_freq_factor, got "
                       << low << " and " << high;
  if (original < 1)
    return emitError()
           << "expects ntk_by_parts original positions to be positive, got "
           << original;
  return success();
}

LogicalResult
LinearPositionsAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                            FloatAttr factor) {
  if (!(factor.getValueAsDouble() >= 1.0))
    return emitError() << "expects linear_positions factor of at least 1, got "
                       << factor;
  return success();
}

LogicalResult ChunkedAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  int64_t size) {
  if (size < 1)
    return emitError() << "expects chunked size to be positive, got " << size;
  return success();
}

LogicalResult SlidingAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  int64_t size) {
  if (size < 1)
    return emitError() << "expects sliding size to be positive, got " << size;
  return success();
}

LogicalResult
TemperatureAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                        int64_t floor, FloatAttr) {
  if (floor < 1)
    return emitError() << "expects temperature floor to be positive, got "
                       << floor;
  return success();
}

LogicalResult RoutingAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                  ScoreFunction, int64_t topK, int64_t groups,
                                  int64_t topGroups, GroupScore, bool,
                                  FloatAttr, ChooseBy) {
  if (topK < 1)
    return emitError() << "expects routing top_k to be positive, got " << topK;
  if (groups < 1 || topGroups < 1 || topGroups > groups)
    return emitError() << "expects 1 <= routing top_groups <= groups, got "
                       << topGroups << " of " << groups;
  return success();
}

LogicalResult BucketAttr::verify(function_ref<InFlightDiagnostic()> emitError,
                                 int64_t tokens, int64_t perSequence,
                                 int64_t sequences, int64_t rows,
                                 int64_t contextLength) {
  if (std::min({sequences, rows, contextLength, perSequence}) < 1)
    return emitError() << "expects bucket sizes to be positive, got "
                       << perSequence << " tokens of each of " << sequences
                       << " sequences, " << rows << " rows, context "
                       << contextLength;
  if (tokens < std::max({perSequence, sequences, rows}))
    return emitError() << "expects bucket tokens to cover those of a sequence, "
                          "one of each and all rows, got "
                       << tokens << " for " << perSequence << ", " << sequences
                       << " and " << rows;
  return success();
}

} // namespace ingot::ir
