//===- Messages.h - Words that error messages share -------------*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// File names, tensor names and JSON values come from files that anyone may have
// written; they pass through `quote` before they reach a terminal or a log.
// Pure functions, safe from any thread.
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_STORAGE_MESSAGES_H
#define INGOT_STORAGE_MESSAGES_H

#include "ingot/Status.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ingot::storage {

/// `text` with control characters as \xNN, so that it stays on its line.
std::string escape(std::string_view text);

/// `text`, escaped, in single quotes and cut after 120 bytes.
std::string quote(std::string_view text);

/// Sixteen hexadecimal digits.
std::string hex(uint64_t value);

/// "cannot ACTION 'PATH': REASON" for an errno value. NotFound if nothing has
/// that name, else Device.
Status osError(std::string_view action, const std::string &path, int error);

} // namespace ingot::storage

#endif // INGOT_STORAGE_MESSAGES_H
