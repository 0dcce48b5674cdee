// RUN: ingot-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{expects a block of two positive sizes, got [128]}}
func.func private @scaled_block_of_one_size(tensor<4x4x!ingot.scaled<f8E4M3FN, block = 128, scale = f32>>)

// -----

// expected-error @+1 {{expects a block of two positive sizes, got [0, 128]}}
func.func private @scaled_block_of_size_zero(tensor<4x4x!ingot.scaled<f8E4M3FN, block = 0x128, scale = f32>>)

// -----

// expected-error @+1 {{expects float values and scales, got 'i8' and 'f32'}}
func.func private @scaled_integers(tensor<4x4x!ingot.scaled<i8, block = 128x128, scale = f32>>)

// -----

// expected-error @+1 {{expects layers x width, got 1 sizes}}
func.func private @kv_cache_without_layers(!ingot.kv_cache<160xf32>)

// -----

// expected-error @+1 {{expects positive sizes, got 5x0}}
func.func private @kv_cache_of_empty_rows(!ingot.kv_cache<5x0xf32>)

// -----

// expected-error @+1 {{expects float elements, got 'i32'}}
func.func private @kv_cache_of_integers(!ingot.kv_cache<5x160xi32>)
