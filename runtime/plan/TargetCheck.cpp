//===- TargetCheck.cpp - whether this machine can run a plan --------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/TargetCheck.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/storage/Messages.h"

#include <fstream>
#include <sstream>

namespace ingot {

Result<std::set<std::string>> readProcessorFeatures() {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    if (!line.starts_with("flags"))
      continue;
    std::istringstream words(line.substr(line.find(':') + 1));
    std::set<std::string> features;
    for (std::string word; words >> word;)
      features.insert(word);
    return features;
  }
  return deviceError("/proc/cpuinfo: expects a line 'flags', got none");
}

Status checkTarget(const fb::Target &target,
                   const std::set<std::string> &features,
                   const std::string &name) {
  if (target.name()->string_view() != "cpu")
    return incompatible(name +
                        ": runtime expects target 'cpu' or a GPU's, got " +
                        storage::quote(target.name()->string_view()));
  std::string missing;
  for (const flatbuffers::String *feature : *target.features())
    if (!features.contains(feature->str()))
      missing += (missing.empty() ? "" : ", ") + feature->str();
  if (missing.empty())
    return {};
  return incompatible(name + ": compiled for " +
                      storage::quote(target.cpu()->string_view()) +
                      ", this machine lacks " + storage::quote(missing));
}

} // namespace ingot
