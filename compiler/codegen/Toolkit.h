//===- Toolkit.h - libraries of NVIDIA's toolkit ----------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the ways to machine code of a GPU have in common: libraries that are
// looked for when they are wanted, as a build needs none of them, and what
// their assembler says of a kernel.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CODEGEN_TOOLKIT_H
#define INGOT_COMPILER_CODEGEN_TOOLKIT_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <string>
#include <vector>

namespace ingot::compiler {

/// A compiled kernel.
struct CudaCode {
  std::string ptx, cubin;
  /// Of a thread.
  int64_t registers = 0;
  /// Of a block, beside what it is given at launch.
  int64_t staticSharedBytes = 0;
};

/// Reads what the assembler's log says that a thread of `kernel` takes. Fails
/// if that is local memory, spilled registers or a stack, which would cost more
/// than any kernel may.
llvm::Error readResources(llvm::StringRef kernel, llvm::StringRef log,
                          CudaCode &code);

/// Major version of the toolkit whose libraries are used.
inline constexpr unsigned kToolkitVersion = 13;

/// Paths of a library, the first of them without a folder, which leaves it to
/// the system's linker; then where this build was told (INGOT_TOOLKIT_FOLDERS),
/// and where the toolkit is as a rule.
std::vector<std::string> toolkitPlaces(llvm::StringRef library);

/// An open library, closed in the end.
class ToolkitLibrary {
public:
  explicit ToolkitLibrary(void *handle) : handle(handle) {}
  ~ToolkitLibrary();
  ToolkitLibrary(const ToolkitLibrary &) = delete;
  ToolkitLibrary &operator=(const ToolkitLibrary &) = delete;

  /// Opens the one at `place`; null if there is none.
  static void *open(const std::string &place);

protected:
  /// Whether the library has the function.
  template <typename Function>
  bool find(const char *name, Function *&function) const {
    function = reinterpret_cast<Function *>(address(name));
    return function;
  }

private:
  void *address(const char *name) const;

  void *handle;
};

/// The library at the first of `places` that has one with all the functions of
/// `Api`, a ToolkitLibrary, and of its version; null if none has.
template <typename Api>
std::shared_ptr<const Api> openToolkit(llvm::ArrayRef<std::string> places) {
  for (const std::string &place : places)
    if (void *handle = ToolkitLibrary::open(place)) {
      auto api = std::make_shared<Api>(handle);
      if (api->bind() && api->hasVersion())
        return api;
    }
  return nullptr;
}

/// What a library answers.
struct ToolkitText {
  std::string bytes;
  /// 0 if all is well.
  int result = 0;
};

/// Reads the bytes of `handle` that `size` counts and `get` copies; of a text
/// the last counts as well, and is zero.
template <typename Handle, typename Byte>
ToolkitText readToolkit(Handle handle, int (*size)(Handle, size_t *),
                        int (*get)(Handle, Byte *), bool isText) {
  size_t count = 0;
  ToolkitText text;
  text.result = size(handle, &count);
  if (text.result != 0 || count == 0)
    return text;
  text.bytes.resize(count);
  text.result = get(handle, text.bytes.data());
  if (isText)
    text.bytes.pop_back();
  return text;
}

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CODEGEN_TOOLKIT_H
