// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK: ingot.weight @gamma : tensor<256xbf16> from "model.norm.weight"{{$}}
ingot.weight @gamma : tensor<256xbf16> from "model.norm.weight"

// CHECK: ingot.weight @up : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
// CHECK-SAME: from "layers.1.experts.{e}.up.weight" scale "layers.1.experts.{e}.up.weight_scale_inv"{{$}}
ingot.weight @up : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "layers.1.experts.{e}.up.weight" scale "layers.1.experts.{e}.up.weight_scale_inv"

// CHECK: ingot.weight @norm : tensor<2xf32> value dense<1.000000e+00> : tensor<2xf32>{{$}}
ingot.weight @norm : tensor<2xf32> value dense<1.0> : tensor<2xf32>

// CHECK: ingot.weight @scaled : {{.*}} value dense<2.000000e+00> : tensor<3x2xf8E4M3FN> scale_value dense<5.000000e-01> : tensor<2x1xf32>{{$}}
ingot.weight @scaled : tensor<3x2x!ingot.scaled<f8E4M3FN, block = 2x2, scale = f32>>
  value dense<2.0> : tensor<3x2xf8E4M3FN> scale_value dense<0.5> : tensor<2x1xf32>

// CHECK: ingot.weight @gate : tensor<16x128x256xbf16> packed in 16{{$}}
ingot.weight @gate : tensor<16x128x256xbf16> packed in 16
func.func private @pack() -> (tensor<16x128x256xbf16> {ingot.name = "gate"})

// CHECK-LABEL: func.func @get_weight
// CHECK:       ingot.get_weight @gamma : tensor<256xbf16>{{$}}
func.func @get_weight() -> tensor<256xbf16> {
  %0 = ingot.get_weight @gamma : tensor<256xbf16>
  return %0 : tensor<256xbf16>
}
