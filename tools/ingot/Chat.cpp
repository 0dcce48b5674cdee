//===- Chat.cpp - a conversation on the standard input --------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ingot/Chat.h"
#include "runtime/text/Tokenizer.h"
#include "tools/ingot/ModelFlags.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <unistd.h>

namespace ingot::tool {

void printText(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

Result<Chat> Chat::start(Session &session, GenerateOptions options) {
  if (Status status = requireTokenizer(session.model()); !status.ok())
    return status;
  if (!session.model().chatTemplate())
    return incompatible("a chat needs a chat template, and the model's "
                        "checkpoint has none; use --prompt");
  auto sequence = session.addSequence();
  if (!sequence)
    return sequence.status();
  return Chat(session, *sequence, std::move(options));
}

Result<GenerateResult> Chat::answer(const std::string &turn,
                                    const TextObserver &onText) {
  const Model &model = session.model();
  messages.push_back({"user", turn});
  auto text = model.chatTemplate()->render(messages, true, model.bosToken(),
                                           model.eosToken());
  if (!text)
    return text.status();
  auto ids = model.tokenizer().encode(*text, /*addSpecial=*/false);
  if (!ids)
    return ids.status();
  if (int64_t(ids->size()) > model.info().maxContext)
    return outOfMemory("the conversation expects at most " +
                       std::to_string(model.info().maxContext) +
                       " tokens, got " + std::to_string(ids->size()));

  // The template may rewrite earlier turns, so compare instead of appending.
  // One token at least must run, for its logits.
  size_t most = std::min(held.size(), ids->empty() ? 0 : ids->size() - 1);
  size_t common = size_t(
      std::mismatch(held.begin(), held.begin() + most, ids->begin()).first -
      held.begin());
  if (Status s = session.truncate(sequence, int64_t(common)); !s.ok())
    return s;
  auto result = generate(session, sequence, std::span(*ids).subspan(common),
                         options, onText);
  if (!result)
    return result.status();
  messages.push_back({"assistant", result->text});
  held = *std::move(ids);
  held.insert(held.end(), result->ids.begin(), result->ids.end());
  // The last token drawn has not run.
  held.resize(size_t(session.length(sequence)));
  return result;
}

Status chat(Session &session, const GenerateOptions &options,
            const std::function<void(const GenerateResult &)> &onAnswer) {
  auto chat = Chat::start(session, options);
  if (!chat)
    return chat.status();
  bool terminal = isatty(0);
  if (terminal)
    std::fputs("End with /exit or the end of the input.\n", stderr);
  for (;;) {
    if (terminal)
      std::fputs("> ", stderr);
    std::string turn;
    if (!std::getline(std::cin, turn) || turn == "/exit")
      return {};
    if (turn.empty())
      continue;
    auto result = chat->answer(turn, printText);
    if (!result)
      return result.status();
    printText("\n");
    onAnswer(*result);
  }
}

} // namespace ingot::tool
