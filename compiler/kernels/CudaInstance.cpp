//===- CudaInstance.cpp - a kernel of a GPU, as text ----------------------===//
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

void CudaInstance::join(CudaInstance second, int64_t at) {
  assert(block == second.block && "expects blocks alike");
  name += "_and_" + second.name;
  beside = std::move(second.body);
  split = at;
  sharedBytes = std::max(sharedBytes, second.sharedBytes);
}

static std::string includeOf(const CudaBody &body) {
  return formatv("#include \"compiler/kernels/cuda/{0}.cuh\"\n", body.file);
}

/// What the body is a template of, in a namespace of its own.
static std::string constantsOf(const CudaBody &body, llvm::StringRef space) {
  std::string text = formatv("namespace {0} {{\n", space);
  if (!body.table.empty())
    text += formatv("constexpr double {0}[] = {1};\n", kTableName, body.table);
  text += formatv("constexpr {0}::Problem kProblem = {1};\n"
                  "constexpr OnCuda<{0}>::Config kConfig = {2};\n"
                  "static_assert(!OnCuda<{0}>::reject(kProblem, kConfig));\n",
                  body.contract, body.problem, body.config);
  return text + formatv("} // namespace {0}\n", space).str();
}

/// `function<problem, config>(tile, arguments from number `first` on)`.
static std::string callOf(const CudaBody &body, llvm::StringRef space,
                          llvm::StringRef tile, size_t first) {
  std::string text = formatv("{0}<{1}::kProblem, {1}::kConfig>({2}",
                             body.function, space, tile);
  for (size_t i = 0; i < body.numbers.size(); ++i)
    text += formatv(", a{0}", first + i);
  return text + ");\n";
}

static std::string parametersOf(const CudaInstance &instance) {
  std::vector<bool> numbers = instance.body.numbers;
  if (instance.beside)
    numbers.insert(numbers.end(), instance.beside->numbers.begin(),
                   instance.beside->numbers.end());
  std::string text;
  for (size_t i = 0; i < numbers.size(); ++i)
    text += formatv("{0}{1} a{2}", i == 0 ? "" : ", ",
                    numbers[i] ? "int64_t" : "Address", i);
  return text;
}

std::string kernelText(const CudaInstance &instance) {
  std::string text = includeOf(instance.body);
  if (instance.beside)
    text += includeOf(*instance.beside);
  text += "using namespace ingot::kernels;\nusing namespace ingot::cuda;\n";
  text += constantsOf(instance.body, "first");
  if (instance.beside)
    text += constantsOf(*instance.beside, "second");
  text += formatv("extern \"C\" __global__ void __launch_bounds__({0}, 1)\n"
                  "{1}({2}) {{\n"
                  "  releaseNextLaunch();\n"
                  "  Tile tile{{blockIdx.x, blockIdx.y, blockIdx.z};\n",
                  instance.block, instance.name, parametersOf(instance));
  if (instance.beside)
    text += formatv(
        "  if (tile.x >= {0})\n"
        "    return {1}",
        instance.split,
        callOf(*instance.beside, "second",
               formatv("Tile{{tile.x - {0}, tile.y, tile.z}", instance.split)
                   .str(),
               instance.body.numbers.size()));
  return text + "  " + callOf(instance.body, "first", "tile", 0) + "}\n";
}

llvm::ArrayRef<HeaderText> kernelHeaders() {
  static const HeaderText headers[] = {
#include "compiler/kernels/CudaTexts.inc"
  };
  return headers;
}

} // namespace ingot::compiler
