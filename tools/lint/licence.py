#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: licence.py [--fix] [ROOT]

Every source file opens with the seven-line banner: its own name and purpose
on a first line of exactly 80 characters, then the licence. Scripts carry the
SPDX line instead. --fix pads first lines, and leaves out their mode line,
`-*- C++ -*-`, where the purpose takes its place.
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


def sources(root):
    yield from tree.files(root, ".cpp", ".h", ".td", ".fbs", ".def")
    yield from (p for p in tree.files(root, ".mlir") if tree.is_kernel(p))


def padded(first):
    """The first line of a banner with as many dashes as make it 80 wide."""
    words = re.sub(r"[-* ]*(?:C\+\+[-* ]*)?=*/*$", "", first)
    for end in ("*- C++ -*-===//", "===//") if "C++" in first else ("===//",):
        dashes = 80 - len(words) - 1 - len(end)
        if dashes > 0:
            return f"{words} {'-' * dashes}{end}"
    return first


def fix(root):
    for path in sources(root):
        text = tree.read(root, path)
        # clang-format wraps a first line that is too long.
        text = re.sub(r"\A(//===- [^\n]*[^/\n])\n// ?([^\n]*===//\n)",
                      r"\1 \2", text)
        first, rest = text.split("\n", 1) if "\n" in text else (text, "")
        if first.startswith("//===- ") and len(padded(first)) == 80:
            (root / path).write_text(f"{padded(first)}\n{rest}", encoding="utf-8")


def check(root):
    for path in sources(root):
        problem = banner_problem(path.rsplit("/", 1)[-1], tree.read(root, path))
        if problem:
            yield f"{path}: {problem}"
    scripts = tree.files(root, ".sh", ".py", ".py.in")
    scripts += [p for p in tree.files(root, "run") if p == ".ci/run"]
    for path in scripts:
        if SPDX not in "".join(tree.read(root, path).splitlines(True)[:5]):
            yield f"{path}: expects '# {SPDX}' in its first five lines"


if __name__ == "__main__":
    tree.run(check, __doc__, fix)
