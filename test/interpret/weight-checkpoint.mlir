// RUN: ingot-interpret %s --tokens 5 --checkpoint %models/deepseek-v3-tiny | FileCheck %s
// RUN: ingot-interpret %s --tokens 5 --checkpoint %models/deepseek-v3-tiny --precision f64 | FileCheck %s

// The numbers were decoded from the file by hand (bytes, then scale).

// CHECK-LABEL: @bf16
// CHECK-NEXT:  tensor<256xbf16> [1.29688, 1.29688, 1.32031, 1.32812,
ingot.weight @norm : tensor<256xbf16> from "model.norm.weight"
func.func @bf16() -> tensor<256xbf16> {
  %0 = ingot.get_weight @norm : tensor<256xbf16>
  return %0 : tensor<256xbf16>
}

// CHECK-LABEL: @f32
// CHECK-NEXT:  tensor<16xf32> [0.26, 0.152, 0.232, 0.0719999,
ingot.weight @bias : tensor<16xf32> from "model.layers.1.mlp.gate.e_score_correction_bias"
func.func @f32() -> tensor<16xf32> {
  %0 = ingot.get_weight @bias : tensor<16xf32>
  return %0 : tensor<16xf32>
}

// Row 5 of [128, 256]: one block row, and two block columns with scales of their
// own.
// CHECK-LABEL: @e4m3_with_scales
// CHECK-NEXT:  tensor<1x256xf32> {{\[}}[0.0120326, 0.0025068, -0.022059{{[89]}},
// CHECK-SAME:  -0.020316, 0.0264108, -0.0162528]]
ingot.weight @q_a : tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "model.layers.0.self_attn.q_a_proj.weight" scale "model.layers.0.self_attn.q_a_proj.weight_scale_inv"
func.func @e4m3_with_scales(%batch: !ingot.batch) -> tensor<?x256xf32> {
  %0 = ingot.get_weight @q_a : tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %1 = ingot.embed %batch, %0 : tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<?x256xf32>
  return %1 : tensor<?x256xf32>
}

// `{e}` stacks the experts' tensors, each with its own scales: expert 3 of the
// stack computes what the tensors of expert 3 do.
// CHECK-LABEL: @stacked_experts
// CHECK-NEXT:  tensor<1x256xf32> [[STACKED:.*]]
// CHECK-NEXT:  tensor<1x256xf32> [[STACKED]]
ingot.weight @gates : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "model.layers.2.mlp.experts.{e}.gate_proj.weight" scale "model.layers.2.mlp.experts.{e}.gate_proj.weight_scale_inv"
ingot.weight @ups : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "model.layers.2.mlp.experts.{e}.up_proj.weight" scale "model.layers.2.mlp.experts.{e}.up_proj.weight_scale_inv"
ingot.weight @downs : tensor<16x256x128x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "model.layers.2.mlp.experts.{e}.down_proj.weight" scale "model.layers.2.mlp.experts.{e}.down_proj.weight_scale_inv"
ingot.weight @gate_3 : tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "model.layers.2.mlp.experts.3.gate_proj.weight" scale "model.layers.2.mlp.experts.3.gate_proj.weight_scale_inv"
ingot.weight @up_3 : tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "model.layers.2.mlp.experts.3.up_proj.weight" scale "model.layers.2.mlp.experts.3.up_proj.weight_scale_inv"
ingot.weight @down_3 : tensor<256x128x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  from "model.layers.2.mlp.experts.3.down_proj.weight" scale "model.layers.2.mlp.experts.3.down_proj.weight_scale_inv"
ingot.weight @embedding : tensor<2048x256xbf16> from "model.embed_tokens.weight"
func.func @stacked_experts(%batch: !ingot.batch) -> (tensor<1x256xf32>, tensor<1x256xf32>) {
  %table = ingot.get_weight @embedding : tensor<2048x256xbf16>
  %x = ingot.embed %batch, %table : tensor<2048x256xbf16> -> tensor<1x256xf32>
  %gates = ingot.get_weight @gates : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %ups = ingot.get_weight @ups : tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %downs = ingot.get_weight @downs : tensor<16x256x128x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %one = arith.constant dense<1.0> : tensor<1x1xf32>
  %three = arith.constant dense<3> : tensor<1x1xi32>
  %stacked = ingot.experts %x, %one, %three, %gates, %ups, %downs
    : tensor<1x256xf32>, tensor<1x1xf32>, tensor<1x1xi32>, tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>, tensor<16x256x128x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %gate_3 = ingot.get_weight @gate_3 : tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %up_3 = ingot.get_weight @up_3 : tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %down_3 = ingot.get_weight @down_3 : tensor<256x128x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>
  %gate = ingot.linear %x, %gate_3 : tensor<1x256xf32>, tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<1x128xf32>
  %up = ingot.linear %x, %up_3 : tensor<1x256xf32>, tensor<128x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<1x128xf32>
  %hidden = ingot.swiglu %gate, %up : tensor<1x128xf32>
  %single = ingot.linear %hidden, %down_3 : tensor<1x128xf32>, tensor<256x128x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>> -> tensor<1x256xf32>
  return %stacked, %single : tensor<1x256xf32>, tensor<1x256xf32>
}
