#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: pairs.py [ROOT]

What is declared in one place is kept in the others:
  an op      summary, description, ```mlir example and assemblyFormat; each
             constraint (Cn) in the verifier and in <family>-invalid.mlir; a
             use in a *-ops.mlir of its dialect; for the ingot dialect, one in
             test/interpret/<op>.mlir or <family>.mlir
  a pass     its flag, its passes/*/<Name>.cpp, its test, an example
  a family   a row of Families.def, its compiler/models/<Name>.cpp, a test
"""

import re

import tablegen
import tree


def kebab(name):
    """select-kernels of SelectKernels; moe of MoE."""
    name = name.replace("MoE", "Moe")
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1-\2", name)
    return re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", name).lower()


def read_all(root, paths):
    return "\n".join(tree.read(root, p) for p in paths)


# A definition that starts in column 0, with the comment right before it.
FUNCTION = re.compile(r"(?:^//[^\n]*\n)*^(?!//|#|namespace|using)\w[^;{}]*?"
                      r"\b([\w:]+)\([^;]*?\{.*?^\}", re.MULTILINE | re.DOTALL)


def verifier_of(cpp, name):
    """The text of the members of class `name` that verify and of the functions
    of the same source that they call."""
    members, others = "", {}
    for match in FUNCTION.finditer(cpp):
        if re.match(rf"{name}::verify", match.group(1)):
            members += match.group(0)
        else:
            others[match.group(1)] = match.group(0)
    return members + "".join(text for other, text in others.items()
                             if re.search(rf"\b{other}\(", members))


def undocumented(op):
    for field in ("summary", "description", "assemblyFormat"):
        if not re.search(r"\blet\s+%s\s*=" % field, op.body):
            if field != "assemblyFormat" or "hasCustomAssemblyFormat" not in op.body:
                yield f"expects a {field}"
    if not list(op.examples()):
        yield "expects a ```mlir example in its description"


def untested(root, op, dialect, family):
    tests = f"test/dialects/{dialect}"
    invalid = f"{tests}/{kebab(family)}-invalid.mlir"
    uses = [p for p in tree.files(root, "-ops.mlir") if p.startswith(tests + "/")]
    mnemonic = f"{dialect.lower()}.{op.name}"
    if not re.search(re.escape(mnemonic) + r"\b(?!\.)", read_all(root, uses)):
        yield f"expects a use of {mnemonic} in {tests}/*-ops.mlir"
    if dialect == "Ingot":
        named = [f"test/interpret/{n}.mlir" for n in (op.name, kebab(family))]
        if not any(tree.exists(root, test) and mnemonic in tree.read(root, test)
                   for test in named):
            yield f"expects a use of {mnemonic} in {' or '.join(named)}"
    cpp_path = f"dialects/{dialect}/{family}.cpp"
    cpp = tree.read(root, cpp_path) if tree.exists(root, cpp_path) else ""
    cases = tree.read(root, invalid) if tree.exists(root, invalid) else ""
    for label in op.constraints():
        if f"({label})" not in verifier_of(cpp, op.cpp_class()):
            yield f"expects '// ({label})' in its verifier in {cpp_path}"
        if not any(f"({label})" in case and mnemonic in case
                   for case in cases.split("// -----")):
            yield f"expects a case of ({label}) with {mnemonic} in {invalid}"


def check_ops(root):
    for op in tablegen.ops(root):
        _, dialect, file = op.path.split("/")
        family = file[:-len(".td")]
        for problem in [*undocumented(op), *untested(root, op, dialect, family)]:
            yield f"{op.path}:{op.line}: op '{op.name}' {problem}"


def check_passes(root):
    sources = [p for p in tree.files(root, ".cpp") if p.startswith("passes/")]
    tests = [p for p in tree.files(root, ".mlir") if p.startswith("test/passes/")]
    for one in tablegen.passes(root):
        name = re.sub(r"Pass$", "", one.record)
        where = f"{one.path}:{one.line}: pass '{one.name}'"
        flag = f"ingot-{kebab(name)}"
        if one.name != flag:
            yield f"{where} expects the flag '{flag}'"
        if not any(re.fullmatch(rf"passes/\w+/{name}\.cpp", p) for p in sources):
            yield f"{where} expects passes/*/{name}.cpp"
        if not any(p.endswith(f"/{kebab(name)}.mlir") for p in tests):
            yield f"{where} expects test/passes/**/{kebab(name)}.mlir"
        if not list(one.examples()):
            yield f"{where} expects ```mlir before and after in its description"


def check_families(root):
    table = "compiler/models/Families.def"
    if not tree.exists(root, table):
        return
    rows = re.findall(r"^[A-Z_]+\(\s*(\w+)", tree.blank(tree.read(root, table)),
                      re.MULTILINE)
    tests = read_all(root, [p for p in tree.files(root, ".cpp", ".mlir", ".test")
                            if p.startswith("test/") and "lint" not in p])
    for name in rows:
        source = f"compiler/models/{name}.cpp"
        if not tree.exists(root, source):
            yield f"{table}: family '{name}' expects {source}"
        if not re.search(r"(?<![a-z])%s" % kebab(name).replace("-", "-?"), tests,
                         re.IGNORECASE):
            yield f"{table}: family '{name}' expects a test that names it"


def check(root):
    yield from check_ops(root)
    yield from check_passes(root)
    yield from check_families(root)


if __name__ == "__main__":
    tree.run(check, __doc__)
