#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: sanitize.sh address|address-runtime|thread [CTEST-ARGUMENT...]
# Builds with sanitizers and runs tests: with `address`, which looks for undefined
# behaviour too, all of them; with `address-runtime` and `thread` those of the runtime.
set -euo pipefail
case "${1:-}" in
address) preset=asan ;;
address-runtime) preset=asan-runtime ;;
thread) preset=tsan ;;
*)
  echo "usage: sanitize.sh address|address-runtime|thread [CTEST-ARGUMENT...]" >&2
  exit 2
  ;;
esac
shift
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cmake --preset "$preset"
cmake --build --preset "$preset"
# The preset's environment makes what is found end the process (a test that expects
# an error message must not take a report for one), and lets memory be marked by
# nobody but the sanitizer: LLVM's allocators mark what they have not given out, in
# our code that is built with sanitizers but not in LLVM's own that is not, and these
# marks contradict each other.
ctest --preset "$preset" -j 2 --no-tests=error "$@"
