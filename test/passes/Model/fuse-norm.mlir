// RUN: ingot-opt %s --ingot-fuse-norm -split-input-file -verify-diagnostics | FileCheck %s

// The tap of the sum stays on the first result; the location is the norm's.
// A row has 16 floats, which are not read again: 64 bytes.
// CHECK-LABEL: func.func @sum_and_norm
// expected-remark @below {{norms fused into the sums before them: 1 launches a step and 64 bytes a token less}}
func.func @sum_and_norm(%x: tensor<?x16xf32>, %y: tensor<?x16xf32>, %w: tensor<16xbf16>) -> (tensor<?x16xf32>, tensor<?x16xf32>) {
  // CHECK-NEXT: %[[SUM:.*]], %[[NORMED:.*]] = ingot.add_rms_norm %arg0, %arg1, %arg2 eps {{.*}} {ingot.tap = "hidden.1"}
  // CHECK-NEXT: return %[[SUM]], %[[NORMED]]
  %sum = ingot.add %x, %y : tensor<?x16xf32> {ingot.tap = "hidden.1"}
  %normed = ingot.rms_norm %sum, %w eps 1.0e-6 : tensor<?x16xf32>, tensor<16xbf16>
  return %sum, %normed : tensor<?x16xf32>, tensor<?x16xf32>
}

// -----

// A weight that is fetched after the sum moves in front of it.
ingot.weight @w : tensor<16xbf16> from "w"
// CHECK-LABEL: func.func @weight_behind_the_sum
// expected-remark @below {{1 launches a step}}
func.func @weight_behind_the_sum(%x: tensor<?x16xf32>, %y: tensor<?x16xf32>) -> tensor<?x16xf32> {
  // CHECK-NEXT: %[[W:.*]] = ingot.get_weight @w
  // CHECK-NEXT: ingot.add_rms_norm %arg0, %arg1, %[[W]]
  %sum = ingot.add %x, %y : tensor<?x16xf32>
  %w = ingot.get_weight @w : tensor<16xbf16>
  %normed = ingot.rms_norm %sum, %w eps 1.0e-6 : tensor<?x16xf32>, tensor<16xbf16>
  return %normed : tensor<?x16xf32>
}

// -----

// The tap of an op shows its first result, which would be the sum.
// CHECK-LABEL: func.func @watched_norm
func.func @watched_norm(%x: tensor<?x16xf32>, %y: tensor<?x16xf32>, %w: tensor<16xbf16>) -> tensor<?x16xf32> {
  // CHECK: ingot.rms_norm
  %sum = ingot.add %x, %y : tensor<?x16xf32>
  %normed = ingot.rms_norm %sum, %w eps 1.0e-6 : tensor<?x16xf32>, tensor<16xbf16> {ingot.tap = "hidden.4"}
  return %normed : tensor<?x16xf32>
}

// -----

// CHECK-LABEL: func.func @norm_of_an_argument
func.func @norm_of_an_argument(%x: tensor<?x16xf32>, %w: tensor<16xbf16>) -> tensor<?x16xf32> {
  // CHECK-NEXT: ingot.rms_norm
  %normed = ingot.rms_norm %x, %w eps 1.0e-6 : tensor<?x16xf32>, tensor<16xbf16>
  return %normed : tensor<?x16xf32>
}

// -----

// CHECK-LABEL: func.func @norm_of_heads
func.func @norm_of_heads(%x: tensor<?x16xf32>, %y: tensor<?x16xf32>, %w: tensor<4xbf16>) -> tensor<?x16xf32> {
  // CHECK: ingot.rms_norm
  %sum = ingot.add %x, %y : tensor<?x16xf32>
  %normed = ingot.rms_norm %sum, %w heads 4 eps 1.0e-6 : tensor<?x16xf32>, tensor<4xbf16>
  return %normed : tensor<?x16xf32>
}

// -----

// CHECK-LABEL: func.func @norm_without_a_weight
func.func @norm_without_a_weight(%x: tensor<?x16xf32>, %y: tensor<?x16xf32>) -> tensor<?x16xf32> {
  // CHECK: ingot.rms_norm
  %sum = ingot.add %x, %y : tensor<?x16xf32>
  %normed = ingot.rms_norm %sum eps 1.0e-6 : tensor<?x16xf32>
  return %normed : tensor<?x16xf32>
}
