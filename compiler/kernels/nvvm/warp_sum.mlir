//===- warp_sum.mlir - sums over threads ----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a fixed order: first over the lanes of a warp, whose numbers differ in one bit after
// the other, then over warps.
//
//===----------------------------------------------------------------------===//

memref.global "private" @partial : !PARTIAL = uninitialized

// The sum over all threads, the same in each. Once in a body: threads would have to
// meet before @partial is written again.
func.func private @sum_of_threads(%value: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %warp_size = arith.constant 32 : index
  %warps = arith.constant #WARPS
  %thread = gpu.thread_id x
  %warp = arith.divui %thread, %warp_size : index
  %lane = arith.remui %thread, %warp_size : index
  %partial = memref.get_global @partial : !PARTIAL
  %warp_sum = func.call @sum_of_warp(%value) : (f32) -> f32
  %is_first = arith.cmpi eq, %lane, %c0 : index
  scf.if %is_first {
    memref.store %warp_sum, %partial[%warp] : !PARTIAL
  }
  gpu.barrier
  %zero = arith.constant 0.0 : f32
  %sum = scf.for %i = %c0 to %warps step %c1 iter_args(%before = %zero) -> (f32) {
    %one = memref.load %partial[%i] : !PARTIAL
    %after = arith.addf %before, %one : f32
    scf.yield %after : f32
  } {llvm.loop_annotation = #UNROLLED}
  return %sum : f32
}

// The sum over the lanes of a warp, the same in each.
func.func private @sum_of_warp(%value: f32) -> f32 {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %bits = arith.constant 5 : index
  %width = arith.constant 32 : i32
  %half = arith.constant 16 : i32
  %sum = scf.for %bit = %c0 to %bits step %c1 iter_args(%before = %value) -> (f32) {
    %shift = arith.index_cast %bit : index to i32
    %mask = arith.shrui %half, %shift : i32
    %other, %valid = gpu.shuffle xor %before, %mask, %width : f32
    %after = arith.addf %before, %other : f32
    scf.yield %after : f32
  } {llvm.loop_annotation = #UNROLLED}
  return %sum : f32
}
