//===- load_codes.mlir - many codes of a weight at once -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

// The #WIDE codes from element %index on; fetches those %ahead elements later.
// A checkpoint's tensors may start at odd addresses, hence the alignment.
func.func private @load_codes(%base: !llvm.ptr, %index: index, %ahead: index) -> !CODES {
  %code_bytes = arith.constant #CODE_BYTES
  %start = arith.muli %index, %code_bytes : index
  %offset = arith.index_cast %start : index to i64
  %address = llvm.getelementptr %base[%offset] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  %distance = arith.muli %ahead, %code_bytes : index
  %later = arith.index_cast %distance : index to i64
  %next = llvm.getelementptr %address[%later] : (!llvm.ptr, i64) -> !llvm.ptr, i8
  // To read (0), into the second-level cache (2), as data (1). Beyond the end
  // of the weight a fetch does nothing.
  "llvm.intr.prefetch"(%next) <{cache = 1 : i32, hint = 2 : i32, rw = 0 : i32}> : (!llvm.ptr) -> ()
  %codes = llvm.load %address {alignment = 1 : i64} : !llvm.ptr -> !CODES
  return %codes : !CODES
}
