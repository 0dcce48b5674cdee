//===- EmulatedTarget.cpp - runs the kernels of a GPU on the processor ----===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The text that NVRTC would compile is compiled by the compiler of this build,
// with EmulatedDevice.h in place of cuda/device.cuh; the module that would
// become PTX, by this project's code generation for the processor.
//
//===----------------------------------------------------------------------===//

#include "EmulatedTarget.h"
#include "EmulatedNvvm.h"
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

namespace {

/// What a kernel is built of: a source file and, if it is in MLIR, an object.
struct Source {
  std::string text, object;
};

} // namespace

/// The function that runs a block of a kernel, whose threads call
/// `kernel_<name>`.
static std::string blockText(const CudaInstance &instance, int64_t sharedBytes,
                             ArrayRef<std::string> arguments) {
  return llvm::formatv(
      "extern \"C\" __attribute__((visibility(\"default\"))) "
      "void {0}(const uint64_t *args, "
      "const int64_t tile[3]) {{\n"
      "  runBlock({1}, {2}, tile, [&] {{ kernel_{0}({3}); });\n}\n",
      instance.name, instance.block, sharedBytes, llvm::join(arguments, ", "));
}

/// The kernel in CUDA C++ under another name, and what runs a block of it.
static Source sourceInCuda(const CudaInstance &instance) {
  std::vector<std::string> arguments;
  for (const compiler::CudaStrand &strand : instance.strands)
    for (bool number : std::get<compiler::CudaBody>(strand.work).numbers)
      arguments.push_back(
          llvm::formatv(number ? "int64_t(args[{0}])" : "addressOf(args[{0}])",
                        arguments.size()));
  return {llvm::formatv("#define {0} kernel_{0}\n{1}\n#undef {0}\n{2}",
                        instance.name, compiler::kernelText(instance),
                        blockText(instance, instance.sharedBytes, arguments)),
          ""};
}

/// The kernel in MLIR, and what runs a block of it.
static llvm::Expected<Source> sourceInMLIR(const CudaInstance &instance) {
  auto kernel = emulateInMLIR(instance);
  if (!kernel)
    return kernel.takeError();
  std::vector<std::string> parameters(kernel->arguments, "uint64_t"), arguments;
  for (unsigned i = 0; i < kernel->arguments; ++i)
    arguments.push_back(llvm::formatv("args[{0}]", i));
  return Source{
      llvm::formatv("extern \"C\" void kernel_{0}({1});\n{2}", instance.name,
                    llvm::join(parameters, ", "),
                    blockText(instance, kernel->sharedBytes, arguments)),
      std::move(kernel->object)};
}

static llvm::Expected<Source> sourceOf(const CudaInstance &instance) {
  if (instance.isInMLIR())
    return sourceInMLIR(instance);
  return sourceInCuda(instance);
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
  llvm::Expected<std::string> build(const std::vector<Source> &sources) {
    std::string key;
    for (const Source &source : sources)
      key += source.text + source.object;
    std::string &object = built[key];
    if (!object.empty())
      return object;
    if (llvm::Error error = prepare())
      return std::move(error);
    std::vector<std::string> words = {"-shared",          "-include-pch",
                                      path("device.pch"), "-o",
                                      path("kernels.so"), path("calls.o")};
    for (auto [i, source] : llvm::enumerate(sources)) {
      std::string name = path(std::to_string(i));
      if (llvm::Error error = write(name + ".cpp", source.text, words))
        return std::move(error);
      if (source.object.empty())
        continue;
      if (llvm::Error error = write(name + ".o", source.object, words))
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
  /// Compiles what all kernels share.
  llvm::Error prepare() {
    if (prepared)
      return llvm::Error::success();
    std::string folder = INGOT_SOURCE_DIR "/test/compiler/kernels/";
    if (llvm::Error error =
            runCompiler({"-x", "c++-header", folder + "EmulatedDevice.h", "-o",
                         path("device.pch")}))
      return error;
    if (llvm::Error error =
            runCompiler({"-include-pch", path("device.pch"), "-x", "c++", "-c",
                         folder + "EmulatedCalls.h", "-o", path("calls.o")}))
      return error;
    prepared = true;
    return llvm::Error::success();
  }
  /// Writes a file that the compiler is given then.
  static llvm::Error write(const std::string &file, const std::string &text,
                           std::vector<std::string> &words) {
    words.push_back(file);
    return writeFile(file, text);
  }

  llvm::SmallString<128> folder;
  bool prepared = false;
  /// Objects by what they were made of.
  std::map<std::string, std::string> built;
};

} // namespace

llvm::Expected<std::string> buildEmulated(ArrayRef<CudaInstance> instances) {
  static Workshop workshop;
  std::vector<Source> sources;
  for (const CudaInstance &instance : instances) {
    auto source = sourceOf(instance);
    if (!source)
      return source.takeError();
    sources.push_back(std::move(*source));
  }
  return workshop.build(sources);
}

llvm::Expected<BuiltKernels> buildFor(Operation *op,
                                      compiler::CpuOptions options) {
  compiler::CudaCatalogue catalogue = catalogueFor(options);
  FailureOr<passes::Selection> selection = catalogue.select(op);
  if (failed(selection))
    return llvm::createStringError("the catalogue has no kernel");
  auto object = buildEmulated(catalogue.instances());
  if (!object)
    return object.takeError();
  return BuiltKernels{std::move(*selection), std::move(*object)};
}

} // namespace ingot::test
