#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: sizes.py [ROOT]

Limits: 500 lines a source file or script (400 a .td file, 600 a kernel), a
median of 200, and 60 lines a function from its signature to its brace.

Functions are found by matching braces: an open brace at namespace or class
level whose head, the text since the last ; { or }, has a parenthesis and does
not open a namespace, class, struct, union or enum, opens a function.
"""

import re
import statistics

import tree

FILE_LIMIT, TD_LIMIT, KERNEL_LIMIT = 500, 400, 600
MEDIAN_LIMIT, FUNCTION_LIMIT = 200, 60
SCOPE = re.compile(r"^\s*(?:template\s*<[^{}]*>\s*)?"
                   r"(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b")
PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", re.MULTILINE | re.DOTALL)


def head_opens_function(head):
    if SCOPE.match(head):
        # A function may return `struct S`; a class head has parentheses only
        # in alignas and attributes.
        plain = re.sub(r"alignas\s*\([^)]*\)|__attribute__\s*\(\(.*?\)\)", "", head)
        return "(" in plain and "enum" not in plain.split("(")[0]
    return "(" in head and not re.search(r"=\s*$", head)


def functions(text):
    """Pairs (first line, number of lines) of the functions in C++ `text`."""
    text = tree.blank(text)
    text = PREPROCESSOR.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)
    found, open_braces, head_start = [], [], 0
    for match in re.finditer(r"[;{}]", text):
        inside = "function" in open_braces or "other" in open_braces
        if match.group(0) == "{":
            head = re.sub(r"\b(?:public|private|protected)\s*:(?!:)", "",
                          text[head_start:match.start()])
            if inside:
                open_braces.append("nested")
            elif head_opens_function(head):
                open_braces.append("function")
                raw = text[head_start:match.start()]
                start = head_start + len(raw) - len(raw.lstrip())
            elif SCOPE.match(head):
                open_braces.append("scope")
            else:
                open_braces.append("other")
        elif match.group(0) == "}" and open_braces:
            if open_braces.pop() == "function":
                first = tree.line_of(text, start)
                found.append((first, tree.line_of(text, match.start()) - first + 1))
        if not ({"function", "other"} & set(open_braces)):
            head_start = match.end()
    return found


def limit(path):
    if tree.is_kernel(path):
        return KERNEL_LIMIT
    return TD_LIMIT if path.endswith(".td") else FILE_LIMIT


def check(root):
    lengths = []
    paths = tree.files(root, ".cpp", ".h", ".td", ".fbs", ".py", ".sh")
    paths += [p for p in tree.files(root, ".mlir") if tree.is_kernel(p)]
    for path in paths:
        text = tree.read(root, path)
        length = len(text.splitlines())
        lengths.append(length)
        if length > limit(path):
            yield f"{path}: expects at most {limit(path)} lines, got {length}"
        if not path.endswith(tree.CODE) or tree.is_kernel(path):
            continue
        for line, count in functions(text):
            if count > FUNCTION_LIMIT:
                yield (f"{path}:{line}: expects functions of at most "
                       f"{FUNCTION_LIMIT} lines, got {count}")
    if lengths and statistics.median(lengths) > MEDIAN_LIMIT:
        yield (f"expects a median file length of at most {MEDIAN_LIMIT}, "
               f"got {statistics.median(lengths):g}")


if __name__ == "__main__":
    tree.run(check, __doc__)
