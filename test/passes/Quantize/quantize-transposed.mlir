// RUN: ingot-opt %s --ingot-quantize-weights -verify-diagnostics | FileCheck %s --check-prefix=QUANTIZE
// RUN: ingot-opt %s --ingot-quantize-weights --ingot-hoist-weight-work --ingot-verify-quantized | FileCheck %s --check-prefix=HOIST

// A weight that is stored [in, out] is transposed, then quantised: blocks are those of
// the matrix that rows are multiplied with. Gate and up, two halves of one tensor, count
// as two: 2 * 16 * 64 * 256 * 2 bytes become half, and 2 * 16 * 1 * 2 scales of 4; down is
// 16 * 256 * 64 with 16 * 2 * 1 scales; proj is 512 * 256 with 4 * 2, its bias stays. The
// transposed matrices do not become weights: no step reads them.

// HOIST: ingot.weight @gate_up : tensor<16x256x128xbf16> from "gate_up#{e}"
// HOIST:      ingot.weight @gate_up.transpose.quantize : tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 16
// HOIST-NEXT: ingot.weight @gate_up.transpose.quantize_0 : tensor<16x64x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 16

// expected-remark @below {{quantizes 4 weights: 1835008 bytes become 917920}}
module {
ingot.weight @gate_up : tensor<16x256x128xbf16> from "gate_up#{e}"
ingot.weight @down : tensor<16x64x256xbf16> from "down#{e}"
ingot.weight @proj : tensor<512x256xbf16> from "proj"
ingot.weight @bias : tensor<512xbf16> from "bias"

// QUANTIZE-LABEL: func.func @experts
// HOIST-LABEL: func.func @experts
func.func @experts(%x: tensor<?x256xf32>, %w: tensor<?x1xf32>, %i: tensor<?x1xi32>) -> tensor<?x256xf32> {
  // QUANTIZE: %[[GATE:.*]] = ingot.transpose %{{.*}} columns 0 to 64
  // QUANTIZE: %[[G:.*]] = ingot.quantize %[[GATE]]
  // QUANTIZE: %[[UP:.*]] = ingot.transpose %{{.*}} columns 64 to 128
  // QUANTIZE: %[[U:.*]] = ingot.quantize %[[UP]]
  // QUANTIZE: ingot.experts %{{.*}}, %{{.*}}, %{{.*}}, %[[G]], %[[U]], %{{.*}} weights_on_input
  // HOIST-NEXT: %[[G:.*]] = ingot.get_weight @gate_up.transpose.quantize
  // HOIST-NEXT: %[[U:.*]] = ingot.get_weight @gate_up.transpose.quantize_0
  // HOIST-NEXT: %[[D:.*]] = ingot.get_weight @down.transpose.quantize
  // HOIST-NEXT: ingot.experts %{{.*}}, %{{.*}}, %{{.*}}, %[[G]], %[[U]], %[[D]] weights_on_input
  %both = ingot.get_weight @gate_up : tensor<16x256x128xbf16>
  %gate = ingot.transpose %both columns 0 to 64 : tensor<16x256x128xbf16> -> tensor<16x64x256xbf16>
  %up = ingot.transpose %both columns 64 to 128 : tensor<16x256x128xbf16> -> tensor<16x64x256xbf16>
  %in = ingot.get_weight @down : tensor<16x64x256xbf16>
  %down = ingot.transpose %in columns 0 to 256 : tensor<16x64x256xbf16> -> tensor<16x256x64xbf16>
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down weights_on_input : tensor<?x256xf32>, tensor<?x1xf32>, tensor<?x1xi32>, tensor<16x64x256xbf16>, tensor<16x64x256xbf16>, tensor<16x256x64xbf16>
  return %0 : tensor<?x256xf32>
}

// QUANTIZE-LABEL: func.func @biased
// HOIST-LABEL: func.func @biased
func.func @biased(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
  // QUANTIZE: %[[B:.*]] = ingot.get_weight @bias
  // QUANTIZE: ingot.linear %{{.*}}, %{{.*}} bias %[[B]] : tensor<512xbf16>
  // HOIST: ingot.linear %{{.*}}, %{{.*}} bias %{{.*}} : tensor<512xbf16>
  %w = ingot.get_weight @proj : tensor<512x256xbf16>
  %b = ingot.get_weight @bias : tensor<512xbf16>
  %y = ingot.linear %x, %w bias %b : tensor<512xbf16> : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  return %y : tensor<?x512xf32>
}

// The same halves in another function are the same weights.
// QUANTIZE-LABEL: func.func @draft
func.func @draft(%x: tensor<?x256xf32>, %w: tensor<?x1xf32>, %i: tensor<?x1xi32>, %down: tensor<16x256x64xf32>) -> tensor<?x256xf32> {
  // QUANTIZE-COUNT-2: ingot.quantize
  %both = ingot.get_weight @gate_up : tensor<16x256x128xbf16>
  %gate = ingot.transpose %both columns 0 to 64 : tensor<16x256x128xbf16> -> tensor<16x64x256xbf16>
  %up = ingot.transpose %both columns 64 to 128 : tensor<16x256x128xbf16> -> tensor<16x64x256xbf16>
  %0 = ingot.experts %x, %w, %i, %gate, %up, %down weights_on_input : tensor<?x256xf32>, tensor<?x1xf32>, tensor<?x1xi32>, tensor<16x64x256xbf16>, tensor<16x64x256xbf16>, tensor<16x256x64xf32>
  return %0 : tensor<?x256xf32>
}
}
