//===- StreamDecoder.h - token ids to text, one at a time -------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Decodes a generation as it grows. A character may spread over several tokens;
// its bytes are held back until it is complete. Tokenizer::decode is all
// that push and finish return, put together.
//
//   StreamDecoder stream(tokenizer, /*skipSpecial=*/true);
//   auto text = stream.push(id);   // may be empty
//   std::string rest = stream.finish();
//
// Belongs to one thread. Borrows the tokenizer, which must outlive it.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_RUNTIME_TEXT_STREAMDECODER_H
#define INGOT_RUNTIME_TEXT_STREAMDECODER_H

#include "ingot/Status.h"
#include "runtime/text/Tokenizer.h"

#include <cstdint>
#include <string>

namespace ingot::text {

class StreamDecoder {
public:
  StreamDecoder(const Tokenizer &tokenizer, bool skipSpecial)
      : tokenizer(tokenizer), skipSpecial(skipSpecial),
        spacesToStrip(tokenizer.strippedSpaces()) {}

  /// Text that `id` completes. An id outside the vocabulary is InvalidInput and
  /// changes nothing.
  Result<std::string> push(int32_t id);

  /// What is held back, as U+FFFD since it stays incomplete. The decoder is
  /// then as new.
  std::string finish();

private:
  /// Moves what is complete of `pending` to the end of `text`.
  void take(bool keepCutOff, std::string &text);

  const Tokenizer &tokenizer;
  bool skipSpecial;
  /// At most three bytes: the start of a character.
  std::string pending;
  /// Spaces that may still be left out: none once something else was returned.
  int32_t spacesToStrip;
};

} // namespace ingot::text

#endif // INGOT_RUNTIME_TEXT_STREAMDECODER_H
