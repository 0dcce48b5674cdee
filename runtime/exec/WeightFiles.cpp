//===- WeightFiles.cpp - finds and maps a plan's checkpoint ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/exec/WeightFiles.h"
#include "runtime/plan/ContentSample.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/storage/Messages.h"

#include <cstdio>
#include <filesystem>

namespace ingot {

namespace {

/// Compares a mapped file with what the plan says of it, cheapest first.
Status checkUnchanged(const fb::File &expected,
                      const storage::MappedFile &file) {
  auto changed = [&](const std::string &what, const std::string &want,
                     const std::string &got) {
    return incompatible(file.path() +
                        ": changed since it was compiled: plan "
                        "expects " +
                        what + " " + want + ", got " + got);
  };
  if (file.size() != expected.size())
    return changed("size", std::to_string(expected.size()),
                   std::to_string(file.size()));
  std::optional<uint64_t> header = hashSafeTensorsHeader(file.bytes());
  if (header != expected.header_hash())
    return changed("header hash", storage::hex(expected.header_hash()),
                   header ? storage::hex(*header) : "no header");
  if (uint64_t sample = sampleContent(file.bytes());
      sample != expected.sample_hash())
    return changed("content sample", storage::hex(expected.sample_hash()),
                   storage::hex(sample));
  return {};
}

Result<storage::MappedFile> openOne(const fb::File &expected,
                                    const std::vector<std::string> &folders) {
  for (const std::string &folder : folders) {
    std::string path = (std::filesystem::path(folder) /
                        std::string(expected.name()->string_view()))
                           .string();
    Result<storage::MappedFile> file = storage::MappedFile::open(path);
    if (!file && file.status().code() == StatusCode::NotFound)
      continue;
    if (!file)
      return file.status();
    if (Status status = checkUnchanged(expected, *file); !status.ok())
      return status;
    return file;
  }
  std::string tried;
  for (const std::string &folder : folders)
    tried += (tried.empty() ? "" : ", ") + storage::quote(folder);
  return notFound("weights " + storage::quote(expected.name()->string_view()) +
                  " not found in " + tried +
                  "; the weights directory must be the checkpoint's folder");
}

} // namespace

std::vector<std::string>
listWeightFolders(const fb::Plan &plan, const std::string &artifactPath,
                  const std::string &weightsDirectory) {
  if (!weightsDirectory.empty())
    return {weightsDirectory};
  std::filesystem::path own = std::filesystem::path(artifactPath).parent_path();
  if (own.empty())
    own = ".";
  std::vector<std::string> folders;
  // An absolute path on the right of `/` replaces the left.
  if (plan.checkpoint()->size() > 0)
    folders.push_back(
        (own / plan.checkpoint()->str()).lexically_normal().string());
  folders.push_back(own.string());
  return folders;
}

Result<std::vector<storage::MappedFile>>
openWeightFiles(const fb::Plan &plan, const std::vector<std::string> &folders) {
  std::vector<storage::MappedFile> files;
  for (const fb::File *expected : *plan.files()) {
    Result<storage::MappedFile> file = openOne(*expected, folders);
    if (!file)
      return file.status();
    files.push_back(std::move(*file));
  }
  return files;
}

} // namespace ingot
