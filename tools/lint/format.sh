#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: format.sh [--fix] [ROOT]
# Fails if clang-format-22 would change a .cpp or .h; --fix changes them.
set -euo pipefail
mode=(--dry-run -Werror)
if [ "${1:-}" = --fix ]; then
  mode=(-i)
  shift
fi
root=${1:-$(dirname "${BASH_SOURCE[0]}")/../..}
cd "$root"
find . \( -name 'build*' -o -name '.?*' \) -prune -o \
  \( -name '*.cpp' -o -name '*.h' \) -print0 |
  xargs -0 -r -n 16 clang-format-22 "${mode[@]}"
