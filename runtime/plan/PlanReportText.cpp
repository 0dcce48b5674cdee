//===- PlanReportText.cpp - a report for people and scripts ---------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/PlanReport.h"
#include "runtime/plan/Spelling.h"

#include <cstdio>
#include <initializer_list>
#include <nlohmann/json.hpp>

namespace ingot {

namespace {

using Json = nlohmann::ordered_json;

/// "36.62 B": `value` in the largest unit of which there is one, each of the
/// others being `base` of the one before.
std::string scaled(uint64_t value, double base,
                   std::initializer_list<const char *> units) {
  double rest = double(value);
  const char *const *unit = units.begin();
  for (; rest >= base && unit + 1 != units.end(); ++unit)
    rest /= base;
  char text[48];
  std::snprintf(text, sizeof text, "%.2f%s%s", rest, **unit ? " " : "", *unit);
  return text;
}

/// Exact, and readable.
std::string bytesLine(const std::string &name, uint64_t bytes) {
  return name + ": " + std::to_string(bytes) + " (" +
         scaled(bytes, 1024, {"B", "KiB", "MiB", "GiB", "TiB"}) + ")\n";
}

std::string countLine(const std::string &name, uint64_t count,
                      std::initializer_list<const char *> units) {
  return name + ": " + std::to_string(count) + " (" +
         scaled(count, 1000, units) + ")\n";
}

std::string parameterLine(const std::string &name, int64_t count) {
  return countLine(name, uint64_t(count), {"", "K", "M", "B"});
}

const char *kindOf(const LayerExchanges &layer) {
  return layer.routed ? "routed" : "dense";
}

/// "1 x 256 tokens after 0": sequences, new tokens of each, tokens before.
std::string describe(const StepReport &step) {
  return std::to_string(step.sequences) + " x " + std::to_string(step.tokens) +
         " tokens after " + std::to_string(step.past);
}

std::string flopsLine(const std::string &name, uint64_t flops) {
  return countLine(name, flops, {"", "K", "M", "G", "T"});
}

std::string textOf(const std::string &form, const fb::FormCost &cost) {
  return bytesLine("    " + form + "_bytes", uint64_t(cost.bytes())) +
         flopsLine("    " + form + "_flops", uint64_t(cost.flops())) + "    " +
         form + "_exchanges: " + std::to_string(cost.exchanges()) + "\n";
}

std::string textOf(const AbsorptionReport &absorption) {
  return "  latent_attention: " + std::string(spell(absorption.forms.form())) +
         " (all layers, " + std::to_string(absorption.tokens) +
         " tokens at the end of the context)\n" +
         textOf("expanded", absorption.forms.expanded()) +
         textOf("reassociated", absorption.forms.reassociated());
}

std::string textOf(const EntryReport &entry) {
  std::string text = "entry " + entry.name + ": " +
                     std::to_string(entry.launches) +
                     " launches\n  exchanges_per_layer: " +
                     std::to_string(entry.exchanges.count) + " (layer " +
                     std::to_string(entry.exchanges.layer) + ", " +
                     kindOf(entry.exchanges) + ")\n";
  if (entry.absorption)
    text += textOf(*entry.absorption);
  for (const StepReport &step : entry.steps) {
    text += "  for " + describe(step) + ":\n";
    text += bytesLine("    step_bytes", step.cost.bytes());
    text += bytesLine("    weight_bytes", step.cost.weightBytes);
    text += bytesLine("    cache_bytes", step.cost.cacheBytes);
    text += bytesLine("    activation_bytes", step.cost.activationBytes);
    text += flopsLine("    step_flops", step.cost.flops);
  }
  return text;
}

Json jsonOf(const StepReport &step) {
  return {{"sequences", step.sequences},
          {"tokens", step.tokens},
          {"past", step.past},
          {"logit_rows", step.logitRows},
          {"step_bytes", step.cost.bytes()},
          {"weight_bytes", step.cost.weightBytes},
          {"weight_bytes_are_a_bound", step.cost.atMost},
          {"cache_bytes", step.cost.cacheBytes},
          {"activation_bytes", step.cost.activationBytes},
          {"step_flops", step.cost.flops}};
}

Json jsonOf(const fb::FormCost &cost) {
  return {{"bytes", cost.bytes()},
          {"flops", cost.flops()},
          {"exchanges", cost.exchanges()}};
}

Json jsonOf(const AbsorptionReport &absorption) {
  return {{"form", spell(absorption.forms.form())},
          {"tokens", absorption.tokens},
          {"expanded", jsonOf(absorption.forms.expanded())},
          {"reassociated", jsonOf(absorption.forms.reassociated())}};
}

/// The first step's numbers stand beside the list, where they are looked for.
Json jsonOf(const EntryReport &entry) {
  Json steps = Json::array();
  for (const StepReport &step : entry.steps)
    steps.push_back(jsonOf(step));
  Json json = {{"name", entry.name},
               {"launches", entry.launches},
               {"exchanges_per_layer", entry.exchanges.count},
               {"exchanges_layer", entry.exchanges.layer},
               {"exchanges_layer_kind", kindOf(entry.exchanges)}};
  if (entry.absorption)
    json["latent_attention"] = jsonOf(*entry.absorption);
  json["step_bytes"] = steps[0]["step_bytes"];
  json["step_flops"] = steps[0]["step_flops"];
  json["steps"] = steps;
  return json;
}

} // namespace

std::string asText(const PlanReport &report) {
  std::string text =
      parameterLine("parameters", report.parameters) +
      parameterLine("active_parameters", report.activeParameters) +
      parameterLine("mtp_parameters", report.mtpParameters) +
      bytesLine("weight_bytes", report.weightBytes) +
      bytesLine("packed_weight_bytes", report.packedWeightBytes);
  text += bytesLine("kv_bytes_per_token", report.kvBytesPerToken) +
          bytesLine("mtp_kv_bytes_per_token", report.mtpKvBytesPerToken) +
          "kv_tokens: " + std::to_string(report.kvTokens) + "\n" +
          bytesLine("workspace_bytes", report.workspaceBytes) +
          bytesLine("plan_bytes", report.planBytes);
  for (const MemoryNeed &need : report.memory)
    text += bytesLine("memory, " + std::string(need.kind), need.bytes);
  text += bytesLine("memory, stack of each further thread", kThreadStackBytes);
  for (const EntryReport &entry : report.entries)
    text += textOf(entry);
  return text;
}

std::string asJson(const PlanReport &report) {
  Json memory = Json::array(), entries = Json::array();
  for (const MemoryNeed &need : report.memory)
    memory.push_back(
        {{"kind", need.kind}, {"bytes", need.bytes}, {"mapped", need.mapped}});
  for (const EntryReport &entry : report.entries)
    entries.push_back(jsonOf(entry));
  Json json = {{"parameters", report.parameters},
               {"active_parameters", report.activeParameters},
               {"mtp_parameters", report.mtpParameters},
               {"weight_bytes", report.weightBytes},
               {"packed_weight_bytes", report.packedWeightBytes},
               {"kv_bytes_per_token", report.kvBytesPerToken},
               {"mtp_kv_bytes_per_token", report.mtpKvBytesPerToken},
               {"kv_tokens", report.kvTokens},
               {"workspace_bytes", report.workspaceBytes},
               {"plan_bytes", report.planBytes},
               {"memory", memory},
               {"thread_stack_bytes", kThreadStackBytes},
               {"entries", entries}};
  return json.dump(2);
}

} // namespace ingot
