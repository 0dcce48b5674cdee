//===- ByteAlphabet.cpp - The alphabet of byte-level BPE files ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/ByteAlphabet.h"

#include <array>

namespace ingot::compiler {
namespace {

constexpr unsigned numUnprintable = 68;
/// Byte of each code point of the alphabet; -1 where there is none.
using ByteTable = std::array<int, 256 + numUnprintable>;

constexpr bool printsInLatin1(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) ||
         byte >= 0xae;
}

constexpr ByteTable makeTable() {
  ByteTable table{};
  for (int &entry : table)
    entry = -1;
  unsigned next = 256;
  for (unsigned byte = 0; byte < 256; ++byte)
    table[printsInLatin1(byte) ? byte : next++] = static_cast<int>(byte);
  return table;
}

constexpr ByteTable byteTable = makeTable();
static_assert(byteTable.back() == 0xad, "the soft hyphen comes last");

} // namespace

std::optional<std::string> undoByteAlphabet(std::string_view piece) {
  std::string bytes;
  for (size_t i = 0; i < piece.size(); ++i) {
    unsigned point = static_cast<unsigned char>(piece[i]);
    if (point >= 0x80) {
      // The alphabet ends at U+0143: two bytes of UTF-8 at most.
      if ((point & 0xe0) != 0xc0 || i + 1 == piece.size())
        return std::nullopt;
      point =
          (point & 0x1f) << 6 | (static_cast<unsigned char>(piece[++i]) & 0x3f);
    }
    if (point >= byteTable.size() || byteTable[point] < 0)
      return std::nullopt;
    bytes += static_cast<char>(byteTable[point]);
  }
  return bytes;
}

} // namespace ingot::compiler
