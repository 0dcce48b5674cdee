// RUN: ingot-interpret %s --tokens 0,0 --positions 0,1 | FileCheck %s

// With dim 4 and theta 10000 pair 0 turns by the position, pair 1 by a
// hundredth of it. At position 1: cos 1 = 0.540302, sin 1 = 0.841471,
// cos 0.01 = 0.99995, sin 0.01 = 0.00999983. At position 0 nothing turns.

// Pairs are (x0, x1) and (x2, x3). From (1, 0, 1, 0) come (cos 1, sin 1) and
// (cos 0.01, sin 0.01); read as halves it would be x0 with x2.
// CHECK-LABEL: @interleaved_pairs_are_neighbours
// CHECK-NEXT:  tensor<2x4xf32> {{\[}}[1, 0, 1, 0], [0.540302, 0.841471, 0.99995, 0.00999983]]
#interleaved = #ingot.rope<dim = 4, theta = 1.0e4 : f64, layout = interleaved>
func.func @interleaved_pairs_are_neighbours(%batch: !ingot.batch) -> tensor<2x4xf32> {
  %x = arith.constant dense<[[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]]> : tensor<2x4xf32>
  %0 = ingot.rope %x, %batch heads 1 rope #interleaved : tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// Pairs are (x0, x2) and (x1, x3): from (1, 0, 0, 1) come (cos 1, sin 1) in
// places 0 and 2, (-sin 0.01, cos 0.01) in places 1 and 3.
// CHECK-LABEL: @halves_pair_across_the_middle
// CHECK-NEXT:  tensor<2x4xf32> {{\[}}[1, 0, 0, 1], [0.540302, -0.00999983, 0.841471, 0.99995]]
#halves = #ingot.rope<dim = 4, theta = 1.0e4 : f64, layout = halves>
func.func @halves_pair_across_the_middle(%batch: !ingot.batch) -> tensor<2x4xf32> {
  %x = arith.constant dense<[[1.0, 0.0, 0.0, 1.0], [1.0, 0.0, 0.0, 1.0]]> : tensor<2x4xf32>
  %0 = ingot.rope %x, %batch heads 1 rope #halves : tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// Two heads of width 3, of which the LAST two values turn: 7 and 8 stay, and
// both heads turn by the same angle.
// CHECK-LABEL: @only_the_last_values_of_each_head_turn
// CHECK-NEXT:  tensor<2x6xf32> {{\[}}[7, 1, 0, 8, 0, 1], [7, 0.540302, 0.841471, 8, -0.841471, 0.540302]]
#part = #ingot.rope<dim = 2, theta = 1.0e4 : f64, layout = interleaved>
func.func @only_the_last_values_of_each_head_turn(%batch: !ingot.batch) -> tensor<2x6xf32> {
  %x = arith.constant dense<[[7.0, 1.0, 0.0, 8.0, 0.0, 1.0], [7.0, 1.0, 0.0, 8.0, 0.0, 1.0]]> : tensor<2x6xf32>
  %0 = ingot.rope %x, %batch heads 2 rope #part : tensor<2x6xf32>
  return %0 : tensor<2x6xf32>
}

// YaRN, factor 4, original 128: with dim 8 and theta 10000, pair(turns) =
// 8 ln(128 / (2 pi turns)) / (2 ln 10000) is 0.412 for beta_fast 7.9 and 1.309
// for beta_slow 1. So the blend runs from pair floor(0.412) = 0 to pair
// ceil(1.309) = 2: pair 0 (angle 1) is kept, pair 1 (0.1) is half way,
// 0.5 * 0.1 + 0.5 * 0.1 / 4 = 0.0625, pairs 2 and 3 are divided by 4: 0.0025 and
// 0.00025. cos and sin are multiplied by magnitude 2:
//   2 cos 1 = 1.0806, 2 sin 0.0625 = 0.124919, 2 sin 0.0025 = 0.00499999,
//   2 sin 0.00025 = 0.0005. Without rounding, pair 1 would be at 0.0508.
// CHECK-LABEL: @yarn_blends_between_whole_pairs
// CHECK-NEXT:  tensor<2x8xf32> {{\[}}[2, 0, 2, 0, 2, 0, 2, 0], [1.0806, 1.68294, 1.9961, 0.124919, 1.99999, 0.00499999, 2, 0.0005]]
#yarn = #ingot.rope<dim = 8, theta = 1.0e4 : f64, layout = interleaved, scaling = #ingot.yarn<factor = 4.0 : f64, original = 128, beta_fast = 7.9 : f64, beta_slow = 1.0 : f64, magnitude = 2.0 : f64>>
func.func @yarn_blends_between_whole_pairs(%batch: !ingot.batch) -> tensor<2x8xf32> {
  %x = arith.constant dense<[[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]]> : tensor<2x8xf32>
  %0 = ingot.rope %x, %batch heads 1 rope #yarn : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// NTK by parts, factor 8, original 100, from 1 to 4 turns: the pairs turn 15.9, 1.59,
// 0.159 and 0.0159 times within 100 positions. Pair 0 (angle 1) is kept, pair 1 keeps
// (1.59155 - 1) / 3 = 0.197183 of 0.1, with the rest divided by 8: 0.0297535, pairs 2
// and 3 are divided by 8: 0.00125 and 0.000125. By wavelengths instead of turns, pair 1
// would keep another share; YaRN's blend between whole pairs would keep it all.
// CHECK-LABEL: @ntk_by_parts_blends_by_turns
// CHECK-NEXT:  tensor<2x8xf32> {{\[}}[1, 0, 1, 0, 1, 0, 1, 0], [0.540302, 0.841471, 0.999557, 0.0297491, 0.999999, 0.00125, 1, 0.000125]]
#parts = #ingot.rope<dim = 8, theta = 1.0e4 : f64, layout = interleaved, scaling = #ingot.ntk_by_parts<factor = 8.0 : f64, low_freq_factor = 1.0 : f64, high_freq_factor = 4.0 : f64, original = 100>>
func.func @ntk_by_parts_blends_by_turns(%batch: !ingot.batch) -> tensor<2x8xf32> {
  %x = arith.constant dense<[[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]]> : tensor<2x8xf32>
  %0 = ingot.rope %x, %batch heads 1 rope #parts : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// With equal bounds a pair keeps its angle or has it divided: of 15.9 and 1.59 turns,
// and 1.5 as both bounds, pairs 0 and 1 keep 1 and 0.1; of 0.159 and 0.0159 none.
// CHECK-LABEL: @ntk_by_parts_of_equal_bounds_blends_nothing
// CHECK-NEXT:  tensor<2x8xf32> {{\[}}[1, 0, 1, 0, 1, 0, 1, 0], [0.540302, 0.841471, 0.995004, 0.0998334, 0.999999, 0.00125, 1, 0.000125]]
#bounds = #ingot.rope<dim = 8, theta = 1.0e4 : f64, layout = interleaved, scaling = #ingot.ntk_by_parts<factor = 8.0 : f64, low_freq_factor = 1.5 : f64, high_freq_factor = 1.5 : f64, original = 100>>
func.func @ntk_by_parts_of_equal_bounds_blends_nothing(%batch: !ingot.batch) -> tensor<2x8xf32> {
  %x = arith.constant dense<[[1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0]]> : tensor<2x8xf32>
  %0 = ingot.rope %x, %batch heads 1 rope #bounds : tensor<2x8xf32>
  return %0 : tensor<2x8xf32>
}

// Every pair turns a quarter as far: cos 0.25 = 0.968912, sin 0.25 = 0.247404,
// cos 0.0025 = 0.999997, sin 0.0025 = 0.0025.
// CHECK-LABEL: @linear_positions_divide_every_angle
// CHECK-NEXT:  tensor<2x4xf32> {{\[}}[1, 0, 1, 0], [0.968912, 0.247404, 0.999997, 0.0025]]
#linear = #ingot.rope<dim = 4, theta = 1.0e4 : f64, layout = interleaved, scaling = #ingot.linear_positions<factor = 4.0 : f64>>
func.func @linear_positions_divide_every_angle(%batch: !ingot.batch) -> tensor<2x4xf32> {
  %x = arith.constant dense<[[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 0.0]]> : tensor<2x4xf32>
  %0 = ingot.rope %x, %batch heads 1 rope #linear : tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}
