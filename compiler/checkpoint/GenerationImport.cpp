//===- GenerationImport.cpp - A checkpoint's generation defaults ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/GenerationImport.h"

#include "compiler/checkpoint/JsonView.h"
#include "runtime/storage/Json.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <limits>

namespace ingot::compiler {

constexpr int64_t maxInt32 = std::numeric_limits<int32_t>::max();

static Status readStopIds(const JsonView &value, std::vector<int32_t> &ids) {
  if (!value.exists())
    return {};
  if (!value.isArray()) {
    auto id = value.integer(0, maxInt32);
    if (!id)
      return id.status();
    ids = {static_cast<int32_t>(*id)};
    return {};
  }
  auto listed = value.integers(0, maxInt32);
  if (!listed)
    return listed.status();
  ids.assign(listed->begin(), listed->end());
  return {};
}

/// Reads a number if it is there. `inRange` judges it, `expected` says how.
template <typename InRange>
static Status readNumber(const JsonView &value, InRange inRange,
                         std::string_view expected, float &number) {
  if (!value.exists())
    return {};
  auto read = value.number();
  if (!read || !inRange(static_cast<float>(*read)))
    return value.expects(expected);
  number = static_cast<float>(*read);
  return {};
}

static Status readGeneration(const JsonView &config,
                             text::GenerationDefaults &defaults) {
  if (Status s = readStopIds(config["eos_token_id"], defaults.stopIds); !s.ok())
    return s;
  auto doSample = config["do_sample"].booleanOr(false);
  if (!doSample)
    return doSample.status();
  defaults.doSample = *doSample;
  if (Status s = readNumber(
          config["temperature"],
          [](float t) {
            return t >= 0 && t <= std::numeric_limits<float>::max();
          },
          "a number of at least 0", defaults.temperature);
      !s.ok())
    return s;
  if (config["top_k"].exists()) {
    auto topK = config["top_k"].integer(0, maxInt32);
    if (!topK)
      return topK.status();
    defaults.topK = static_cast<int32_t>(*topK);
  }
  return readNumber(
      config["top_p"], [](float p) { return p > 0 && p <= 1; },
      "a number above 0 and at most 1", defaults.topP);
}

/// Reads the JSON object at `path`; null if there is no such file.
static Result<nlohmann::json> readIfThere(const std::string &path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored))
    return nlohmann::json();
  auto json = storage::readJson(path);
  if (json && !json->is_object())
    return JsonView(*json, path).expects("an object");
  return json;
}

Result<text::GenerationDefaults>
importGenerationDefaults(const std::string &folder) {
  const std::filesystem::path root(folder);
  const std::string generationPath = root / "generation_config.json";
  const std::string configPath = root / "config.json";

  text::GenerationDefaults defaults;
  auto generation = readIfThere(generationPath);
  if (!generation)
    return generation.status();
  if (Status s =
          readGeneration(JsonView(*generation, generationPath), defaults);
      !s.ok())
    return s;
  if (!defaults.stopIds.empty())
    return defaults;

  auto config = readIfThere(configPath);
  if (!config)
    return config.status();
  JsonView view(*config, configPath);
  JsonView own = view["eos_token_id"];
  if (Status s =
          readStopIds(own.exists() ? own : view["text_config"]["eos_token_id"],
                      defaults.stopIds);
      !s.ok())
    return s;
  return defaults;
}

} // namespace ingot::compiler
