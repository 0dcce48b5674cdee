// RUN: ingot-opt %s --ingot-select-kernels -split-input-file -verify-diagnostics

// expected-error @below {{expects argument 1 to have an ingot.name}}
func.func @argument_without_name(%batch: !ingot.batch, %x: tensor<?x256xf32>) {
  return
}

// -----

// expected-error @below {{expects result 0 to have an ingot.name}}
func.func @result_without_name(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"}) -> tensor<?x256xf32> {
  %0 = ingot.add %x, %x : tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}

// -----

// An output is written by a launch; an argument is none.
// expected-error @below {{expects result 'hidden' to be computed, and returned once}}
func.func @argument_returned(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"}) -> (tensor<?x256xf32> {ingot.name = "hidden"}) {
  return %x : tensor<?x256xf32>
}

// -----

func.func @op_of_another_dialect(%batch: !ingot.batch) {
  // expected-error @below {{expects an op that computes}}
  %0 = arith.constant 1 : i32
  return
}

// -----

// expected-error @below {{expects a checkpoint tensor: a plan carries no values}}
ingot.weight @w : tensor<4xf32> value dense<1.0> : tensor<4xf32>
func.func @weight_with_values(%batch: !ingot.batch, %x: tensor<?x4xf32> {ingot.name = "hidden"}) -> (tensor<?x4xf32> {ingot.name = "logits"}) {
  %w = ingot.get_weight @w : tensor<4xf32>
  %0 = ingot.rms_norm %x, %w eps 1.0e-6 : tensor<?x4xf32>, tensor<4xf32>
  return %0 : tensor<?x4xf32>
}
