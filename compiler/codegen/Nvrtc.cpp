//===- Nvrtc.cpp - from CUDA C++ to machine code of a GPU -----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Nvrtc.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include <dlfcn.h>

namespace ingot::compiler {

namespace {

constexpr const char *kLibrary = "libnvrtc.so.13";
constexpr int kMajor = 13;

/// What contracts include of the standard library.
constexpr const char *kIntegers = R"(#pragma once
using int8_t = signed char;
using uint8_t = unsigned char;
using int16_t = short;
using uint16_t = unsigned short;
using int32_t = int;
using uint32_t = unsigned int;
using int64_t = long long;
using uint64_t = unsigned long long;
)";

// As nvrtc.h declares them.
using Program = struct OpaqueProgram *;
using Result = int;

} // namespace

/// The library's functions.
struct Nvrtc::Api {
  explicit Api(void *library) : library(library) {}
  ~Api() { dlclose(library); }
  Api(const Api &) = delete;
  Api &operator=(const Api &) = delete;

  /// Whether all functions are there.
  bool bind() {
    return find("nvrtcVersion", version) &&
           find("nvrtcGetErrorString", errorString) &&
           find("nvrtcCreateProgram", createProgram) &&
           find("nvrtcDestroyProgram", destroyProgram) &&
           find("nvrtcCompileProgram", compileProgram) &&
           find("nvrtcGetProgramLogSize", logSize) &&
           find("nvrtcGetProgramLog", log) &&
           find("nvrtcGetPTXSize", ptxSize) && find("nvrtcGetPTX", ptx) &&
           find("nvrtcGetCUBINSize", cubinSize) && find("nvrtcGetCUBIN", cubin);
  }

  using SizeOf = Result(Program, size_t *);
  using TextOf = Result(Program, char *);

  Result (*version)(int *, int *) = nullptr;
  const char *(*errorString)(Result) = nullptr;
  Result (*createProgram)(Program *, const char *, const char *, int,
                          const char *const *, const char *const *) = nullptr;
  Result (*destroyProgram)(Program *) = nullptr;
  Result (*compileProgram)(Program, int, const char *const *) = nullptr;
  SizeOf *logSize = nullptr, *ptxSize = nullptr, *cubinSize = nullptr;
  TextOf *log = nullptr, *ptx = nullptr, *cubin = nullptr;

private:
  template <typename Function>
  bool find(const char *name, Function *&function) {
    function = reinterpret_cast<Function *>(dlsym(library, name));
    return function;
  }

  void *library;
};

std::vector<std::string> Nvrtc::usualPlaces() {
  llvm::SmallVector<llvm::StringRef> folders;
  llvm::StringRef(INGOT_NVRTC_FOLDERS).split(folders, ':', -1, false);
  folders.push_back("/usr/local/cuda/lib64");
  std::vector<std::string> places = {kLibrary};
  for (llvm::StringRef folder : folders)
    places.push_back((folder + "/" + kLibrary).str());
  return places;
}

llvm::Expected<Nvrtc> Nvrtc::open(llvm::ArrayRef<std::string> places) {
  for (const std::string &place : places) {
    void *library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library)
      continue;
    auto api = std::make_shared<Api>(library);
    int major = 0, minor = 0;
    if (api->bind() && api->version(&major, &minor) == 0 && major == kMajor)
      return Nvrtc(api);
  }
  return llvm::createStringError(
      "expects NVIDIA's run-time compiler, version 13, as " +
      llvm::join(places, " or ") +
      ": install nvrtc of CUDA 13.0, or unpack the Python package "
      "nvidia-cuda-nvrtc 13.0 there");
}

namespace {

/// What one compilation says.
struct Text {
  std::string bytes;
  Result result = 0;
};

template <typename Size, typename Get>
Text read(Program program, Size size, Get get, bool terminated) {
  size_t count = 0;
  Text text;
  text.result = size(program, &count);
  if (text.result != 0 || count == 0)
    return text;
  text.bytes.resize(count);
  text.result = get(program, text.bytes.data());
  // Of texts, the size counts the final zero.
  if (terminated)
    text.bytes.pop_back();
  return text;
}

/// The number before `words` in the log, or 0.
int64_t numberBefore(llvm::StringRef log, llvm::StringRef words) {
  size_t at = log.find(words);
  if (at == llvm::StringRef::npos)
    return 0;
  llvm::StringRef before = log.take_front(at).rtrim();
  size_t digits = before.size();
  while (digits > 0 && llvm::isDigit(before[digits - 1]))
    --digits;
  int64_t number = 0;
  return before.drop_front(digits).getAsInteger(10, number) ? 0 : number;
}

/// Reads what the assembler says that a thread takes.
llvm::Error readResources(const std::string &kernel, llvm::StringRef log,
                          CudaCode &code) {
  if (!log.contains(" registers"))
    return llvm::createStringError("kernel '" + kernel +
                                   "': the assembler does not say what it "
                                   "takes");
  code.registers = numberBefore(log, " registers");
  code.staticSharedBytes = numberBefore(log, " bytes smem");
  int64_t stack = numberBefore(log, " bytes stack frame");
  int64_t spilled = numberBefore(log, " bytes spill stores") +
                    numberBefore(log, " bytes spill loads");
  if (stack == 0 && spilled == 0)
    return llvm::Error::success();
  return llvm::createStringError(
      "kernel '" + kernel + "' needs local memory: a stack of " +
      std::to_string(stack) + " bytes, " + std::to_string(spilled) +
      " bytes of spilled registers");
}

} // namespace

llvm::Expected<CudaCode> Nvrtc::compile(const CudaSource &source,
                                        llvm::StringRef arch) const {
  std::vector<const char *> texts = {kIntegers}, names = {"cstdint"};
  for (const HeaderText &header : source.headers) {
    texts.push_back(header.text.c_str());
    names.push_back(header.name.c_str());
  }
  Program program = nullptr;
  // The file's name ends up in the code: it must not vary.
  Result result = api->createProgram(
      &program, source.text.c_str(), (source.name + ".cu").c_str(),
      static_cast<int>(texts.size()), texts.data(), names.data());
  llvm::scope_exit destroy([&] { api->destroyProgram(&program); });
  std::string target = "--gpu-architecture=" + arch.str();
  const char *options[] = {target.c_str(), "--std=c++20",
                           "--device-as-default-execution-space",
                           "--fmad=false", "--ptxas-options=-v"};
  if (result == 0)
    result = api->compileProgram(program, std::size(options), options);
  Text log = read(program, api->logSize, api->log, true);
  if (result != 0)
    return llvm::createStringError(
        "kernel '" + source.name +
        "' does not compile: " + api->errorString(result) + "\n" + log.bytes);

  CudaCode code;
  if (llvm::Error error = readResources(source.name, log.bytes, code))
    return std::move(error);
  Text ptx = read(program, api->ptxSize, api->ptx, true);
  Text cubin = read(program, api->cubinSize, api->cubin, false);
  for (const Text &text : {ptx, cubin})
    if (text.result != 0 || text.bytes.empty())
      return llvm::createStringError(
          "kernel '" + source.name +
          "' has no machine code: " + api->errorString(text.result));
  code.ptx = std::move(ptx.bytes);
  code.cubin = std::move(cubin.bytes);
  return code;
}

} // namespace ingot::compiler
