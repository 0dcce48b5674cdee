// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
func.func @embed_table_of_rank_1(%batch: !ingot.batch, %table: tensor<256xbf16>) {
  // expected-error @+1 {{'ingot.embed' op expects table to be [?, static], got 'tensor<256xbf16>'}}
  %0 = ingot.embed %batch, %table : tensor<256xbf16> -> tensor<?x256xf32>
  return
}

// -----

// (C1)
func.func @embed_result_of_another_width(%batch: !ingot.batch, %table: tensor<2048x256xbf16>) {
  // expected-error @+1 {{'ingot.embed' op expects result to be [?, 256], got 'tensor<?x255xf32>'}}
  %0 = ingot.embed %batch, %table : tensor<2048x256xbf16> -> tensor<?x255xf32>
  return
}

// -----

// (C1)
func.func @logits_of_rows_of_dynamic_width(%x: tensor<?x?xf32>, %head: tensor<8x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.logits' op expects x to be [?, static], got 'tensor<?x?xf32>'}}
  %0 = ingot.logits %x, %head, %batch : tensor<?x?xf32>, tensor<8x4xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C1)
func.func @logits_head_transposed(%x: tensor<?x4xf32>, %head: tensor<4x8xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.logits' op expects head to be [?, 4], got 'tensor<4x8xbf16>'}}
  %0 = ingot.logits %x, %head, %batch : tensor<?x4xf32>, tensor<4x8xbf16> -> tensor<?x8xf32>
  return
}

// -----

// (C1)
func.func @logits_of_another_vocabulary(%x: tensor<?x4xf32>, %head: tensor<8x4xbf16>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.logits' op expects result to be [?, 8], got 'tensor<?x9xf32>'}}
  %0 = ingot.logits %x, %head, %batch : tensor<?x4xf32>, tensor<8x4xbf16> -> tensor<?x9xf32>
  return
}

// -----

// (C1)
func.func @choose_of_one_row(%logits: tensor<8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.choose' op expects logits to be [?, static], got 'tensor<8xf32>'}}
  %0 = ingot.choose %logits, %batch : tensor<8xf32> -> tensor<?xi32>
  return
}

// -----

// (C1)
func.func @choose_several_tokens_of_a_row(%logits: tensor<?x8xf32>, %batch: !ingot.batch) {
  // expected-error @+1 {{'ingot.choose' op expects result to be [?], got 'tensor<?x2xi32>'}}
  %0 = ingot.choose %logits, %batch : tensor<?x8xf32> -> tensor<?x2xi32>
  return
}
