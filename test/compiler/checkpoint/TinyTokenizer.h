//===- TinyTokenizer.h - A small valid tokenizer.json to spoil --*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests change one thing in a tokenizer that is right and look at the message.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TEST_CHECKPOINT_TINYTOKENIZER_H
#define INGOT_TEST_CHECKPOINT_TINYTOKENIZER_H

#include "compiler/checkpoint/TokenizerImport.h"
#include "test/runtime/storage/TempFolder.h"

#include <nlohmann/json.hpp>

#include <string>

namespace ingot::compiler::test {

/// The character that spells `byte` in the byte alphabet, in UTF-8.
inline std::string spell(unsigned byte) {
  unsigned point = 256;
  for (unsigned b = 0; b <= byte; ++b) {
    bool prints = (b >= 0x21 && b <= 0x7e) || (b >= 0xa1 && b != 0xad);
    if (b == byte && prints)
      point = b;
    if (b != byte && !prints)
      ++point;
  }
  if (point < 0x80)
    return std::string(1, static_cast<char>(point));
  return {static_cast<char>(0xc0 | point >> 6),
          static_cast<char>(0x80 | (point & 0x3f))};
}

/// Ids 0 to 255 are the bytes, 256 is "ab", 257 "abc", 258 the added token
/// "<s>". Splits at spaces; puts <s> in front.
inline nlohmann::json tinyTokenizer() {
  auto json = nlohmann::json::parse(R"({
    "added_tokens": [{"id": 258, "content": "<s>", "special": true}],
    "normalizer": null,
    "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
      {"type": "Split", "pattern": {"String": " "}, "behavior": "Isolated",
       "invert": false},
      {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]},
    "post_processor": {"type": "TemplateProcessing",
      "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                 {"Sequence": {"id": "A", "type_id": 0}}],
      "special_tokens": {"<s>": {"id": "<s>", "ids": [258]}}},
    "decoder": {"type": "ByteLevel"},
    "model": {"type": "BPE", "vocab": {"ab": 256, "abc": 257},
              "merges": ["a b", ["ab", "c"]]}})");
  for (unsigned byte = 0; byte < 256; ++byte)
    json["model"]["vocab"][spell(byte)] = byte;
  return json;
}

/// How the files spell a byte to fall back on.
inline std::string spellFallback(unsigned byte) {
  const char digits[] = "0123456789ABCDEF";
  return {'<', '0', 'x', digits[byte >> 4], digits[byte & 15], '>'};
}

/// Ids 0 to 255 are the bytes, 256 to 259 "▁", "a", "b" and "ab", 260 the added
/// token "<s>". Starts from characters; marks spaces, and the start, by "▁".
inline nlohmann::json tinyCharacterTokenizer() {
  auto json = nlohmann::json::parse(R"({
    "added_tokens": [{"id": 260, "content": "<s>", "special": true}],
    "normalizer": {"type": "Sequence", "normalizers": [
      {"type": "Prepend", "prepend": "▁"},
      {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
    "pre_tokenizer": null,
    "post_processor": null,
    "decoder": {"type": "Sequence", "decoders": [
      {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
      {"type": "ByteFallback"}, {"type": "Fuse"},
      {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
    "model": {"type": "BPE", "byte_fallback": true, "fuse_unk": true,
              "unk_token": "<s>",
              "vocab": {"▁": 256, "a": 257, "b": 258, "ab": 259},
              "merges": ["a b"]}})");
  for (unsigned byte = 0; byte < 256; ++byte)
    json["model"]["vocab"][spellFallback(byte)] = byte;
  return json;
}

/// Imports `tokenizer` with the texts of the other files; empty: no such file.
inline Result<text::TokenizerSpec>
importTiny(const nlohmann::json &tokenizer, std::string_view config = "",
           std::string_view chatTemplate = "") {
  storage::test::TempFolder folder;
  folder.write("tokenizer.json", tokenizer.dump());
  if (!config.empty())
    folder.write("tokenizer_config.json", config);
  if (!chatTemplate.empty())
    folder.write("chat_template.jinja", chatTemplate);
  auto spec = importTokenizer(folder.path());
  if (spec)
    return spec;
  std::string message = spec.status().message();
  if (size_t at = message.find(folder.path()); at != message.npos)
    message.erase(at, folder.path().size() + 1);
  return Status(spec.status().code(), message);
}

/// The message of importing `tokenizer`, without the file's name.
inline std::string errorOf(const nlohmann::json &tokenizer) {
  auto spec = importTiny(tokenizer);
  constexpr std::string_view file = "tokenizer.json: ";
  if (spec)
    return "no error";
  std::string message = spec.status().message();
  return message.compare(0, file.size(), file) == 0
             ? message.substr(file.size())
             : message;
}

/// The message after the value at `pointer` (RFC 6901) is replaced by `value`.
inline std::string errorAfter(const std::string &pointer,
                              const nlohmann::json &value,
                              nlohmann::json tokenizer = tinyTokenizer()) {
  tokenizer[nlohmann::json::json_pointer(pointer)] = value;
  return errorOf(tokenizer);
}

/// The same for a tokenizer that starts from characters.
inline std::string characterErrorAfter(const std::string &pointer,
                                       const nlohmann::json &value) {
  return errorAfter(pointer, value, tinyCharacterTokenizer());
}

} // namespace ingot::compiler::test

#endif // INGOT_TEST_CHECKPOINT_TINYTOKENIZER_H
