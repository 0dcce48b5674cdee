//===- InstanceWriter.cpp - from a contract to an instance ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/InstanceWriter.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FormatVariadic.h"
#include <bit>

using namespace llvm;

namespace ingot::compiler {

/// Rows of a buffer whose number only a step knows. Static shapes make a memref
/// argument a bare pointer, and nothing depends on the leading dimension but
/// the type: any number does.
static constexpr int64_t kNominalRows = 1048576;

static StringRef nameOf(kernels::Format format) {
  switch (format) {
  case kernels::Format::F32:
    return "f32";
  case kernels::Format::F16:
    return "f16";
  case kernels::Format::BF16:
    return "bf16";
  case kernels::Format::F8E4M3:
    return "f8e4m3";
  }
  llvm_unreachable("all formats are named");
}

void InstanceWriter::format(kernels::WeightFormat weight) {
  formatPart = nameOf(weight.format).str();
  text += "_" + formatPart;
  if (weight.scaled() &&
      (weight.blockRows != 128 || weight.blockColumns != 128))
    text += formatv("_b{0}x{1}", weight.blockRows, weight.blockColumns);
}

void InstanceWriter::cache(kernels::Format format) { word(nameOf(format)); }

void InstanceWriter::bias(bool biased, kernels::Format format) {
  variant(biased ? nameOf(format) : "none");
  if (biased)
    tag("bias_" + wordPart);
}

void InstanceWriter::inputs(kernels::Format format) {
  if (format != kernels::Format::F32)
    tag("inputs_" + nameOf(format).str());
}

void InstanceWriter::variant(StringRef part) { wordPart = part.str(); }

void InstanceWriter::word(StringRef variant) {
  wordPart = variant.str();
  text += "_" + wordPart;
}

void InstanceWriter::tag(StringRef what) { text += "_" + what.str(); }

void InstanceWriter::size(StringRef letter, int64_t value) {
  text += formatv("_{0}{1}", letter, value);
}

static void replaceAll(std::string &text, StringRef from, StringRef to) {
  for (size_t at; (at = text.find(from)) != std::string::npos;)
    text.replace(at, from.size(), to);
}

std::vector<std::string> InstanceWriter::wordsOf(StringRef list) const {
  std::vector<std::string> words;
  for (StringRef word : split(list, " ")) {
    std::string &text = words.emplace_back(word.str());
    replaceAll(text, "{format}", formatPart);
    replaceAll(text, "{word}", wordPart);
  }
  return words;
}

void InstanceWriter::alias(char sigil, StringRef name, StringRef definition) {
  lines += formatv("{0}{1} = {2}\n", sigil, name, definition);
}

void InstanceWriter::index(StringRef name, int64_t value) {
  alias('#', name, formatv("{0} : index", value).str());
}

void InstanceWriter::flag(StringRef name, bool value) {
  alias('#', name, value ? "true" : "false");
}

void InstanceWriter::real(StringRef name, double value) {
  uint32_t bits = std::bit_cast<uint32_t>(static_cast<float>(value));
  alias('#', name, "0x" + utohexstr(bits, false, 8) + " : f32");
}

void InstanceWriter::real64(StringRef name, double value) {
  uint64_t bits = std::bit_cast<uint64_t>(value);
  alias('#', name, "0x" + utohexstr(bits, false, 16) + " : f64");
}

void InstanceWriter::table(StringRef name, const double *values,
                           int64_t count) {
  std::string list;
  for (int64_t i = 0; i < count; ++i) {
    list += i == 0 ? "0x" : ", 0x";
    list += utohexstr(std::bit_cast<uint64_t>(values[i]), false, 16);
  }
  alias('#', name,
        formatv("dense<[{0}]> : tensor<{1}xf64>", list, count).str());
}

void InstanceWriter::lanes(int64_t count) {
  index("LANES", count);
  vector("V", count);
  for (StringRef element : {"f16", "i32", "i16", "i8", "i1"})
    alias('!', "V" + element.upper(),
          formatv("vector<{0}x{1}>", count, element).str());
}

void InstanceWriter::codes(int64_t count, int64_t bytes) {
  wide = count;
  index("WIDE", count);
  index("CODE_BYTES", bytes);
  auto vectorOf = [&](StringRef name, StringRef element) {
    alias('!', name, formatv("vector<{0}x{1}>", count, element).str());
  };
  vectorOf("CODES", formatv("i{0}", bytes * 8).str());
  vectorOf("WIDE", "f32");
  vectorOf("WIDEF16", "f16");
  vectorOf("WIDE32", "i32");
  vectorOf("WIDE16", "i16");
  vectorOf("WIDE1", "i1");
}

void InstanceWriter::vector(StringRef name, int64_t count) {
  alias('!', name, formatv("vector<{0}xf32>", count).str());
}

void InstanceWriter::rows(StringRef name, int64_t columns) {
  tile(name, {kNominalRows, columns}, "f32");
}

void InstanceWriter::integers(StringRef name, int64_t columns) {
  tile(name, {kNominalRows, columns}, "i32");
}

void InstanceWriter::list(StringRef name) { tile(name, {kNominalRows}, "i32"); }

static std::string dimensions(std::initializer_list<int64_t> shape) {
  std::string text;
  for (int64_t size : shape)
    text += std::to_string(size) + "x";
  return text;
}

void InstanceWriter::tile(StringRef name, std::initializer_list<int64_t> shape,
                          StringRef element) {
  alias('!', name, "memref<" + dimensions(shape) + element.str() + ">");
}

void InstanceWriter::shared(StringRef name,
                            std::initializer_list<int64_t> shape,
                            StringRef element) {
  // What NVVM numbers shared memory by.
  alias('!', name, "memref<" + dimensions(shape) + element.str() + ", 3>");
}

void InstanceWriter::unrolled() {
  alias('#', "UNROLLED", "#llvm.loop_annotation<unroll = <full = true>>");
}

void InstanceWriter::element(StringRef name, int64_t bytes) {
  alias('!', name, formatv("i{0}", bytes * 8).str());
}

void InstanceWriter::elements(StringRef name, int64_t count, int64_t bytes) {
  alias('!', name, formatv("vector<{0}xi{1}>", count, bytes * 8).str());
}

} // namespace ingot::compiler
