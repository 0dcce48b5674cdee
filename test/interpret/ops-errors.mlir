// RUN: not ingot-interpret %s --tokens 1,7 2>&1 | FileCheck %s

// What the verifier cannot know is checked when the op is evaluated.

// CHECK: error: 'ingot.embed' op expects tokens of 0 to 2, got 7 in row 1
func.func @token_outside_the_table(%batch: !ingot.batch) -> tensor<?x1xf32> {
  %table = arith.constant dense<[[1.0], [2.0], [3.0]]> : tensor<3x1xf32>
  %0 = ingot.embed %batch, %table : tensor<3x1xf32> -> tensor<?x1xf32>
  return %0 : tensor<?x1xf32>
}

// CHECK: error: 'ingot.logits' op expects x to have 2 rows, got 3
func.func @more_rows_than_the_batch(%batch: !ingot.batch) -> tensor<?x1xf32> {
  %x = arith.constant dense<1.0> : tensor<3x1xf32>
  %0 = ingot.logits %x, %x, %batch : tensor<3x1xf32>, tensor<3x1xf32> -> tensor<?x3xf32>
  %1 = ingot.embed %batch, %x : tensor<3x1xf32> -> tensor<?x1xf32>
  return %1 : tensor<?x1xf32>
}

// CHECK: error: 'ingot.rope' op expects x to have 2 rows, got 1
#rope = #ingot.rope<dim = 2, theta = 1.0e4 : f64, layout = interleaved>
func.func @rope_of_fewer_rows_than_the_batch(%batch: !ingot.batch) -> tensor<1x2xf32> {
  %x = arith.constant dense<1.0> : tensor<1x2xf32>
  %0 = ingot.rope %x, %batch heads 1 rope #rope : tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// CHECK: error: 'ingot.concat' op expects rhs to have 1 rows, got 2
func.func @concat_of_unequal_rows() -> tensor<1x2xf32> {
  %x = arith.constant dense<1.0> : tensor<1x1xf32>
  %y = arith.constant dense<1.0> : tensor<2x1xf32>
  %0 = ingot.concat %x, %y : tensor<1x1xf32>, tensor<2x1xf32> -> tensor<1x2xf32>
  return %0 : tensor<1x2xf32>
}

// CHECK: error: 'ingot.experts' op expects indices of 0 to 1, got 2 in row 0
func.func @no_such_expert() -> tensor<1x1xf32> {
  %x = arith.constant dense<1.0> : tensor<1x1xf32>
  %i = arith.constant dense<2> : tensor<1x1xi32>
  %w = arith.constant dense<1.0> : tensor<2x1x1xf32>
  %0 = ingot.experts %x, %x, %i, %w, %w, %w : tensor<1x1xf32>, tensor<1x1xf32>, tensor<1x1xi32>, tensor<2x1x1xf32>, tensor<2x1x1xf32>, tensor<2x1x1xf32>
  return %0 : tensor<1x1xf32>
}

// CHECK: error: 'ingot.latent_attention' op expects cache rows at positions 0 to 1 of sequence 0, got 0 rows
func.func @attention_to_rows_never_written(%batch: !ingot.batch, %cache: !ingot.kv_cache<1x2xf32>) -> tensor<2x1xf32> {
  %q = arith.constant dense<1.0> : tensor<2x2xf32>
  %kv_b = arith.constant dense<1.0> : tensor<2x1xf32>
  %0 = ingot.latent_attention %q, %cache[0], %kv_b, %batch heads 1 nope 1 rope 1 value 1 scale 1.0
    : tensor<2x2xf32>, !ingot.kv_cache<1x2xf32>, tensor<2x1xf32> -> tensor<2x1xf32>
  return %0 : tensor<2x1xf32>
}

// CHECK: error: expects a value of type 'tensor<9x1xf32>', got a tensor of shape [2, 1]
func.func @result_of_other_rows_than_declared(%batch: !ingot.batch) -> tensor<9x1xf32> {
  %table = arith.constant dense<1.0> : tensor<9x1xf32>
  %0 = ingot.embed %batch, %table : tensor<9x1xf32> -> tensor<9x1xf32>
  return %0 : tensor<9x1xf32>
}

// CHECK: error: 'arith.constant' op expects a tensor, got 'f32'
func.func @scalar_constant() {
  %0 = arith.constant 1.0 : f32
  return
}

// CHECK: error: 'arith.constant' op expects dense elements of floats or i32, got 'tensor<1xi64>'
func.func @constant_of_a_type_without_meaning() {
  %0 = arith.constant dense<1> : tensor<1xi64>
  return
}

// CHECK: error: expects an op that the interpreter knows, got 'arith.addf'
func.func @op_of_another_dialect() {
  %0 = arith.constant dense<1.0> : tensor<1xf32>
  %1 = arith.addf %0, %0 : tensor<1xf32>
  return
}
