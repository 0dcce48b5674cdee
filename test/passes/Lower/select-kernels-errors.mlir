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

// -----

// What computes a weight belongs to no step.
func.func @weight_in_a_step(%batch: !ingot.batch, %x: tensor<64x32xbf16> {ingot.name = "x"}) {
  // expected-error @+1 {{'ingot.quantize' op expects no buffer of scaled elements, got 'tensor<64x32x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>'}}
  %0 = ingot.quantize %x : tensor<64x32xbf16> -> tensor<64x32x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// -----

ingot.weight @w : tensor<512x256xbf16> from "w"
func.func private @pack() {
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  // expected-error @+1 {{'ingot.quantize' op expects its results to be packed weights}}
  %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// -----

ingot.weight @w : tensor<512x256xbf16> from "w"
ingot.weight @y : tensor<4x512xf32> packed in 1
func.func private @pack() -> (tensor<4x512xf32> {ingot.name = "y"}) {
  %x = ingot.get_weight @x : tensor<4x256xf32>
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  // expected-error @+1 {{'ingot.linear' op expects a kernel that takes weights alone}}
  %y = ingot.linear %x, %w : tensor<4x256xf32>, tensor<512x256xbf16> -> tensor<4x512xf32>
  return %y : tensor<4x512xf32>
}
ingot.weight @x : tensor<4x256xf32> from "x"

// -----

ingot.weight @w : tensor<256x256xbf16> from "w"
func.func @inputs_rounded_on_the_cpu(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"}) {
  %w = ingot.get_weight @w : tensor<256x256xbf16>
  // expected-error @below {{has no kernel on the cpu for inputs in 'bf16'}}
  %0 = ingot.linear %x, %w inputs bf16 : tensor<?x256xf32>, tensor<256x256xbf16> -> tensor<?x256xf32>
  return
}
