//===- cache_bf16.mlir - a KV cache of BF16 -------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The #LANES values from element %index on, in #UNITs.
func.func private @load_cache(%base: !llvm.ptr, %index: index) -> !V {
  %values = func.call @load_bf16(%base, %index) : (!llvm.ptr, index) -> !V
  return %values : !V
}

func.func private @store_cache(%base: !llvm.ptr, %index: index, %values: !V) {
  %rounded = func.call @to_bf16(%values) : (!V) -> !VI16
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i16
  llvm.store %rounded, %address {alignment = 1 : i64} : !VI16, !llvm.ptr
  return
}

// The bf16 nearest to each value, ties to even; NaN stays NaN. By hand, since the
// processor's own conversion would make zeros of subnormal values.
func.func private @to_bf16(%values: !V) -> !VI16 {
  %one = arith.constant dense<1> : !VI32
  %sixteen = arith.constant dense<16> : !VI32
  %below_half = arith.constant dense<0x7FFF> : !VI32
  %bits = arith.bitcast %values : !V to !VI32
  %upper = arith.shrui %bits, %sixteen : !VI32
  %odd = arith.andi %upper, %one : !VI32
  %up = arith.addi %odd, %below_half : !VI32
  %sum = arith.addi %bits, %up : !VI32
  %nearest = arith.shrui %sum, %sixteen : !VI32

  // A NaN whose mantissa has low bits alone would become an infinity.
  %unsigned = arith.constant dense<0x7FFFFFFF> : !VI32
  %infinity = arith.constant dense<0x7F800000> : !VI32
  %quiet_bit = arith.constant dense<0x40> : !VI32
  %magnitude = arith.andi %bits, %unsigned : !VI32
  %is_nan = arith.cmpi ugt, %magnitude, %infinity : !VI32
  %quiet = arith.ori %upper, %quiet_bit : !VI32
  %code = arith.select %is_nan, %quiet, %nearest : !VI1, !VI32
  %result = arith.trunci %code : !VI32 to !VI16
  return %result : !VI16
}
