// RUN: ingot-interpret %s --taps | FileCheck %s --check-prefix=TAPS
// RUN: ingot-interpret %s | FileCheck %s --check-prefix=PLAIN --implicit-check-not=twice

// An op with `ingot.tap` can be watched; it computes the same.

// TAPS:      twice: {{\[}}[2, 4]]
// TAPS-NEXT: tensor<1x2xf32> {{\[}}[3, 6]]
// PLAIN:     tensor<1x2xf32> {{\[}}[3, 6]]
func.func @watched() -> tensor<1x2xf32> {
  %x = arith.constant dense<[[1.0, 2.0]]> : tensor<1x2xf32>
  %0 = ingot.add %x, %x : tensor<1x2xf32> {ingot.tap = "twice"}
  %1 = ingot.add %0, %x : tensor<1x2xf32>
  return %1 : tensor<1x2xf32>
}
