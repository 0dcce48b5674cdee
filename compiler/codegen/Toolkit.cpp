//===- Toolkit.cpp - libraries of NVIDIA's toolkit ------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Toolkit.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include <dlfcn.h>

namespace ingot::compiler {

/// The number before `words` in the log, or 0.
static int64_t numberBefore(llvm::StringRef log, llvm::StringRef words) {
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

llvm::Error readResources(llvm::StringRef kernel, llvm::StringRef log,
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
      llvm::Twine(stack) + " bytes, " + llvm::Twine(spilled) +
      " bytes of spilled registers");
}

std::vector<std::string> toolkitPlaces(llvm::StringRef library) {
  llvm::SmallVector<llvm::StringRef> folders;
  llvm::StringRef(INGOT_TOOLKIT_FOLDERS).split(folders, ':', -1, false);
  folders.push_back("/usr/local/cuda/lib64");
  std::vector<std::string> places = {library.str()};
  for (llvm::StringRef folder : folders)
    places.push_back((folder + "/" + library).str());
  return places;
}

void *ToolkitLibrary::open(const std::string &place) {
  return dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
}

ToolkitLibrary::~ToolkitLibrary() { dlclose(handle); }

void *ToolkitLibrary::address(const char *name) const {
  return dlsym(handle, name);
}

} // namespace ingot::compiler
