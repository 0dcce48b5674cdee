//===- TokenizerPipeline.cpp - The steps around the merges ----------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/TokenizerPipeline.h"

#include "runtime/storage/Messages.h"

namespace ingot::compiler {
namespace {

using Steps = std::vector<JsonView>;

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

/// A pattern that matches `text` and nothing else.
std::string escape(std::string_view text) {
  std::string pattern;
  for (char c : text) {
    bool isWord = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                  (c >= 'A' && c <= 'Z') || (c & 0x80);
    if (!isWord)
      pattern += '\\';
    pattern += c;
  }
  return pattern;
}

Status readSplit(const JsonView &step, text::TokenizerSpec &spec) {
  auto behavior = step["behavior"].string();
  if (!behavior)
    return behavior.status();
  if (*behavior != "Isolated")
    return step["behavior"].expects("'Isolated'");
  auto invert = step["invert"].booleanOr(false);
  if (!invert)
    return invert.status();
  if (*invert)
    return step["invert"].expects("false");
  JsonView pattern = step["pattern"];
  bool isRegex = pattern["Regex"].isString();
  auto text = pattern[isRegex ? "Regex" : "String"].string();
  if (!text || text->empty())
    return pattern.error("expects a Regex or a String that is not empty");
  spec.splitPatterns.push_back(isRegex ? *text : escape(*text));
  return {};
}

Status readDigits(const JsonView &step, text::TokenizerSpec &spec) {
  auto individual = step["individual_digits"].boolean();
  if (!individual)
    return individual.status();
  spec.splitPatterns.push_back(*individual ? "\\p{N}" : "\\p{N}+");
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
  if (*useRegex)
    spec.splitPatterns.push_back(gpt2Pattern);
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

} // namespace

Status checkNormalizer(const JsonView &normalizer) {
  if (!normalizer.exists())
    return {};
  Steps steps;
  if (Status s = flatten(normalizer, "normalizers", steps); !s.ok())
    return s;
  return steps.empty() ? Status() : steps[0]["type"].expects("no normalizer");
}

Status readPreTokenizer(const JsonView &preTokenizer,
                        text::TokenizerSpec &spec) {
  Steps steps;
  if (Status s = flatten(preTokenizer, "pretokenizers", steps); !s.ok())
    return s;
  bool isByteLevel = false;
  for (const JsonView &step : steps) {
    // Its output is spelled in the byte alphabet, which later patterns would
    // see.
    if (isByteLevel)
      return step.error("expects ByteLevel to be the last step");
    auto type = step["type"].string();
    if (!type)
      return type.status();
    Status s;
    if (*type == "Split")
      s = readSplit(step, spec);
    else if (*type == "Digits")
      s = readDigits(step, spec);
    else if (*type == "ByteLevel")
      s = readByteLevel(step, spec);
    else
      s = step["type"].expects("'Split', 'Digits' or 'ByteLevel'");
    if (!s.ok())
      return s;
    isByteLevel = *type == "ByteLevel";
  }
  return isByteLevel ? Status()
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

Status checkDecoder(const JsonView &decoder) {
  Steps steps;
  if (Status s = flatten(decoder, "decoders", steps); !s.ok())
    return s;
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
