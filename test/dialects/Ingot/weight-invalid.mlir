// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// (C1)
// expected-error @+1 {{'ingot.weight' op expects static dimensions, got 'tensor<?x4xf32>'}}
ingot.weight @dynamic : tensor<?x4xf32> from "w"

// -----

// (C2)
// expected-error @+1 {{'ingot.weight' op expects one of a tensor name, a value and packed parts}}
ingot.weight @from_nowhere : tensor<4xf32>

// -----

// (C2)
// expected-error @+1 {{'ingot.weight' op expects one of a tensor name, a value and packed parts}}
ingot.weight @from_two_sources : tensor<4xf32> from "w" value dense<0.0> : tensor<4xf32>

// -----

// (C3)
// expected-error @+1 {{'ingot.weight' op expects scaled elements to have rank 2 or more, got 'tensor<4x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>'}}
ingot.weight @scaled_vector : tensor<4x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> from "w" scale "s"

// -----

// (C3)
// expected-error @+1 {{'ingot.weight' op expects a scale for elements of type '!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>'}}
ingot.weight @scaled_without_a_scale : tensor<4x4x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> from "w"

// -----

// (C3)
// expected-error @+1 {{'ingot.weight' op expects no scale for elements of type 'f32'}}
ingot.weight @scale_of_plain_elements : tensor<4x4xf32> from "w" scale "s"

// -----

// (C3)
// expected-error @+1 {{'ingot.weight' op expects a scale for elements of type '!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>'}}
ingot.weight @value_without_scale_value : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> value dense<0.0> : tensor<2x2xf8E4M3FN>

// -----

// (C4)
// expected-error @+1 {{'ingot.weight' op expects value of the shape and element type of 'tensor<4xf32>', got 'tensor<3xf32>'}}
ingot.weight @value_of_another_shape : tensor<4xf32> value dense<0.0> : tensor<3xf32>

// -----

// (C4)
// expected-error @+1 {{'ingot.weight' op expects value of the shape and element type of 'tensor<4xf32>', got 'tensor<4xbf16>'}}
ingot.weight @value_of_another_type : tensor<4xf32> value dense<0.0> : tensor<4xbf16>

// -----

// (C5)
// expected-error @+1 {{'ingot.weight' op expects scale_value to be 'tensor<2x1xf32>', got 'tensor<1x1xf32>'}}
ingot.weight @no_scale_for_the_partial_block : tensor<3x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  value dense<0.0> : tensor<3x2xf8E4M3FN> scale_value dense<1.0> : tensor<1x1xf32>

// -----

// (C6)
// expected-error @+1 {{'ingot.weight' op expects '{e}' at most once and with rank 2 or more, got 'w.{e}.{e}' for 'tensor<2x4xf32>'}}
ingot.weight @stacked_twice : tensor<2x4xf32> from "w.{e}.{e}"

// -----

// (C6)
// expected-error @+1 {{'ingot.weight' op expects '{e}' at most once and with rank 2 or more, got 'w.{e}' for 'tensor<4xf32>'}}
ingot.weight @stacked_vector : tensor<4xf32> from "w.{e}"

// -----

// (C7)
// expected-error @+1 {{'ingot.weight' op expects 1 part or 16, got 4}}
ingot.weight @some_parts : tensor<16x8x4xf32> packed in 4

// -----

// (C8)
// expected-error @+1 {{'ingot.weight' op expects @pack to have a result 'w' of type 'tensor<8x4xf32>'}}
ingot.weight @w : tensor<8x4xf32> packed in 1

// -----

// (C8)
// expected-error @+1 {{'ingot.weight' op expects @pack to have a result 'w' of type 'tensor<8x4xf32>'}}
ingot.weight @w : tensor<8x4xf32> packed in 1
func.func private @pack() -> (tensor<8x4xf32> {ingot.name = "another"})

// -----

// (C8)
// expected-error @+1 {{'ingot.weight' op expects @pack to have a result 'w' of type 'tensor<8x4xf32>'}}
ingot.weight @w : tensor<8x4xf32> packed in 1
func.func private @pack() -> (tensor<4x8xf32> {ingot.name = "w"})

// -----

// (C1)
func.func @get_weight_that_is_not_there() {
  // expected-error @+1 {{'ingot.get_weight' op expects 'nothing' to be a weight}}
  %0 = ingot.get_weight @nothing : tensor<4xf32>
  return
}

// -----

// (C1)
func.func @get_weight_that_is_a_function() {
  // expected-error @+1 {{'ingot.get_weight' op expects 'get_weight_that_is_a_function' to be a weight}}
  %0 = ingot.get_weight @get_weight_that_is_a_function : tensor<4xf32>
  return
}

// -----

// (C2)
ingot.weight @w : tensor<4xf32> from "w"
func.func @get_weight_as_another_type() {
  // expected-error @+1 {{'ingot.get_weight' op expects the weight's type 'tensor<4xf32>', got 'tensor<4xbf16>'}}
  %0 = ingot.get_weight @w : tensor<4xbf16>
  return
}

// -----

// (C3)
ingot.weight @w : tensor<8x4xf32> packed in 1
func.func private @pack() -> (tensor<8x4xf32> {ingot.name = "w"}) {
  // expected-error @+1 {{'ingot.get_weight' op expects a weight that @pack does not compute, got 'w'}}
  %0 = ingot.get_weight @w : tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}
