// RUN: ingot-interpret %s --precision f32 | FileCheck %s --check-prefix=F32
// RUN: ingot-interpret %s --precision f64 | FileCheck %s --check-prefix=F64

// 2^24 + 1 is no float: products accumulate in the precision asked for.

// F32: tensor<1x1xf32> {{\[}}[0]]
// F64: tensor<1x1xf32> {{\[}}[1]]
func.func @accumulates_in_the_precision() -> tensor<1x1xf32> {
  %x = arith.constant dense<[[16777216.0, 1.0, -16777216.0]]> : tensor<1x3xf32>
  %w = arith.constant dense<1.0> : tensor<1x3xf32>
  %0 = ingot.linear %x, %w : tensor<1x3xf32>, tensor<1x3xf32> -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
