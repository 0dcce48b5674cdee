#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: tools/test.sh
# Installs what is missing, builds everything, and the runtime once more with GCC
# and without LLVM, once under the address and undefined-behaviour sanitizers and
# once under the thread sanitizer; runs every test of each build. The last line is
# `N passed, N failed`; the exit status is 0 only if none failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/lib/stage.sh
. tools/lib/install.sh

passed=0
failed=0
status=0

# run_tests LOG CTEST-ARGUMENT...: adds to `passed` and `failed` what ctest
# closes with, e.g. "99% tests passed, 1 tests failed out of 123". ctest counts
# a skipped test as passed; here it is neither.
run_tests() {
  local log=build/logs/$1.log summary bad all skipped
  shift
  echo "testing (all output: $log)"
  ctest -j 2 --no-tests=error --output-on-failure "$@" 2>&1 | tee "$log" || status=1
  summary=$(grep -E '% tests passed, [0-9]+ tests failed out of [0-9]+' "$log" || true)
  if [ -z "$summary" ]; then
    echo "no test ran" >&2
    exit 1
  fi
  bad=$(sed -E 's/.*, ([0-9]+) tests failed.*/\1/' <<<"$summary")
  all=$(sed -E 's/.* out of ([0-9]+).*/\1/' <<<"$summary")
  skipped=$(grep -cE '^ *[0-9]+/[0-9]+ Test .*\*\*\*Skipped' "$log" || true)
  passed=$((passed + all - bad - skipped))
  failed=$((failed + bad))
}

install_dependencies
jobs=$(stage_jobs)
stage configure "configuring" -- cmake --preset release
stage build "building everything with clang" -- cmake --build build/release -j "$jobs"
stage configure-runtime "configuring the runtime alone" -- cmake --preset runtime-only
stage build-runtime "building the runtime alone with GCC" -- \
  cmake --build build/runtime-only -j "$jobs"
for preset in asan-runtime tsan; do
  stage "configure-$preset" "configuring the runtime for $preset" -- cmake --preset "$preset"
  stage "build-$preset" "building the runtime for $preset" -- \
    cmake --build "build/$preset" -j "$jobs"
done
run_tests test --preset release
# The lints look at the source, which is the same.
run_tests test-runtime --test-dir build/runtime-only --exclude-regex '^lint'
run_tests test-asan-runtime --preset asan-runtime --exclude-regex '^lint'
run_tests test-tsan --preset tsan --exclude-regex '^lint'
echo "$passed passed, $failed failed"
exit "$status"
