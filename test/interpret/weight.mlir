// RUN: ingot-interpret %s | FileCheck %s
// RUN: ingot-interpret %s --precision f64 | FileCheck %s

// CHECK-LABEL: @value_in_place
// CHECK-NEXT:  tensor<3xbf16> [0.5, -1, 3]
ingot.weight @plain : tensor<3xbf16> value dense<[0.5, -1.0, 3.0]> : tensor<3xbf16>
func.func @value_in_place() -> tensor<3xbf16> {
  %0 = ingot.get_weight @plain : tensor<3xbf16>
  return %0 : tensor<3xbf16>
}

// Blocks of 2 x 2 in a 3 x 3 tensor: the last block row and column are partial,
// so there are 2 x 2 scales, not 1 x 1. Row 2 and column 2 have scales of their
// own.
// CHECK-LABEL: @partial_blocks_have_scales
// CHECK-NEXT:  [1, 1, 10], [1, 1, 10], [100, 100, 1000]]
ingot.weight @partial : tensor<3x3x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  value dense<1.0> : tensor<3x3xf8E4M3FN>
  scale_value dense<[[1.0, 10.0], [100.0, 1000.0]]> : tensor<2x2xf32>
func.func @partial_blocks_have_scales() -> tensor<3x3x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %0 = ingot.get_weight @partial : tensor<3x3x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<3x3x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}

// Stacked: each matrix has its own scales.
// CHECK-LABEL: @each_matrix_of_a_stack_has_scales
// CHECK-NEXT:  {{\[}}[2, 2], [2, 2]], {{\[}}[3, 3], [3, 3]]]
ingot.weight @stack : tensor<2x2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  value dense<1.0> : tensor<2x2x2xf8E4M3FN>
  scale_value dense<[[[2.0]], [[3.0]]]> : tensor<2x1x1xf32>
func.func @each_matrix_of_a_stack_has_scales() -> tensor<2x2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %0 = ingot.get_weight @stack : tensor<2x2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<2x2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}

// e4m3 by its bytes: 0x38 = 1, 0x01 = 2^-9 (the smallest subnormal), 0x7e = 448
// (the largest); 0x7f and 0xff are NaN, not 480 or infinity.
// CHECK-LABEL: @e4m3_nan_codes_stay_nan
// CHECK-NEXT:  [1, 0.00195312, 448, nan, nan]
ingot.weight @codes : tensor<5xf8E4M3FN> value dense<"0x38017E7FFF"> : tensor<5xf8E4M3FN>
func.func @e4m3_nan_codes_stay_nan() -> tensor<5xf8E4M3FN> {
  %0 = ingot.get_weight @codes : tensor<5xf8E4M3FN>
  return %0 : tensor<5xf8E4M3FN>
}

// Packed: what @pack computes from other weights. 17 over the scale 1 becomes 16.
// CHECK-LABEL: @packed
// CHECK-NEXT:  {{\[}}[448, 16], [1, 0]]
ingot.weight @source : tensor<2x2xbf16> value dense<[[448.0, 17.0], [1.0, 0.0]]> : tensor<2x2xbf16>
ingot.weight @source.quantize : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> packed in 1
func.func private @pack() -> (tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {ingot.name = "source.quantize"}) {
  %0 = ingot.get_weight @source : tensor<2x2xbf16>
  %1 = ingot.quantize %0 : tensor<2x2xbf16> -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %1 : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}
func.func @packed() -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %0 = ingot.get_weight @source.quantize : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}
