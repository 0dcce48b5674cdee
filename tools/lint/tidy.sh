#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: tidy.sh [PATTERN]
# Fails if clang-tidy-22 finds something (.clang-tidy says what it looks for) in
# the sources whose path contains PATTERN, by default all. Builds what they
# include: generated headers and the precompiled one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if ! command -v clang-tidy-22 >/dev/null; then
  echo "needs clang-tidy-22: on Debian 12, apt-get install clang-tidy-22" >&2
  exit 2
fi
mkdir -p build
cmake --preset release >build/tidy.log
cmake --build build/release -j 2 --target \
  IngotPlanSchema IngotDialectIncGen PlanDialectIncGen IngotPassIncGen IngotPch >>build/tidy.log
sources=$(find compiler dialects passes runtime test tools -name '*.cpp' |
  { grep -F -- "${1:-}" || true; } | sort)
if [ -z "$sources" ]; then
  echo "no source has '$1' in its path" >&2
  exit 2
fi
xargs -n 4 -P 2 clang-tidy-22 -p build/release --quiet --warnings-as-errors='*' <<<"$sources"
