//===- FuzzConfig.cpp - any bytes as a checkpoint's config.json -----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input is a config.json, read up to the sizes of its family's model, and,
// behind a zero byte, what may stand in generation_config.json.
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/GenerationImport.h"
#include "compiler/models/ConfigReader.h"
#include "test/fuzz/Fuzz.h"

using namespace ingot;

static void refuse(llvm::Error error) {
  fuzz::checkRefusal(invalidInput(llvm::toString(std::move(error))));
}

static void readConfig(std::string_view text) {
  Result<compiler::ConfigFile> config =
      compiler::ConfigFile::parse(text, "config.json");
  if (!config)
    return fuzz::checkRefusal(config.status());
  llvm::Expected<compiler::FamilyForm> family = compiler::formOf(*config);
  if (!family)
    return refuse(family.takeError());
  std::vector<std::string> warnings;
  llvm::Expected<compiler::Shape> shape =
      compiler::readShape(*family, *config, warnings);
  if (!shape)
    return refuse(shape.takeError());
  for (const std::string &warning : warnings)
    fuzz::checkRefusal(invalidInput(warning));
  for (int64_t layer : {int64_t(0), shape->layers - 1, shape->layers})
    fuzz::use(family->family->describe(*shape, layer));
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const fuzz::Folder folder;
  std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const size_t end = bytes.find('\0');
  readConfig(bytes.substr(0, end));

  folder.write("config.json", bytes.substr(0, end));
  if (end == std::string_view::npos)
    folder.remove("generation_config.json");
  else
    folder.write("generation_config.json", bytes.substr(end + 1));
  Result<text::GenerationDefaults> defaults =
      compiler::importGenerationDefaults(folder.path());
  if (!defaults)
    fuzz::checkRefusal(defaults.status());
  return 0;
}
