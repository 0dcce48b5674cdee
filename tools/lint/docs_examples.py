#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: docs_examples.py INGOT_OPT [ROOT]

Every ```mlir block in the .td files of dialects and passes parses and verifies with
INGOT_OPT. A block that is an attribute or a type alone is parsed as an alias.
"""

import pathlib
import re
import subprocess
import sys

import tablegen
import tree


def as_module(text):
    """The example as a file that can be parsed."""
    text = text.strip()
    if re.match(r"#[\w.]+<", text):
        return f"#example = {text}\n"
    if re.match(r"(?:![\w.]+|tensor|memref|vector)\b(?!.*=\s*[!\w.]+<)", text):
        return f"!example = {text}\n"
    return text + "\n"


def examples(root):
    for path in tree.files(root, ".td"):
        if path.startswith(("dialects/", "passes/")):
            whole = tablegen.Definition(path, 1, "", "", "", tree.read(root, path))
            for line, text in whole.examples():
                yield f"{path}:{line}", as_module(text)


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else tree.REPO
    count = failures = 0
    for where, text in examples(root):
        count += 1
        ran = subprocess.run([sys.argv[1], "-"], input=text, text=True,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             check=False)
        if ran.returncode != 0:
            failures += 1
            print(f"{where}: example does not parse:\n{ran.stderr}")
    print(f"docs_examples: {count} examples, {failures} problems")
    sys.exit(1 if failures or not count else 0)


if __name__ == "__main__":
    main()
