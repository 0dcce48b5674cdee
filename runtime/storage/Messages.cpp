//===- Messages.cpp - Words that error messages share ---------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/storage/Messages.h"

#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <system_error>

namespace ingot::storage {

std::string escape(std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte != 0x7f) {
      out += c;
      continue;
    }
    out += "\\x";
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string quote(std::string_view text) {
  constexpr size_t maxBytes = 120;
  std::string_view shown = text.substr(0, maxBytes);
  return "'" + escape(shown) + (shown.size() < text.size() ? "..." : "") + "'";
}

std::string hex(uint64_t value) {
  char text[17];
  std::snprintf(text, sizeof text, "%016" PRIx64, value);
  return text;
}

Status osError(std::string_view action, const std::string &path, int error) {
  // Not strerror: it may share one buffer between threads.
  std::string message = "cannot " + std::string(action) + " " + quote(path) +
                        ": " + std::generic_category().message(error);
  if (error == ENOENT)
    return notFound(std::move(message));
  return deviceError(std::move(message));
}

} // namespace ingot::storage
