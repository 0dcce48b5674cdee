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
// back, as the runtime does.
//
//===----------------------------------------------------------------------===//

#include "compiler/checkpoint/TokenizerImport.h"
#include "runtime/text/Tokenizer.h"
#include "test/fuzz/Fuzz.h"

using namespace ingot;

static void useTokenizer(const text::Tokenizer &tokenizer) {
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
    fuzz::check(addSpecial || *text == kText, "a text that does not come back");
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
  Result<text::Tokenizer> tokenizer = text::Tokenizer::create(*std::move(spec));
  if (tokenizer)
    useTokenizer(*tokenizer);
  else
    fuzz::checkRefusal(tokenizer.status());
  return 0;
}
