#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: licence.py [ROOT]

Every source file opens with the seven-line banner: its own name and purpose
on a first line of exactly 80 characters, then the licence. Scripts carry the
SPDX line instead.
"""

import re

import tree

SPDX = "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception"
REST = [
    "//",
    "// Part of Ingot, under the Apache License v2.0 with LLVM Exceptions.",
    "// See LICENSE for license information.",
    "// " + SPDX,
    "//",
    "//===" + "-" * 70 + "===//",
]


def banner_problem(name, text):
    """What is wrong with the banner of a file called `name`, or None."""
    lines = text.splitlines()
    if not lines or not lines[0].startswith(f"//===- {name} - "):
        return f"expects the banner '//===- {name} - purpose', got " + (
            f"'{lines[0]}'" if lines else "an empty file")
    if not re.search(r" -*(\*- C\+\+ -\*-*)?===//$", lines[0]):
        return f"expects the first line to end in ===//, got '{lines[0]}'"
    if len(lines[0]) != 80:
        return f"expects a first line of 80 characters, got {len(lines[0])}"
    for number, (want, got) in enumerate(zip(REST, lines[1:]), 2):
        if want != got:
            return f"expects line {number} to be '{want}', got '{got}'"
    return None if len(lines) >= 7 else "expects a banner of seven lines"


def check(root):
    sources = tree.files(root, ".cpp", ".h", ".td", ".fbs", ".def")
    sources += [p for p in tree.files(root, ".mlir") if tree.is_kernel(p)]
    for path in sources:
        problem = banner_problem(path.rsplit("/", 1)[-1], tree.read(root, path))
        if problem:
            yield f"{path}: {problem}"
    scripts = tree.files(root, ".sh", ".py", ".py.in")
    scripts += [p for p in tree.files(root, "run") if p == ".ci/run"]
    for path in scripts:
        if SPDX not in "".join(tree.read(root, path).splitlines(True)[:5]):
            yield f"{path}: expects '# {SPDX}' in its first five lines"


if __name__ == "__main__":
    tree.run(check, __doc__)
