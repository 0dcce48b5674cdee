//===- GenerationImport.h - A checkpoint's generation defaults --*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads generation_config.json, and config.json for what it leaves open.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_COMPILER_CHECKPOINT_GENERATIONIMPORT_H
#define INGOT_COMPILER_CHECKPOINT_GENERATIONIMPORT_H

#include "ingot/Status.h"
#include "runtime/text/TokenizerSpec.h"

#include <string>

namespace ingot::compiler {

/// The defaults of the checkpoint in `folder`. generation_config.json may be
/// missing; `eos_token_id` (a number or a list) falls back to config.json's, at
/// its top level or in its text_config. Bounds: ids from 0 to 2^31 - 1,
/// temperature >= 0, top_k >= 0 (0: no limit), 0 < top_p <= 1. InvalidInput
/// names file, key, expected and got.
Result<text::GenerationDefaults>
importGenerationDefaults(const std::string &folder);

} // namespace ingot::compiler

#endif // INGOT_COMPILER_CHECKPOINT_GENERATIONIMPORT_H
