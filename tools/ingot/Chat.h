//===- Chat.h - a conversation on the standard input ------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each line is a turn of the user; the answer streams to the standard output.
// What turns have in common stays in the sequence's KV cache.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_TOOLS_INGOT_CHAT_H
#define INGOT_TOOLS_INGOT_CHAT_H

#include "runtime/exec/Generator.h"
#include "runtime/text/ChatTemplate.h"

#include <functional>
#include <string>
#include <vector>

namespace ingot::tool {

/// One conversation. Borrows the session and takes one of its sequences.
class Chat {
public:
  static Result<Chat> start(Session &session, GenerateOptions options);

  /// Adds the user's turn and streams the answer. A failure ends the
  /// conversation.
  Result<GenerateResult> answer(const std::string &turn,
                                const TextObserver &onText);

private:
  Chat(Session &session, int sequence, GenerateOptions options)
      : session(session), sequence(sequence), options(std::move(options)) {}

  Session &session;
  int sequence;
  GenerateOptions options;
  std::vector<text::ChatMessage> messages;
  /// Tokens that the sequence has.
  std::vector<int32_t> held;
};

/// Reads turns until the end of the input or "/exit"; tells `onAnswer` of each
/// answer after its last text.
Status chat(Session &session, const GenerateOptions &options,
            const std::function<void(const GenerateResult &)> &onAnswer);

/// Writes to the standard output at once.
void printText(std::string_view text);

} // namespace ingot::tool

#endif // INGOT_TOOLS_INGOT_CHAT_H
