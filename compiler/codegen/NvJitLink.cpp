//===- NvJitLink.cpp - from PTX to machine code of a GPU ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/NvJitLink.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"

namespace ingot::compiler {

namespace {

constexpr const char *kLibrary = "libnvJitLink.so.13";

// As nvJitLink.h declares them.
using Handle = struct OpaqueLink *;
using Result = int;
constexpr int kPtxInput = 2;

} // namespace

/// The library's functions.
struct NvJitLink::Api : ToolkitLibrary {
  using ToolkitLibrary::ToolkitLibrary;

  /// Whether all functions are there.
  bool bind() {
    return find("nvJitLinkVersion", version) &&
           find("nvJitLinkCreate", create) &&
           find("nvJitLinkDestroy", destroy) &&
           find("nvJitLinkAddData", addData) &&
           find("nvJitLinkComplete", complete) &&
           find("nvJitLinkGetErrorLogSize", errorSize) &&
           find("nvJitLinkGetErrorLog", error) &&
           find("nvJitLinkGetInfoLogSize", infoSize) &&
           find("nvJitLinkGetInfoLog", info) &&
           find("nvJitLinkGetLinkedCubinSize", cubinSize) &&
           find("nvJitLinkGetLinkedCubin", cubin);
  }
  bool hasVersion() const {
    unsigned major = 0, minor = 0;
    return version(&major, &minor) == 0 && major == kToolkitVersion;
  }

  using SizeOf = Result(Handle, size_t *);

  Result (*version)(unsigned *, unsigned *) = nullptr;
  Result (*create)(Handle *, uint32_t, const char **) = nullptr;
  Result (*destroy)(Handle *) = nullptr;
  Result (*addData)(Handle, int, const void *, size_t, const char *) = nullptr;
  Result (*complete)(Handle) = nullptr;
  SizeOf *errorSize = nullptr, *infoSize = nullptr, *cubinSize = nullptr;
  Result (*error)(Handle, char *) = nullptr;
  Result (*info)(Handle, char *) = nullptr;
  Result (*cubin)(Handle, void *) = nullptr;
};

std::vector<std::string> NvJitLink::usualPlaces() {
  return toolkitPlaces(kLibrary);
}

llvm::Expected<NvJitLink> NvJitLink::open(llvm::ArrayRef<std::string> places) {
  if (auto api = openToolkit<Api>(places))
    return NvJitLink(std::move(api));
  return llvm::createStringError(
      "expects NVIDIA's assembler, version 13, as " +
      llvm::join(places, " or ") +
      ": install nvjitlink of CUDA 13.0, or unpack the Python package "
      "nvidia-nvjitlink 13.0 there");
}

llvm::Expected<CudaCode> NvJitLink::assemble(llvm::StringRef name,
                                             std::string ptx,
                                             llvm::StringRef arch) const {
  std::string target = "-arch=" + arch.str(), file = name.str() + ".ptx";
  const char *options[] = {target.c_str(), "-Xptxas=-v"};
  Handle link = nullptr;
  Result result = api->create(&link, std::size(options), options);
  llvm::scope_exit destroy([&] { api->destroy(&link); });
  if (result == 0)
    // The size counts the final zero.
    result = api->addData(link, kPtxInput, ptx.c_str(), ptx.size() + 1,
                          file.c_str());
  if (result == 0)
    result = api->complete(link);
  if (result != 0) {
    ToolkitText log = readToolkit(link, api->errorSize, api->error, true);
    return llvm::createStringError("kernel '" + name +
                                   "' does not assemble: " + log.bytes);
  }

  CudaCode code;
  ToolkitText log = readToolkit(link, api->infoSize, api->info, true);
  if (llvm::Error error = readResources(name, log.bytes, code))
    return std::move(error);
  ToolkitText cubin = readToolkit(link, api->cubinSize, api->cubin, false);
  if (cubin.result != 0 || cubin.bytes.empty())
    return llvm::createStringError(
        "kernel '" + name +
        "' has no machine code: " + llvm::Twine(cubin.result));
  code.ptx = std::move(ptx);
  code.cubin = std::move(cubin.bytes);
  return code;
}

} // namespace ingot::compiler
