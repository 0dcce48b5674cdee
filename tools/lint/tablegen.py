# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Reads definitions of ops and passes out of .td files, as text: enough for
the plain form in which this project writes them."""

import re

import tree

# def Ingot_RMSNormOp : Ingot_Op<"rms_norm", ...   and
# def AbsorbLatentProjections : Pass<"ingot-absorb-latent-projections", ...
DEFINITION = re.compile(r'^def\s+(\w+)\s*:\s*(\w+)\s*<\s*"([^"]+)"', re.MULTILINE)
EXAMPLE = re.compile(r"^([ \t]*)```mlir\n(.*?)^[ \t]*```", re.MULTILINE | re.DOTALL)
CONSTRAINT = re.compile(r"\((C\d+)\)")


class Definition:
    """One `def`: where it stands, what it is called, and its text."""

    def __init__(self, path, line, record, base, name, body):
        self.path, self.line = path, line
        self.record, self.base, self.name, self.body = record, base, name, body

    def cpp_class(self):
        """RMSNormOp of Ingot_RMSNormOp."""
        return self.record.split("_", 1)[-1]

    def description(self):
        found = re.search(r"let description = \[\{(.*?)\}\];", self.body, re.DOTALL)
        return found.group(1) if found else ""

    def constraints(self):
        return sorted(set(CONSTRAINT.findall(self.description())))

    def examples(self):
        """The ```mlir blocks as triples (line in the file, the line of text
        before it, dedented text)."""
        for match in EXAMPLE.finditer(self.body):
            indent = len(match.group(1))
            lines = match.group(2).split("\n")
            line = self.line + self.body.count("\n", 0, match.start()) + 1
            label = self.body[:match.start()].rstrip().rsplit("\n", 1)[-1]
            yield line, label.strip(), "\n".join(
                l[min(indent, len(l) - len(l.lstrip())):] for l in lines)


def definitions(root, path, base=r".*"):
    """The definitions of `path` whose class matches `base`, in order."""
    text = tree.read(root, path)
    starts = [m.start() for m in re.finditer(r"^(?:def|class|#endif)\b", text,
                                             re.MULTILINE)] + [len(text)]
    for match in DEFINITION.finditer(text):
        if re.fullmatch(base, match.group(2)):
            end = next(s for s in starts if s > match.start())
            yield Definition(path, tree.line_of(text, match.start()),
                             *match.groups(), text[match.start():end])


def ops(root):
    """Every op of every dialect: a class that ends in Op<"mnemonic"."""
    for path in tree.files(root, ".td"):
        if path.startswith("dialects/"):
            yield from definitions(root, path, r"\w+_\w*Op")


def passes(root):
    for path in tree.files(root, ".td"):
        if path.startswith("passes/"):
            yield from definitions(root, path, r"Pass|InterfacePass")
