#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: docs_examples.py INGOT_OPT [ROOT]

Every ```mlir block in the .td files of dialects and passes parses and verifies with
INGOT_OPT; that of a pass under the word "Before" also goes through the pass. A
block that is an attribute or a type alone is parsed as an alias.
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
    """Triples (place, flags of INGOT_OPT, text)."""
    for path in tree.files(root, ".td"):
        if path.startswith(("dialects/", "passes/")):
            whole = tablegen.Definition(path, 1, "", "", "", tree.read(root, path))
            for line, _, text in whole.examples():
                yield f"{path}:{line}", [], as_module(text)
    for definition in tablegen.passes(root):
        for line, label, text in definition.examples():
            if label.startswith("Before"):
                yield (f"{definition.path}:{line}", ["--" + definition.name],
                       as_module(text))


def main():
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    root = pathlib.Path(sys.argv[2]) if len(sys.argv) == 3 else tree.REPO
    count = failures = 0
    for where, flags, text in examples(root):
        count += 1
        ran = subprocess.run([sys.argv[1], *flags, "-"], input=text, text=True,
                             stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                             check=False)
        if ran.returncode != 0:
            failures += 1
            what = "pass " + flags[0].lstrip("-") if flags else "parse"
            print(f"{where}: example does not {what}:\n{ran.stderr}")
    print(f"docs_examples: {count} examples, {failures} problems")
    sys.exit(1 if failures or not count else 0)


if __name__ == "__main__":
    main()
