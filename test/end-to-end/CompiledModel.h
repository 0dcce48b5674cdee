//===- CompiledModel.h - a model compiled for tests -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Compiling takes seconds, so tests that only read an artifact share one.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_ENDTOEND_COMPILEDMODEL_H
#define INGOT_TEST_ENDTOEND_COMPILEDMODEL_H

#include "compiler/Compiler.h"
#include "ingot/Runtime.h"

#include <filesystem>
#include <string>

namespace ingot::test {

/// Folder of a bundled checkpoint: "deepseek-v3-tiny".
std::string checkpointFolder(const std::string &name);

/// A folder of this process that is removed when it ends.
std::filesystem::path scratchFolder();

/// Compiles with warnings thrown away.
Status compileQuietly(const compiler::CompileOptions &options);

/// Path of the artifact of a bundled checkpoint, compiled with default options
/// by the first test that asks for it.
const std::string &artifact(const std::string &name);

/// The loaded artifact; a test failure and null if it does not load.
std::shared_ptr<const Model> load(const std::string &path,
                                  const LoadOptions &options = {});

} // namespace ingot::test

#endif // INGOT_TEST_ENDTOEND_COMPILEDMODEL_H
