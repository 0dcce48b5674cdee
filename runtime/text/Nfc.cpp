//===- Nfc.cpp - Unicode normalization form C -----------------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/Nfc.h"
#include "runtime/text/Utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <tuple>
#include <vector>

namespace ingot::text {

namespace {

/// The first combining mark: text of smaller code points is in NFC as it is.
constexpr uint32_t kFirstMark = 0x300;

constexpr auto kOptions = utf8proc_option_t(UTF8PROC_STABLE | UTF8PROC_COMPOSE);

bool isComposed(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    Utf8Unit unit = readUtf8(text, at);
    if (unit.codePoint >= kFirstMark)
      return false;
    at += unit.length;
  }
  return true;
}

void appendDecomposed(uint32_t codePoint, std::vector<int32_t> &points) {
  // No character of Unicode decomposes canonically into more than four.
  int32_t parts[16];
  int boundClass = 0;
  utf8proc_ssize_t count = utf8proc_decompose_char(
      int32_t(codePoint), parts, std::size(parts), kOptions, &boundClass);
  if (count < 0 || size_t(count) > std::size(parts))
    points.push_back(int32_t(codePoint));
  else
    points.insert(points.end(), parts, parts + count);
}

int combiningClass(int32_t codePoint) {
  return utf8proc_get_property(codePoint)->combining_class;
}

/// Orders each run of marks by class, marks of one class as they stand.
/// utf8proc's own ordering takes quadratic time, which a long run would make
/// felt.
void orderMarks(std::vector<int32_t> &points) {
  struct Mark {
    int combiningClass;
    size_t place;
    int32_t point;
  };
  std::vector<Mark> marks;
  for (size_t at = 0; at <= points.size(); ++at) {
    int markClass = at < points.size() ? combiningClass(points[at]) : 0;
    if (markClass != 0) {
      marks.push_back({markClass, at, points[at]});
      continue;
    }
    std::sort(marks.begin(), marks.end(), [](const Mark &a, const Mark &b) {
      return std::tie(a.combiningClass, a.place) <
             std::tie(b.combiningClass, b.place);
    });
    for (size_t i = 0; i < marks.size(); ++i)
      points[at - marks.size() + i] = marks[i].point;
    marks.clear();
  }
}

} // namespace

std::string composeNfc(std::string_view text) {
  if (isComposed(text))
    return std::string(text);
  std::vector<int32_t> points;
  points.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    Utf8Unit unit = readUtf8(text, at);
    appendDecomposed(unit.codePoint, points);
    at += unit.length;
  }
  orderMarks(points);
  utf8proc_ssize_t count = utf8proc_normalize_utf32(
      points.data(), utf8proc_ssize_t(points.size()), kOptions);
  // It fails for options that are not used here alone.
  points.resize(size_t(std::max<utf8proc_ssize_t>(count, 0)));
  std::string composed;
  composed.reserve(text.size());
  for (int32_t point : points)
    appendUtf8(uint32_t(point), composed);
  return composed;
}

} // namespace ingot::text
