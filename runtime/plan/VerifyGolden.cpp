//===- VerifyGolden.cpp - what a model is checked by ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/VerifyParts.h"

#include <algorithm>
#include <cmath>

namespace ingot::verify {

static Status verifyPrompt(const Context &c, const std::string &object,
                           const fb::GoldenPrompt &prompt) {
  const fb::Model &model = *c.plan.model();
  if (Status s = c.checkRange(object, "a number of tokens",
                              prompt.tokens()->size(), 1, model.max_context());
      !s.ok())
    return s;
  for (int32_t id : *prompt.tokens())
    if (Status s =
            c.checkRange(object, "tokens", id, 0, model.vocab_size() - 1);
        !s.ok())
      return s;
  if (int64_t(prompt.logits()->size()) != model.vocab_size())
    return c.fail(object, std::to_string(model.vocab_size()) + " logits",
                  int64_t(prompt.logits()->size()));
  for (float logit : *prompt.logits())
    if (!std::isfinite(logit))
      return c.fail(object, "finite logits", std::to_string(logit));
  return {};
}

Status verifyGoldenCheck(const Context &c) {
  const fb::GoldenCheck *check = c.plan.golden_check();
  if (!check)
    return {};
  // Written so that NaN fails too.
  if (!(check->max_kl() > 0) || std::isinf(check->max_kl()))
    return c.fail("golden check", "a finite positive max_kl",
                  std::to_string(check->max_kl()));
  if (check->prompts()->size() == 0)
    return c.fail("golden check", "at least one prompt", int64_t(0));
  for (uint32_t i = 0; i < check->prompts()->size(); ++i)
    if (Status s = verifyPrompt(c, numbered("golden prompt", i),
                                *check->prompts()->Get(i));
        !s.ok())
      return s;
  return {};
}

} // namespace ingot::verify
