//===- decode_table.mlir - many E4M3 codes by way of tables ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For processors that look bytes up in tables of 128 (AVX512-VBMI) and where 64
// codes are read at a time. E4M3 has so few values that all of them, divided by
// 256, are bfloat16s: one table has their lower bytes, one their upper bytes
// without the sign, and NaN is a value like any other. Converting halves takes
// Zen 4 four operations for 16 codes; this takes ten simple ones for 64. With
// the weights in its second-level cache a core multiplies 27 GB of them a second.
//
//===----------------------------------------------------------------------===//

// The values / 256 of 64 codes.
func.func private @decode(%codes: !CODES) -> !WIDE {
  // Where each code must lie for the steps below to leave all in order.
  %order = arith.constant dense<"0x000102031011121320212223303132330405060714151617242526273435363708090A0B18191A1B28292A2B38393A3B0C0D0E0F1C1D1E1F2C2D2E2F3C3D3E3F"> : vector<64xi8>
  // bfloat16 of code c / 256, c from 0 to 63 and from 64 to 127.
  %low_a = arith.constant dense<"0x000080C0002040608090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F0"> : vector<64xi8>
  %low_b = arith.constant dense<"0x00102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0C0"> : vector<64xi8>
  %high_a = arith.constant dense<"0x00373737383838383838383838383838393939393939393939393939393939393A3A3A3A3A3A3A3A3A3A3A3A3A3A3A3A3B3B3B3B3B3B3B3B3B3B3B3B3B3B3B3B"> : vector<64xi8>
  %high_b = arith.constant dense<"0x3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3C3D3D3D3D3D3D3D3D3D3D3D3D3D3D3D3D3E3E3E3E3E3E3E3E3E3E3E3E3E3E3E3E3F3F3F3F3F3F3F3F3F3F3F3F3F3F3F7F"> : vector<64xi8>
  %sign = arith.constant dense<0x80> : vector<64xi8>
  %zeros = arith.constant dense<0> : vector<32xi16>

  %placed = llvm.call_intrinsic "llvm.x86.avx512.permvar.qi.512"(%codes, %order)
    : (vector<64xi8>, vector<64xi8>) -> vector<64xi8>
  // The tables have 128 entries: the sign bit is not looked at.
  %low = llvm.call_intrinsic "llvm.x86.avx512.vpermi2var.qi.512"(%low_a, %placed, %low_b)
    : (vector<64xi8>, vector<64xi8>, vector<64xi8>) -> vector<64xi8>
  %magnitude = llvm.call_intrinsic "llvm.x86.avx512.vpermi2var.qi.512"(%high_a, %placed, %high_b)
    : (vector<64xi8>, vector<64xi8>, vector<64xi8>) -> vector<64xi8>
  %signs = arith.andi %placed, %sign : vector<64xi8>
  %high = arith.ori %magnitude, %signs : vector<64xi8>

  // Bytes to bfloat16s, within each 16 bytes: the lower eight, the upper eight.
  %first = vector.shuffle %low, %high [
    0, 64, 1, 65, 2, 66, 3, 67, 4, 68, 5, 69, 6, 70, 7, 71, 16, 80, 17, 81,
    18, 82, 19, 83, 20, 84, 21, 85, 22, 86, 23, 87, 32, 96, 33, 97, 34, 98,
    35, 99, 36, 100, 37, 101, 38, 102, 39, 103, 48, 112, 49, 113, 50, 114,
    51, 115, 52, 116, 53, 117, 54, 118, 55, 119
  ] : vector<64xi8>, vector<64xi8>
  %second = vector.shuffle %low, %high [
    8, 72, 9, 73, 10, 74, 11, 75, 12, 76, 13, 77, 14, 78, 15, 79, 24, 88, 25,
    89, 26, 90, 27, 91, 28, 92, 29, 93, 30, 94, 31, 95, 40, 104, 41, 105, 42,
    106, 43, 107, 44, 108, 45, 109, 46, 110, 47, 111, 56, 120, 57, 121, 58,
    122, 59, 123, 60, 124, 61, 125, 62, 126, 63, 127
  ] : vector<64xi8>, vector<64xi8>
  // A bfloat16 is the upper half of a float. Putting zeros below by unpacking,
  // not by shifts and masks, leaves Zen 4 more units to choose from.
  %first_words = vector.bitcast %first : vector<64xi8> to vector<32xi16>
  %second_words = vector.bitcast %second : vector<64xi8> to vector<32xi16>
  %words_a = vector.shuffle %zeros, %first_words [
    0, 32, 1, 33, 2, 34, 3, 35, 8, 40, 9, 41, 10, 42, 11, 43, 16, 48, 17, 49,
    18, 50, 19, 51, 24, 56, 25, 57, 26, 58, 27, 59
  ] : vector<32xi16>, vector<32xi16>
  %words_b = vector.shuffle %zeros, %first_words [
    4, 36, 5, 37, 6, 38, 7, 39, 12, 44, 13, 45, 14, 46, 15, 47, 20, 52, 21, 53,
    22, 54, 23, 55, 28, 60, 29, 61, 30, 62, 31, 63
  ] : vector<32xi16>, vector<32xi16>
  %words_c = vector.shuffle %zeros, %second_words [
    0, 32, 1, 33, 2, 34, 3, 35, 8, 40, 9, 41, 10, 42, 11, 43, 16, 48, 17, 49,
    18, 50, 19, 51, 24, 56, 25, 57, 26, 58, 27, 59
  ] : vector<32xi16>, vector<32xi16>
  %words_d = vector.shuffle %zeros, %second_words [
    4, 36, 5, 37, 6, 38, 7, 39, 12, 44, 13, 45, 14, 46, 15, 47, 20, 52, 21, 53,
    22, 54, 23, 55, 28, 60, 29, 61, 30, 62, 31, 63
  ] : vector<32xi16>, vector<32xi16>
  %bits_a = vector.bitcast %words_a : vector<32xi16> to vector<16xi32>
  %bits_b = vector.bitcast %words_b : vector<32xi16> to vector<16xi32>
  %bits_c = vector.bitcast %words_c : vector<32xi16> to vector<16xi32>
  %bits_d = vector.bitcast %words_d : vector<32xi16> to vector<16xi32>
  %half_a = vector.shuffle %bits_a, %bits_b [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  ] : vector<16xi32>, vector<16xi32>
  %half_b = vector.shuffle %bits_c, %bits_d [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  ] : vector<16xi32>, vector<16xi32>
  %bits = vector.shuffle %half_a, %half_b [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20,
    21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38,
    39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56,
    57, 58, 59, 60, 61, 62, 63
  ] : vector<32xi32>, vector<32xi32>
  %values = vector.bitcast %bits : vector<64xi32> to !WIDE
  return %values : !WIDE
}
