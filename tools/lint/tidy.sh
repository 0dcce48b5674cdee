#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: tidy.sh [PATTERN]
# Fails if clang-tidy-22 finds something (.clang-tidy says what it looks for) in
# the sources whose path contains PATTERN, by default all. Needs build/release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
database=build/release/compile_commands.json
[ -e "$database" ] || cmake --preset release >/dev/null
find compiler dialects passes runtime test tools -name '*.cpp' |
  { grep -F -- "${1:-}" || true; } | sort |
  xargs -r -n 4 -P 2 clang-tidy-22 -p build/release --quiet --warnings-as-errors='*'
