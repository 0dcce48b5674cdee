// RUN: ingot-interpret %s | FileCheck %s

// gate: 1*2 + 0*3 = 2, silu(2) = 2 / (1 + exp(-2)) = 1.76159.
// up: 1*2 + 1*3 = 5. The product is 8.80797; silu of the other one, 5, times 2
// would be 9.93307.
// CHECK: tensor<1x1xf32> {{\[}}[8.80797]]
func.func @silu_of_the_gate_times_up() -> tensor<1x1xf32> {
  %x = arith.constant dense<[[2.0, 3.0]]> : tensor<1x2xf32>
  %gate = arith.constant dense<[[1.0, 0.0]]> : tensor<1x2xbf16>
  %up = arith.constant dense<[[1.0, 1.0]]> : tensor<1x2xbf16>
  %0 = ingot.gated_linear %x, %gate, %up : tensor<1x2xf32>, tensor<1x2xbf16>, tensor<1x2xbf16> -> tensor<1x1xf32>
  return %0 : tensor<1x1xf32>
}
