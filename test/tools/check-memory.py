#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: check-memory.py REPORT RUN

REPORT is what `ingotc --report=json` printed of an artifact, RUN what
`ingot run --threads 2 --json --stats` printed of running it: fails unless the run
took what the report certifies.
"""

import json
import sys

EXACT = {
    "mapped weights": "mapped_weight_bytes",
    "workspace": "workspace_bytes",
    "io": "io_bytes",
    "kv cache": "kv_cache_bytes",
}
REST = 64 << 20


def bytes_of(needs, kind):
    return needs[kind]["bytes"] if kind in needs else 0


def main():
    with open(sys.argv[1]) as report, open(sys.argv[2]) as run:
        facts, stats = json.load(report), json.load(run)["stats"]
    needs = {need["kind"]: need for need in facts["memory"]}
    for kind, key in EXACT.items():
        if bytes_of(needs, kind) != stats[key]:
            sys.exit(f"{kind}: expects {bytes_of(needs, kind)}, got {stats[key]}")
    stacks = facts["thread_stack_bytes"]
    whole = stacks + sum(need["bytes"] for need in needs.values())
    own = stacks + sum(n["bytes"] for n in needs.values() if not n["mapped"])
    packed = bytes_of(needs, "packed weights")
    rest = whole - packed - sum(bytes_of(needs, kind) for kind in EXACT)
    for what, got, most in (
        ("resident at the peak", stats["peak_resident_bytes"], whole),
        ("resident in no file", stats["resident_anonymous_bytes"], own),
        ("all but weights and arenas", rest, REST),
        # Each begins at a cache line.
        ("packed weights", stats["packed_weight_bytes"], packed),
    ):
        if got > most:
            sys.exit(f"{what}: expects at most {most} bytes, got {got}")


main()
