#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: reference-docs.sh [--fix] [ROOT]
# docs/Ops.md, docs/PlanOps.md and docs/Passes.md are generated from TableGen.
# Fails if what is committed differs from that; --fix writes them.
set -euo pipefail
fix=no
if [ "${1:-}" = --fix ]; then
  fix=yes
  shift
fi
cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"
mkdir -p docs
includes=$(llvm-config-22 --includedir)
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
status=0

# check DOCUMENT TD GENERATOR...
check() {
  local document=$1 source=$2
  shift 2
  [ -e "$source" ] || return 0
  # [TOC] means something to the MLIR web site alone.
  mlir-tblgen-22 "$@" -I . -I "$includes" "$source" |
    sed "/^\[TOC\]$/,+1d" >"$fresh"
  if [ "$fix" = yes ]; then
    cat "$fresh" >"$document"
  elif ! diff -u "$document" "$fresh"; then
    echo "$document: differs from $source; write it with tools/lint/reference-docs.sh --fix" >&2
    status=1
  fi
}

check docs/Ops.md dialects/Ingot/Ingot.td -gen-dialect-doc -dialect=ingot
check docs/PlanOps.md dialects/Plan/Plan.td -gen-dialect-doc -dialect=plan
check docs/Passes.md passes/Passes.td -gen-pass-doc
exit "$status"
