// RUN: ingot-interpret %s | FileCheck %s
// RUN: ingot-interpret %s --precision f64 | FileCheck %s

// The interpreter prints what codes and scales stand for: code * scale.

// amax is 448, so the scale is 1 and the codes are the values. Between 256 and
// 448 E4M3 has the multiples of 32, between 16 and 32 those of 2: 17 and 19 lie
// in the middle and go to the even neighbours 16 and 20.
// CHECK-LABEL: @rounds_ties_to_even
// CHECK-NEXT:  {{\[}}[448, -256], [16, 20]]
func.func @rounds_ties_to_even() -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %x = arith.constant dense<[[448.0, -271.0], [17.0, 19.0]]> : tensor<2x2xf32>
  %0 = ingot.quantize %x : tensor<2x2xf32> -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}

// Blocks of 2x2 in [3, 3]: the scales are 2, 1/4 (amax 112), 1/16 (28) and 1/8
// (56). In the first block 1 is 0.5 of its scale, exact; in the last one column
// and row are partial.
// CHECK-LABEL: @each_block_has_its_scale
// CHECK-NEXT:  {{\[}}[896, 1, 112], [2, -30, 0.25], [28, 1, 56]]
func.func @each_block_has_its_scale() -> tensor<3x3x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %x = arith.constant dense<[[896.0, 1.0, 112.0], [2.0, -30.0, 0.25], [28.0, 1.0, 56.0]]> : tensor<3x3xf32>
  %0 = ingot.quantize %x : tensor<3x3xf32> -> tensor<3x3x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<3x3x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}

// Scale 1. E4M3's subnormals are multiples of 2^-9 = 0.001953125: 0.003 is 1.536
// of them, so 2; half of one goes to 0, one and a half to 2.
// CHECK-LABEL: @subnormal_codes
// CHECK-NEXT:  {{\[}}[448, 0.00390625], [0, 0.00390625]]
func.func @subnormal_codes() -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %x = arith.constant dense<[[448.0, 0.003], [0.0009765625, 0.0029296875]]> : tensor<2x2xf32>
  %0 = ingot.quantize %x : tensor<2x2xf32> -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}

// All zeros: 0 / 1. Where amax is below 448 * 2^-126 (5.3e-36), the values are
// zeros as well: -1e-37 over 1 is too small for any code.
// CHECK-LABEL: @zeros_have_scale_one
// CHECK-NEXT:  {{\[}}[0, 0], [-0, 0]]
func.func @zeros_have_scale_one() -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %x = arith.constant dense<[[0.0, 0.0], [-1.0e-37, 0.0]]> : tensor<2x2xf32>
  %0 = ingot.quantize %x : tensor<2x2xf32> -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}

// amax is that of the finite values, 448; 0x7FC00000 is NaN, 0xFF800000 minus
// infinity.
// CHECK-LABEL: @nan_and_infinity
// CHECK-NEXT:  {{\[}}[nan, 448], [-448, 3]]
func.func @nan_and_infinity() -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %x = arith.constant dense<[[0x7FC00000, 448.0], [0xFF800000, 3.0]]> : tensor<2x2xf32>
  %0 = ingot.quantize %x : tensor<2x2xf32> -> tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<2x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}

// Each matrix of a stack has blocks of its own: with scale 1, 17 goes to 16; with
// scale 2 it is 8.5, which E4M3 does not have either: to the even 8, which is 16;
// 18 is 9.
// CHECK-LABEL: @stack
// CHECK-NEXT:  {{\[}}{{\[}}[448, 16]], {{\[}}[896, 18]]]
func.func @stack() -> tensor<2x1x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>> {
  %x = arith.constant dense<[[[448.0, 17.0]], [[896.0, 18.0]]]> : tensor<2x1x2xbf16>
  %0 = ingot.quantize %x : tensor<2x1x2xbf16> -> tensor<2x1x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  return %0 : tensor<2x1x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
}
