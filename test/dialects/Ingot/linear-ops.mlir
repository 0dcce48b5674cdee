// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: func.func @linear
// CHECK:       ingot.linear %{{.*}}, %{{.*}} : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>{{$}}
func.func @linear(%x: tensor<?x256xf32>, %w: tensor<512x256xbf16>) -> tensor<?x512xf32> {
  %0 = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  return %0 : tensor<?x512xf32>
}

// CHECK-LABEL: func.func @linear_with_scaled_elements
// CHECK:       tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x576xf32>{{$}}
func.func @linear_with_scaled_elements(%x: tensor<?x256xf32>, %w: tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>) -> tensor<?x576xf32> {
  %0 = ingot.linear %x, %w : tensor<?x256xf32>, tensor<576x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x576xf32>
  return %0 : tensor<?x576xf32>
}

// CHECK-LABEL: func.func @gated_linear
// CHECK:       ingot.gated_linear %{{.*}}, %{{.*}}, %{{.*}} : tensor<?x256xf32>, tensor<512x256xbf16>, tensor<512x256xbf16> -> tensor<?x512xf32>
func.func @gated_linear(%x: tensor<?x256xf32>, %gate: tensor<512x256xbf16>, %up: tensor<512x256xbf16>) -> tensor<?x512xf32> {
  %0 = ingot.gated_linear %x, %gate, %up : tensor<?x256xf32>, tensor<512x256xbf16>, tensor<512x256xbf16> -> tensor<?x512xf32>
  return %0 : tensor<?x512xf32>
}

// CHECK-LABEL: func.func @biased_linear
// CHECK:       ingot.linear %{{.*}}, %{{.*}} bias %{{.*}} : tensor<512xbf16> : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>{{$}}
func.func @biased_linear(%x: tensor<?x256xf32>, %w: tensor<512x256xbf16>, %b: tensor<512xbf16>) -> tensor<?x512xf32> {
  %0 = ingot.linear %x, %w bias %b : tensor<512xbf16> : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  return %0 : tensor<?x512xf32>
}

// CHECK-LABEL: func.func @linear_of_rounded_inputs
// CHECK:       ingot.linear %{{.*}}, %{{.*}} inputs bf16 : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>{{$}}
func.func @linear_of_rounded_inputs(%x: tensor<?x256xf32>, %w: tensor<512x256xbf16>) -> tensor<?x512xf32> {
  %0 = ingot.linear %x, %w inputs bf16 : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  return %0 : tensor<?x512xf32>
}

// CHECK-LABEL: func.func @gated_linear_of_rounded_inputs
// CHECK:       ingot.gated_linear %{{.*}}, %{{.*}}, %{{.*}} inputs f8E4M3FN : tensor<?x256xf32>
func.func @gated_linear_of_rounded_inputs(%x: tensor<?x256xf32>, %gate: tensor<512x256xbf16>, %up: tensor<512x256xbf16>) -> tensor<?x512xf32> {
  %0 = ingot.gated_linear %x, %gate, %up inputs f8E4M3FN : tensor<?x256xf32>, tensor<512x256xbf16>, tensor<512x256xbf16> -> tensor<?x512xf32>
  return %0 : tensor<?x512xf32>
}
