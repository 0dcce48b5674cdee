//===- InspectText.cpp - a plan as text -----------------------------------===//
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
#include "runtime/storage/Messages.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>

namespace ingot {
namespace {

/// Appends one printf-formatted line after another.
class Lines {
public:
  [[gnu::format(printf, 2, 3)]] void add(const char *format, ...);
  std::string text;
};

void Lines::add(const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  // Measured first, with a byte for the terminator.
  std::string line(size_t(std::vsnprintf(nullptr, 0, format, args)) + 1, '\0');
  std::vsnprintf(line.data(), line.size(), format, again);
  va_end(again);
  va_end(args);
  line.pop_back(); // the terminator
  // What a plan says may come from anyone, and goes to a terminal.
  text += storage::escape(line) + "\n";
}

void addSummary(const fb::Plan &plan, Lines &lines) {
  std::string features;
  for (const auto *feature : *plan.target()->features())
    features += " " + feature->str();
  const fb::Model &model = *plan.model();
  const fb::KvCache &cache = *plan.kv_cache();
  lines.add("producer: %s", plan.producer()->c_str());
  lines.add("target: %s%s%s", plan.target()->name()->c_str(),
            plan.target()->cpu()->size() ? " " : "",
            plan.target()->cpu()->c_str());
  lines.add("features:%s", features.c_str());
  lines.add("model: vocabulary %" PRId64 ", hidden size %" PRId64
            ", context %" PRId64 ", batch %" PRId64,
            model.vocab_size(), model.hidden_size(), model.max_context(),
            model.max_batch());
  for (const fb::Symbol *symbol : *plan.symbols())
    lines.add("symbol %s: at most %" PRId64, symbol->name()->c_str(),
              symbol->max());
  lines.add("kv cache: %u pages of %u tokens, at most %u for a sequence",
            cache.pages(), cache.page_size(), cache.pages_per_sequence());
  if (const fb::GoldenCheck *check = plan.golden_check())
    lines.add("golden check: %u prompts, mean KL of at most %.3g",
              check->prompts()->size(), check->max_kl());
}

/// ", content 0x..." where there is a hash of everything.
std::string content(flatbuffers::Optional<uint64_t> hash) {
  return hash ? ", content 0x" + storage::hex(*hash) : "";
}

void addModule(const fb::Module &module, Lines &lines) {
  std::string kind(spell(module.kind()));
  if (module.arch())
    kind += " " + module.arch()->str();
  std::string source;
  if (module.source() >= 0)
    source = ", of module " + std::to_string(module.source());
  lines.add("module: %s at %" PRIu64 ", %" PRIu64 " bytes%s", kind.c_str(),
            module.offset(), module.size(), source.c_str());
}

void addKernel(const fb::Kernel &kernel, Lines &lines) {
  std::string place;
  if (kernel.resources())
    place = " in module " + std::to_string(kernel.module_()) + ", " +
            spell(*kernel.resources());
  lines.add("kernel %s: %s%s", kernel.name()->c_str(), kernel.symbol()->c_str(),
            place.c_str());
}

void addMemory(const fb::Plan &plan, Lines &lines) {
  for (const fb::Arena *arena : *plan.arenas())
    lines.add("arena %s: %s, %" PRIu64 " bytes", arena->name()->c_str(),
              std::string(spell(arena->kind())).c_str(), arena->bytes());
  for (const fb::Module *module : *plan.modules())
    addModule(*module, lines);
  for (const fb::Kernel *kernel : *plan.kernels())
    addKernel(*kernel, lines);
  for (const fb::File *file : *plan.files())
    lines.add("file %s: %" PRIu64 " bytes, header 0x%s, sample 0x%s%s",
              file->name()->c_str(), file->size(),
              storage::hex(file->header_hash()).c_str(),
              storage::hex(file->sample_hash()).c_str(),
              content(file->content_hash()).c_str());
  if (plan.embedded_hash())
    lines.add("embedded weights%s", content(plan.embedded_hash()).c_str());
}

/// A stacked weight has hundreds of views: the first one and their number say
/// enough.
void addWeights(const fb::Plan &plan, Lines &lines) {
  for (const fb::Weight *weight : *plan.weights()) {
    const auto &views = *weight->views();
    std::string place = "nowhere";
    if (views.size() > 0) {
      const fb::View &first = *views.Get(0);
      if (first.file() == kNoFile)
        place = "no file";
      else if (first.file() == kPacked)
        place = "packed";
      else
        place = (first.file() < 0
                     ? "artifact"
                     : plan.files()->Get(first.file())->name()->str()) +
                "+" + std::to_string(first.offset());
    }
    if (views.size() > 1)
      place += ", " + std::to_string(views.size()) + " parts";
    lines.add("weight %s: %s at %s", weight->name()->c_str(),
              spellType(*weight).c_str(), place.c_str());
  }
}

/// A step's line begins with where it comes from, so that one layer can be
/// found by its name.
void addStep(const fb::Plan &plan, const fb::Launch &step, Lines &lines) {
  std::string grid, args;
  for (const fb::Expr *size : *step.grid())
    grid += (grid.empty() ? "" : ", ") + spell(plan, *size);
  for (const fb::Arg *arg : *step.args())
    args += (args.empty() ? "" : ", ") + spell(plan, *arg);
  std::string tail;
  if (step.runs() != 1)
    tail += " runs " + std::to_string(step.runs());
  if (step.tap())
    tail += " tap " + step.tap()->str();
  if (step.cost())
    tail += " cost (" + spell(plan, *step.cost()) + ")";
  lines.add("  step %s: %s grid (%s) args (%s)%s", step.name()->c_str(),
            plan.kernels()->Get(step.kernel())->name()->c_str(), grid.c_str(),
            args.c_str(), tail.c_str());
}

/// "T at most 8, S at most 4"
std::string spellBucket(const fb::Plan &plan, const fb::Entry &entry) {
  std::string text;
  for (uint32_t i = 0; i < plan.symbols()->size(); ++i)
    text += (i ? ", " : "") + plan.symbols()->Get(i)->name()->str() +
            " at most " + std::to_string(entry.bucket()->Get(i));
  return text;
}

void addPack(const fb::Plan &plan, bool steps, Lines &lines) {
  if (plan.pack()->size() == 0)
    return;
  lines.add("pack: %u steps", plan.pack()->size());
  if (steps)
    for (const fb::Launch *step : *plan.pack())
      addStep(plan, *step, lines);
}

void addEntries(const fb::Plan &plan, bool steps, Lines &lines) {
  for (const fb::Entry *entry : *plan.entries()) {
    lines.add("entry %s: %u steps, %s", entry->name()->c_str(),
              entry->steps()->size(), spellBucket(plan, *entry).c_str());
    for (const fb::Binding *input : *entry->inputs())
      lines.add("  input %s: %s", input->name()->c_str(),
                spell(plan, *plan.buffers()->Get(input->buffer())).c_str());
    for (const fb::Binding *output : *entry->outputs())
      lines.add("  output %s: %s", output->name()->c_str(),
                spell(plan, *plan.buffers()->Get(output->buffer())).c_str());
    if (steps)
      for (const fb::Launch *step : *entry->steps())
        addStep(plan, *step, lines);
  }
}

void addText(const fb::Plan &plan, Lines &lines) {
  const fb::Tokenizer &tokenizer = *plan.tokenizer();
  lines.add("tokenizer: %u pieces, %u merges, %u added tokens, %u patterns, "
            "from %s",
            tokenizer.pieces()->size(), tokenizer.merges()->size(),
            tokenizer.added_tokens()->size(),
            tokenizer.split_patterns()->size(),
            tokenizer.byte_fallback_ids()->size() ? "characters" : "bytes");
  lines.add("special tokens: bos '%s', eos '%s', pad '%s'",
            tokenizer.bos_token()->c_str(), tokenizer.eos_token()->c_str(),
            tokenizer.pad_token()->c_str());
  lines.add("chat template: %u bytes", tokenizer.chat_template()->size());
  const fb::Generation &generation = *plan.generation();
  std::string stops;
  for (int32_t id : *generation.stop_ids())
    stops += " " + std::to_string(id);
  lines.add("generation: %s, temperature %g, top-k %d, top-p %g",
            generation.do_sample() ? "sampled" : "greedy",
            double(generation.temperature()), generation.top_k(),
            double(generation.top_p()));
  lines.add("stop ids:%s", stops.c_str());
}

} // namespace

std::string inspectText(const PlanFile &file, const InspectOptions &options) {
  const fb::Plan &plan = file.plan();
  Lines lines;
  lines.add("artifact: %s", file.path().c_str());
  addSummary(plan, lines);
  addMemory(plan, lines);
  addWeights(plan, lines);
  addPack(plan, options.steps, lines);
  addEntries(plan, options.steps, lines);
  addText(plan, lines);
  lines.add("checkpoint: %s", plan.checkpoint()->c_str());
  PlanSizes sizes = sizesOf(plan);
  lines.add("sizes: artifact %" PRIu64 ", machine code %" PRIu64
            ", embedded weights %" PRIu64 ", mapped weights %" PRIu64
            ", weights without a file %" PRIu64 ", packed weights %" PRIu64
            ", arenas %" PRIu64,
            file.size(), sizes.modules, sizes.embeddedWeights,
            sizes.fileWeights, sizes.drawnWeights, sizes.packedWeights,
            sizes.arenas);
  return std::move(lines.text) + asText(reportOn(plan));
}

} // namespace ingot
