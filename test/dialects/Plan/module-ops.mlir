// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK: plan.symbol @T max 256
plan.symbol @T max 256
// CHECK: plan.model context 1024 batch 4 vocab 2048 hidden 256 parameters 1000 active 300 mtp 200
plan.model context 1024 batch 4 vocab 2048 hidden 256 parameters 1000 active 300 mtp 200
// 4 sequences of 16 pages, and page 0.
// CHECK: plan.kv_cache page 64 pages 65 per_sequence 16
plan.kv_cache page 64 pages 65 per_sequence 16
// CHECK: plan.arena @workspace workspace bytes 65536
plan.arena @workspace workspace bytes 65536
// Before memory planning an arena has no size.
// CHECK: plan.arena @io io{{$}}
plan.arena @io io
// CHECK: plan.kernel @linear_bf16_n512_k256
plan.kernel @linear_bf16_n512_k256
// Code for a GPU: the module that the function is in, and what it takes.
// CHECK: plan.kernel @linear_f8e4m3_n512_k256 in 2 resources <block = 256, shared_bytes = 65536, registers = 96, early_start = true>
plan.kernel @linear_f8e4m3_n512_k256 in 2 resources <block = 256, shared_bytes = 65536, registers = 96, early_start = true>
// CHECK: plan.weight @gate : tensor<16x128x256xf8E4M3FN> from "layers.1.experts.{e}.gate.weight"
plan.weight @gate : tensor<16x128x256xf8E4M3FN> from "layers.1.experts.{e}.gate.weight"
// CHECK: plan.weight @scales : tensor<16x1x2xf32> from "layers.1.experts.{e}.gate.scale" scales @gate
plan.weight @scales : tensor<16x1x2xf32> from "layers.1.experts.{e}.gate.scale" scales @gate
// CHECK: plan.weight @up : tensor<16x128x256xf8E4M3FN> packed in 16{{$}}
plan.weight @up : tensor<16x128x256xf8E4M3FN> packed in 16
// CHECK: plan.weight @up.scale : tensor<16x1x2xf32> packed in 16 scales @up
plan.weight @up.scale : tensor<16x1x2xf32> packed in 16 scales @up
// CHECK: plan.weight @stored_in_out : tensor<16x256x128xbf16> from "w#{e}" fan_in 256
plan.weight @stored_in_out : tensor<16x256x128xbf16> from "w#{e}" fan_in 256
