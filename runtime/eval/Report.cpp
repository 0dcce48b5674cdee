//===- Report.cpp - evaluation reports as text and JSON -------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/eval/Report.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace ingot::eval {

using Json = nlohmann::ordered_json;

static Json toJson(const LogitAgreement &agreement) {
  return {{"positions", agreement.positions},
          {"max_abs_diff", agreement.maxAbsDiff},
          {"mean_kl", agreement.meanKl},
          {"top1_agreement", agreement.top1Agreement}};
}

static Json toJson(const GreedyAgreement &agreement) {
  Json json = {{"steps", agreement.steps},
               {"mismatches", agreement.mismatches},
               {"mismatches_beyond_margin", agreement.mismatchesBeyondMargin}};
  if (agreement.worst)
    json["worst"] = {{"sequence", agreement.worst->sequence},
                     {"step", agreement.worst->step},
                     {"golden", agreement.worst->golden},
                     {"ours", agreement.worst->ours},
                     {"margin", agreement.worst->margin}};
  return json;
}

static Json toJson(const HiddenLayer &layer) {
  return {{"tap", layer.name},      {"max_abs_diff", layer.maxAbsDiff},
          {"rms", layer.rms},       {"row", layer.row},
          {"column", layer.column}, {"golden", layer.golden},
          {"ours", layer.ours}};
}

static Json toJson(const HiddenAgreement &agreement) {
  Json layers = Json::array();
  for (const HiddenLayer &layer : agreement.layers)
    layers.push_back(toJson(layer));
  const HiddenLayer *first = agreement.firstDifference();
  return {{"layers", layers},
          {"first_difference", first ? Json(first->name) : Json()}};
}

/// Parts that were not compared have no key, rather than a null that could be
/// taken for a failed comparison.
static Json toJson(const GoldenReport &report) {
  Json json = {{"prompt", toJson(report.prompt)},
               {"long", toJson(report.longContext)}};
  if (report.draft)
    json["mtp"] = toJson(*report.draft);
  json["greedy"] = toJson(report.greedy);
  if (report.hidden)
    json["hidden"] = toJson(*report.hidden);
  return json;
}

static Json toJson(const TextReport &report) {
  Json json = {{"windows", report.windows},
               {"tokens", report.tokens},
               {"nll_per_token", report.nllPerToken},
               {"perplexity", report.perplexity}};
  if (report.draftAgreement)
    json["draft1_agreement"] = *report.draftAgreement;
  return json;
}

/// Flattens nested objects to lines "a.b: value".
static void appendLines(const Json &json, const std::string &path,
                        std::string &text) {
  for (const auto &[key, value] : json.items()) {
    std::string name = path.empty() ? key : path + "." + key;
    if (value.is_structured()) {
      appendLines(value, name, text);
    } else if (value.is_number_float()) {
      char number[32];
      std::snprintf(number, sizeof number, "%.6g", value.get<double>());
      text += name + ": " + number + "\n";
    } else {
      text += name + ": " +
              (value.is_string() ? value.get<std::string>()
               : value.is_null() ? "none"
                                 : value.dump()) +
              "\n";
    }
  }
}

/// "hidden.2: max_abs_diff 1.2e-06, rms 1.3".
static std::string hiddenLine(const HiddenLayer &layer) {
  char line[96];
  std::snprintf(line, sizeof line, ": max_abs_diff %.3g, rms %.3g\n",
                layer.maxAbsDiff, layer.rms);
  return layer.name + line;
}

static std::string hiddenText(const HiddenAgreement &agreement) {
  std::string text;
  for (const HiddenLayer &layer : agreement.layers)
    text += hiddenLine(layer);
  const HiddenLayer *first = agreement.firstDifference();
  if (!first)
    return text + "no hidden state differs\n";
  char line[160];
  std::snprintf(line, sizeof line, " at [%lld, %lld], golden %.7g, ours %.7g\n",
                (long long)first->row, (long long)first->column,
                double(first->golden), double(first->ours));
  return text + "first difference: " + first->name + line;
}

std::string asText(const GoldenReport &report) {
  Json json = toJson(report);
  // One line a layer reads better than seven.
  json.erase("hidden");
  std::string text;
  appendLines(json, "", text);
  if (report.hidden)
    text += hiddenText(*report.hidden);
  return text;
}

std::string asText(const TextReport &report) {
  std::string text;
  appendLines(toJson(report), "", text);
  return text;
}

std::string asJson(const GoldenReport &report) {
  return toJson(report).dump(2);
}

std::string asJson(const TextReport &report) { return toJson(report).dump(2); }

} // namespace ingot::eval
