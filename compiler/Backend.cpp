//===- Backend.cpp - the table of targets ---------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/Backend.h"
#include "llvm/ADT/StringExtras.h"

namespace ingot::compiler {

namespace {

struct Target {
  llvm::StringLiteral name;
  Result<std::unique_ptr<Backend>> (*create)(const CompileOptions &);
};

} // namespace

static constexpr Target kTargets[] = {{"cpu", createCpuBackend},
                                      {"sm_90a", createCudaBackend}};

std::string targetNames() {
  return llvm::join(
      llvm::map_range(kTargets, [](const Target &t) { return t.name; }), ", ");
}

Result<std::unique_ptr<Backend>> createBackend(const CompileOptions &options) {
  for (const Target &target : kTargets)
    if (target.name == options.target)
      return target.create(options);
  return invalidInput("expects --target to be one of " + targetNames() +
                      ", got '" + options.target + "'");
}

} // namespace ingot::compiler
