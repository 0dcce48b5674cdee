# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What the lints share: finding files, blanking comments, reporting."""

import argparse
import os
import pathlib
import re
import sys

REPO = pathlib.Path(__file__).resolve().parents[2]
SKIPPED_FOLDERS = re.compile(r"^(build.*|\..*|__pycache__)$")
CODE = (".cpp", ".h")

# A comment, a raw string, a string or a character; what is none of these is
# matched by nothing. A ' between digits separates them and opens no character.
TOKEN = re.compile(
    r'//(?:[^\n\\]|\\.)*|/\*.*?\*/'
    r'|R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)"'
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|(?<![0-9a-fA-F])'(?:[^'\\\n]|\\.)+'",
    re.DOTALL)


def files(root, *suffixes):
    """Paths relative to `root` of files that end in one of `suffixes`, sorted."""
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [f for f in folders
                      if not SKIPPED_FOLDERS.match(f) or f == ".ci"]
        for name in names:
            if name.endswith(suffixes):
                path = pathlib.Path(folder, name).relative_to(root)
                found.append(path.as_posix())
    return sorted(found)


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8")


def exists(root, path):
    return (pathlib.Path(root) / path).exists()


def line_of(text, offset):
    """The number, from 1, of the line that holds `offset`."""
    return text.count("\n", 0, offset) + 1


def blank(text, comments=True, strings=True):
    """`text` with comments and what strings hold replaced by spaces, so that
    offsets and lines stay where they are."""

    def replace(match):
        token = match.group(0)
        is_comment = token.startswith("/")
        if not (comments if is_comment else strings):
            return token
        hidden = re.sub(r"[^\n]", " ", token)
        return hidden if is_comment else '"' + hidden[1:-1] + '"'

    return TOKEN.sub(replace, text)


def is_kernel(path):
    """Whether a file is the body of a kernel, for which sizes are laxer."""
    return bool(re.match(r"compiler/kernels/(cpu|cuda)/", path))


def run(check, usage, fix=None):
    """Runs `check(root)`, which yields problems as text, and leaves with
    status 1 if there are any; before that, with --fix, `fix(root)`. `usage` is
    the lint's documentation."""
    parser = argparse.ArgumentParser(
        description=usage, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", default=REPO, type=pathlib.Path,
                        help="the tree to look at (default: this repository)")
    if fix:
        parser.add_argument("--fix", action="store_true",
                            help="first put right what can be")
    arguments = parser.parse_args()
    if fix and arguments.fix:
        fix(arguments.root)
    problems = list(check(arguments.root))
    for problem in problems:
        print(problem)
    name = pathlib.Path(sys.argv[0]).stem
    print(f"{name}: {len(problems)} problems")
    sys.exit(1 if problems else 0)
