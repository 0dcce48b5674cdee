#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: tools/gpu-test.sh [FLAGS] ARTIFACTS
# Tries the artifacts of a folder (see tools/gpu-artifacts.sh) on this machine's
# GPU; needs the built `ingot` and test/models, and no compiler. One line a check,
# what went wrong below it; the last line is `N passed, N failed`, and the exit
# status 0 only if none failed.
#   --json FILE         also write the checks as JSON
#   --bin DIR           folder of `ingot` (build/release/bin)
#   --device N          GPU to run on (0)
#   --cuda-driver LIB   its driver (libcuda.so.1)
#   --runs N            runs that must give the same bits (100)
#   --prompt-tokens N, --tokens N   of what is measured (1024, 64)
# NAME-prefill.bench.ingot is measured with prompts of 4096 tokens at the least.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# What products in bf16, and in FP8, are excused.
kl_bf16=2e-3 nll_bf16=0.005 margin_bf16=0.5
kl_fp8=2e-2 nll_fp8=0.01 margin_fp8=1.0
# Share of greedy choices that may differ, none beyond the margin.
mismatched=0.02
# Share of a tensor's rms by which a value may differ from the processor's.
diff_tolerance=0.25

json=
bin=$root/build/release/bin
gpu=()
runs=100
prompt_tokens=1024
tokens=64
while [ $# -gt 1 ]; do
  case $1 in
  --json) json=$2 ;;
  --bin) bin=$2 ;;
  --device | --cuda-driver) gpu+=("$1" "$2") ;;
  --runs) runs=$2 ;;
  --prompt-tokens) prompt_tokens=$2 ;;
  --tokens) tokens=$2 ;;
  *) break ;;
  esac
  shift 2
done
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
  sed -n 's/^# usage: /usage: /p' "${BASH_SOURCE[0]}" >&2
  exit 1
fi
artifacts=$1
passed=0
failed=0
records=
out=$(mktemp)
trap 'rm -f "$out"' EXIT

# report CHECK ARTIFACT STATUS DETAIL: a line, and what the command said if the
# status is not 0.
report() {
  local word=ok
  if [ "$3" = 0 ]; then
    passed=$((passed + 1))
  else
    word=FAILED
    failed=$((failed + 1))
  fi
  printf '%-6s %s %s: %s\n' "$word" "$2" "$1" "$4"
  if [ "$3" != 0 ]; then
    tail -n 20 "$out" | sed 's/^/    /'
  fi
  records+="${records:+,}
  {\"check\": \"$1\", \"artifact\": \"$2\", \"passed\": $([ "$3" = 0 ] && echo true || echo false), \"detail\": \"${4//\"/\\\"}\"}"
}

# run ARGUMENT...: ingot on the GPU; what it says goes to $out.
run() {
  "$bin/ingot" "$@" "${gpu[@]}" >"$out" 2>&1
}

# value NAME: the number of the line "NAME: number" of $out.
value() {
  awk -v name="$1:" '$1 == name { print $2; exit }' "$out"
}

# holds CONDITION: whether a condition of numbers, as awk writes it, is true.
holds() {
  awk "BEGIN { exit !($1) }"
}

# check_golden ARTIFACT CHECKPOINT KL MARGIN
check_golden() {
  local status=0 kl mismatches beyond steps
  run eval "$artifacts/$1.ingot" --weights "$2" --margin "$4" \
    --golden "$2/golden.safetensors" || status=$?
  kl=$(value prompt.mean_kl)
  steps=$(value greedy.steps)
  mismatches=$(value greedy.mismatches)
  beyond=$(value greedy.mismatches_beyond_margin)
  if [ "$status" = 0 ]; then
    holds "${kl:-1} <= $3 && ${beyond:-1} == 0 &&
      ${mismatches:-1} <= $mismatched * ${steps:-0}" || status=1
  fi
  report golden "$1" "$status" "mean KL ${kl:-none} (at most $3), \
${mismatches:-no} of ${steps:-no} choices differ, ${beyond:-no} beyond $4"
}

# on_cpu ARTIFACT: its checkpoint's for the processor.
on_cpu() {
  echo "$artifacts/${1%%.*}.cpu.ingot"
}

# check_nll ARTIFACT CHECKPOINT LIMIT: against the processor's.
check_nll() {
  local status=0 ours theirs
  run eval "$(on_cpu "$1")" --weights "$2" --windows 8 \
    --text "$root/test/models/heldout.txt" || status=$?
  theirs=$(value nll_per_token)
  if [ "$status" = 0 ]; then
    run eval "$artifacts/$1.ingot" --weights "$2" --windows 8 \
      --text "$root/test/models/heldout.txt" || status=$?
  fi
  ours=$(value nll_per_token)
  if [ "$status" = 0 ]; then
    holds "${ours:-9} - ${theirs:-0} <= $3 && ${theirs:-9} - ${ours:-0} <= $3" ||
      status=1
  fi
  report nll "$1" "$status" \
    "${ours:-none}, ${theirs:-none} on the processor (within $3)"
}

# check_diff ARTIFACT CHECKPOINT
check_diff() {
  local status=0
  run diff "$(on_cpu "$1")" "$artifacts/$1.ingot" \
    --weights "$2" --tolerance "$diff_tolerance" \
    --prompt "And God said unto Moses," || status=$?
  report diff "$1" "$status" "$(grep -m 1 -E '^(first difference|no step)' "$out" ||
    head -n 1 "$out")"
}

# check_repeat ARTIFACT WEIGHTS
check_repeat() {
  local status=0
  run eval "$artifacts/$1.ingot" --weights "$2" --repeat --runs "$runs" ||
    status=$?
  report repeat "$1" "$status" \
    "$(value repeat.differing_runs) of $(value repeat.runs) runs and $(value repeat.differing_rows) of $(value repeat.rows) rows in a batch of $(value repeat.batch) differ"
}

# measure ARTIFACT WEIGHTS PROMPT-TOKENS TOKENS
measure() {
  local status=0
  run bench "$artifacts/$1.ingot" --weights "$2" --prompt-tokens "$3" \
    --tokens "$4" || status=$?
  report bench "$1" "$status" "$(sed -nE \
    -e '/^prefill: /s/^(prefill: .*)/\1;/p' \
    -e '/^decode, batch 1: /s/.*: (.*)/decode: \1;/p' \
    -e '/^  weights: /{s/^  weights: //p;q}' "$out" | tr '\n' ' ')"
}

for checkpoint in "$root"/test/models/*/; do
  checkpoint=${checkpoint%/}
  name=$(basename "$checkpoint")
  for artifact in "$name.gpu" "$name.fp8.gpu"; do
    [ -e "$artifacts/$artifact.ingot" ] || continue
    kl=$kl_bf16 nll=$nll_bf16 margin=$margin_bf16
    if [ "$artifact" = "$name.fp8.gpu" ]; then
      kl=$kl_fp8 nll=$nll_fp8 margin=$margin_fp8
    fi
    check_golden "$artifact" "$checkpoint" "$kl" "$margin"
    if [ -e "$(on_cpu "$artifact")" ]; then
      check_nll "$artifact" "$checkpoint" "$nll"
    fi
    # With other activations every step differs, by more and more.
    if [ -e "$(on_cpu "$artifact")" ] && [ "$artifact" = "$name.gpu" ]; then
      check_diff "$artifact" "$checkpoint"
    fi
    check_repeat "$artifact" "$checkpoint"
    measure "$artifact" "$checkpoint" 128 32
  done
done
for artifact in "$artifacts"/*.bench.ingot; do
  [ -e "$artifact" ] || continue
  prompt=$prompt_tokens
  case $artifact in
  *-prefill.bench.ingot) prompt=$((prompt < 4096 ? 4096 : prompt)) ;;
  esac
  measure "$(basename "$artifact" .ingot)" random:1 "$prompt" "$tokens"
done
if [ -n "$json" ]; then
  printf '[%s\n]\n' "$records" >"$json"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
