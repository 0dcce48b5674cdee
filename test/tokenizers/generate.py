#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes the tokenizers of this folder and what they give: FORM/tokenizer.json
and FORM/golden.json for every form in which a family publishes its tokenizer.

Needs the `tokenizers` package, which computes the goldens:
  python3 -m venv /tmp/venv && /tmp/venv/bin/pip install tokenizers==0.23.3
  /tmp/venv/bin/python test/tokenizers/generate.py
Not part of the tests: they read what is committed. See README.md.
"""

import json
import random
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

HERE = Path(__file__).parent
CORPUS = (HERE.parent / "models/heldout.txt").read_text(encoding="utf-8")

# Texts that tokenizers get wrong.
TEXTS = [
    "", " ", "  ", "\n", "\t", "a", "Hello, world!", " leading", "trailing ",
    "   three  two one ", "a\u00a0b\u3000c\u180ed\u2028e\u0085f",
    "It's we'll I'VE they'd 'tis don\u2019t '\u017f 'S'T",
    "line\r\nfeeds\n\n\nand\r\rreturns \n x\n", "tab\tand\x0bmore\x0c.",
    "0 1 12 123 1234 12345 3.14159 1,000,000 \u0661\u0662\u0663 \u00bd \u2167 \u00b2",
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u3053\u3093\u306b\u3061\u306f \u30ab\u30bf\u30ab\u30ca \uc548\ub155 \u9fa5\u9fa6",
    "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35\u0e0a\u0e32\u0e27\u0e42\u0e25\u0e01 \u0e01\u0e34\u0e19",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0627\u0644\u0639\u0627\u0644\u0645\u064e\u0651 \u05e9\u05b8\u05dc\u05d5\u05b9\u05dd",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e",
    "\U0001f600 \U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea \u2764\ufe0f \U0001f44d\U0001f3fd",
    "na\u00efve cafe\u0301 A\u030a \u212b \u1e9b\u0323 a\u0327\u0301 a\u0301\u0327 \u0958 \uac00 \u1100\u1161\u11a8 \ufb01",
    "Stra\u00dfe \u00fcber \u00c0 \u00ff \u00f8 caf\u00e9 \u0100\u0143",
    "camelCaseWords XMLHttpRequest iPhone HELLOworld \u01c5 \u00c9cole",
    "def f(x):\n    return x**2  # square\n\tif a != b: /* c */ //\n/usr/lib/x.so",
    "<b>tag</b> https://example.org/?q=1&r=[2]#frag \\n {\"k\": [1, 2]} $x_1 `y`",
    "!?...---___'''\"\"\" (((a))) \u2014 \u2026 \u201cq\u201d \u3010x\u3011",
    "\x00\x01\x1f\x7f\u0080\u200b\ufeff\ufffd\ue000\U0010ffff",
    "\u2581already \u2581 \u2581\u2581marked", "<0x41> <0xE4> <unk> <0x0A>",
    "<s>a</s> <s> b<s>", "<|end|>a<|end|><|end|> <|end|>\n", "\u024b\u1e00 \u04d2\u0561\uff21\U00010400",
]
ALPHABET = list("aeTS ts  '.,1203\n\r\t-/_") + [
    "'s", "'RE", "th", "and ", "\u00e9", "e\u0301", "\u0327", "\u4f60", "\u3042",
    "\U0001f600", "\u200d", "\u0e31", "\u0645", "\u2581", "\u00bd", "\u017f",
    "\u00a0", "\u01c5", "<s>", "<|end|>"]
# Text, times: of their ids a hash is kept.
LONG = [("a", 5000), (" ", 3000), ("\n", 1000), (" \n", 700), ("1", 2000),
        ("\u4f60", 1500), ("ab", 3000), ("\U0001f600", 800), ("'s", 900),
        ("\u0301", 600), ("Th", 999), ("<|end|>", 300)]

CL100K = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
          r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = CL100K.replace(r"\p{N}{1,3}", r"\p{N}")
O200K = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])
DEEPSEEK_V3 = [
    r"\p{N}{1,3}", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|"
    r" ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"]
# The letters of the published pattern, cut to the first few alphabets.
DEEPSEEK_V2 = [
    r"[\r\n]",
    r"\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293\u0370-\u0373"
    r"\u0386\u0388-\u038a\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u1e00-\u1f15"
    r"\uff21-\uff3a\uff41-\uff5a]+".encode().decode("raw_unicode_escape"),
    r"\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+".encode().decode("raw_unicode_escape"),
    r"\s+$",
    "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7a3]+"]

BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
BYTE_DECODER = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": behavior, "invert": invert}


def sequence(member, *steps):
    return {"type": "Sequence", member: list(steps)}


def added(content, special=True, **flags):
    return {"content": content, "single_word": False, "lstrip": False, "rstrip": False,
            "normalized": False, "special": special, **flags}


def template(*before):
    """A TemplateProcessing that puts tokens in front; ids are filled in later."""
    return {"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": t, "type_id": 0}} for t in before]
                      + [{"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {t: {"id": t, "ids": [t], "tokens": [t]} for t in before}}


def byte_form(pre_tokenizer, tokens, normalizer=None, post_processor=None, ignore_merges=False,
              leave_out=()):
    return {"normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": post_processor,
            "decoder": BYTE_DECODER, "tokens": tokens, "fallback": False,
            "ignore_merges": ignore_merges, "leave_out": leave_out}


def character_form(normalizer, pre_tokenizer, tokens=()):
    strip = {"type": "Strip", "content": " ", "start": 1, "stop": 0}
    replace = {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}
    decoder = sequence("decoders", replace, {"type": "ByteFallback"}, {"type": "Fuse"}, strip)
    return {"normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": template("<s>"),
            "decoder": decoder, "tokens": [added("<unk>"), added("<s>"), added("</s>"), *tokens],
            "fallback": True, "ignore_merges": False, "leave_out": ()}


PREPEND = sequence("normalizers", {"type": "Prepend", "prepend": "\u2581"},
                   {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"})
# Bytes that no UTF-8 has, in the byte alphabet: DeepSeek-V2's vocabulary has
# them as added tokens, which are then found in texts as the letters they are.
NO_UTF8 = "\u00c0\u00c1\u00f5\u00f6\u00f7\u00f8\u00f9\u00fa\u00fb\u00fc\u00fd\u00fe\u00ff"

FORMS = {
    "llama3": byte_form(
        sequence("pretokenizers", split(CL100K), BYTE_LEVEL), [added("<s>"), added("<|end|>")],
        post_processor=sequence("processors", {**BYTE_LEVEL, "add_prefix_space": True}, template("<s>")),
        ignore_merges=True),
    "llama4": byte_form(
        sequence("pretokenizers", split(O200K), BYTE_LEVEL), [added("<s>"), added("<|end|>")],
        post_processor=sequence("processors", BYTE_LEVEL, template("<s>")), ignore_merges=True),
    "qwen3": byte_form(
        sequence("pretokenizers", split(QWEN2), BYTE_LEVEL),
        [added("<|end|>"), added("<think>", special=False)],
        normalizer={"type": "NFC"}, post_processor=BYTE_LEVEL),
    "deepseek-v3": byte_form(
        sequence("pretokenizers", *map(split, DEEPSEEK_V3), BYTE_LEVEL),
        [added("<s>"), added("<|end|>"), added("<think>", special=False, normalized=True)],
        normalizer=sequence("normalizers"), post_processor=template("<s>")),
    "deepseek-v2": byte_form(
        sequence("pretokenizers", *map(split, DEEPSEEK_V2),
                 {"type": "Digits", "individual_digits": True}, BYTE_LEVEL),
        [added("<s>", normalized=True), added("<|end|>", normalized=True)]
        + [added(c, special=False, normalized=True) for c in NO_UTF8],
        normalizer=sequence("normalizers"), post_processor=template("<s>"), leave_out=NO_UTF8),
    "olmo2": byte_form(
        sequence("pretokenizers", split(CL100K, "Removed", True), BYTE_LEVEL),
        [added("<|end|>"), added("<|pad|>")]),
    "gpt2": byte_form(
        {**BYTE_LEVEL, "use_regex": True}, [added("<|end|>")], post_processor=BYTE_LEVEL),
    "llama2": character_form(PREPEND, None),
    "mixtral": character_form(
        None, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": False}),
    "metaspace": character_form(
        None, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}),
    "flags": byte_form(
        sequence("pretokenizers", split(CL100K), BYTE_LEVEL),
        [added("<s>", lstrip=True), added("<|end|>", rstrip=True), added("an", special=False, single_word=True),
         added("o\u031b", special=False, normalized=True), added("<x>", lstrip=True, rstrip=True),
         added("\u0218cole", special=False, normalized=True, single_word=True, lstrip=True)],
        normalizer={"type": "NFC"}),
    "flags-prepend": character_form(
        PREPEND, None, [added("<x>", special=False, normalized=True), added("an", special=False, single_word=True, normalized=True)]),
}
FLAG_TEXTS = [
    "an ant an, can an", "an", "ban an\u0301 an_ an1 \u00e9an an\u200d an\u24b6 an- an", "a <s>\t b <s>",
    "a<|end|> \n\tb <|end|>", " <x> ", "\u00a0<x>\u2003<x>\u3000", "c\u01a1 co\u031b co\u031b\u0323 \u0218cole S\u0326cole  S\u0326coles",
    "x<|end|>  <s>  <x> <x>y", "<x>a <x> b <x>", "<x> an<x>an",
]


def train(form):
    """A vocabulary of a few hundred pieces, and its merges."""
    corpus = CORPUS[:60000].split("\n") + [t for t in TEXTS for _ in range(3)]
    if form["fallback"]:
        tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
        first = [t["content"] for t in form["tokens"][:3]] + [f"<0x{b:02X}>" for b in range(256)]
        trainer = trainers.BpeTrainer(vocab_size=560, special_tokens=first, limit_alphabet=90, show_progress=False)
    else:
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(O200K), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        trainer = trainers.BpeTrainer(vocab_size=480, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                      show_progress=False)
    tokenizer.train_from_iterator(corpus, trainer)
    return json.loads(tokenizer.to_str())["model"]


def build(form):
    """The tokenizer.json of a form."""
    trained = train(form)
    vocab = [p for p, _ in sorted(trained["vocab"].items(), key=lambda item: item[1]) if p not in form["leave_out"]]
    if form["ignore_merges"]:
        # No merge leads to it: only a tokenizer that looks for whole pieces first has it.
        vocab.append("\u0120whatsoever")
    ids = {piece: i for i, piece in enumerate(vocab)}
    tokens = []
    for token in form["tokens"]:
        tokens.append({"id": ids.setdefault(token["content"], len(ids)), **token})
    post_processor = json.loads(json.dumps(form["post_processor"]))
    for step in (post_processor or {}).get("processors", [post_processor]):
        for special in (step or {}).get("special_tokens", {}).values():
            special["ids"] = [ids[name] for name in special["ids"]]
    model = {"type": "BPE", "dropout": None, "unk_token": "<unk>" if form["fallback"] else None,
             "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": form["fallback"],
             "byte_fallback": form["fallback"], "ignore_merges": form["ignore_merges"],
             "vocab": {piece: ids[piece] for piece in vocab}, "merges": trained["merges"]}
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens,
            "normalizer": form["normalizer"], "pre_tokenizer": form["pre_tokenizer"],
            "post_processor": post_processor, "decoder": form["decoder"], "model": model}


def random_texts():
    source = random.Random(7)
    return ["".join(source.choices(ALPHABET, k=source.randint(2, 24))) for _ in range(60)]


def record(tokenizer, form, text):
    plain = tokenizer.encode(text, add_special_tokens=False).ids
    ids = tokenizer.encode(text).ids
    case = {"text": text, "ids": plain}
    if ids != plain:
        case["ids_special"] = ids
    # The library takes an added token for bytes in the byte alphabet where it
    # can; its text is what is wanted (README.md).
    if not any(tokenizer.id_to_token(i) in form["leave_out"] for i in ids):
        case["decoded"] = tokenizer.decode(ids, skip_special_tokens=True)
        case["decoded_all"] = tokenizer.decode(ids, skip_special_tokens=False)
    return case


def record_long(tokenizer, text, times):
    """FNV-1a (64 bits) over the ids, each as four bytes, lowest first."""
    ids = tokenizer.encode(text * times, add_special_tokens=False).ids
    state = 0xCBF29CE484222325
    for byte in b"".join(i.to_bytes(4, "little") for i in ids):
        state = (state ^ byte) * 0x100000001B3 % 2**64
    return {"text": text, "times": times, "count": len(ids), "fnv1a": f"{state:016x}"}


def cut_characters(tokenizer):
    """Ids that end inside a character."""
    ids = tokenizer.encode("x\U0001f468", add_special_tokens=False).ids
    return [{"ids": ids[:n], "decoded": tokenizer.decode(ids[:n], skip_special_tokens=False)}
            for n in range(len(ids))]


def goldens(tokenizer, form):
    extra = FLAG_TEXTS if any(t["lstrip"] or t["single_word"] for t in form["tokens"]) else []
    texts = TEXTS + [" whatsoever"] + extra + random_texts()
    return {"cases": [record(tokenizer, form, t) for t in texts],
            "cut": cut_characters(tokenizer),
            "long": [record_long(tokenizer, text, n) for text, n in LONG]}


def lines(items):
    return "[\n" + ",\n".join(json.dumps(i, ensure_ascii=True, separators=(",", ":")) for i in items) + "\n]"


for name, form in FORMS.items():
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    text = json.dumps(build(form), ensure_ascii=False, separators=(",", ":"))
    (folder / "tokenizer.json").write_text(text + "\n", encoding="utf-8")
    golden = goldens(Tokenizer.from_str(text), form)
    body = ",\n".join(f'"{key}": {lines(value)}' for key, value in golden.items())
    (folder / "golden.json").write_text("{\n" + body + "\n}\n", encoding="utf-8")
