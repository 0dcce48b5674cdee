#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: sanitize.sh address|thread [CTEST-ARGUMENT...]
# Builds with sanitizers and runs tests: with `address`, which looks for undefined
# behaviour too, all of them; with `thread` those of the runtime.
set -euo pipefail
case "${1:-}" in
address) preset=asan ;;
thread) preset=tsan ;;
*)
  echo "usage: sanitize.sh address|thread [CTEST-ARGUMENT...]" >&2
  exit 2
  ;;
esac
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cmake --preset "$preset"
cmake --build --preset "$preset"
# What is found ends the process: a test that expects an error message must not
# take a report for one.
# LLVM's allocators mark what they have not given out, in our code that is built with
# sanitizers but not in LLVM's own that is not: their marks contradict each other.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=1:allow_user_poisoning=0
export UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=1
ctest --test-dir "build/$preset" -j 2 --no-tests=error --output-on-failure "$@"
