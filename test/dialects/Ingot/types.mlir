// RUN: ingot-opt %s --verify-roundtrip | FileCheck %s

// CHECK: func.func private @batch(!ingot.batch)
func.func private @batch(!ingot.batch)

// CHECK: func.func private @kv_cache(!ingot.kv_cache<5x160xf32>)
func.func private @kv_cache(!ingot.kv_cache<5x160xf32>)

// CHECK: func.func private @scaled(tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>)
func.func private @scaled(tensor<512x256x!ingot.scaled<f8E4M3FN, block = 128x128, scale = f32>>)
