// RUN: not ingot-interpret %s 2>&1 | FileCheck %s --check-prefix=INLINE
// RUN: not ingot-interpret %s --checkpoint %models/deepseek-v3-tiny 2>&1 | FileCheck %s

// INLINE: error: 'ingot.weight' op expects a value, as there is no checkpoint to read 'no.such.weight' from
// CHECK: error: 'ingot.weight' op expects tensor 'no.such.weight' in '{{.*}}deepseek-v3-tiny'
ingot.weight @missing : tensor<256xbf16> from "no.such.weight"
func.func @tensor_missing() {
  %0 = ingot.get_weight @missing : tensor<256xbf16>
  return
}

// CHECK: error: 'ingot.weight' op expects tensor 'model.norm.weight' to be [256] of f32, got [256] of BF16
ingot.weight @type : tensor<256xf32> from "model.norm.weight"
func.func @tensor_of_another_type() {
  %0 = ingot.get_weight @type : tensor<256xf32>
  return
}

// CHECK: error: 'ingot.weight' op expects tensor 'model.norm.weight' to be [16, 16] of bf16, got [256] of BF16
ingot.weight @shape : tensor<16x16xbf16> from "model.norm.weight"
func.func @tensor_of_another_shape() {
  %0 = ingot.get_weight @shape : tensor<16x16xbf16>
  return
}

// CHECK: error: 'ingot.weight' op expects tensor 'model.layers.1.mlp.experts.16.up_proj.weight' in
ingot.weight @stack : tensor<17x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "model.layers.1.mlp.experts.{e}.up_proj.weight" scale "model.layers.1.mlp.experts.{e}.up_proj.weight_scale_inv"
func.func @more_experts_than_the_checkpoint() {
  %0 = ingot.get_weight @stack : tensor<17x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  return
}

// CHECK: error: 'ingot.weight' op expects tensor 'model.layers.0.mlp.up_proj.weight_scale_inv' to be [8, 4] of f32, got [4, 2] of F32
ingot.weight @blocks : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 64x64, scale = f32>>
  from "model.layers.0.mlp.up_proj.weight" scale "model.layers.0.mlp.up_proj.weight_scale_inv"
func.func @scales_of_other_blocks() {
  %0 = ingot.get_weight @blocks : tensor<512x256x!ingot.scaled<f8E4M3FN, block = 64x64, scale = f32>>
  return
}
