#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: globals.py [ROOT]

Libraries hold no options and no state of their own, read no environment and
leave the process to the tools. Nothing anywhere is marked as to be done.

State is found by shape: `static` without const or constexpr before a name
that is not a function, and, as namespaces are not indented, a definition of a
variable that starts in column 0.
"""

import re

import tree

LIBRARY = re.compile(r"^(dialects|passes|compiler|runtime)/")
FORBIDDEN = [
    (re.compile(r"\bstatic\s+(?:llvm::)?cl::opt\b"), "an option outside main"),
    (re.compile(r"\b(?:secure_)?getenv\s*\("), "a look at the environment"),
    (re.compile(r"(?<![\w.>])abort\s*\("), "abort"),
    (re.compile(r"(?<![\w.>])(?:_|quick_)?exit\s*\("), "exit"),
    (re.compile(r"\breport_fatal_error\b"), "report_fatal_error"),
    (re.compile(r"\bstd::terminate\b"), "std::terminate"),
    (re.compile(r"\bthread_local\b"), "a thread_local variable"),
]
STATIC = re.compile(r"\bstatic\s+([^;={}()]*)([;={(])")
VARIABLE = re.compile(
    r"^(?!using\b|typedef\b|return\b|namespace\b|struct\b|class\b|enum\b"
    r"|union\b|friend\b|template\b|static\b|extern\b|goto\b|break\b|else\b)"
    r"(?![^;={(\n]*\b(?:const|constexpr|constinit)\b)"
    r"[A-Za-z_][\w:<>,*& ]*[ *&]\w+(?:\[[^\]]*\])*\s*(?:=[^=]|;|\{[^{}]*\};)",
    re.MULTILINE)
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")


def library_problems(text):
    """Pairs (offset, what was found) in the C++ source `text`."""
    text = tree.blank(text)
    for pattern, what in FORBIDDEN:
        for match in pattern.finditer(text):
            yield match.start(), what
    for match in STATIC.finditer(text):
        declared, end = match.groups()
        constant = re.search(r"\b(const|constexpr|constinit)\b", declared)
        if end != "(" and not constant and "cl::opt" not in declared:
            yield match.start(), "a static variable that can change"
    for match in VARIABLE.finditer(text):
        yield match.start(), "a global variable that can change"


def check(root):
    for path in tree.files(root, ".cpp", ".h", ".td", ".fbs", ".mlir", ".py",
                           ".sh", ".txt", ".cmake", ".md"):
        text = tree.read(root, path)
        if path.endswith(tree.CODE) and LIBRARY.match(path):
            for offset, what in library_problems(text):
                yield f"{path}:{tree.line_of(text, offset)}: got {what} in a library"
        if path.endswith(".txt") and not path.endswith("CMakeLists.txt"):
            continue
        for match in UNFINISHED.finditer(text):
            yield (f"{path}:{tree.line_of(text, match.start())}: got unfinished "
                   f"work, marked '{match.group(0)}'")


if __name__ == "__main__":
    tree.run(check, __doc__)
