//===- ProgressBar.cpp - progress of a long run, on a terminal ------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tools/ingot/ProgressBar.h"

#include <cstdio>
#include <string>
#include <unistd.h>

namespace ingot::tool {

ProgressBar::ProgressBar()
    : begin(std::chrono::steady_clock::now()), enabled(isatty(2)) {}

ProgressBar::~ProgressBar() {
  if (shown)
    std::fputs("\r\033[K", stderr);
}

void ProgressBar::update(int64_t done, int64_t total) {
  using std::chrono::seconds;
  if (!enabled || std::chrono::steady_clock::now() - begin < seconds(1))
    return;
  shown = true;
  constexpr int64_t kWidth = 40;
  int64_t filled = done * kWidth / total;
  std::string bar = std::string(size_t(filled), '#') +
                    std::string(size_t(kWidth - filled), '.');
  std::fprintf(stderr, "\r[%s] %lld/%lld", bar.c_str(), (long long)done,
               (long long)total);
}

} // namespace ingot::tool
