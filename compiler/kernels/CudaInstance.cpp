//===- CudaInstance.cpp - a kernel of a GPU -------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/kernels/CudaInstance.h"
#include "compiler/kernels/InitialiserText.h"
#include "llvm/Support/FormatVariadic.h"
#include <algorithm>
#include <cassert>

using llvm::formatv;

namespace ingot::compiler {

/// What blocks of `one` have as well if they run `other`.
static void share(CudaInstance &one, const CudaInstance &other) {
  assert(one.block == other.block && one.isInMLIR() == other.isInMLIR() &&
         "expects kernels alike");
  one.sharedBytes = std::max(one.sharedBytes, other.sharedBytes);
  one.resident = std::min(one.resident, other.resident);
}

void CudaInstance::join(const CudaInstance &second, int64_t at) {
  name += "_and_" + second.name;
  for (const CudaStrand &strand : second.strands)
    strands.push_back({strand.work, at + strand.from});
  share(*this, second);
}

void CudaInstance::follow(const CudaInstance &second) {
  assert(strands.size() == 1 && second.strands.size() == 1);
  name += "_then_" + second.name;
  llvm::append_range(std::get<std::vector<KernelBody>>(strands[0].work),
                     std::get<std::vector<KernelBody>>(second.strands[0].work));
  share(*this, second);
}

static std::string includeOf(const CudaBody &body) {
  return formatv("#include \"compiler/kernels/cuda/{0}.cuh\"\n", body.file);
}

/// The namespace of a body's constants.
static std::string spaceOf(size_t number) { return formatv("body{0}", number); }

/// What the body is a template of, in a namespace of its own.
static std::string constantsOf(const CudaBody &body, llvm::StringRef space) {
  std::string text = formatv("namespace {0} {{\n", space);
  text += formatv("constexpr {0}::Problem kProblem = {1};\n"
                  "constexpr OnCuda<{0}>::Config kConfig = {2};\n"
                  "static_assert(!OnCuda<{0}>::reject(kProblem, kConfig));\n",
                  body.contract, body.problem, body.config);
  return text + formatv("} // namespace {0}\n", space).str();
}

/// `function<problem, config>(tile, arguments from number `first` on)`.
static std::string callOf(const CudaBody &body, llvm::StringRef space,
                          size_t first) {
  std::string text =
      formatv("{0}<{1}::kProblem, {1}::kConfig>(tile", body.function, space);
  for (size_t i = 0; i < body.numbers.size(); ++i)
    text += formatv(", a{0}", first + i);
  return text + ");\n";
}

static const CudaBody &bodyOf(const CudaStrand &strand) {
  return std::get<CudaBody>(strand.work);
}

static std::string parametersOf(const CudaInstance &instance) {
  std::string text;
  size_t count = 0;
  for (const CudaStrand &strand : instance.strands)
    for (bool number : bodyOf(strand).numbers) {
      text += formatv("{0}{1} a{2}", count == 0 ? "" : ", ",
                      number ? "int64_t" : "Address", count);
      ++count;
    }
  return text;
}

/// The call of strand `number`, which has the arguments from number `argument`
/// on: they are counted up.
static std::string callsOf(const CudaInstance &instance, size_t number,
                           size_t &argument) {
  const CudaStrand &strand = instance.strands[number];
  bool last = number + 1 == instance.strands.size();
  std::string text;
  const char *place = instance.byRow ? "tile.y" : "tile.x";
  if (!last)
    text +=
        formatv("  if ({0} < {1})\n", place, instance.strands[number + 1].from);
  text += "  {\n";
  if (strand.from != 0)
    text += formatv("    {0} -= {1};\n", place, strand.from);
  text += "    " + callOf(bodyOf(strand), spaceOf(number), argument);
  argument += bodyOf(strand).numbers.size();
  return text + (last ? "  }\n" : "    return;\n  }\n");
}

std::string kernelText(const CudaInstance &instance) {
  std::string includes, constants;
  for (auto [i, strand] : llvm::enumerate(instance.strands)) {
    includes += includeOf(bodyOf(strand));
    constants += constantsOf(bodyOf(strand), spaceOf(i));
  }
  std::string text = includes +
                     "using namespace ingot::kernels;\nusing namespace "
                     "ingot::cuda;\n" +
                     constants;
  text += formatv("extern \"C\" __global__ void __launch_bounds__({0}, {1})\n"
                  "{2}({3}) {{\n"
                  "  releaseNextLaunch();\n"
                  "  Tile tile{{blockIdx.x, blockIdx.y, blockIdx.z};\n",
                  instance.block, instance.resident, instance.name,
                  parametersOf(instance));
  size_t argument = 0;
  for (size_t i = 0; i < instance.strands.size(); ++i)
    text += callsOf(instance, i, argument);
  return text + "}\n";
}

llvm::ArrayRef<HeaderText> kernelHeaders() {
  static const HeaderText headers[] = {
#include "compiler/kernels/CudaTexts.inc"
  };
  return headers;
}

} // namespace ingot::compiler
