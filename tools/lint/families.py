#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: families.py [ROOT]

A model family is data: its name stands in compiler/models/, tests and
documents, nowhere else. A comment of a dialect or a kernel may cite a paper
that bears it, with the section or the year: "DeepSeek-V2 (section 2.1)".
"""

import re

import tree

NAME = re.compile(r"deepseek|llama|mi[sx]tral|olmo|qwen|switch-transformer"
                  r"|gemma|kimi|falcon", re.IGNORECASE)
CITATION = re.compile(r"(?:%s)[\w.-]*\s*\((?:sections?\s|[^)]*\d{4})[^)]*\)"
                      % NAME.pattern, re.IGNORECASE)
FREE = re.compile(r"^(compiler/models/|test/|docs/|README\.md$"
                  r"|tools/quickstart\.sh$|tools/lint/families\.py$)")
CITING = re.compile(r"^(dialects|compiler/kernels)/")
SUFFIXES = (".cpp", ".h", ".td", ".fbs", ".def", ".mlir", ".cu", ".cuh", ".md",
            ".py", ".sh", ".txt", ".cmake", ".json", ".yml", "run")


def check(root):
    for path in tree.files(root, *SUFFIXES):
        if FREE.match(path):
            continue
        text = tree.read(root, path)
        if CITING.match(path):
            text = CITATION.sub(lambda m: "\n" * m.group(0).count("\n"), text)
        for match in NAME.finditer(text):
            yield (f"{path}:{tree.line_of(text, match.start())}: expects family "
                   f"names in compiler/models/ only, got '{match.group(0)}'")


if __name__ == "__main__":
    tree.run(check, __doc__)
