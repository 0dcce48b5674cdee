#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: ops-doc.sh [--fix] [ROOT]
# docs/Ops.md and docs/PlanOps.md are generated from the dialects' TableGen.
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

# check DIALECT TD DOCUMENT
check() {
  [ -e "$2" ] || return 0
  # [TOC] means something to the MLIR web site alone.
  mlir-tblgen-22 -gen-dialect-doc -dialect="$1" -I . -I "$includes" "$2" |
    sed "/^\[TOC\]$/,+1d" >"$fresh"
  if [ "$fix" = yes ]; then
    cat "$fresh" >"$3"
  elif ! diff -u "$3" "$fresh"; then
    echo "$3: differs from $2; write it with tools/lint/ops-doc.sh --fix" >&2
    status=1
  fi
}

check ingot dialects/Ingot/Ingot.td docs/Ops.md
check plan dialects/Plan/Plan.td docs/PlanOps.md
exit "$status"
