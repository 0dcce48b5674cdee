//===- Evaluated.cpp - a model under evaluation ---------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Evaluated.h"

namespace ingot::eval {

// Here so that the class has one home for its vtable.
Evaluated::~Evaluated() = default;

Result<std::vector<float>> Evaluated::decode(std::span<const int32_t> prompt,
                                             std::span<const int32_t> answer) {
  std::vector<int32_t> tokens(prompt.begin(), prompt.end());
  tokens.insert(tokens.end(), answer.begin(), answer.end());
  auto output = run(tokens, 1 + int64_t(answer.size()), /*taps=*/false);
  if (!output)
    return output.status();
  return std::move(output->logits);
}

} // namespace ingot::eval
