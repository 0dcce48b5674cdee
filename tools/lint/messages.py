#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: messages.py [ROOT]

Every message of an error or a warning has a test: the longest piece of its text
that is written in the source stands in a file under test/. What internalError
says is left out: nobody knows how to get there.
"""

import re

import tree

# What makes a message out of its arguments or of what is streamed into it.
EMITTERS = re.compile(
    r"\b(?:emitOpError|emitError|emitWarning|emitRemark|invalidInput|invalidPlan|"
    r"incompatible|notFound|outOfMemory|deviceError|createStringError|fail|"
    r"failUnsigned|wrong|onWarning)\s*\((?!const )")
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
# Literals side by side, or on lines one after the other, are one.
JOINT = re.compile(r'"\s*"')
SOURCES = re.compile(r"^(dialects|passes|compiler|runtime|tools/ingot|tools/process)")
# Of llvm::formatv.
PLACE = re.compile(r"\{\d[^}]*\}")
SHORTEST = 10
# What no input leads to, by why.
UNREACHED = {
    "compiler/codegen/Host.cpp": "LLVM without this target, or kernels that do "
                                 "not lower: every kernel is compiled by tests",
    "compiler/codegen/ToLLVM.cpp": "the same",
    "cannot generate PTX": "LLVM without this target",
    "compiler/codegen/Link.cpp": "a system without temporary files",
    "has two symbols": "a kernel body that is wrong",
    "runtime/include/ingot/Status.h": "assertions",
    "expects elements that a plan can hold, got": "types that no pass makes",
    "expects the checkpoint to have tensor": "import has found it",
    "cannot compile for": "a system without NVIDIA's libraries",
    "the assembler does not say what it takes": "another assembler",
    "has no machine code": "another NVRTC or nvJitLink",
    "expects a layer attribute beside its cache": "every op has both",
    "cpu 'native' expects a machine with": "an older processor",
    "/proc/cpuinfo: expects a line 'flags', got none": "another system",
    "does not compute the same bits every time": "kernels that are wrong",
    "cannot start thread": "a system without threads",
    "are over 2^62 bytes": "more memory than there is",
    "plan expects less than 2147483647 bytes, got": "a file of 2 GiB",
    "bytes is over the limit of 2147483647": "a text of 2 GiB",
    "tokenizer: no memory to match a split pattern": "no memory",
    "tokenizer: expects at most 2147483647 pieces, got": "a file of 100 GiB",
}


def statement(text, start):
    """From `start` to the end of the statement, strings kept whole."""
    at, depth = start, 0
    while at < len(text):
        string = STRING.match(text, at)
        if string:
            at = string.end()
            continue
        c = text[at]
        depth += (c in "([{") - (c in ")]}")
        if depth < 0 or (c == ";" and depth == 0):
            break
        at += 1
    return text[start:at]


def pieces(text):
    """Pairs (offset, longest literal) for each message of a source."""
    for match in EMITTERS.finditer(text):
        body = JOINT.sub("", statement(text, match.start()))
        literals = [part for m in STRING.finditer(body)
                    for part in PLACE.split(m.group(1))]
        longest = max(literals, key=len, default="").strip(" :'")
        if len(longest) >= SHORTEST:
            yield match.start(), longest


def plain(text):
    """Without what tests write differently: escapes, line breaks, blanks."""
    text = JOINT.sub("", text)
    text = re.sub(r"\n\s*//\s?", " ", text)
    return re.sub(r"[\\\s]+", " ", text)


def check(root):
    tests = plain("\n".join(
        tree.read(root, path) for path in
        tree.files(root, ".cpp", ".h", ".mlir", ".test", ".py", ".c")
        if path.startswith("test/")))
    for path in tree.files(root, ".cpp", ".h"):
        if not SOURCES.match(path) or path in UNREACHED:
            continue
        text = tree.blank(tree.read(root, path), strings=False)
        for offset, literal in pieces(text):
            if literal not in UNREACHED and plain(literal) not in tests:
                yield (f"{path}:{tree.line_of(text, offset)}: expects a test of "
                       f"the message '{literal}'")


if __name__ == "__main__":
    tree.run(check, __doc__)
