#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# usage: standalone.sh INGOT
# Holds the program to what can be copied to a machine on which nothing was
# installed for it: it needs no libraries but libc's, and has at most 12 MB
# without its symbols.
set -euo pipefail
most=12000000

needed=$(readelf --dynamic --wide "$1" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p')
foreign=$(grep -vE '^(libc|libm|ld-linux-x86-64)\.so\.[0-9]+$' <<<"$needed" || true)
if [ -n "$foreign" ]; then
  echo "expects $1 to need libc and libm alone, got" $foreign >&2
  exit 1
fi
stripped=$(mktemp)
trap 'rm -f "$stripped"' EXIT
strip -o "$stripped" "$1"
bytes=$(stat -c %s "$stripped")
if [ "$bytes" -gt "$most" ]; then
  echo "expects $1 to have at most $most bytes when stripped, got $bytes" >&2
  exit 1
fi
echo "$bytes bytes; needs" $needed
