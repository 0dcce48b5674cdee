#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: semantics.py [ROOT]

docs/Semantics.md names, for each line of its tables, the tests that hold it:
links to files, each with names that stand in that file.
"""

import os
import re

import tree

DOCUMENT = "docs/Semantics.md"
LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)((?: `[^`]+`,?)*)")


def check_row(root, where, tests):
    links = LINK.findall(tests)
    if not links:
        yield f"{where}: expects a test"
    for target, names in links:
        path = os.path.normpath(os.path.join("docs", target))
        if not tree.exists(root, path):
            yield f"{where}: expects {path} to exist"
            continue
        text = re.sub(r"\s+", " ", tree.read(root, path))
        found = re.findall(r"`([^`]+)`", names)
        if not found:
            yield f"{where}: expects a name of a test in {path}"
        for name in found:
            if not re.search(r"\b%s\b" % re.escape(name), text):
                yield f"{where}: expects '{name}' in {path}"


def check(root):
    lines = tree.read(root, DOCUMENT).splitlines()
    for number, line in enumerate(lines, 1):
        cells = line.split("|")
        if line.startswith("| ") and cells[1].strip() != "what holds":
            yield from check_row(root, f"{DOCUMENT}:{number}", cells[2])


if __name__ == "__main__":
    tree.run(check, __doc__)
