//===- CharacterClasses.cpp - words and white space -----------------------===//
//
// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.
// See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "runtime/text/CharacterClasses.h"

#include <utf8proc.h>

namespace ingot::text {

/// Symbols that count as letters: circled and squared ones.
static bool isLetterSymbol(uint32_t codePoint) {
  return (codePoint >= 0x24B6 && codePoint <= 0x24E9) ||
         (codePoint >= 0x1F130 && codePoint <= 0x1F149) ||
         (codePoint >= 0x1F150 && codePoint <= 0x1F169) ||
         (codePoint >= 0x1F170 && codePoint <= 0x1F189);
}

bool isWordCharacter(uint32_t codePoint) {
  switch (utf8proc_category(int32_t(codePoint))) {
  case UTF8PROC_CATEGORY_LU:
  case UTF8PROC_CATEGORY_LL:
  case UTF8PROC_CATEGORY_LT:
  case UTF8PROC_CATEGORY_LM:
  case UTF8PROC_CATEGORY_LO:
  case UTF8PROC_CATEGORY_MN:
  case UTF8PROC_CATEGORY_MC:
  case UTF8PROC_CATEGORY_ME:
  case UTF8PROC_CATEGORY_ND:
  case UTF8PROC_CATEGORY_NL:
  case UTF8PROC_CATEGORY_PC:
    return true;
  default:
    // The joiners are formatting characters.
    return codePoint == 0x200C || codePoint == 0x200D ||
           isLetterSymbol(codePoint);
  }
}

bool isWhiteSpace(uint32_t codePoint) {
  if (codePoint < 0x80)
    return codePoint == ' ' || (codePoint >= '\t' && codePoint <= '\r');
  if (codePoint == 0x85)
    return true;
  utf8proc_category_t category = utf8proc_category(int32_t(codePoint));
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
         category == UTF8PROC_CATEGORY_ZP;
}

} // namespace ingot::text
