//===- HostTarget.cpp - processors by name --------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/codegen/Host.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace ingot::compiler {

namespace {

/// First level at which a feature is part of the architecture.
enum Level { V3 = 3, V4 = 4, Extra = 5 };

struct Feature {
  const char *llvmName;
  const char *cpuinfoName;
  Level level;
};

} // namespace

/// The features that generated code may use, and no others: the plan's list of
/// required features is then exact. Levels as in the x86-64 psABI, section 3.1.
static constexpr Feature kFeatures[] = {
    {"sse3", "pni", V3},
    {"ssse3", "ssse3", V3},
    {"sse4.1", "sse4_1", V3},
    {"sse4.2", "sse4_2", V3},
    {"popcnt", "popcnt", V3},
    {"avx", "avx", V3},
    {"avx2", "avx2", V3},
    {"bmi", "bmi1", V3},
    {"bmi2", "bmi2", V3},
    {"f16c", "f16c", V3},
    {"fma", "fma", V3},
    {"lzcnt", "abm", V3},
    {"movbe", "movbe", V3},
    {"avx512f", "avx512f", V4},
    {"avx512bw", "avx512bw", V4},
    {"avx512cd", "avx512cd", V4},
    {"avx512dq", "avx512dq", V4},
    {"avx512vl", "avx512vl", V4},
    {"avx512vbmi", "avx512vbmi", Extra},
    {"avx512vnni", "avx512_vnni", Extra},
    {"avx512bf16", "avx512_bf16", Extra},
};

static HostTarget makeTarget(StringRef cpu,
                             function_ref<bool(const Feature &)> has) {
  HostTarget target;
  target.cpu = cpu.str();
  for (const Feature &feature : kFeatures) {
    if (!has(feature))
      continue;
    if (!target.features.empty())
      target.features += ",";
    target.features += std::string("+") + feature.llvmName;
    target.required.push_back(feature.cpuinfoName);
    if (StringRef(feature.llvmName) == "avx512f")
      target.lanes = 16;
    if (StringRef(feature.llvmName) == "avx512vbmi")
      target.byteTables = true;
  }
  return target;
}

Expected<HostTarget> resolveHostTarget(StringRef name) {
  if (name == "x86-64-v3")
    return makeTarget(name, [](const Feature &f) { return f.level == V3; });
  if (name == "x86-64-v4")
    return makeTarget(name, [](const Feature &f) { return f.level <= V4; });
  if (name != "native")
    return createStringError(
        "cpu expects 'native', 'x86-64-v3' or 'x86-64-v4', got '" + name + "'");

  StringMap<bool> host = sys::getHostCPUFeatures();
  for (const Feature &feature : kFeatures)
    if (feature.level == V3 && !host.lookup(feature.llvmName))
      return createStringError("cpu 'native' expects a machine with " +
                               Twine(feature.cpuinfoName) + ", got '" +
                               sys::getHostCPUName() + "' without it");
  return makeTarget(sys::getHostCPUName(),
                    [&](const Feature &f) { return host.lookup(f.llvmName); });
}

} // namespace ingot::compiler
