#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: layering.py [ROOT]

Includes point one way: tools -> compiler -> passes -> dialects, and
compiler -> runtime -> nothing of ours above it. The runtime and the tool that
runs artifacts never see LLVM. Folders of one layer form no cycle.
"""

import re

import tree

INCLUDE = re.compile(r'^[ \t]*(?:#[ \t]*)?include[ \t]+([<"])([^>"\n]+)[>"]',
                     re.MULTILINE)
LLVM = "LLVM"
LAYERS = ("dialects", "passes", "compiler", "runtime", "tools")
# What a file under a prefix may include; the longest prefix decides.
ALLOWED = {
    "dialects/": {"dialects", LLVM},
    "passes/": {"dialects", "passes", LLVM},
    "compiler/": {"dialects", "passes", "compiler", "runtime", LLVM},
    "runtime/": {"runtime"},
    "tools/ingot/": {"runtime", "tools/ingot", "tools/process"},
    "tools/process/": {"tools/process"},
}


def target(including, included):
    """The path, from the root, that an include names, or LLVM, or None."""
    if included.startswith("ingot/"):
        return "runtime/include/" + included
    first = included.split("/")[0]
    if first in ("mlir", "mlir-c", "llvm", "llvm-c", "lld", "clang"):
        return LLVM
    if first in LAYERS:
        return included
    if "/" not in included and "." in included:
        return including.rsplit("/", 1)[0] + "/" + included
    return None


def layer(path):
    if path is LLVM:
        return LLVM
    for ours in ("tools/ingot", "tools/process"):
        if path.startswith(ours + "/"):
            return ours
    return path.split("/")[0]


def folder(path):
    """runtime/exec of runtime/exec/Model.h; None for a file right in a layer
    and for the public headers, which all of the runtime is behind."""
    parts = path.split("/")
    if len(parts) < 3 or parts[:2] == ["runtime", "include"]:
        return None
    return "/".join(parts[:2])


def cycle(graph):
    """A list of folders that lead back to its first one, or None."""
    done = set()

    def visit(node, trail):
        if node in trail:
            return trail[trail.index(node):] + [node]
        if node in done:
            return None
        done.add(node)
        for after in sorted(graph.get(node, {})):
            found = visit(after, trail + [node])
            if found:
                return found
        return None

    for start in sorted(graph):
        found = visit(start, [])
        if found:
            return found
    return None


def check(root):
    graph = {}
    for path in tree.files(root, ".cpp", ".h", ".td", ".inc"):
        prefixes = [p for p in ALLOWED if path.startswith(p)]
        if not prefixes:
            continue
        allowed = ALLOWED[max(prefixes, key=len)]
        text = tree.blank(tree.read(root, path), strings=False)
        for match in INCLUDE.finditer(text):
            included = target(path, match.group(2))
            if included is None:
                continue
            where = f"{path}:{tree.line_of(text, match.start(1))}"
            if layer(included) not in allowed:
                yield (f"{where}: expects includes of "
                       f"{', '.join(sorted(allowed))} only, got {match.group(2)}")
            elif included is not LLVM:
                ours, theirs = folder(path), folder(included)
                if ours and theirs and ours != theirs:
                    graph.setdefault(ours, {})[theirs] = where
    found = cycle(graph)
    if found:
        places = ", ".join(graph[a][b] for a, b in zip(found, found[1:]))
        yield f"folder cycle {' -> '.join(found)} (by {places})"


if __name__ == "__main__":
    tree.run(check, __doc__)
