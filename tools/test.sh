#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: tools/test.sh
# Installs what is missing, builds everything (and the runtime once more with
# GCC, without LLVM), runs every test. The last line is `N passed, N failed`;
# the exit status is 0 only if tests ran and none failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/lib/stage.sh
. tools/lib/install.sh

install_dependencies
jobs=$(stage_jobs)
stage configure "configuring" -- cmake --preset release
stage build "building everything with clang" -- cmake --build build/release -j "$jobs"
stage configure-runtime "configuring the runtime alone" -- cmake --preset runtime-only
stage build-runtime "building the runtime alone with GCC" -- \
  cmake --build build/runtime-only -j "$jobs"

log=build/logs/test.log
echo "testing (all output: $log)"
status=0
ctest --preset release -j 2 --no-tests=error 2>&1 | tee "$log" || status=$?

# ctest closes with, e.g., "99% tests passed, 1 tests failed out of 123"; a
# skipped test is neither passed nor failed.
summary=$(grep -E '% tests passed, [0-9]+ tests failed out of [0-9]+' "$log" || true)
if [ -z "$summary" ]; then
  echo "no test ran" >&2
  exit 1
fi
failed=$(sed -E 's/.*, ([0-9]+) tests failed.*/\1/' <<<"$summary")
total=$(sed -E 's/.* out of ([0-9]+).*/\1/' <<<"$summary")
skipped=$(grep -cE '^ *[0-9]+/[0-9]+ Test .*\*\*\*Skipped' "$log" || true)
if [ "$skipped" -gt 0 ]; then
  echo "$skipped skipped"
fi
echo "$((total - failed - skipped)) passed, $failed failed"
exit "$status"
