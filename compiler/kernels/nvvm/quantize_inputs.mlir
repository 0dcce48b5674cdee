//===- quantize_inputs.mlir - inputs of products become codes -------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A tile is a row of codes: row r of x, or of #WEIGHTED ones row r / #REPEATS times
// weight r. A warp has a run of 128 values that share a scale, a lane 4 neighbours of
// them; it asks for four runs before it stores any.
//
//===----------------------------------------------------------------------===//

func.func private @body(%x: !X, %weights: !WEIGHTS, %codes: !CODES, %scales: !SCALES,
                        %row: index, %ty: index, %tz: index) {
  %warp_size = arith.constant 32 : index
  %warps = arith.constant #WARPS
  %runs = arith.constant #RUNS
  %batch = arith.constant #BATCH_RUNS
  %thread = gpu.thread_id x
  %warp = arith.divui %thread, %warp_size : index
  %factor = func.call @factor_of(%weights, %row) : (!WEIGHTS, index) -> f32
  scf.for %run0 = %warp to %runs step %batch {
    %run1 = arith.addi %run0, %warps : index
    %run2 = arith.addi %run1, %warps : index
    %run3 = arith.addi %run2, %warps : index
    %values0 = func.call @load_run(%x, %row, %run0, %factor) : (!X, index, index, f32) -> vector<4xf32>
    %values1 = func.call @load_run(%x, %row, %run1, %factor) : (!X, index, index, f32) -> vector<4xf32>
    %values2 = func.call @load_run(%x, %row, %run2, %factor) : (!X, index, index, f32) -> vector<4xf32>
    %values3 = func.call @load_run(%x, %row, %run3, %factor) : (!X, index, index, f32) -> vector<4xf32>
    func.call @store_run(%values0, %codes, %scales, %row, %run0)
      : (vector<4xf32>, !CODES, !SCALES, index, index) -> ()
    func.call @store_run(%values1, %codes, %scales, %row, %run1)
      : (vector<4xf32>, !CODES, !SCALES, index, index) -> ()
    func.call @store_run(%values2, %codes, %scales, %row, %run2)
      : (vector<4xf32>, !CODES, !SCALES, index, index) -> ()
    func.call @store_run(%values3, %codes, %scales, %row, %run3)
      : (vector<4xf32>, !CODES, !SCALES, index, index) -> ()
  }
  return
}

// What the values of a row are multiplied by.
func.func private @factor_of(%weights: !WEIGHTS, %row: index) -> f32 {
  %c0 = arith.constant 0 : index
  %one = arith.constant 1.0 : f32
  %weighted = arith.constant #WEIGHTED
  %factor = scf.if %weighted -> f32 {
    %weight = memref.load %weights[%row, %c0] : !WEIGHTS
    scf.yield %weight : f32
  } else {
    scf.yield %one : f32
  }
  return %factor : f32
}

// The first of the lane's columns in a run, and whether the row has them.
func.func private @lane_columns(%run: index) -> (index, i1) {
  %run_size = arith.constant 128 : index
  %warp_size = arith.constant 32 : index
  %unit = arith.constant 4 : index
  %k_count = arith.constant #K
  %thread = gpu.thread_id x
  %lane = arith.remui %thread, %warp_size : index
  %in_run = arith.muli %lane, %unit : index
  %start = arith.muli %run, %run_size : index
  %k = arith.addi %start, %in_run : index
  %is_there = arith.cmpi ult, %k, %k_count : index
  return %k, %is_there : index, i1
}

// The lane's values of a run, times the factor; zeros behind the row, where the
// row's last values are read.
func.func private @load_run(%x: !X, %row: index, %run: index, %factor: f32) -> vector<4xf32> {
  %repeats = arith.constant #REPEATS
  %last = arith.constant #LAST_UNIT
  %zeros = arith.constant dense<0.0> : vector<4xf32>
  %from = arith.divui %row, %repeats : index
  %k, %is_there = func.call @lane_columns(%run) : (index) -> (index, i1)
  %within = arith.minui %k, %last : index
  %loaded = vector.load %x[%from, %within] {alignment = 16 : i64} : !X, vector<4xf32>
  %factors = vector.broadcast %factor : f32 to vector<4xf32>
  %scaled = arith.mulf %loaded, %factors : vector<4xf32>
  %values = arith.select %is_there, %scaled, %zeros : vector<4xf32>
  return %values : vector<4xf32>
}

// A run of the row becomes codes and their scale.
func.func private @store_run(%values: vector<4xf32>, %codes: !CODES, %scales: !SCALES,
                             %row: index, %run: index) {
  %c0 = arith.constant 0 : index
  %unit = arith.constant 4 : index
  %warp_size = arith.constant 32 : index
  %runs = arith.constant #RUNS
  %thread = gpu.thread_id x
  %lane = arith.remui %thread, %warp_size : index
  %is_first = arith.cmpi eq, %lane, %c0 : index
  // The same in all lanes of a warp.
  %is_run = arith.cmpi ult, %run, %runs : index
  scf.if %is_run {
    %largest = func.call @largest_of(%values) : (vector<4xf32>) -> f32
    %of_warp = func.call @largest_of_warp(%largest) : (f32) -> f32
    %scale = func.call @scale_of(%of_warp) : (f32) -> f32
    scf.if %is_first {
      memref.store %scale, %scales[%row, %run] : !SCALES
    }
    %word = func.call @codes_of(%values, %scale) : (vector<4xf32>, f32) -> i32
    %k, %is_there = func.call @lane_columns(%run) : (index) -> (index, i1)
    %at = arith.divui %k, %unit : index
    scf.if %is_there {
      memref.store %word, %codes[%row, %at] : !CODES
    }
  }
  return
}

// The largest finite magnitude of a lane's values.
func.func private @largest_of(%values: vector<4xf32>) -> f32 {
  %v0 = vector.extract %values[0] : f32 from vector<4xf32>
  %v1 = vector.extract %values[1] : f32 from vector<4xf32>
  %v2 = vector.extract %values[2] : f32 from vector<4xf32>
  %v3 = vector.extract %values[3] : f32 from vector<4xf32>
  %m0 = func.call @finite_magnitude(%v0) : (f32) -> f32
  %m1 = func.call @finite_magnitude(%v1) : (f32) -> f32
  %m2 = func.call @finite_magnitude(%v2) : (f32) -> f32
  %m3 = func.call @finite_magnitude(%v3) : (f32) -> f32
  %low = arith.maxnumf %m0, %m1 : f32
  %high = arith.maxnumf %m2, %m3 : f32
  %largest = arith.maxnumf %low, %high : f32
  return %largest : f32
}

// The four codes in a word, the first in its lowest byte.
func.func private @codes_of(%values: vector<4xf32>, %scale: f32) -> i32 {
  %sixteen = arith.constant 16 : i32
  %divisors = vector.broadcast %scale : f32 to vector<4xf32>
  %quotients = arith.divf %values, %divisors : vector<4xf32>
  %q0 = vector.extract %quotients[0] : f32 from vector<4xf32>
  %q1 = vector.extract %quotients[1] : f32 from vector<4xf32>
  %q2 = vector.extract %quotients[2] : f32 from vector<4xf32>
  %q3 = vector.extract %quotients[3] : f32 from vector<4xf32>
  %low = func.call @pair_to_e4m3(%q0, %q1) : (f32, f32) -> i16
  %high = func.call @pair_to_e4m3(%q2, %q3) : (f32, f32) -> i16
  %low_wide = arith.extui %low : i16 to i32
  %high_wide = arith.extui %high : i16 to i32
  %upper = arith.shli %high_wide, %sixteen : i32
  %word = arith.ori %upper, %low_wide : i32
  return %word : i32
}
