#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: tools/quickstart.sh
# From a fresh checkout to generated text: installs what is missing, builds,
# compiles a tiny checkpoint and lets it continue a sentence. Can be repeated.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/lib/stage.sh
. tools/lib/install.sh

CHECKPOINT=test/models/deepseek-v3-tiny
ARTIFACT=build/quickstart/model.ingot
BIN=build/release/bin

install_dependencies
stage configure "configuring" -- cmake --preset release
stage build "building ingotc and ingot" -- \
  cmake --build build/release -j "$(stage_jobs)" --target ingotc ingot
mkdir -p "$(dirname "$ARTIFACT")"
stage compile "compiling $CHECKPOINT" -- "$BIN/ingotc" "$CHECKPOINT" -o "$ARTIFACT"

run=("$BIN/ingot" run "$ARTIFACT" --prompt "And God said unto Moses,"
  --temperature 0 --max-tokens 32 --stats)
printf '\n$'
for word in "${run[@]}"; do
  if [[ $word == *" "* ]]; then printf ' "%s"' "$word"; else printf ' %s' "$word"; fi
done
printf '\n'
"${run[@]}"
