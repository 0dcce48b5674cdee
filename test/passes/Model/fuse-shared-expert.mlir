// RUN: ingot-opt %s --ingot-fuse-shared-expert -split-input-file -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @gate_fused
// expected-remark @below {{1 shared networks computed beside the routed ones: 2 launches a step less on the way from layer to layer, as many bytes}}
func.func @gate_fused(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>) -> tensor<?x4xf32> {
  // CHECK-NEXT: %[[Y:.*]] = ingot.experts %arg0, %arg1, %arg2, %arg3, %arg4, %arg5 shared %arg6, %arg7, %arg8
  // CHECK-NEXT: return %[[Y]]
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  %1 = ingot.gated_linear %x, %g, %u : tensor<?x4xf32>, tensor<6x4xbf16>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %2 = ingot.linear %1, %d : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %0, %2 : tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// -----

// The sum may name them in either order.
// CHECK-LABEL: func.func @gate_not_fused
// expected-remark @below {{1 shared networks computed beside the routed ones: 4 launches a step less on the way from layer to layer, as many bytes}}
func.func @gate_not_fused(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>) -> tensor<?x4xf32> {
  // CHECK-NEXT: %[[Y:.*]] = ingot.experts %arg0, %arg1, %arg2, %arg3, %arg4, %arg5 shared %arg6, %arg7, %arg8
  // CHECK-NEXT: return %[[Y]]
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  %a = ingot.linear %x, %g : tensor<?x4xf32>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %b = ingot.linear %x, %u : tensor<?x4xf32>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %1 = ingot.swiglu %a, %b : tensor<?x6xf32>
  %2 = ingot.linear %1, %d : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %2, %0 : tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func.func @network_of_other_rows
func.func @network_of_other_rows(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>, %y: tensor<?x4xf32>) -> tensor<?x4xf32> {
  // CHECK-NOT: shared %
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  %1 = ingot.gated_linear %y, %g, %u : tensor<?x4xf32>, tensor<6x4xbf16>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %2 = ingot.linear %1, %d : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %0, %2 : tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func.func @network_with_another_reader
func.func @network_with_another_reader(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>) -> (tensor<?x4xf32>, tensor<?x6xf32>) {
  // CHECK-NOT: shared %
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  %1 = ingot.gated_linear %x, %g, %u : tensor<?x4xf32>, tensor<6x4xbf16>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %2 = ingot.linear %1, %d : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %0, %2 : tensor<?x4xf32>
  return %3, %1 : tensor<?x4xf32>, tensor<?x6xf32>
}

// -----

// CHECK-LABEL: func.func @experts_that_are_watched
func.func @experts_that_are_watched(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>) -> tensor<?x4xf32> {
  // CHECK-NOT: shared %
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16> {ingot.tap = "hidden.1"}
  %1 = ingot.gated_linear %x, %g, %u : tensor<?x4xf32>, tensor<6x4xbf16>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %2 = ingot.linear %1, %d : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %0, %2 : tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func.func @gate_in_another_format
func.func @gate_in_another_format(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xf32>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>) -> tensor<?x4xf32> {
  // CHECK-NOT: shared %
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  %a = ingot.linear %x, %g : tensor<?x4xf32>, tensor<6x4xf32> -> tensor<?x6xf32>
  %b = ingot.linear %x, %u : tensor<?x4xf32>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %1 = ingot.swiglu %a, %b : tensor<?x6xf32>
  %2 = ingot.linear %1, %d : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %0, %2 : tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// -----

// Weights on the input stay there; the shared network takes the row itself.
// CHECK-LABEL: func.func @weights_on_the_input
// expected-remark @below {{1 shared networks computed beside the routed ones}}
func.func @weights_on_the_input(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>) -> tensor<?x4xf32> {
  // CHECK-NEXT: ingot.experts %arg0, %arg1, %arg2, %arg3, %arg4, %arg5 shared %arg6, %arg7, %arg8 weights_on_input
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed weights_on_input : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  %1 = ingot.gated_linear %x, %g, %u : tensor<?x4xf32>, tensor<6x4xbf16>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %2 = ingot.linear %1, %d : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %0, %2 : tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func.func @down_with_a_bias
func.func @down_with_a_bias(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>, %b: tensor<4xbf16>) -> tensor<?x4xf32> {
  // CHECK-NOT: shared %
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  %1 = ingot.gated_linear %x, %g, %u : tensor<?x4xf32>, tensor<6x4xbf16>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %2 = ingot.linear %1, %d bias %b : tensor<4xbf16> : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %0, %2 : tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}

// -----

// CHECK-LABEL: func.func @gate_with_a_bias
func.func @gate_with_a_bias(%x: tensor<?x4xf32>, %w: tensor<?x2xf32>, %i: tensor<?x2xi32>, %eg: tensor<3x5x4xbf16>, %eu: tensor<3x5x4xbf16>, %ed: tensor<3x4x5xbf16>, %g: tensor<6x4xbf16>, %u: tensor<6x4xbf16>, %d: tensor<4x6xbf16>, %b: tensor<6xbf16>) -> tensor<?x4xf32> {
  // CHECK-NOT: shared %
  %0 = ingot.experts %x, %w, %i, %eg, %eu, %ed : tensor<?x4xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<3x5x4xbf16>, tensor<3x5x4xbf16>, tensor<3x4x5xbf16>
  %a = ingot.linear %x, %g bias %b : tensor<6xbf16> : tensor<?x4xf32>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %c = ingot.linear %x, %u : tensor<?x4xf32>, tensor<6x4xbf16> -> tensor<?x6xf32>
  %1 = ingot.swiglu %a, %c : tensor<?x6xf32>
  %2 = ingot.linear %1, %d : tensor<?x6xf32>, tensor<4x6xbf16> -> tensor<?x4xf32>
  %3 = ingot.add %0, %2 : tensor<?x4xf32>
  return %3 : tensor<?x4xf32>
}
