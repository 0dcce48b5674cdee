//===- TokenizerImport.h - A checkpoint's tokenizer, as data ----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads tokenizer.json, tokenizer_config.json and chat_template.jinja of a
// checkpoint folder. What would change the ids of a text and is not supported
// is refused by name, never passed over.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_TOKENIZERIMPORT_H
#define INGOT_COMPILER_CHECKPOINT_TOKENIZERIMPORT_H

#include "ingot/Status.h"
#include "runtime/text/TokenizerSpec.h"

#include <string>

namespace ingot::compiler {

/// The tokenizer of the checkpoint in `folder`. NotFound without a
/// tokenizer.json; the other two files may be missing. InvalidInput names file,
/// place, expected and got.
///
/// Special tokens come from the template of tokenizer.json. Where it has none,
/// `add_bos_token` and `add_eos_token` of tokenizer_config.json decide, as in
/// published checkpoints whose tokenizer class builds the template from them.
/// A chat_template.jinja wins over the template in tokenizer_config.json.
Result<text::TokenizerSpec> importTokenizer(const std::string &folder);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_TOKENIZERIMPORT_H
