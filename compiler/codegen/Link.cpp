//===- Link.cpp - from an object file to a shared object ------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Link.h"
#include "lld/Common/Driver.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

LLD_HAS_DRIVER(elf)

using namespace llvm;

namespace ingot::compiler {

static Error writeFile(StringRef path, StringRef bytes) {
  std::error_code code;
  raw_fd_ostream stream(path, code);
  if (!code) {
    stream << bytes;
    stream.close();
    code = stream.error();
    stream.clear_error();
  }
  if (code)
    return createStringError(code,
                             "cannot write '" + path + "': " + code.message());
  return Error::success();
}

Expected<std::string> linkSharedObject(StringRef object) {
  SmallString<128> folder;
  if (std::error_code code = sys::fs::createUniqueDirectory("ingot", folder))
    return createStringError(code, "cannot make a temporary folder: " +
                                       code.message());
  scope_exit cleanup([&] {
    (void)sys::fs::remove_directories(folder, /*IgnoreErrors=*/true);
  });
  std::string input = (folder + "/kernels.o").str();
  std::string output = (folder + "/kernels.so").str();
  if (Error error = writeFile(input, object))
    return std::move(error);

  // Stripped and without a build id, the result does not know the folder.
  const char *args[] = {"ld.lld",       "-shared",         "--no-undefined",
                        "--strip-all",  "--build-id=none", "-o",
                        output.c_str(), input.c_str()};
  std::string said;
  raw_string_ostream log(said);
  lld::Result result =
      lld::lldMain(args, log, log, {{lld::Gnu, &lld::elf::link}});
  if (result.retCode != 0)
    return createStringError("cannot link kernels: " + StringRef(said).trim());
  auto bytes = MemoryBuffer::getFile(output);
  if (!bytes)
    return createStringError(bytes.getError(),
                             "cannot read '" + Twine(output) +
                                 "': " + bytes.getError().message());
  return (*bytes)->getBuffer().str();
}

} // namespace ingot::compiler
