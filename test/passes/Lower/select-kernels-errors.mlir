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

func.func @attention_without_a_kernel(%batch: !ingot.batch, %c: !ingot.kv_cache<1x128xf32>, %q: tensor<?x256xf32> {ingot.name = "q"}) {
  // expected-error @below {{'ingot.attention' op has no kernel on the cpu}}
  %0 = ingot.attention %q, %c[0], %batch heads 8 kv_heads 2 scale 0.25 : tensor<?x256xf32>, !ingot.kv_cache<1x128xf32> -> tensor<?x256xf32>
  return
}

// -----

func.func @norm_of_heads_without_a_kernel(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "x"}) {
  // expected-error @below {{'ingot.rms_norm' op has no kernel on the cpu of heads}}
  %0 = ingot.rms_norm %x heads 4 eps 1.0e-6 : tensor<?x256xf32>
  return
}

// -----

func.func @weightless_norm_without_a_kernel(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "x"}) {
  // expected-error @below {{'ingot.rms_norm' op has no kernel on the cpu without a weight}}
  %0 = ingot.rms_norm %x eps 1.0e-6 : tensor<?x256xf32>
  return
}

// -----

ingot.weight @w : tensor<512x256xbf16> from "w"
ingot.weight @b : tensor<512xbf16> from "b"
func.func @biased_linear_without_a_kernel(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "x"}) {
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  %b = ingot.get_weight @b : tensor<512xbf16>
  // expected-error @below {{'ingot.linear' op has no kernel on the cpu with a bias}}
  %0 = ingot.linear %x, %w bias %b : tensor<512xbf16> : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  return
}

// -----

#routing = #ingot.routing<score = sigmoid, top_k = 1, groups = 1, top_groups = 1, group_score = max, renormalize = false, scale = 1.0 : f64, choose_by = logits>
func.func @route_by_logits_without_a_kernel(%batch: !ingot.batch, %x: tensor<?x16xf32> {ingot.name = "x"}) {
  // expected-error @below {{'ingot.route' op has no kernel on the cpu choosing by logits}}
  %0:2 = ingot.route %x routing #routing : tensor<?x16xf32> -> tensor<?x1xf32>, tensor<?x1xi32>
  return
}

// -----

ingot.weight @up : tensor<4x128x256xbf16> from "up.{e}"
ingot.weight @down : tensor<4x256x128xbf16> from "down.{e}"
func.func @weights_on_the_input_without_a_kernel(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "x"}, %w: tensor<?x1xf32> {ingot.name = "w"}, %i: tensor<?x1xi32> {ingot.name = "i"}) {
  %up = ingot.get_weight @up : tensor<4x128x256xbf16>
  %down = ingot.get_weight @down : tensor<4x256x128xbf16>
  // expected-error @below {{'ingot.experts' op has no kernel on the cpu with weights on the input}}
  %0 = ingot.experts %x, %w, %i, %up, %up, %down weights_on_input : tensor<?x256xf32>, tensor<?x1xf32>, tensor<?x1xi32>, tensor<4x128x256xbf16>, tensor<4x128x256xbf16>, tensor<4x256x128xbf16>
  return
}

// -----

ingot.weight @w : tensor<256x512xbf16> from "w"
ingot.weight @w.transpose : tensor<512x256xbf16> packed in 1
func.func private @pack() -> (tensor<512x256xbf16> {ingot.name = "w.transpose"}) {
  %w = ingot.get_weight @w : tensor<256x512xbf16>
  // expected-error @below {{'ingot.transpose' op has no kernel on the cpu}}
  %0 = ingot.transpose %w columns 0 to 512 : tensor<256x512xbf16> -> tensor<512x256xbf16>
  return %0 : tensor<512x256xbf16>
}

// -----

ingot.weight @w : tensor<256x256xbf16> from "w"
func.func @inputs_rounded_on_the_cpu(%batch: !ingot.batch, %x: tensor<?x256xf32> {ingot.name = "hidden"}) {
  %w = ingot.get_weight @w : tensor<256x256xbf16>
  // expected-error @below {{has no kernel on the cpu for inputs in 'bf16'}}
  %0 = ingot.linear %x, %w inputs bf16 : tensor<?x256xf32>, tensor<256x256xbf16> -> tensor<?x256xf32>
  return
}
