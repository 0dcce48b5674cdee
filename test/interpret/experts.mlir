// RUN: ingot-interpret %s | FileCheck %s

// Three experts with one inner value, rows of two. silu(1) = 0.731059.
//   E_0(x) = (1, 0) silu(x0) x1,  E_1(x) = (0, 1) silu(x0) x1,
//   E_2(x) = (1, 1) silu(x1) x0.
// Row 0, x = (1, 2), goes to experts 2 and 0 with weights 1 and 10:
//   E_2 = silu(2) * 1 = 1.76159 in both places, E_0 = silu(1) * 2 = 1.46212 in
//   the first: (1.76159 + 14.6212, 1.76159) = (16.3828, 1.76159).
// Row 1, x = (1, 1), goes to expert 1 twice, with 1 and 1: (0, 2 * 0.731059).
// Expert 2 shows that the gate, not `up`, goes through silu: otherwise it would
// be silu(1) * 2.

// CHECK: tensor<2x2xf32> {{\[}}[16.3828, 1.76159], [0, 1.46212]]
func.func @weighted_sum_of_the_chosen_experts() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0], [1.0, 1.0]]> : tensor<2x2xf32>
  %weights = arith.constant dense<[[1.0, 10.0], [1.0, 1.0]]> : tensor<2x2xf32>
  %indices = arith.constant dense<[[2, 0], [1, 1]]> : tensor<2x2xi32>
  %gate = arith.constant dense<[[[1.0, 0.0]], [[1.0, 0.0]], [[0.0, 1.0]]]> : tensor<3x1x2xbf16>
  %up = arith.constant dense<[[[0.0, 1.0]], [[0.0, 1.0]], [[1.0, 0.0]]]> : tensor<3x1x2xbf16>
  %down = arith.constant dense<[[[1.0], [0.0]], [[0.0], [1.0]], [[1.0], [1.0]]]> : tensor<3x2x1xbf16>
  %0 = ingot.experts %x, %weights, %indices, %gate, %up, %down
    : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xi32>, tensor<3x1x2xbf16>, tensor<3x1x2xbf16>, tensor<3x2x1xbf16>
  return %0 : tensor<2x2xf32>
}

// The same rows and experts with a network beside them that is two wide:
//   S(x) = (silu(x0) x1 + silu(x1) x1, silu(x0) x1), which nothing weighs.
// Row 0: silu(1) * 2 = 1.46212 and silu(2) * 2 = 3.52319, so (4.98531, 1.46212)
//   more than above: (21.3681, 3.22371).
// Row 1: silu(1) = 0.731059: (1.46212, 0.731059) more: (1.46212, 2.19318).

// CHECK: tensor<2x2xf32> {{\[}}[21.3681, 3.22371], [1.46212, 2.19318]]
func.func @a_shared_network_takes_every_row() -> tensor<2x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0], [1.0, 1.0]]> : tensor<2x2xf32>
  %weights = arith.constant dense<[[1.0, 10.0], [1.0, 1.0]]> : tensor<2x2xf32>
  %indices = arith.constant dense<[[2, 0], [1, 1]]> : tensor<2x2xi32>
  %gate = arith.constant dense<[[[1.0, 0.0]], [[1.0, 0.0]], [[0.0, 1.0]]]> : tensor<3x1x2xbf16>
  %up = arith.constant dense<[[[0.0, 1.0]], [[0.0, 1.0]], [[1.0, 0.0]]]> : tensor<3x1x2xbf16>
  %down = arith.constant dense<[[[1.0], [0.0]], [[0.0], [1.0]], [[1.0], [1.0]]]> : tensor<3x2x1xbf16>
  %shared_gate = arith.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : tensor<2x2xbf16>
  %shared_up = arith.constant dense<[[0.0, 1.0], [0.0, 1.0]]> : tensor<2x2xbf16>
  %shared_down = arith.constant dense<[[1.0, 1.0], [1.0, 0.0]]> : tensor<2x2xbf16>
  %0 = ingot.experts %x, %weights, %indices, %gate, %up, %down shared %shared_gate, %shared_up, %shared_down
    : tensor<2x2xf32>, tensor<2x2xf32>, tensor<2x2xi32>, tensor<3x1x2xbf16>, tensor<3x1x2xbf16>, tensor<3x2x1xbf16> shared tensor<2x2xbf16>, tensor<2x2xbf16>, tensor<2x2xbf16>
  return %0 : tensor<2x2xf32>
}

// The first row and its experts again, the weights now on what they take:
//   expert 2 takes (1, 2): silu(2) * 1 = 1.76159 in both places; expert 0 takes
//   (10, 20): silu(10) * 20 = 199.991 in the first, where 10 E_0 would be 14.6212.
// The shared network takes the row itself: (4.98531, 1.46212) more.

// CHECK: tensor<1x2xf32> {{\[}}[206.738, 3.22371]]
func.func @weights_on_the_input_of_the_chosen_experts_alone() -> tensor<1x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %weights = arith.constant dense<[[1.0, 10.0]]> : tensor<1x2xf32>
  %indices = arith.constant dense<[[2, 0]]> : tensor<1x2xi32>
  %gate = arith.constant dense<[[[1.0, 0.0]], [[1.0, 0.0]], [[0.0, 1.0]]]> : tensor<3x1x2xbf16>
  %up = arith.constant dense<[[[0.0, 1.0]], [[0.0, 1.0]], [[1.0, 0.0]]]> : tensor<3x1x2xbf16>
  %down = arith.constant dense<[[[1.0], [0.0]], [[0.0], [1.0]], [[1.0], [1.0]]]> : tensor<3x2x1xbf16>
  %shared_gate = arith.constant dense<[[1.0, 0.0], [0.0, 1.0]]> : tensor<2x2xbf16>
  %shared_up = arith.constant dense<[[0.0, 1.0], [0.0, 1.0]]> : tensor<2x2xbf16>
  %shared_down = arith.constant dense<[[1.0, 1.0], [1.0, 0.0]]> : tensor<2x2xbf16>
  %0 = ingot.experts %x, %weights, %indices, %gate, %up, %down shared %shared_gate, %shared_up, %shared_down weights_on_input
    : tensor<1x2xf32>, tensor<1x2xf32>, tensor<1x2xi32>, tensor<3x1x2xbf16>, tensor<3x1x2xbf16>, tensor<3x2x1xbf16> shared tensor<2x2xbf16>, tensor<2x2xbf16>, tensor<2x2xbf16>
  return %0 : tensor<1x2xf32>
}
