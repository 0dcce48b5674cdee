//===- FuzzTokenizer.cpp - any bytes as a checkpoint's tokenizer ----------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The input is a tokenizer.json and, behind a zero byte, what may stand in
// tokenizer_config.json. A tokenizer that is accepted turns a text into ids and
// back, as the runtime does; the text is the same unless steps of the tokenizer
// change it.
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/TokenizerImport.h"
#include "runtime/text/Tokenizer.h"
#include "test/fuzz/Fuzz.h"

#include <algorithm>

using namespace ingot;

/// Whether no step but splitting and merging touches a text.
static bool keepsText(const text::TokenizerSpec &spec) {
  auto changes = [](const text::AddedToken &token) {
    return token.stripLeft || token.stripRight;
  };
  return spec.normalizers.empty() && spec.preparations.empty() &&
         spec.decodings.empty() && spec.strippedSpaces == 0 &&
         std::ranges::none_of(spec.splitPatterns,
                              &text::SplitPattern::matchesOnly) &&
         std::ranges::none_of(spec.addedTokens, changes);
}

static void useTokenizer(const text::Tokenizer &tokenizer, bool keepsText) {
  constexpr std::string_view kText =
      "It's 12345 o'clock,\r\n  <s>na\u00efve \u4f60\u597d</s>\t\U0001f600 !?";
  for (bool addSpecial : {false, true}) {
    Result<std::vector<int32_t>> ids = tokenizer.encode(kText, addSpecial);
    if (!ids)
      return fuzz::checkRefusal(ids.status());
    for (int32_t id : *ids)
      fuzz::check(id >= 0 && id < tokenizer.vocabSize(), "an id of no piece");
    Result<std::string> text = tokenizer.decode(*ids, /*skipSpecial=*/false);
    fuzz::check(bool(text), "ids that cannot be decoded");
    fuzz::check(addSpecial || !keepsText || *text == kText,
                "a text that does not come back");
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const fuzz::Folder folder;
  std::string_view bytes(reinterpret_cast<const char *>(data), size);
  const size_t end = bytes.find('\0');
  folder.write("tokenizer.json", bytes.substr(0, end));
  if (end == std::string_view::npos)
    folder.remove("tokenizer_config.json");
  else
    folder.write("tokenizer_config.json", bytes.substr(end + 1));

  Result<text::TokenizerSpec> spec = compiler::importTokenizer(folder.path());
  if (!spec) {
    fuzz::checkRefusal(spec.status());
    return 0;
  }
  const bool keeps = keepsText(*spec);
  Result<text::Tokenizer> tokenizer = text::Tokenizer::create(*std::move(spec));
  if (tokenizer)
    useTokenizer(*tokenizer, keeps);
  else
    fuzz::checkRefusal(tokenizer.status());
  return 0;
}
