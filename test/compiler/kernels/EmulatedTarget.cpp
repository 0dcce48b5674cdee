//===- EmulatedTarget.cpp - runs the kernels of a GPU on the processor ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text that NVRTC would compile is compiled by the compiler of this build,
// with EmulatedDevice.h in place of cuda/device.cuh.
//
//===----------------------------------------------------------------------===//

#include "HarnessTarget.h"
#include "compiler/kernels/CudaCatalogue.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <map>

using namespace mlir;
using ingot::compiler::CudaInstance;

namespace ingot::test {

static compiler::CudaCatalogue catalogueFor(compiler::CpuOptions options) {
  return compiler::CudaCatalogue({.pagesPerSequence = options.pagesPerSequence,
                                  .pageSize = options.pageSize});
}

bool stepsAgreeInBits() { return false; }

// The network's first product has a launch of its own; in a step of one token,
// and where experts have all of their tokens, the second does, too.
ExpertsLaunches expertsLaunches() { return {3, 4, 5, 6}; }

FailureOr<passes::Selection> selectFor(Operation *op,
                                       compiler::CpuOptions options) {
  return catalogueFor(options).select(op);
}

/// A source file: the kernel under another name, and what runs a block of it.
static std::string emulatedText(const CudaInstance &instance) {
  std::vector<bool> numbers;
  for (const compiler::CudaStrand &strand : instance.strands)
    for (const compiler::CudaBody &body : strand.bodies)
      llvm::append_range(numbers, body.numbers);
  std::string arguments;
  for (size_t i = 0; i < numbers.size(); ++i)
    arguments += llvm::formatv(numbers[i] ? "{0}int64_t(args[{1}])"
                                          : "{0}addressOf(args[{1}])",
                               i == 0 ? "" : ", ", i);
  return llvm::formatv(
      "#define {0} kernel_{0}\n{1}\n#undef {0}\n"
      "extern \"C\" __attribute__((visibility(\"default\"))) "
      "void {0}(const uint64_t *args, "
      "const int64_t tile[3]) {{\n"
      "  runBlock({2}, {3}, tile, [&] {{ kernel_{0}({4}); });\n}\n",
      instance.name, compiler::kernelText(instance), instance.block,
      instance.sharedBytes, arguments);
}

static llvm::Error writeFile(const std::string &path, const std::string &text) {
  std::error_code code;
  llvm::raw_fd_ostream stream(path, code);
  stream << text;
  return llvm::errorCodeToError(code);
}

static std::vector<std::string> flags() {
  return {INGOT_CXX,
          "-fPIC",
          "-std=c++20",
          "-O1",
          "-ffp-contract=off",
          "-mfma",
          "-mf16c",
          "-fvisibility=hidden",
          "-Wno-unknown-pragmas",
          std::string("-I") + INGOT_SOURCE_DIR,
          std::string("-I") + INGOT_SOURCE_DIR + "/runtime/include"};
}

static llvm::Error runCompiler(std::vector<std::string> more) {
  std::vector<std::string> words = flags();
  words.insert(words.end(), more.begin(), more.end());
  std::vector<llvm::StringRef> references(words.begin(), words.end());
  std::string error;
  if (llvm::sys::ExecuteAndWait(words[0], references, std::nullopt, {}, 0, 0,
                                &error) == 0)
    return llvm::Error::success();
  return llvm::createStringError("the kernels do not compile here: " + error);
}

namespace {

/// A folder for the files of this process.
class Workshop {
public:
  Workshop() {
    (void)llvm::sys::fs::createUniqueDirectory("ingot-kernels", folder);
  }
  ~Workshop() { (void)llvm::sys::fs::remove_directories(folder); }

  std::string path(const std::string &name) const {
    return folder.str().str() + "/" + name;
  }

  /// Compiles and links the sources, each of which is one kernel's.
  llvm::Expected<std::string> build(const std::vector<std::string> &texts) {
    std::string &object = built[llvm::join(texts, "\n")];
    if (!object.empty())
      return object;
    if (!prepared) {
      if (llvm::Error error =
              runCompiler({"-x", "c++-header",
                           std::string(INGOT_SOURCE_DIR) +
                               "/test/compiler/kernels/EmulatedDevice.h",
                           "-o", path("device.pch")}))
        return std::move(error);
      prepared = true;
    }
    std::vector<std::string> words = {"-shared", "-include-pch",
                                      path("device.pch"), "-o",
                                      path("kernels.so")};
    for (size_t i = 0; i < texts.size(); ++i) {
      words.push_back(path(std::to_string(i) + ".cpp"));
      if (llvm::Error error = writeFile(words.back(), texts[i]))
        return std::move(error);
    }
    if (llvm::Error error = runCompiler(words))
      return std::move(error);
    auto buffer = llvm::MemoryBuffer::getFile(path("kernels.so"));
    if (!buffer)
      return llvm::errorCodeToError(buffer.getError());
    return object = (*buffer)->getBuffer().str();
  }

private:
  llvm::SmallString<128> folder;
  bool prepared = false;
  /// Objects by the texts that they were made of.
  std::map<std::string, std::string> built;
};

} // namespace

llvm::Expected<BuiltKernels> buildFor(Operation *op,
                                      compiler::CpuOptions options) {
  static Workshop workshop;
  compiler::CudaCatalogue catalogue = catalogueFor(options);
  FailureOr<passes::Selection> selection = catalogue.select(op);
  if (failed(selection))
    return llvm::createStringError("the catalogue has no kernel");
  std::vector<std::string> texts;
  for (const CudaInstance &instance : catalogue.instances())
    texts.push_back(emulatedText(instance));
  auto object = workshop.build(texts);
  if (!object)
    return object.takeError();
  return BuiltKernels{std::move(*selection), std::move(*object)};
}

} // namespace ingot::test
