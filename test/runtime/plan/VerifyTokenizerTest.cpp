//===- VerifyTokenizerTest.cpp - rewrites of no kind ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/plan/BrokenPlan.h"

using namespace ingot;
using namespace ingot::test;

namespace {

class VerifyTokenizerTest : public BrokenPlan {
protected:
  using Rewrites = std::vector<std::unique_ptr<fb::RewriteT>>;

  static void add(Rewrites &rewrites, int kind) {
    auto rewrite = std::make_unique<fb::RewriteT>();
    rewrite->kind = fb::RewriteKind(kind);
    rewrites.push_back(std::move(rewrite));
  }
  fb::TokenizerT &tokenizer() { return *plan.tokenizer; }
};

TEST_F(VerifyTokenizerTest, AcceptsEveryKind) {
  for (int kind = 0; kind <= 4; ++kind) {
    add(tokenizer().normalizers, kind);
    add(tokenizer().preparations, kind);
  }
  add(tokenizer().decodings, 1);
  EXPECT_TRUE(PlanFile::open(writeSampleArtifact(folder.path(), plan)));
}

TEST_F(VerifyTokenizerTest, NormalizerOfNoKind) {
  add(tokenizer().normalizers, 0);
  add(tokenizer().normalizers, 5);
  expectRefused("normalizer 1 expects a kind of 0 to 4, got 5");
}

TEST_F(VerifyTokenizerTest, PreparationOfNoKind) {
  add(tokenizer().preparations, 255);
  expectRefused("preparation 0 expects a kind of 0 to 4, got 255");
}

TEST_F(VerifyTokenizerTest, DecodingThatReplacesNothing) {
  add(tokenizer().decodings, 2);
  expectRefused("decoding 0 expects a kind of 1 to 1, got 2");
}

} // namespace
