//===- norm_row.mlir - a row by its root mean square ----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// y = x / sqrt(mean(x^2) + eps) for row %t, times the weight if #WEIGHTED. Weights are
// asked for before threads wait for each other.
//
//===----------------------------------------------------------------------===//

func.func private @norm_row(%x: !OWN, %weights: !llvm.ptr, %y: !ROW, %t: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %size = arith.constant #SIZE
  %eps = arith.constant #EPS
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %factors = func.call @norm_factors(%weights) : (!llvm.ptr) -> !OWN
  %squares = scf.for %i = %c0 to %own step %c1 iter_args(%before = %zero) -> (f32) {
    %value = vector.extract %x[%i] : f32 from !OWN
    %after = math.fma %value, %value, %before : f32
    scf.yield %after : f32
  } {llvm.loop_annotation = #UNROLLED}
  %sum = func.call @sum_of_threads(%squares) : (f32) -> f32
  %mean = arith.divf %sum, %size : f32
  %shifted = arith.addf %mean, %eps : f32
  %root = math.sqrt %shifted : f32
  %inverse = arith.divf %one, %root : f32
  %scale = vector.broadcast %inverse : f32 to !OWN
  %normal = arith.mulf %x, %scale : !OWN
  %result = arith.mulf %normal, %factors : !OWN
  func.call @store_own(%result, %y, %t, %c0) : (!OWN, !ROW, index, index) -> ()
  return
}

// The weights of the thread's values; 1 without weights.
func.func private @norm_factors(%weights: !llvm.ptr) -> !OWN {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %own = arith.constant #OWN
  %weighted = arith.constant #WEIGHTED
  %ones = arith.constant dense<1.0> : !OWN
  %factors = scf.if %weighted -> !OWN {
    %loaded = scf.for %i = %c0 to %own step %c1 iter_args(%before = %ones) -> (!OWN) {
      %k, %is_there = func.call @place_in_row(%c0, %i) : (index, index) -> (index, i1)
      %weight = func.call @load_weight(%weights, %k) : (!llvm.ptr, index) -> f32
      %after = vector.insert %weight, %before[%i] : f32 into !OWN
      scf.yield %after : !OWN
    } {llvm.loop_annotation = #UNROLLED}
    scf.yield %loaded : !OWN
  } else {
    scf.yield %ones : !OWN
  }
  return %factors : !OWN
}

// Brings the weights nearer, a line of the cache a thread.
func.func private @prefetch_weights(%weights: !llvm.ptr) {
  %line = arith.constant 128 : index
  %row_size = arith.constant #ROW_SIZE
  %code_bytes = arith.constant #CODE_BYTES
  %weighted = arith.constant #WEIGHTED
  %bytes = arith.muli %row_size, %code_bytes : index
  %thread = gpu.thread_id x
  %at = arith.muli %thread, %line : index
  %in_row = arith.cmpi ult, %at, %bytes : index
  %is_there = arith.andi %in_row, %weighted : i1
  scf.if %is_there {
    %offset = arith.index_cast %at : index to i64
    %address = llvm.getelementptr %weights[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
    %global = llvm.addrspacecast %address : !llvm.ptr to !llvm.ptr<1>
    nvvm.prefetch level = L1, %global : !llvm.ptr<1>
  }
  return
}
