//===- ConfigReader.h - From config.json to a family and a Shape *- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads config.json by a family's tables. What the tables do not know is a
// warning; what would change the result without being supported is an error.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_MODELS_CONFIGREADER_H
#define INGOT_COMPILER_MODELS_CONFIGREADER_H

#include "compiler/checkpoint/ConfigFile.h"
#include "compiler/models/Family.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace ingot::compiler {

/// An error with this message.
llvm::Error importError(const llvm::Twine &message);

/// The runtime reports with a Status, the compiler with an Error.
llvm::Error toError(const Status &status);
/// `config.json: 'key' expects <expected>, got <got>`.
llvm::Error keyExpects(const ConfigFile &config, llvm::StringRef key,
                       const llvm::Twine &expected, const llvm::Twine &got);

/// A family and the form of it that a checkpoint has.
struct FamilyForm {
  const Family *family;
  const Architecture *architecture;
};

/// What "architectures" names.
llvm::Expected<FamilyForm> formOf(const ConfigFile &config);

/// All that `config` says, checked: every size lies within its bounds and obeys
/// the family's rules. The first mistake is returned, with file, key, expected
/// and got. Appends a line to `warnings` for each unknown key.
llvm::Expected<Shape> readShape(const FamilyForm &form,
                                const ConfigFile &config,
                                std::vector<std::string> &warnings);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_MODELS_CONFIGREADER_H
