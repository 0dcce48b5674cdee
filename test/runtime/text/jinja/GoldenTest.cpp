//===- GoldenTest.cpp - templates against goldens -------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Templates in the manner of the published ones, and single constructs, against
// what Jinja made of them (test/chat).
//
//===----------------------------------------------------------------------===//

#include "runtime/text/jinja/Evaluator.h"
#include "runtime/text/jinja/Parser.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

using namespace ingot;
using namespace ingot::text::jinja;
using Json = nlohmann::ordered_json;

namespace {

std::string readFile(const std::string &name) {
  std::ifstream file(INGOT_TEST_CHAT "/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

Value toValue(const Json &json) {
  if (json.is_null())
    return Value::none();
  if (json.is_boolean())
    return Value::boolean(json);
  if (json.is_number_integer())
    return Value::integer(json);
  if (json.is_number())
    return Value::real(json);
  if (json.is_string())
    return json.get<std::string>();
  if (json.is_array()) {
    List items;
    for (const Json &item : json)
      items.push_back(toValue(item));
    return Value::list(std::move(items));
  }
  Dict entries;
  for (const auto &[key, value] : json.items())
    entries.emplace_back(key, toValue(value));
  return Value::dict(std::move(entries));
}

/// The text, or a refusal, whose message is in no golden.
Result<std::string> rendered(const std::string &source, const Json &variables) {
  Result<Template> parsed = parseTemplate(source);
  if (!parsed)
    return parsed.status();
  return render(*parsed, toValue(variables).asDict());
}

/// Compares with a golden's `text`, which is null where Jinja fails.
void expectGolden(const std::string &source, const Json &variables,
                  const Json &text) {
  Result<std::string> got = rendered(source, variables);
  if (text.is_null()) {
    EXPECT_FALSE(got) << *got;
    return;
  }
  ASSERT_TRUE(got) << got.status().message();
  EXPECT_EQ(*got, text.get<std::string>());
}

TEST(JinjaGolden, ConstructsAsTheReference) {
  const Json golden = Json::parse(readFile("golden.json"));
  ASSERT_FALSE(golden["constructs"].empty());
  for (const Json &entry : golden["constructs"]) {
    SCOPED_TRACE(entry["source"].get<std::string>());
    expectGolden(entry["source"], golden["variables"], entry["text"]);
  }
}

TEST(JinjaGolden, TemplatesAsTheReference) {
  const Json golden = Json::parse(readFile("golden.json"));
  ASSERT_FALSE(golden["templates"].empty());
  for (const Json &entry : golden["templates"]) {
    SCOPED_TRACE(entry["template"].get<std::string>() + " " +
                 entry["chat"].get<std::string>() + " " +
                 entry["settings"].dump());
    Json variables = golden["tokens"];
    variables["messages"] = golden["chats"][entry["chat"].get<std::string>()];
    variables.update(entry["settings"]);
    expectGolden(readFile(entry["template"]), variables, entry["text"]);
  }
}

} // namespace
