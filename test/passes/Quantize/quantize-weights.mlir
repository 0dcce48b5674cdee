// RUN: ingot-opt %s --ingot-quantize-weights -verify-diagnostics | FileCheck %s

#routing = #ingot.routing<score = softmax, top_k = 2, groups = 1, top_groups = 1, group_score = max, renormalize = true, scale = 1.0 : f64>

// 512 x 256, 16 x 128 x 256 twice and 16 x 256 x 128 of bf16; the scales are 4 x 2,
// 16 x 1 x 2 twice and 16 x 2 x 1 of float32. 384 x 128 is counted once, with 3 x 1.
// expected-remark @below {{quantizes 5 weights: 3506176 bytes become 1753516}}
module {
ingot.weight @table : tensor<2048x256xbf16> from "embed"
ingot.weight @proj : tensor<512x256xbf16> from "proj"
ingot.weight @router : tensor<16x256xbf16> from "router"
ingot.weight @fp8 : tensor<256x512x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> from "fp8" scale "fp8_scale"
ingot.weight @gate : tensor<16x128x256xbf16> from "gate.{e}"
ingot.weight @up : tensor<16x128x256xbf16> from "up.{e}"
ingot.weight @down : tensor<16x256x128xbf16> from "down.{e}"
ingot.weight @kv_b : tensor<384x128xbf16> from "kv_b"

// CHECK-LABEL: func.func @products
func.func @products(%batch: !ingot.batch) -> tensor<?x2048xf32> {
  // A table is no matrix that rows are multiplied with.
  // CHECK: ingot.embed %{{.*}} : tensor<2048x256xbf16>
  %table = ingot.get_weight @table : tensor<2048x256xbf16>
  %x = ingot.embed %batch, %table : tensor<2048x256xbf16> -> tensor<?x256xf32>

  // CHECK: %[[W:.*]] = ingot.get_weight @proj
  // CHECK: %[[Q:.*]] = ingot.quantize %[[W]] : tensor<512x256xbf16> -> tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  // CHECK: ingot.linear %{{.*}}, %[[Q]] :
  %w = ingot.get_weight @proj : tensor<512x256xbf16>
  %y = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  // Twice in one function: quantised once.
  // CHECK-NOT: ingot.quantize
  // CHECK: ingot.linear %{{.*}}, %[[Q]] :
  %again = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  %sum = ingot.add %y, %again : tensor<?x512xf32>

  // Scaled already.
  // CHECK: %[[FP8:.*]] = ingot.get_weight @fp8
  // CHECK: ingot.linear %{{.*}}, %[[FP8]]
  %fp8 = ingot.get_weight @fp8 : tensor<256x512x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %z = ingot.linear %sum, %fp8 : tensor<?x512xf32>, tensor<256x512x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x256xf32>

  // What chooses experts.
  // CHECK: ingot.linear {{.*}} tensor<16x256xbf16>
  %router = ingot.get_weight @router : tensor<16x256xbf16>
  %logits = ingot.linear %z, %router : tensor<?x256xf32>, tensor<16x256xbf16> -> tensor<?x16xf32>
  %weights, %indices = ingot.route %logits routing #routing : tensor<?x16xf32> -> tensor<?x2xf32>, tensor<?x2xi32>

  // CHECK: %[[GATE:.*]] = ingot.quantize {{.*}} : tensor<16x128x256xbf16>
  // CHECK: %[[UP:.*]] = ingot.quantize {{.*}} : tensor<16x128x256xbf16>
  // CHECK: %[[DOWN:.*]] = ingot.quantize {{.*}} : tensor<16x256x128xbf16>
  // CHECK: ingot.experts %{{.*}}, %{{.*}}, %{{.*}}, %[[GATE]], %[[UP]], %[[DOWN]]
  %gate = ingot.get_weight @gate : tensor<16x128x256xbf16>
  %up = ingot.get_weight @up : tensor<16x128x256xbf16>
  %down = ingot.get_weight @down : tensor<16x256x128xbf16>
  %e = ingot.experts %z, %weights, %indices, %gate, %up, %down : tensor<?x256xf32>, tensor<?x2xf32>, tensor<?x2xi32>, tensor<16x128x256xbf16>, tensor<16x128x256xbf16>, tensor<16x256x128xbf16>

  // The head is a table too, here the tied one.
  // CHECK: ingot.logits {{.*}} tensor<2048x256xbf16>
  %r = ingot.logits %e, %table, %batch : tensor<?x256xf32>, tensor<2048x256xbf16> -> tensor<?x2048xf32>
  return %r : tensor<?x2048xf32>
}

// CHECK-LABEL: func.func @attention
func.func @attention(%q: tensor<?x384xf32>, %c: !ingot.kv_cache<1x160xf32>, %batch: !ingot.batch) -> tensor<?x128xf32> {
  // CHECK: ingot.quantize {{.*}} : tensor<384x128xbf16>
  %kv_b = ingot.get_weight @kv_b : tensor<384x128xbf16>
  %0 = ingot.latent_attention %q, %c[0], %kv_b, %batch heads 4 nope 64 rope 32 value 32 scale 0.1
    : tensor<?x384xf32>, !ingot.kv_cache<1x160xf32>, tensor<384x128xbf16> -> tensor<?x128xf32>
  return %0 : tensor<?x128xf32>
}

// CHECK-LABEL: func.func @another_function
func.func @another_function(%x: tensor<?x256xf32>) -> tensor<?x512xf32> {
  // CHECK: ingot.quantize
  %w = ingot.get_weight @proj : tensor<512x256xbf16>
  %y = ingot.linear %x, %w : tensor<?x256xf32>, tensor<512x256xbf16> -> tensor<?x512xf32>
  return %y : tensor<?x512xf32>
}
}
