//===- StopFilter.h - ends a streamed text at a stop string -----*- C++ -*-===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A stop string may come in pieces. Text that could be its beginning is held
// back until it turns out not to be.
//
//   StopFilter filter({"User:"});
//   filter.push("Hello\nUs");   // "Hello\n"
//   filter.push("er: Hi");      // "", and filter.stopped()
//
//===----------------------------------------------------------------------===//

#ifndef INGOT_EXEC_STOPFILTER_H
#define INGOT_EXEC_STOPFILTER_H

#include <string>
#include <string_view>
#include <vector>

namespace ingot {

/// One text; one thread at a time.
class StopFilter {
public:
  /// Empty strings stop nothing.
  explicit StopFilter(std::vector<std::string> stops);

  /// Takes the next piece of text and returns what can be shown by now. At the
  /// first place where a stop string begins the text ends, without it.
  std::string push(std::string_view text);
  /// What was held back; the text is over.
  std::string finish();

  bool stopped() const { return found; }

private:
  std::vector<std::string> stops;
  std::string pending;
  bool found = false;
};

} // namespace ingot

#endif // INGOT_EXEC_STOPFILTER_H
