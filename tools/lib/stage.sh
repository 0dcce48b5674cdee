# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Stages of a script: one line each with its seconds; what a stage prints goes
# to a log, whose end is shown if it fails. Source this from the repository's
# root.

STAGE_LOGS=build/logs

# stage_open WORDS...: begins a stage's line.
stage_open() {
  STAGE_START=$SECONDS
  printf '%-46s' "$*"
}

# stage_close [RESULT]: ends the line with the seconds, or with RESULT.
stage_close() {
  printf '%10s\n' "${1:-$((SECONDS - STAGE_START)) s}"
}

# stage LOG WORDS... -- COMMAND...: runs COMMAND as a stage. Leaves the script
# with COMMAND's status if that fails.
stage() {
  local log=$STAGE_LOGS/$1.log words=() status=0
  shift
  while [ "$1" != -- ]; do
    words+=("$1")
    shift
  done
  shift
  mkdir -p "$STAGE_LOGS"
  stage_open "${words[@]}"
  "$@" >"$log" 2>&1 || status=$?
  if [ "$status" -eq 0 ]; then
    stage_close
    return
  fi
  stage_close failed
  echo "--- the end of $log:"
  tail -n 40 "$log"
  echo "--- $(printf '%q ' "$@")ended with status $status; all of its output is in $log" >&2
  exit "$status"
}

# stage_jobs: how many compilers to run at once: one a core, but no more than
# one a gigabyte of free memory, which is what a file that includes MLIR takes.
stage_jobs() {
  local cores free
  cores=$(nproc)
  free=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo)
  [ "$free" -lt "$cores" ] && cores=$free
  [ "$cores" -lt 1 ] && cores=1
  echo "$cores"
}
