//===- FuzzTemplate.cpp - any bytes as a chat template --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/ChatTemplate.h"
#include "runtime/text/Utf8.h"
#include "test/fuzz/Fuzz.h"

using namespace ingot;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string_view source(reinterpret_cast<const char *>(data), size);
  Result<text::ChatTemplate> chat = text::ChatTemplate::create(source);
  if (!chat) {
    fuzz::checkRefusal(chat.status());
    return 0;
  }
  const std::vector<text::ChatMessage> messages = {
      {"system", "Be brief."},
      {"user", " H\u00e9llo, <b>world</b>\n\n"},
      {"assistant", "<think>so</think>Hi!"},
      {"user", ""}};
  for (bool addGenerationPrompt : {false, true}) {
    Result<std::string> text =
        chat->render(messages, addGenerationPrompt, "<s>", "</s>");
    if (!text)
      fuzz::checkRefusal(text.status());
    else
      fuzz::check(text::findInvalidUtf8(*text) == std::string::npos,
                  "a rendering that is not UTF-8");
  }
  return 0;
}
