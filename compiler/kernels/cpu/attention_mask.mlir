//===- attention_mask.mlir - which positions see which --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row sees the positions from @first_seen to its own. #MASKED: it does not see all
// before it, but #CHUNKED: those from the last multiple of #MASK_SIZE on, else the
// last #MASK_SIZE, its own included.
//
//===----------------------------------------------------------------------===//

func.func private @first_seen(%position: index) -> index {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %size = arith.constant #MASK_SIZE
  %masked = arith.constant #MASKED
  %chunked = arith.constant #CHUNKED
  %behind = arith.remui %position, %size : index
  %chunk = arith.subi %position, %behind : index
  %after = arith.addi %position, %c1 : index
  %before = arith.subi %after, %size : index
  %window = arith.maxsi %before, %c0 : index
  %seen = arith.select %chunked, %chunk, %window : index
  %result = arith.select %masked, %seen, %c0 : index
  return %result : index
}

// The first position that does not see %position any more.
func.func private @seen_until(%position: index) -> index {
  %ever = arith.constant 0x7FFFFFFF : index
  %size = arith.constant #MASK_SIZE
  %masked = arith.constant #MASKED
  %chunked = arith.constant #CHUNKED
  %behind = arith.remui %position, %size : index
  %chunk = arith.subi %position, %behind : index
  %window_end = arith.addi %position, %size : index
  %chunk_end = arith.addi %chunk, %size : index
  %end = arith.select %chunked, %chunk_end, %window_end : index
  %result = arith.select %masked, %end, %ever : index
  return %result : index
}
