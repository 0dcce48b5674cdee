#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: tools/gpu-artifacts.sh [--bin DIR] [--target TARGET] [--only NAME] DIR
# Compiles what tools/gpu-test.sh runs, with the ingotc of the bin folder
# (build/release/bin), which needs no GPU. For each bundled checkpoint NAME of
# test/models:
#   NAME.cpu.ingot   for any processor with AVX2
#   NAME.gpu.ingot   for TARGET (sm_90a)
#   NAME.fp8.gpu.ingot  the same with FP8 activations, if its weights are FP8
# and, for each row of test/configs/bench.txt, of a published config alone:
#   NAME.bench.ingot for TARGET, to be measured with drawn weights
set -euo pipefail

bin=
target=sm_90a
only=
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
while [ $# -gt 1 ]; do
  case $1 in
  --bin) bin=$2 ;;
  --target) target=$2 ;;
  --only) only=$2 ;;
  *) break ;;
  esac
  shift 2
done
if [ $# -ne 1 ]; then
  sed -n 's/^# usage: /usage: /p' "${BASH_SOURCE[0]}" >&2
  exit 1
fi
out=$1
ingotc=${bin:-$root/build/release/bin}/ingotc
mkdir -p "$out"

# compile NAME ARGUMENT...: writes NAME.ingot, unless another was asked for.
compile() {
  local name=$1
  shift
  if [ -n "$only" ] && [ "${name%%.*}" != "$only" ]; then
    return
  fi
  "$ingotc" "$@" -o "$out/$name.ingot"
}

for checkpoint in "$root"/test/models/*/; do
  name=$(basename "$checkpoint")
  compile "$name.cpu" "$checkpoint" --cpu x86-64-v3 --max-batch 16
  compile "$name.gpu" "$checkpoint" --target "$target" --max-batch 16
  # Processors have kernels for float32 inputs only.
  if [ "$target" != cpu ] && grep -q '"quant_method": "fp8"' "$checkpoint/config.json"; then
    compile "$name.fp8.gpu" "$checkpoint" --target "$target" --max-batch 16 \
      --activations fp8
  fi
done
while read -r name config flags; do
  if [ "${name:0:1}" != "#" ]; then
    # Flags are words.
    # shellcheck disable=SC2086
    compile "$name.bench" --config-only "$root/test/configs/$config" \
      --target "$target" --max-batch 32 $flags
  fi
done <"$root/test/configs/bench.txt"
