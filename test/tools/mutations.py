#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gives the tools damaged files and odd arguments.

Each mutation of each kind of input is a function of the seed, the kind and its
number. The tools must exit with 0 or 1; where they fail, say so in one line with
`error:` and leave no output behind; and never be ended by a signal, be reported
by a sanitizer, or print what controls a terminal. Plans are inspected only: a
plan carries machine code, which a mutation must not run.
"""

import argparse
import json
import pathlib
import random
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile

# Raw JSON that Python would not write.
RAW = ["1e999", "-1e999", "NaN", "01", "", '{"a": 1, "a": 2}', '"\\ud800"',
       "[" * 200 + "]" * 200, "9" * 400]
VALUES = [None, True, False, 0, -1, 1, 1.5, 1e308, 2**31, 2**32, 2**53 + 1,
          2**63 - 1, 2**63, 2**64, -2**63, "", "x", "\x1b[2J\n", "x" * 70000,
          [], {}, [[]], [0] * 1000, {"content": 7}, ["a", 1]]
PLACEHOLDER = "mutation-placeholder"
TIMEOUT = 120


def mutate_bytes(data, rng, begin=0, end=None):
    """One to three changes within data[begin:end]."""
    data = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        stop = min(len(data), len(data) if end is None else end)
        at = rng.randint(min(begin, stop), max(stop - 1, 0))
        size = rng.randint(1, 64)
        change = rng.randrange(5)
        if change == 0:
            del data[at:]
        elif change == 1 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif change == 2:
            data[at:at] = data[at:at + size]
        elif change == 3:
            del data[at:at + size]
        else:
            data[at:at + 8] = rng.choice([0, 1, 2**31, 2**63, 2**64 - 1]).to_bytes(8, "little")
    return bytes(data)


def pick(value, rng):
    """Container and key of some value within `value`."""
    while True:
        keys = list(value) if isinstance(value, dict) else range(len(value))
        key = rng.choice(list(keys))
        inner = value[key]
        if not isinstance(inner, (dict, list)) or not inner or rng.random() < 0.3:
            return value, key
        value = inner


def mutate_value(root, rng):
    """`root` with one to three changes, as text."""
    raw = None
    for _ in range(rng.randint(1, 3)):
        if not root:
            break
        holder, key = pick(root, rng)
        change = rng.randrange(5)
        if change == 0:
            del holder[key]
        elif change == 1 and raw is None:
            holder[key], raw = PLACEHOLDER, rng.choice(RAW)
        elif change == 2 and isinstance(holder[key], (int, float)):
            holder[key] = rng.choice([v for v in VALUES if isinstance(v, (int, float))])
        elif change == 3 and isinstance(holder, dict):
            holder[str(key) + rng.choice(["x", ".", " ", "\n"])] = holder.pop(key)
        else:
            holder[key] = rng.choice(VALUES)
    text = json.dumps(root)
    return text if raw is None else text.replace(f'"{PLACEHOLDER}"', raw)


def mutate_json(data, rng):
    if rng.random() < 0.3:
        return mutate_bytes(data, rng)
    return mutate_value(json.loads(data), rng).encode()


def mutate_tensors(data, rng):
    """A safetensors file: its header as JSON, or bytes, most of them of it."""
    size = struct.unpack("<Q", data[:8])[0]
    if rng.random() < 0.5:
        header = mutate_value(json.loads(data[8:8 + size]), rng).encode()
        return struct.pack("<Q", len(header)) + header + data[8 + size:]
    return mutate_bytes(data, rng, end=rng.choice([8, 8 + size, None]))


def mutate_template(data, rng):
    """A Jinja template: its bytes, or words of the language put between."""
    if rng.random() < 0.5:
        return mutate_bytes(data, rng)
    words = ["{%", "%}", "{{", "}}", "{#", "for x in y", "endif", "endfor", "(" * 150,
             "|join(1)", "[::0]", " // 0", "9" * 30, "{{ range(99999)|list }}",
             "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
             "{{ raise_exception('\x1b\n') }}", "'x' * 999999999", "\x00", "is defined"]
    text = data.decode()
    for _ in range(rng.randint(1, 3)):
        at = rng.randint(0, len(text))
        text = text[:at] + rng.choice(words) + text[at:]
    return text.encode()


def split_tensors(path, folder):
    """Writes the tensors of `path` as two files with an index."""
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = {n: t for n, t in json.loads(data[8:8 + size]).items() if n != "__metadata__"}
    names, index = sorted(header), {}
    for number, part in enumerate((names[::2], names[1::2]), 1):
        file, shard, blob = f"model-0000{number}-of-00002.safetensors", {}, b""
        for name in part:
            begin, end = header[name]["data_offsets"]
            at = len(blob)
            blob += data[8 + size + begin:8 + size + end]
            shard[name] = {**header[name], "data_offsets": [at, len(blob)]}
            index[name] = file
        text = json.dumps(shard).encode()
        (folder / file).write_bytes(struct.pack("<Q", len(text)) + text + blob)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": index}))


class Broken(Exception):
    """What a tool did that it must not do."""


class Bench:
    """The tools, a checkpoint to damage and an artifact of it."""

    def __init__(self, tools, model, folder):
        self.tools, self.model, self.folder = tools, model, folder
        self.artifact = folder / "model.ingot"
        self.outputs = folder / "outputs"
        self.outputs.mkdir()
        self.sharded = folder / "sharded"
        self.sharded.mkdir()
        split_tensors(model / "model.safetensors", self.sharded)
        if self.run("ingotc", model, "-o", self.artifact) != 0:
            raise Broken("the undamaged checkpoint does not compile")

    def run(self, tool, *arguments, stdin=b""):
        """Runs a tool; returns its exit status, 0 or 1."""
        command = [str(self.tools / tool), *map(str, arguments)]
        self.last = command
        try:
            done = subprocess.run(command, input=stdin, capture_output=True,
                                  timeout=TIMEOUT, check=False, cwd=self.folder)
        except subprocess.TimeoutExpired:
            raise Broken(f"takes over {TIMEOUT} s") from None
        said = done.stderr.decode(errors="replace")
        if "Sanitizer" in said or "runtime error:" in said:
            raise Broken("a sanitizer's report:\n" + said)
        if done.returncode not in (0, 1):
            raise Broken(f"exit status {done.returncode}:\n{said}")
        errors = [line for line in said.splitlines() if "error:" in line]
        if len(errors) != done.returncode:
            raise Broken(f"{len(errors)} lines of errors, exit status {done.returncode}:\n{said}")
        if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", said):
            raise Broken("control characters in " + repr(said))
        return done.returncode

    def checkpoint(self, name, content, without=()):
        """A folder like the checkpoint, but for one file's content."""
        folder = self.folder / "checkpoint"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        sources = [*self.model.iterdir()]
        if "model.safetensors" in without:
            sources += self.sharded.iterdir()
        for source in sources:
            if source.name != name and source.name not in without:
                (folder / source.name).symlink_to(source)
        (folder / name).write_bytes(content)
        return folder

    def compile(self, *arguments, whole):
        """Compiles up to the kernels, and on to an artifact if `whole` or if
        that is refused anyway. Returns the artifact, or None."""
        output = self.outputs / "model.ingot"
        refused = self.run("ingotc", *arguments, "--stop-after", "memory")
        if not refused and not whole:
            return None
        failed = self.run("ingotc", *arguments, "-o", output)
        left = [path.name for path in self.outputs.iterdir()]
        if left != ([] if failed else ["model.ingot"]):
            raise Broken(f"exit status {failed} and {left or 'no output'}")
        if refused and not failed:
            raise Broken("refused with --stop-after and compiled without")
        return None if failed else output

    def close(self, artifact):
        """Looks at an artifact that was compiled, and removes it."""
        if artifact is None:
            return
        failed = self.run("ingot", "inspect", artifact)
        artifact.unlink()
        if failed:
            raise Broken("an artifact that cannot be inspected")


def file_of_checkpoint(name, mutate, without=(), share=0.05):
    """The kind of a checkpoint's file. Compiling takes seconds, so only a share
    of the mutations that are accepted go on to an artifact."""
    def test(bench, rng):
        source = (bench.sharded if without else bench.model) / name
        folder = bench.checkpoint(name, mutate(source.read_bytes(), rng), without)
        bench.close(bench.compile(folder, whole=rng.random() < share))
    return test


def test_plan(bench, rng):
    damaged = bench.folder / "damaged.ingot"
    damaged.write_bytes(mutate_bytes(bench.artifact.read_bytes(), rng,
                                     end=rng.choice([64, 4096, None])))
    bench.run("ingot", "inspect", damaged, rng.choice(["--steps", "--json"]))


def test_bare_config(bench, rng):
    config = bench.folder / "config.json"
    config.write_bytes(mutate_json((bench.model / "config.json").read_bytes(), rng))
    bench.close(bench.compile("--config-only", config, whole=rng.random() < 0.05))


def test_template(bench, rng):
    """In tokenizer_config.json, or in a file of its own."""
    config = json.loads((bench.model / "tokenizer_config.json").read_bytes())
    template = mutate_template(config["chat_template"].encode(), rng)
    if rng.random() < 0.5:
        folder = bench.checkpoint("chat_template.jinja", template)
    else:
        config["chat_template"] = template.decode(errors="surrogateescape")
        text = json.dumps(config, ensure_ascii=False)
        folder = bench.checkpoint("tokenizer_config.json",
                                  text.encode(errors="surrogateescape"))
    artifact = bench.compile(folder, whole=rng.random() < 0.1)
    if artifact is not None:
        bench.run("ingot", "run", artifact, "--chat", "--max-tokens", "2", stdin=b"hi\n")
    bench.close(artifact)


def test_golden(bench, rng):
    damaged = bench.folder / "golden.safetensors"
    damaged.write_bytes(mutate_tensors((bench.model / "golden.safetensors").read_bytes(), rng))
    bench.run("ingot", "eval", bench.artifact, "--golden", damaged,
              *rng.choice([[], ["--hidden"], ["--json"]]))


def test_arguments(bench, rng):
    numbers = ["0", "-1", "1", "3", "2147483648", "9223372036854775808", "1e9", "nan", "", "x"]
    words = numbers + ["-", "--", "é", "a" * 5000, "/", "/dev/null", "nowhere", "random:1",
                       "random:x", str(bench.artifact), str(bench.model)]
    flags = {
        "ingot run": ["--prompt", "--ids", "--max-tokens", "--seed", "--temperature",
                      "--top-k", "--top-p", "--stop", "--threads", "--memory-limit",
                      "--weights", "--json", "--stats", "--chat", "--prompt-file"],
        "ingot eval": ["--golden", "--text", "--margin", "--window", "--windows", "--hidden"],
        "ingot inspect": ["--steps", "--json", "--none"],
        "ingot diff": ["--prompt", "--ids", "--steps", "--tolerance", "--stop-after", "--all"],
        "ingotc": ["--config-only", "--layers", "--max-batch", "--max-context", "--kv-tokens",
                   "--absorb", "--quantize", "--without", "--target", "--cpu", "--stop-after",
                   "--report", "--embed-weights"],
    }
    tool = rng.choice(list(flags))
    arguments = tool.split()[1:]
    # A model, so that not all is refused for the lack of one.
    if rng.random() < 0.9:
        arguments.append(str(bench.model if tool == "ingotc" else bench.artifact))
    if tool == "ingot run" and rng.random() < 0.7:
        arguments += ["--prompt", "The", "--max-tokens", "2"]
    if tool == "ingotc":
        arguments += ["--stop-after", "import"]
    for _ in range(rng.randint(1, 3)):
        arguments.append(rng.choice(flags[tool]))
        if rng.random() < 0.8:
            arguments.append(rng.choice(words))
    bench.run(tool.split()[0], *arguments)


KINDS = {
    "plan": test_plan,
    "tensors": file_of_checkpoint("model.safetensors", mutate_tensors),
    "index": file_of_checkpoint("model.safetensors.index.json", mutate_json,
                                without=("model.safetensors",)),
    "config": file_of_checkpoint("config.json", mutate_json),
    "bare-config": test_bare_config,
    "generation": file_of_checkpoint("generation_config.json", mutate_json),
    "tokenizer": file_of_checkpoint("tokenizer.json", mutate_json),
    "template": test_template,
    "golden": test_golden,
    "arguments": test_arguments,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tools", type=pathlib.Path, help="folder of ingot and ingotc")
    parser.add_argument("model", type=pathlib.Path, help="folder of a small checkpoint")
    parser.add_argument("--count", type=int, default=4, help="mutations of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS, help="only this kind")
    parser.add_argument("--only", type=int, help="only the mutation of this number")
    parser.add_argument("--keep", type=pathlib.Path, help="folder to work in, and to keep")
    options = parser.parse_args()
    broken = 0
    with tempfile.TemporaryDirectory(prefix="ingot-mutations-") as temporary:
        folder = (options.keep or pathlib.Path(temporary)).resolve()
        folder.mkdir(exist_ok=True)
        bench = Bench(options.tools.resolve(), options.model.resolve(), folder)
        numbers = range(options.count) if options.only is None else [options.only]
        for kind in [options.kind] if options.kind else KINDS:
            for number in numbers:
                try:
                    KINDS[kind](bench, random.Random(f"{options.seed} {kind} {number}"))
                except Broken as problem:
                    broken += 1
                    print(f"--kind {kind} --seed {options.seed} --only {number}: "
                          f"{shlex.join(bench.last)[:2000]}\n{str(problem)[:4000]}\n")
            print(f"{kind}: {len(numbers)} mutations", flush=True)
    print(f"{broken} failures")
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
