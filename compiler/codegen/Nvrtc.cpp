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

namespace ingot::compiler {

namespace {

constexpr const char *kLibrary = "libnvrtc.so.13";

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
struct Nvrtc::Api : ToolkitLibrary {
  using ToolkitLibrary::ToolkitLibrary;

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
  bool hasVersion() const {
    int major = 0, minor = 0;
    return version(&major, &minor) == 0 && major == int(kToolkitVersion);
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
};

std::vector<std::string> Nvrtc::usualPlaces() {
  return toolkitPlaces(kLibrary);
}

llvm::Expected<Nvrtc> Nvrtc::open(llvm::ArrayRef<std::string> places) {
  if (auto api = openToolkit<Api>(places))
    return Nvrtc(std::move(api));
  return llvm::createStringError(
      "expects NVIDIA's run-time compiler, version 13, as " +
      llvm::join(places, " or ") +
      ": install nvrtc of CUDA 13.0, or unpack the Python package "
      "nvidia-cuda-nvrtc 13.0 there");
}

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
  ToolkitText log = readToolkit(program, api->logSize, api->log, true);
  if (result != 0)
    return llvm::createStringError(
        "kernel '" + source.name +
        "' does not compile: " + api->errorString(result) + "\n" + log.bytes);

  CudaCode code;
  if (llvm::Error error = readResources(source.name, log.bytes, code))
    return std::move(error);
  ToolkitText ptx = readToolkit(program, api->ptxSize, api->ptx, true);
  ToolkitText cubin = readToolkit(program, api->cubinSize, api->cubin, false);
  for (const ToolkitText &text : {ptx, cubin})
    if (text.result != 0 || text.bytes.empty())
      return llvm::createStringError(
          "kernel '" + source.name +
          "' has no machine code: " + api->errorString(text.result));
  code.ptx = std::move(ptx.bytes);
  code.cubin = std::move(cubin.bytes);
  return code;
}

} // namespace ingot::compiler
