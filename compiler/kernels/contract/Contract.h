//===- Contract.h - the words of kernel contracts ---------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A kernel is a contract here and a body in a folder of its target. A contract
// says once what everybody must agree on:
//
//   struct Problem   what is computed: shapes, formats, constants
//   struct Config    how: tile sizes and vector lanes, from configure()
//   reject()         null, or why this problem has no kernel (shown to users)
//   grid()           how many independent tiles, as expressions of plan symbols
//   operands         what a launch is handed, in order
//   cost()           what a launch reads and computes, in terms of its step
//   name()           the parts of the instance's name that tell problems apart
//   aliases()        the constants and types that the body is written in
//
// Contracts are constexpr and include nothing but this header.
//
// Letters: t tokens, n outputs, k inputs of a product, h heads, e experts.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_KERNELS_CONTRACT_H
#define INGOT_KERNELS_CONTRACT_H

#include <cstdint>

namespace ingot::kernels {

/// How the elements of a weight are stored.
enum class Format : uint8_t { F32, F16, BF16, F8E4M3 };

/// A weight's elements and, for scaled ones, the shape of the blocks that share
/// a float32 scale: scales are [ceil(n / blockRows), ceil(k / blockColumns)].
struct WeightFormat {
  Format format = Format::F32;
  /// 0 for a weight without scales.
  int64_t blockRows = 0;
  int64_t blockColumns = 0;

  constexpr bool scaled() const { return blockRows > 0; }
  constexpr int64_t bytes() const {
    return format == Format::F32 ? 4 : format == Format::F8E4M3 ? 1 : 2;
  }
  constexpr bool operator==(const WeightFormat &) const = default;
  /// Of [n, k] weights with their scales.
  constexpr int64_t matrixBytes(int64_t n, int64_t k) const {
    int64_t scales = scaled() ? 4 * ((n + blockRows - 1) / blockRows) *
                                    ((k + blockColumns - 1) / blockColumns)
                              : 0;
    return n * k * bytes() + scales;
  }
};

/// Values of a row of inputs that share a scale where products round their
/// inputs to E4M3: those of the first 128 columns, of the next and so on.
inline constexpr int64_t kInputRun = 128;

/// What the processor offers: float32 lanes of a vector register (16 or 8).
struct Machine {
  int64_t lanes = 16;
};

/// ceil((symbol * mul + add) / ceilDiv); symbol 0 counts as 0, else 'T' tokens
/// or 'R' rows whose logits are wanted.
struct Size {
  char symbol = 0;
  int64_t mul = 0;
  int64_t add = 1;
  int64_t ceilDiv = 1;
};
constexpr Size fixed(int64_t value) { return {0, 0, value, 1}; }
constexpr Size each(char symbol, int64_t times = 1) {
  return {symbol, times, 0, 1};
}
constexpr Size blocks(char symbol, int64_t size) {
  return {symbol, 1, 0, size};
}

struct Grid {
  Size x, y = fixed(1), z = fixed(1);
};

/// One argument of a launch. The body declares the same arguments in the same
/// order, then the three coordinates of its tile.
struct Operand {
  enum Kind : uint8_t {
    Input,
    /// The first operand of the op that makes operand `index`.
    Source,
    Scales,
    Output,
    OutputScales,
    /// A buffer between the launches of an op, read and written.
    Scratch,
    WrittenScratch,
    Batch,
    Symbol
  };
  const char *name;
  Kind kind;
  /// Which operand, result or scratch buffer of the op.
  unsigned index = 0;
  /// Field of the batch or name of the symbol.
  const char *field = "";
};
/// Operands in launch order.
struct Operands {
  Operand list[12];
  unsigned count;
};

/// What a launch costs at the least, in linear terms of the step: see Cost in
/// plan.fbs, which has the same fields.
struct Cost {
  /// What its rows are: 'T', 'R', or 0 if it has none.
  char rows = 'T';
  /// Whether its operations are products with weights.
  bool product = false;
  int64_t weightBytes = 0;
  int64_t parts = 0, partBytes = 0, rowParts = 0;
  int64_t rowBytes = 0, rowFlops = 0;
  int64_t cachedBytes = 0, cachedFlops = 0;
  int64_t pairFlops = 0;
};

/// Weight rows whose product with one token is computed at a time: their sums
/// are independent, which hides the latency of additions.
inline constexpr int64_t kMicroRows = 4;

/// Floats that a body may keep on the stack of the thread that runs it.
inline constexpr int64_t kStackFloats = 16384;

constexpr int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }
constexpr int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

/// The largest power of two up to `most` that divides `size`, so that vectors
/// need no tail.
constexpr int64_t lanesFor(int64_t most, int64_t size) {
  int64_t lanes = 1;
  while (lanes * 2 <= most && size % (lanes * 2) == 0)
    lanes *= 2;
  return lanes;
}

/// Lanes for rows of k elements of a weight: vectors stay within one block.
constexpr int64_t lanesFor(Machine machine, WeightFormat w, int64_t k) {
  int64_t lanes = lanesFor(machine.lanes, k);
  return w.scaled() ? lanesFor(lanes, w.blockColumns) : lanes;
}

/// Elements that a product reads at once: the codes of one vector register, or
/// as many as divide rows and blocks. The sum does not depend on it.
constexpr int64_t wideFor(WeightFormat w, int64_t k, int64_t lanes) {
  int64_t most = lanes * 4 / w.bytes();
  int64_t wide = lanesFor(most, k);
  return w.scaled() ? lanesFor(wide, w.blockColumns) : wide;
}

/// What is wrong with a product of [n, k] weights, or null.
constexpr const char *rejectProduct(WeightFormat w, int64_t n, int64_t k) {
  if (n < 1 || k < 1)
    return "expects a weight with at least one row and column";
  if ((w.format == Format::F8E4M3) != w.scaled())
    return "expects scales for f8E4M3FN weights and for no others";
  return nullptr;
}

/// The aliases of an [n, k] weight, as load_weights and load_scale want them.
template <typename Out>
constexpr void weightAliases(Out &out, WeightFormat w, int64_t k,
                             int64_t lanes) {
  out.lanes(lanes);
  out.codes(wideFor(w, k, lanes), w.bytes());
  out.index("K", k);
  out.index("BLOCK", w.scaled() ? w.blockColumns : k);
  if (w.scaled()) {
    out.index("BLOCK_ROWS", w.blockRows);
    out.index("BLOCK_COLUMNS", w.blockColumns);
    out.index("SCALE_COLUMNS", ceilDiv(k, w.blockColumns));
  }
}

/// The aliases of products.mlir for an [n, k] weight and `tokens` at a time.
template <typename Out>
constexpr void productAliases(Out &out, WeightFormat w, int64_t n, int64_t k,
                              int64_t lanes, int64_t tokens) {
  weightAliases(out, w, k, lanes);
  out.index("N", n);
  out.index("LAST_ROW", n - 1);
  out.index("ROWS", kMicroRows);
  out.index("TOKENS", tokens);
  out.index("TILE_CODES", kMicroRows * k);
  out.tile("TILE", {kMicroRows, tokens}, "!V");
  out.tile("MARKS", {kMicroRows}, "!CODES");
  out.tile("SUMS", {kMicroRows, tokens}, "f32");
}

} // namespace ingot::kernels

#endif // INGOT_KERNELS_CONTRACT_H
