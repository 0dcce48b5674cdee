// RUN: ingot-interpret %s | FileCheck %s

// The sum is (1, 1) + (2, 3) = (3, 4): mean of squares 12.5, root 3.53553, so
// normed is 3 / 3.53553 = 0.848528 and 4 / 3.53553 * 2 = 2.26274.
// CHECK: tensor<1x2xf32> {{\[}}[3, 4]]
// CHECK: tensor<1x2xf32> {{\[}}[0.848528, 2.26274]]
func.func @sum_and_its_norm() -> (tensor<1x2xf32>, tensor<1x2xf32>) {
  %x = arith.constant dense<[[1.0, 1.0]]> : tensor<1x2xf32>
  %y = arith.constant dense<[[2.0, 3.0]]> : tensor<1x2xf32>
  %w = arith.constant dense<[1.0, 2.0]> : tensor<2xbf16>
  %0:2 = ingot.add_rms_norm %x, %y, %w eps 1.0e-12 : tensor<1x2xf32>, tensor<2xbf16>
  return %0#0, %0#1 : tensor<1x2xf32>, tensor<1x2xf32>
}
