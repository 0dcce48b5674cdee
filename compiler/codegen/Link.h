//===- Link.h - from an object file to a shared object ----------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Keeps lld, which works on files and globals, behind one function.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CODEGEN_LINK_H
#define INGOT_COMPILER_CODEGEN_LINK_H

#include "llvm/Support/Error.h"
#include <string>

namespace ingot::compiler {

/// The bytes of the ELF shared object made of the relocatable `object`, which
/// may refer to nothing outside itself. Works in a temporary folder that is
/// gone afterwards. Fails with what the linker says. Not thread-safe.
llvm::Expected<std::string> linkSharedObject(llvm::StringRef object);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CODEGEN_LINK_H
