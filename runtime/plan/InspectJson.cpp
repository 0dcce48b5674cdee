//===- InspectJson.cpp - a plan as JSON -----------------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/Container.h"
#include "runtime/plan/Inspect.h"
#include "runtime/plan/PlanReport.h"
#include "runtime/plan/Spelling.h"
#include "runtime/plan/StepCost.h"

#include <nlohmann/json.hpp>

namespace ingot {
namespace {

using Json = nlohmann::ordered_json;

Json strings(
    const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>> &list) {
  Json json = Json::array();
  for (const auto *text : list)
    json.push_back(text->str());
  return json;
}

Json symbols(const fb::Plan &plan) {
  Json json = Json::object();
  for (const fb::Symbol *symbol : *plan.symbols())
    json[symbol->name()->str()] = symbol->max();
  return json;
}

Json arenas(const fb::Plan &plan) {
  Json json = Json::array();
  for (const fb::Arena *arena : *plan.arenas())
    json.push_back({{"name", arena->name()->str()},
                    {"kind", spell(arena->kind())},
                    {"bytes", arena->bytes()}});
  return json;
}

Json modules(const fb::Plan &plan) {
  Json json = Json::array();
  for (const fb::Module *module : *plan.modules()) {
    Json item = {{"kind", spell(module->kind())},
                 {"offset", module->offset()},
                 {"bytes", module->size()}};
    if (module->arch())
      item["arch"] = module->arch()->str();
    if (module->source() >= 0)
      item["source"] = module->source();
    json.push_back(item);
  }
  return json;
}

Json kernels(const fb::Plan &plan) {
  Json json = Json::array();
  for (const fb::Kernel *kernel : *plan.kernels()) {
    Json item = {{"name", kernel->name()->str()},
                 {"module", kernel->module_()},
                 {"symbol", kernel->symbol()->str()}};
    if (const fb::Resources *resources = kernel->resources())
      item["resources"] = {
          {"block", resources->block()},
          {"shared_bytes", resources->shared_bytes()},
          {"static_shared_bytes", resources->static_shared_bytes()},
          {"registers", resources->registers()},
          {"local_bytes", resources->local_bytes()},
          {"early_start", resources->early_start()}};
    json.push_back(item);
  }
  return json;
}

Json orNull(flatbuffers::Optional<uint64_t> hash) {
  return hash ? Json(*hash) : Json();
}

Json files(const fb::Plan &plan) {
  Json json = Json::array();
  for (const fb::File *file : *plan.files())
    json.push_back({{"name", file->name()->str()},
                    {"bytes", file->size()},
                    {"header_hash", file->header_hash()},
                    {"sample_hash", file->sample_hash()},
                    {"content_hash", orNull(file->content_hash())}});
  return json;
}

Json goldenCheck(const fb::Plan &plan) {
  const fb::GoldenCheck *check = plan.golden_check();
  if (!check)
    return {};
  return {{"prompts", check->prompts()->size()}, {"max_kl", check->max_kl()}};
}

/// A null file is the artifact itself, false none at all.
Json fileOf(const fb::Plan &plan, const fb::View &view) {
  if (view.file() == kNoFile || view.file() == kPacked)
    return false;
  return view.file() < 0 ? Json()
                         : Json(plan.files()->Get(view.file())->name()->str());
}

/// All views, unlike the text: scripts sum them up.
Json weights(const fb::Plan &plan) {
  Json json = Json::array();
  for (const fb::Weight *weight : *plan.weights()) {
    Json views = Json::array();
    for (const fb::View *view : *weight->views())
      views.push_back({{"file", fileOf(plan, *view)},
                       {"offset", view->offset()},
                       {"bytes", view->size()}});
    json.push_back({{"name", weight->name()->str()},
                    {"type", spell(weight->type())},
                    {"shape", std::vector<int64_t>(weight->shape()->begin(),
                                                   weight->shape()->end())},
                    {"packed", weight->views()->Get(0)->file() == kPacked},
                    {"views", views}});
  }
  return json;
}

Json bindings(
    const fb::Plan &plan,
    const flatbuffers::Vector<flatbuffers::Offset<fb::Binding>> &list) {
  Json json = Json::object();
  for (const fb::Binding *binding : list)
    json[binding->name()->str()] =
        spell(plan, *plan.buffers()->Get(binding->buffer()));
  return json;
}

/// Null rows: the launch runs once, whatever the step.
Json cost(const fb::Plan &plan, const fb::Cost &cost) {
  Json json = {
      {"rows", cost.rows() < 0
                   ? Json()
                   : Json(plan.symbols()->Get(cost.rows())->name()->str())},
      {"product", cost.product()}};
  for (const CostTerm &term : termsOf(cost))
    json[std::string(term.name)] = term.value;
  return json;
}

/// Grid and arguments as words: scripts compare them, none computes with them.
Json step(const fb::Plan &plan, const fb::Launch &launch) {
  Json grid = Json::array(), args = Json::array();
  for (const fb::Expr *size : *launch.grid())
    grid.push_back(spell(plan, *size));
  for (const fb::Arg *arg : *launch.args())
    args.push_back(spell(plan, *arg));
  Json json = {{"name", launch.name()->str()},
               {"kernel", plan.kernels()->Get(launch.kernel())->name()->str()},
               {"grid", grid},
               {"args", args}};
  if (launch.tap())
    json["tap"] = launch.tap()->str();
  if (launch.cost())
    json["cost"] = cost(plan, *launch.cost());
  if (launch.runs() != 1)
    json["runs"] = launch.runs();
  return json;
}

Json pack(const fb::Plan &plan, bool steps) {
  Json json = {{"step_count", plan.pack()->size()}};
  for (const fb::Launch *launch : *plan.pack())
    if (steps)
      json["steps"].push_back(step(plan, *launch));
  return json;
}

Json bucket(const fb::Plan &plan, const fb::Entry &entry) {
  Json json = Json::object();
  for (uint32_t i = 0; i < plan.symbols()->size(); ++i)
    json[plan.symbols()->Get(i)->name()->str()] = entry.bucket()->Get(i);
  return json;
}

Json entries(const fb::Plan &plan, bool steps) {
  Json json = Json::array();
  for (const fb::Entry *entry : *plan.entries()) {
    // The number stands beside the list, so that it is there without --steps.
    Json item = {{"name", entry->name()->str()},
                 {"bucket", bucket(plan, *entry)},
                 {"inputs", bindings(plan, *entry->inputs())},
                 {"outputs", bindings(plan, *entry->outputs())},
                 {"step_count", entry->steps()->size()}};
    if (steps) {
      Json list = Json::array();
      for (const fb::Launch *launch : *entry->steps())
        list.push_back(step(plan, *launch));
      item["steps"] = list;
    }
    json.push_back(item);
  }
  return json;
}

Json rewrites(
    const flatbuffers::Vector<flatbuffers::Offset<fb::Rewrite>> &list) {
  Json json = Json::array();
  for (const fb::Rewrite *rewrite : list)
    json.push_back({{"kind", fb::EnumNameRewriteKind(rewrite->kind())},
                    {"from", rewrite->from()->str()},
                    {"text", rewrite->text()->str()}});
  return json;
}

Json splitPatterns(const fb::Tokenizer &tokenizer) {
  Json json = Json::array();
  for (const fb::SplitPattern *pattern : *tokenizer.split_patterns())
    json.push_back({{"source", pattern->source()->str()},
                    {"matches_only", pattern->matches_only()}});
  return json;
}

Json tokenizer(const fb::Plan &plan) {
  const fb::Tokenizer &tokenizer = *plan.tokenizer();
  return {{"pieces", tokenizer.pieces()->size()},
          {"merges", tokenizer.merges()->size()},
          {"added_tokens", tokenizer.added_tokens()->size()},
          {"normalizers", rewrites(*tokenizer.normalizers())},
          {"preparations", rewrites(*tokenizer.preparations())},
          {"split_patterns", splitPatterns(tokenizer)},
          {"byte_fallback", tokenizer.byte_fallback_ids()->size() != 0},
          {"decodings", rewrites(*tokenizer.decodings())},
          {"stripped_spaces", tokenizer.stripped_spaces()},
          {"bos", tokenizer.bos_token()->str()},
          {"eos", tokenizer.eos_token()->str()},
          {"pad", tokenizer.pad_token()->str()},
          {"chat_template_bytes", tokenizer.chat_template()->size()}};
}

Json generation(const fb::Plan &plan) {
  const fb::Generation &generation = *plan.generation();
  return {{"stop_ids", std::vector<int32_t>(generation.stop_ids()->begin(),
                                            generation.stop_ids()->end())},
          {"sampled", generation.do_sample()},
          {"temperature", generation.temperature()},
          {"top_k", generation.top_k()},
          {"top_p", generation.top_p()}};
}

Json sizes(const PlanFile &file) {
  PlanSizes sizes = sizesOf(file.plan());
  return {{"artifact", file.size()},
          {"machine_code", sizes.modules},
          {"embedded_weights", sizes.embeddedWeights},
          {"mapped_weights", sizes.fileWeights},
          {"drawn_weights", sizes.drawnWeights},
          {"packed_weights", sizes.packedWeights},
          {"arenas", sizes.arenas}};
}

} // namespace

std::string inspectJson(const PlanFile &file, const InspectOptions &options) {
  const fb::Plan &plan = file.plan();
  const fb::Model &model = *plan.model();
  const fb::KvCache &cache = *plan.kv_cache();
  Json json = {{"artifact", file.path()},
               {"producer", plan.producer()->str()},
               {"target",
                {{"name", plan.target()->name()->str()},
                 {"cpu", plan.target()->cpu()->str()},
                 {"features", strings(*plan.target()->features())}}},
               {"model",
                {{"vocab_size", model.vocab_size()},
                 {"hidden_size", model.hidden_size()},
                 {"max_context", model.max_context()},
                 {"max_batch", model.max_batch()}}},
               {"symbols", symbols(plan)},
               {"kv_cache",
                {{"pages", cache.pages()},
                 {"page_size", cache.page_size()},
                 {"pages_per_sequence", cache.pages_per_sequence()}}},
               {"arenas", arenas(plan)},
               {"modules", modules(plan)},
               {"kernels", kernels(plan)},
               {"files", files(plan)},
               {"embedded_hash", orNull(plan.embedded_hash())},
               {"golden_check", goldenCheck(plan)},
               {"weights", weights(plan)},
               {"pack", pack(plan, options.steps)},
               {"entries", entries(plan, options.steps)},
               {"tokenizer", tokenizer(plan)},
               {"generation", generation(plan)},
               {"checkpoint", plan.checkpoint()->str()},
               {"sizes", sizes(file)},
               {"report", Json::parse(asJson(reportOn(plan)))}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

} // namespace ingot
