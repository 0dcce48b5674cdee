//===- TokenizerPipeline.cpp - The steps around the merges ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/TokenizerPipeline.h"

#include "compiler/checkpoint/SplitSyntax.h"

#include <algorithm>
#include <optional>

namespace ingot::compiler {
namespace {

using Steps = std::vector<JsonView>;

/// Any limit would do; one space is what published files strip.
constexpr int64_t maxStrippedSpaces = 1024;

/// The pattern of ByteLevel with use_regex: GPT-2's (openai/gpt-2,
/// src/encoder.py), as the tokenizers library writes it.
constexpr const char *gpt2Pattern =
    R"('(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

/// Appends `step`, or if it is a Sequence the steps of its list `member`.
Status flatten(const JsonView &step, std::string_view member, Steps &steps) {
  auto type = step["type"].string();
  if (!type)
    return type.status();
  if (*type != "Sequence") {
    steps.push_back(step);
    return {};
  }
  auto inner = step[member].elements();
  if (!inner)
    return inner.status();
  for (const JsonView &next : *inner)
    if (Status s = flatten(next, member, steps); !s.ok())
      return s;
  return {};
}

/// Appends a pattern as the files spell it, read from `place`.
Status addPattern(const JsonView &place, std::string_view pattern,
                  bool matchesOnly, text::TokenizerSpec &spec) {
  auto source = spellForPcre2(pattern);
  if (!source)
    return place.error(source.status().message());
  spec.splitPatterns.push_back({*std::move(source), matchesOnly});
  return {};
}

/// Whether a Split drops what its pattern does not match.
Result<bool> readMatchesOnly(const JsonView &step) {
  auto behavior = step["behavior"].string();
  if (!behavior)
    return behavior.status();
  auto invert = step["invert"].booleanOr(false);
  if (!invert)
    return invert.status();
  if (*behavior == "Isolated")
    return false; // whatever `invert` says: both sorts of pieces are kept
  if (*behavior != "Removed")
    return step["behavior"].expects("'Isolated' or 'Removed'");
  if (!*invert)
    return step["invert"].expects("true where matches are removed");
  return true;
}

Status readSplit(const JsonView &step, text::TokenizerSpec &spec) {
  auto matchesOnly = readMatchesOnly(step);
  if (!matchesOnly)
    return matchesOnly.status();
  JsonView pattern = step["pattern"];
  bool isRegex = pattern["Regex"].isString();
  auto text = pattern[isRegex ? "Regex" : "String"].string();
  if (!text || text->empty())
    return pattern.error("expects a Regex or a String that is not empty");
  if (isRegex)
    return addPattern(pattern["Regex"], *text, *matchesOnly, spec);
  spec.splitPatterns.push_back({matchLiterally(*text), *matchesOnly});
  return {};
}

Status readDigits(const JsonView &step, text::TokenizerSpec &spec) {
  auto individual = step["individual_digits"].boolean();
  if (!individual)
    return individual.status();
  spec.splitPatterns.push_back({*individual ? "\\p{N}" : "\\p{N}+"});
  return {};
}

Status readByteLevel(const JsonView &step, text::TokenizerSpec &spec) {
  auto addPrefixSpace = step["add_prefix_space"].boolean();
  if (!addPrefixSpace)
    return addPrefixSpace.status();
  if (*addPrefixSpace)
    return step["add_prefix_space"].expects("false");
  // Files older than the option mean true.
  auto useRegex = step["use_regex"].booleanOr(true);
  if (!useRegex)
    return useRegex.status();
  return *useRegex ? addPattern(step, gpt2Pattern, false, spec) : Status();
}

/// Characters of a valid text: bytes that do not continue one.
int64_t countCharacters(std::string_view text) {
  return std::ranges::count_if(text, [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  });
}

/// When a Metaspace puts its replacement in front; nothing for never.
Result<std::optional<text::Rewrite::Kind>>
readPrependScheme(const JsonView &step) {
  // Files older than `prepend_scheme` have this.
  auto addPrefixSpace = step["add_prefix_space"].booleanOr(true);
  if (!addPrefixSpace)
    return addPrefixSpace.status();
  JsonView scheme = step["prepend_scheme"];
  if (!scheme.exists())
    return *addPrefixSpace
               ? std::optional(text::Rewrite::Kind::PrependIfMissing)
               : std::nullopt;
  auto name = scheme.string();
  if (!name)
    return name.status();
  if (*name == "never")
    return std::optional<text::Rewrite::Kind>();
  if (!*addPrefixSpace)
    return scheme.expects("'never', as add_prefix_space is false");
  if (*name == "always")
    return std::optional(text::Rewrite::Kind::PrependIfMissing);
  if (*name == "first")
    return std::optional(text::Rewrite::Kind::PrependToInputIfMissing);
  return scheme.expects("'always', 'first' or 'never'");
}

Status readMetaspace(const JsonView &step, text::TokenizerSpec &spec) {
  auto replacement = step["replacement"].string();
  if (!replacement)
    return replacement.status();
  if (countCharacters(*replacement) != 1)
    return step["replacement"].expects("one character");
  auto prepend = readPrependScheme(step);
  if (!prepend)
    return prepend.status();
  auto split = step["split"].booleanOr(true);
  if (!split)
    return split.status();
  using Kind = text::Rewrite::Kind;
  spec.preparations.push_back({Kind::Replace, " ", *replacement});
  if (*prepend)
    spec.preparations.push_back({**prepend, "", *replacement});
  // A piece starts at each replacement.
  if (*split)
    spec.splitPatterns.push_back({matchLiterally(*replacement) + "[^" +
                                  matchLiterally(*replacement) + "]*"});
  return {};
}

/// Reads what a Replace of texts, in a normalizer or decoder, replaces.
Status readReplace(const JsonView &step, std::vector<text::Rewrite> &rewrites) {
  auto from = step["pattern"]["String"].string();
  if (!from || from->empty())
    return step["pattern"].error("expects a String that is not empty");
  auto to = step["content"].string();
  if (!to)
    return to.status();
  rewrites.push_back({text::Rewrite::Kind::Replace, *from, *to});
  return {};
}

Status readNormalizerStep(const JsonView &step, text::TokenizerSpec &spec) {
  auto type = step["type"].string();
  if (!type)
    return type.status();
  if (*type == "NFC") {
    spec.normalizers.push_back({text::Rewrite::Kind::Nfc, "", ""});
    return {};
  }
  if (*type == "Replace")
    return readReplace(step, spec.normalizers);
  if (*type != "Prepend")
    return step["type"].expects("'NFC', 'Prepend' or 'Replace'");
  auto text = step["prepend"].string();
  if (!text)
    return text.status();
  spec.normalizers.push_back({text::Rewrite::Kind::Prepend, "", *text});
  return {};
}

/// Appends the ids that the special token `name` of a template stands for.
Status appendSpecial(const JsonView &processor, const std::string &name,
                     const text::TokenizerSpec &spec,
                     std::vector<int32_t> &ids) {
  auto last = static_cast<int64_t>(spec.pieces.size()) - 1;
  auto listed = processor["special_tokens"][name]["ids"].integers(0, last);
  if (!listed)
    return listed.status();
  for (int64_t id : *listed)
    ids.push_back(static_cast<int32_t>(id));
  return {};
}

Status readTemplate(const JsonView &processor, text::TokenizerSpec &spec) {
  JsonView single = processor["single"];
  auto items = single.elements();
  if (!items)
    return items.status();
  bool sawText = false;
  for (const JsonView &item : *items) {
    if (item["Sequence"].exists()) {
      if (sawText)
        return item.error("repeats the text");
      sawText = true;
      continue;
    }
    auto name = item["SpecialToken"]["id"].string();
    if (!name)
      return item.expects("a Sequence or a SpecialToken");
    if (Status s = appendSpecial(processor, *name, spec,
                                 sawText ? spec.suffixIds : spec.prefixIds);
        !s.ok())
      return s;
  }
  return sawText ? Status() : single.error("expects a Sequence, got none");
}

/// One step before BPE of bytes, which ends with ByteLevel.
Status readByteStep(const JsonView &step, const std::string &type,
                    text::TokenizerSpec &spec) {
  if (type == "Split")
    return readSplit(step, spec);
  if (type == "Digits")
    return readDigits(step, spec);
  if (type == "ByteLevel")
    return readByteLevel(step, spec);
  return step["type"].expects("'Split', 'Digits' or 'ByteLevel'");
}

/// One step before BPE of characters; `isFirst`: no other comes before.
Status readCharacterStep(const JsonView &step, const std::string &type,
                         bool isFirst, text::TokenizerSpec &spec) {
  if (type == "Split")
    return readSplit(step, spec);
  if (type == "Digits")
    return readDigits(step, spec);
  if (type != "Metaspace")
    return step["type"].expects("'Metaspace', 'Split' or 'Digits' beside "
                                "byte_fallback");
  if (!isFirst)
    return step.error("expects Metaspace to be the first step");
  return readMetaspace(step, spec);
}

bool isAscii(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return c & 0x80; });
}

Status readStrip(const JsonView &step, text::TokenizerSpec &spec) {
  auto content = step["content"].string();
  if (!content)
    return content.status();
  if (*content != " ")
    return step["content"].expects("a space");
  auto start = step["start"].integer(0, maxStrippedSpaces);
  if (!start)
    return start.status();
  auto stop = step["stop"].integer();
  if (!stop)
    return stop.status();
  if (*stop != 0)
    return step["stop"].expects("0");
  spec.strippedSpaces = static_cast<int32_t>(*start);
  return {};
}

/// Decoders of BPE of characters: replacements, then a fixed order.
Status readCharacterDecoder(const JsonView &decoder, const Steps &steps,
                            text::TokenizerSpec &spec) {
  std::string found;
  for (const JsonView &step : steps) {
    auto type = step["type"].string();
    if (!type)
      return type.status();
    if (*type == "Replace" && found.empty()) {
      if (Status s = readReplace(step, spec.decodings); !s.ok())
        return s;
      if (isAscii(spec.decodings.back().from))
        return step["pattern"].error(
            "expects a character that no spelling of a byte has");
      continue;
    }
    found += (found.empty() ? "" : ", ") + *type;
    if (*type == "Strip")
      if (Status s = readStrip(step, spec); !s.ok())
        return s;
  }
  if (found == "ByteFallback, Fuse" || found == "ByteFallback, Fuse, Strip")
    return {};
  return decoder.error("expects the steps ByteFallback, Fuse and perhaps Strip "
                       "after those that replace, got " +
                       (found.empty() ? "none" : found));
}

} // namespace

Status readNormalizer(const JsonView &normalizer, text::TokenizerSpec &spec) {
  if (!normalizer.exists())
    return {};
  Steps steps;
  if (Status s = flatten(normalizer, "normalizers", steps); !s.ok())
    return s;
  for (const JsonView &step : steps)
    if (Status s = readNormalizerStep(step, spec); !s.ok())
      return s;
  return {};
}

Status readPreTokenizer(const JsonView &preTokenizer,
                        text::TokenizerSpec &spec) {
  const bool isByteLevel = spec.byteFallbackIds.empty();
  Steps steps;
  if (isByteLevel || preTokenizer.exists())
    if (Status s = flatten(preTokenizer, "pretokenizers", steps); !s.ok())
      return s;
  bool isEnded = false;
  for (const JsonView &step : steps) {
    // The output of ByteLevel is spelled in the byte alphabet, which later
    // patterns would see.
    if (isEnded)
      return step.error("expects ByteLevel to be the last step");
    auto type = step["type"].string();
    if (!type)
      return type.status();
    Status s = isByteLevel
                   ? readByteStep(step, *type, spec)
                   : readCharacterStep(step, *type, &step == &steps[0], spec);
    if (!s.ok())
      return s;
    isEnded = isByteLevel && *type == "ByteLevel";
  }
  return isEnded || !isByteLevel
             ? Status()
             : preTokenizer.error("expects a ByteLevel step, got none");
}

Result<bool> readPostProcessor(const JsonView &postProcessor,
                               text::TokenizerSpec &spec) {
  if (!postProcessor.exists())
    return false;
  Steps steps;
  if (Status s = flatten(postProcessor, "processors", steps); !s.ok())
    return s;
  bool hasTemplate = false;
  for (const JsonView &step : steps) {
    auto type = step["type"].string();
    if (!type)
      return type.status();
    // ByteLevel only trims the offsets into the text, which nobody asks for.
    if (*type == "ByteLevel")
      continue;
    if (*type != "TemplateProcessing")
      return step["type"].expects("'TemplateProcessing' or 'ByteLevel'");
    if (hasTemplate)
      return step.error("is a second TemplateProcessing");
    hasTemplate = true;
    if (Status s = readTemplate(step, spec); !s.ok())
      return s;
  }
  return hasTemplate;
}

Status readDecoder(const JsonView &decoder, text::TokenizerSpec &spec) {
  Steps steps;
  if (Status s = flatten(decoder, "decoders", steps); !s.ok())
    return s;
  if (!spec.byteFallbackIds.empty())
    return readCharacterDecoder(decoder, steps, spec);
  for (const JsonView &step : steps) {
    auto type = step["type"].string();
    if (!type || *type != "ByteLevel")
      return step["type"].expects("'ByteLevel'");
  }
  return steps.size() == 1 ? Status()
                           : decoder.error("expects one ByteLevel step, got " +
                                           std::to_string(steps.size()));
}

} // namespace ingot::compiler
