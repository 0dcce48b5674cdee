//===- VerifyPlanTest.cpp - resources that make no sense ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/runtime/plan/BrokenPlan.h"

#include <cmath>

using namespace ingot;
using namespace ingot::test;

namespace {

class VerifyPlanTest : public BrokenPlan {};

TEST_F(VerifyPlanTest, ContextOfNoTokens) {
  plan.model->max_context = 0;
  expectRefused("model expects a max_context of 1 to 2147483647, got 0");
}

TEST_F(VerifyPlanTest, NoBatch) {
  plan.model->max_batch = -1;
  expectRefused("model expects a max_batch of 1 to 2147483647, got -1");
}

TEST_F(VerifyPlanTest, MoreParametersActiveThanThereAre) {
  plan.model->parameters = 10;
  plan.model->active_parameters = 11;
  expectRefused("model expects active_parameters of 0 to 10, got 11");
}

TEST_F(VerifyPlanTest, NegativeParameters) {
  plan.model->mtp_parameters = -1;
  expectRefused("model expects mtp_parameters of 0 to 9223372036854775807, got "
                "-1");
}

TEST_F(VerifyPlanTest, NoVocabulary) {
  plan.model->vocab_size = 0;
  expectRefused("model expects a vocab_size of 1 to 2147483647, got 0");
}

TEST_F(VerifyPlanTest, NoHiddenSize) {
  plan.model->hidden_size = int64_t(1) << 40;
  expectRefused(
      "model expects a hidden_size of 1 to 2147483647, got 1099511627776");
}

TEST_F(VerifyPlanTest, PagesOfNoTokens) {
  plan.kv_cache->page_size = 0;
  expectRefused("kv cache expects a page_size of 1 to 2147483647, got 0");
}

TEST_F(VerifyPlanTest, SlotsThatOverflow) {
  plan.kv_cache->page_size = 1 << 20;
  plan.kv_cache->pages = 4000;
  expectRefused("kv cache expects pages of 2 to 2047, got 4000");
}

TEST_F(VerifyPlanTest, SequenceOfMorePagesThanThePool) {
  plan.kv_cache->pages_per_sequence = 7;
  expectRefused("kv cache expects pages_per_sequence of 1 to 6, got 7");
}

TEST_F(VerifyPlanTest, PagesTooFewForTheContext) {
  plan.model->max_context = 13;
  expectRefused("kv cache expects pages of a sequence for 13 tokens, got 12");
}

TEST_F(VerifyPlanTest, UnknownSymbol) {
  repeat(plan.symbols, 0);
  plan.symbols.back()->name = "Q";
  expectRefused("symbol expects the name 'T', 'S' or 'R', got 'Q'");
}

TEST_F(VerifyPlanTest, SymbolTwice) {
  repeat(plan.symbols, 0);
  expectRefused("symbol expects names that are unique, got 'T' twice");
}

TEST_F(VerifyPlanTest, MissingSymbol) {
  plan.symbols.pop_back();
  expectRefused("plan expects a symbol 'R', got none");
}

TEST_F(VerifyPlanTest, SymbolWithoutAMaximum) {
  plan.symbols[0]->max = 0;
  expectRefused("symbol 'T' expects a maximum of 1 to 2147483647, got 0");
}

TEST_F(VerifyPlanTest, UnknownKindOfArena) {
  plan.arenas[0]->kind = fb::ArenaKind(3);
  expectRefused("arena 'workspace' expects kind 0, 1 or 2, got 3");
}

TEST_F(VerifyPlanTest, BufferInNoArena) {
  plan.buffers[X]->arena = 3;
  expectRefused("buffer 9 expects one of 3 arenas, got 3");
}

TEST_F(VerifyPlanTest, BufferOfUnknownType) {
  plan.buffers[X]->type = fb::ElementType(9);
  expectRefused("buffer 9 expects an element type of 0 to 4, got 9");
}

TEST_F(VerifyPlanTest, BufferOverAnUnknownSymbol) {
  plan.buffers[X]->shape[0] = fb::Dim(3, 5);
  expectRefused("buffer 9 expects one of 3 symbols, got 3");
  plan.buffers[X]->shape[0] = fb::Dim(-2, 5);
  expectRefused("buffer 9 expects one of 3 symbols, got -2");
}

TEST_F(VerifyPlanTest, BufferSizedForMoreThanTheMaximum) {
  plan.buffers[X]->shape[0] = fb::Dim(0, 6);
  expectRefused("buffer 9 expects symbol 'T' of 1 to 5, got 6");
}

TEST_F(VerifyPlanTest, BufferWithANegativeSize) {
  plan.buffers[X]->shape[1] = fb::Dim(-1, -4);
  expectRefused("buffer 9 expects positive sizes whose product is below 2^63, "
                "got -4");
}

TEST_F(VerifyPlanTest, BufferWhoseSizeOverflows) {
  plan.buffers[X]->shape.push_back(fb::Dim(-1, int64_t(1) << 62));
  expectRefused("buffer 9 expects positive sizes whose product is below 2^63, "
                "got 4611686018427387904");
}

TEST_F(VerifyPlanTest, UnalignedBuffer) {
  plan.buffers[X]->offset = 32;
  expectRefused("buffer 9 expects an offset aligned to 64, got 32");
}

TEST_F(VerifyPlanTest, BufferOutsideItsArena) {
  plan.buffers[Y]->offset = 192;
  expectRefused("buffer 10 expects a range within the 256 bytes of arena "
                "'workspace', got 80 bytes at offset 192");
  plan.buffers[Y]->offset = 320;
  expectRefused("buffer 10 expects a range within the 256 bytes of arena "
                "'workspace', got 80 bytes at offset 320");
}

TEST_F(VerifyPlanTest, CacheBufferWithoutARowForEverySlot) {
  plan.buffers[Cache]->shape[0] = fb::Dim(-1, 27);
  expectRefused("buffer 11 expects 28 rows of the kv cache, got 27");
  plan.buffers[Cache]->shape.clear();
  expectRefused("buffer 11 expects 28 rows of the kv cache, got no dimension");
}

TEST_F(VerifyPlanTest, CacheBufferOfWrongPages) {
  plan.buffers[DraftCache]->shape[1] = fb::Dim(-1, 3);
  expectRefused("buffer 12 expects 28 rows of the kv cache, got 7");
}

TEST_F(VerifyPlanTest, StopIdOutsideTheVocabulary) {
  plan.generation->stop_ids = {8};
  expectRefused("generation expects stop ids of 0 to 7, got 8");
}

TEST_F(VerifyPlanTest, TemperatureThatIsNoNumber) {
  plan.generation->temperature = std::nanf("");
  expectRefused(
      "generation expects a finite temperature of at least 0, got nan");
}

TEST_F(VerifyPlanTest, TopPOutOfRange) {
  plan.generation->top_p = 1.5f;
  expectRefused("generation expects a top_p in (0, 1], got 1.500000");
}

TEST_F(VerifyPlanTest, NegativeTopK) {
  plan.generation->top_k = -1;
  expectRefused("generation expects a top_k of 0 to 2147483647, got -1");
}

} // namespace
