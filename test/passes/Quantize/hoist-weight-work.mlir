// RUN: ingot-opt %s --ingot-hoist-weight-work --ingot-verify-quantized -split-input-file | FileCheck %s

// Two functions quantise one weight: it is packed once, before the functions.
// CHECK: ingot.weight @w : tensor<512x256xbf16> from "w"
// CHECK: ingot.weight @w.quantize : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 1
// CHECK-NOT: packed
ingot.weight @w : tensor<512x256xbf16> from "w"

// CHECK-LABEL: func.func @prefill
func.func @prefill(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
  // The source is not read any more.
  // CHECK-NEXT: %[[Q:.*]] = ingot.get_weight @w.quantize
  // CHECK-NEXT: ingot.linear %{{.*}}, %[[Q]]
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
  return %y : tensor<?x512xf32>
}

// CHECK-LABEL: func.func @decode
func.func @decode(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
  // Here something else reads the source.
  // CHECK: %[[W:.*]] = ingot.get_weight @w :
  // CHECK: %[[Q:.*]] = ingot.get_weight @w.quantize
  // CHECK: ingot.linear %{{.*}}, %[[Q]]
  // CHECK: ingot.linear %{{.*}}, %[[W]]
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
  %z = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  %sum = ingot.add %y, %z : tensor<?x512xf32>
  return %sum : tensor<?x512xf32>
}

// CHECK: func.func private @pack() -> (tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> {ingot.name = "w.quantize"}) {
// CHECK-NEXT: %[[W:.*]] = ingot.get_weight @w : tensor<512x256xbf16>
// CHECK-NEXT: %[[Q:.*]] = ingot.quantize %[[W]]
// CHECK-NEXT: return %[[Q]]

// -----

// A stack is packed in as many parts; a name that is taken gets a number.
// CHECK: ingot.weight @"gate.{e}.quantize_0" : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 16
ingot.weight @"gate.{e}" : tensor<16x128x256xbf16> from "gate.{e}"
ingot.weight @"gate.{e}.quantize" : tensor<4xbf16> from "taken"
// CHECK-LABEL: func.func @stack
func.func @stack(%x: tensor<?x256xf32>, %r: tensor<?x2xf32>, %i: tensor<?x2xi32>, %down: tensor<16x256x128xbf16>) -> tensor<?x256xf32> {
  // CHECK: ingot.get_weight @"gate.{e}.quantize_0"
  %w = ingot.get_weight @"gate.{e}" : tensor<16x128x256xbf16>
  %q = ingot.quantize %w : tensor<16x128x256xbf16> -> tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %0 = ingot.experts %x, %r, %i, %q, %q, %down : tensor<?x256xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x256x128xbf16>
  return %0 : tensor<?x256xf32>
}

// -----

// Other formats are other work.
// CHECK: ingot.weight @w.quantize : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> packed in 1
// CHECK: ingot.weight @w.quantize_0 : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 1x128, scale = f32>> packed in 1
ingot.weight @w : tensor<512x256xbf16> from "w"
func.func @two_formats(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
  %w = ingot.get_weight @w : tensor<512x256xbf16>
  %q = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %r = ingot.quantize %w : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 1x128, scale = f32>>
  %y = ingot.linear %x, %q : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x512xf32>
  %z = ingot.linear %x, %r : tensor<?x256xf32>, tensor<512x256x!ingot.scaled<f8E4M3FN, block = 1x128, scale = f32>> -> tensor<?x512xf32>
  %sum = ingot.add %y, %z : tensor<?x512xf32>
  return %sum : tensor<?x512xf32>
}

// -----

// Nothing to hoist, no @pack.
// CHECK-LABEL: func.func @no_work
// CHECK-NOT: @pack
func.func @no_work(%x: tensor<?x256xf32>) -> tensor<?x256xf32> {
  %0 = ingot.add %x, %x : tensor<?x256xf32>
  return %0 : tensor<?x256xf32>
}
