//===- ConfigReader.cpp - From config.json to a family and a Shape --------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/models/ConfigReader.h"
#include "compiler/models/ShapeReader.h"
#include "runtime/storage/Messages.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"

using llvm::Error;
using llvm::Expected;
using llvm::StringRef;

namespace ingot::compiler {

Error importError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

Error toError(const Status &status) { return importError(status.message()); }

Error keyExpects(const ConfigFile &config, StringRef key,
                 const llvm::Twine &expected, const llvm::Twine &got) {
  return importError(config.name() + ": '" + key + "' expects " + expected +
                     ", got " + got);
}

Expected<FamilyForm> formOf(const ConfigFile &config) {
  Result<std::vector<std::string>> names = config.strings("architectures");
  if (!names)
    return toError(names.status());
  std::string known;
  // Several names would be several models; nobody publishes that.
  for (const Family *family : families())
    for (const Architecture &architecture : family->architectures) {
      if (names->size() == 1 && names->front() == architecture.name)
        return FamilyForm{family, &architecture};
      known += (known.empty() ? "" : ", ") + storage::quote(architecture.name);
    }
  std::string got = llvm::join(
      llvm::map_range(
          *names, [](std::string_view name) { return storage::quote(name); }),
      ", ");
  return keyExpects(config, "architectures", "one of " + known,
                    got.empty() ? "none" : got);
}

Expected<Shape> readShape(const FamilyForm &form, const ConfigFile &config,
                          std::vector<std::string> &warnings) {
  const Family &family = *form.family;
  ShapeReader reader(form, config);
  // What is not supported goes first: its sizes may mean something else.
  for (const ConfigPin &pin : family.pins)
    if (Error error = reader.check(pin))
      return error;
  for (const ConfigField &field : family.fields)
    if (Error error = reader.read(field))
      return error;
  // The rules divide by sizes that the bounds have made positive.
  for (const ShapeRule &rule : family.rules)
    if (Error error = reader.check(rule))
      return error;
  if (Error error = reader.readBlocks())
    return error;
  for (std::string_view key : family.harmless)
    reader.ignore(key);
  for (const std::string &key : config.unreadKeys())
    warnings.push_back(config.name() + ": " + storage::quote(key) +
                       " is unknown and has no effect");
  return reader.shape;
}

} // namespace ingot::compiler
