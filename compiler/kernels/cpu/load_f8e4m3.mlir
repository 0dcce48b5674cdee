//===- load_f8e4m3.mlir - E4M3 values of a weight or a cache --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// E4M3 and IEEE half share their layout up to the exponent's bias: shifted left
// by 7 with the sign kept, a code is the half of value / 256. Exact, subnormals
// included, and never a subnormal float, which would be slow. Who uses the values
// multiplies by the missing 256 where it costs least.
//
//===----------------------------------------------------------------------===//

// The values / 256 of the #LANES codes from element %index on.
func.func private @load_f8e4m3(%base: !llvm.ptr, %index: index) -> !V {
  %offset = arith.index_cast %index : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %codes = llvm.load %address {alignment = 1 : i64} : !llvm.ptr -> !VI8

  %seven = arith.constant dense<7> : !VI16
  %keep = arith.constant dense<0xBF80> : !VI16
  %wide = arith.extsi %codes : !VI8 to !VI16
  %shifted = arith.shli %wide, %seven : !VI16
  %bits = arith.andi %shifted, %keep : !VI16
  %half = arith.bitcast %bits : !VI16 to !VF16
  %value = arith.extf %half : !VF16 to !V

  // Codes 0x7f and 0xff are the only NaNs, and would decode to +-480.
  %magnitude = arith.constant dense<0x7F> : !VI8
  %nan = arith.constant dense<0x7FC00000> : !V
  %unsigned = arith.andi %codes, %magnitude : !VI8
  %is_nan = arith.cmpi eq, %unsigned, %magnitude : !VI8
  %result = arith.select %is_nan, %nan, %value : !VI1, !V
  return %result : !V
}
