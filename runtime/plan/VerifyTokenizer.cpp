//===- VerifyTokenizer.cpp - tokenizers that no plan has ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the schema leaves open; whether ids, merges and patterns make sense is
// for text::Tokenizer::create to say when a model is loaded.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/VerifyParts.h"

namespace ingot::verify {

using Rewrites = flatbuffers::Vector<flatbuffers::Offset<fb::Rewrite>>;

static Status verifyRewrites(const Context &c, const char *what,
                             const Rewrites &rewrites, fb::RewriteKind first,
                             fb::RewriteKind last) {
  for (uint32_t i = 0; i < rewrites.size(); ++i)
    if (Status s = c.checkRange(numbered(what, i), "a kind",
                                int64_t(rewrites.Get(i)->kind()),
                                int64_t(first), int64_t(last));
        !s.ok())
      return s;
  return {};
}

Status verifyTokenizer(const Context &c) {
  const fb::Tokenizer &tokenizer = *c.plan.tokenizer();
  using Kind = fb::RewriteKind;
  if (Status s = verifyRewrites(c, "normalizer", *tokenizer.normalizers(),
                                Kind::MIN, Kind::MAX);
      !s.ok())
    return s;
  if (Status s = verifyRewrites(c, "preparation", *tokenizer.preparations(),
                                Kind::MIN, Kind::MAX);
      !s.ok())
    return s;
  return verifyRewrites(c, "decoding", *tokenizer.decodings(), Kind::Replace,
                        Kind::Replace);
}

} // namespace ingot::verify
