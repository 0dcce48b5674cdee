#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Writes golden.json: what Jinja makes of the templates of this folder, and of
single constructs, set up as the transformers library sets it up.

Needs the `jinja2` package, which computes the goldens:
  python3 -m venv /tmp/venv && /tmp/venv/bin/pip install jinja2==3.1.6
  /tmp/venv/bin/python test/chat/generate.py
Not part of the tests: they read what is committed. See README.md.
"""

import json
from datetime import datetime
from pathlib import Path

from jinja2 import nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment

HERE = Path(__file__).parent


class Generation(Extension):
    """{% generation %}...{% endgeneration %}: marks what a model has written."""

    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("render"), [], [], body).set_lineno(line)

    def render(self, caller):
        return caller()


def raise_exception(message):
    raise TemplateError(message)


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols])
    env.filters["tojson"] = to_json
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = lambda format: datetime.now().strftime(format)
    return env


def turn(role, content, **more):
    return {"role": role, "content": content, **more}


SYSTEM = turn("system", " Be brief.\n")
USER = turn("user", "  What is 2 < 3 & \"so\"?\n")
ANSWER = turn("assistant", "Yes.")
THOUGHT = turn("assistant", "<think>\nTwo is \u00fcber-small.\n</think>\n\nYes, 2 < 3.\n")
SEPARATE = turn("assistant", "4", reasoning_content="\nAdd.\n")
CALL = turn("assistant", "", tool_calls=[
    {"id": "call00001", "type": "function",
     "function": {"name": "weather", "arguments": {"city": "K\u00f6ln", "days": 2, "metric": True, "at": None}}},
    {"id": "call00002", "type": "function", "function": {"name": "time", "arguments": {}}}])
CALL_NONE = {**CALL, "content": None}
RESULT = turn("tool", "{\"sun\": 0.5}", tool_call_id="call00001")
RESULT2 = turn("tool", "noon", tool_call_id="call00002")
PARTS = turn("user", [{"type": "text", "text": "Look: "}, {"type": "image"}, {"type": "text", "text": " there"}])
TOOLS = [{"type": "function", "function": {
    "name": "weather", "description": "It's <hot> & \"wet\"?",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
                   "required": ["city"]}, "return": None}}]

CHATS = {
    "user": [USER],
    "system": [SYSTEM, USER],
    "turns": [SYSTEM, USER, ANSWER, turn("user", "And?"), THOUGHT],
    "open": [USER, THOUGHT, turn("user", "2 + 2"), SEPARATE, turn("user", "Sure?")],
    "tools": [USER, CALL, RESULT, RESULT2, ANSWER, turn("user", "Thanks")],
    "tools-none": [SYSTEM, USER, CALL_NONE, RESULT],
    "parts": [PARTS, ANSWER],
    "wrong-order": [USER, USER],
    "late-system": [USER, ANSWER, SYSTEM],
    "empty": [turn("user", "")],
}
SETTINGS = [
    {"add_generation_prompt": True},
    {"add_generation_prompt": False},
    {"add_generation_prompt": True, "tools": TOOLS},
    {"add_generation_prompt": True, "enable_thinking": False},
]
TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "tools": None, "documents": None}

# Single constructs; the variables are V. What is refused when a template is read
# has tests of its own.
V = {"s": " a b,c ", "word": "stra\u00dfe", "n": 7, "x": 2.5, "yes": True, "no": False, "nothing": None,
     "list": [3, 1, 2, 3], "words": ["b", "a", "C"], "nested": [[1, 2], ["x"]], "empty": [], "d": {"k": "v", "n": 1, "none": None},
     "people": [{"name": "Ann", "age": 30, "in": {"city": "Ulm"}}, {"name": "bob", "age": 20}, {"name": "Cy", "age": 30}]}
CONSTRUCTS = [
    # Variables and literals
    "{{ s }}|{{ n }}|{{ x }}|{{ yes }}|{{ nothing }}|{{ list }}|{{ d }}|{{ missing }}",
    "{{ 'a\\n\\t\\'b' }}{{ \"c\\\"d\" }}{{ 1e3 }}",
    "{{ [1, 'two', [3.0], {'k': none}] }}{{ (1,) }}{{ (1, 2) }}{{ {} }}{{ [] }}{{ () }}",
    "{{ 'a' 'b' }}",
    "{{ true }}{{ True }}{{ false }}{{ none }}{{ None }}",
    "{{ 1.0 }} {{ 0.1 + 0.2 }} {{ 1e16 }} {{ 1e-5 }} {{ 123456789.125 }} {{ -0.0 }}",
    "{{ \"it's\" }}{{ [\"it's\", 'say \"x\"', 'both \\' \"', '\\n\\\\'] }}",
    # Operators
    "{{ 7 // 2 }} {{ -7 // 2 }} {{ 7 % 3 }} {{ -7 % 3 }} {{ 7 / 2 }} {{ 2 * 3.5 }}",
    "{{ 'a' ~ 1 ~ none ~ true ~ missing ~ [1] }}",
    "{{ 'ab' * 3 }}{{ [1] * 2 }}{{ [1] + [2] }}{{ 'a' + 'b' }}",
    "{{ 1 < 2 < 3 }}{{ 1 < 3 < 2 }}{{ 'a' < 'b' }}{{ 1 == 1.0 }}{{ 1 == true }}{{ '1' == 1 }}",
    "{{ 'b' in 'abc' }}{{ 2 in list }}{{ 'k' in d }}{{ 'z' not in d }}{{ none in [none] }}",
    "{{ not yes or no and yes }}{{ yes and 'x' }}{{ no or '' or 'y' }}{{ empty or 'none' }}",
    "{{ 'y' if yes else 'n' }}{{ 'y' if no }}{{ 'a' if no else 'b' if no else 'c' }}",
    "{{ -n }}{{ +n }}{{ - n + 1 }}{{ -n|abs }}{{ 2 - -2 }}",
    "{{ (n + 1) * 2 }}{{ n + 1 * 2 }}{{ n ~ 1 + 1 }}{{ 'a' + 'b' | upper }}",
    # Members, indices, slices
    "{{ d.k }}{{ d['k'] }}{{ d.zz }}{{ d['zz'] is defined }}{{ list[0] }}{{ list[-1] }}{{ list[9] }}{{ people[0]['in'].city }}",
    "{{ list[1:] }}{{ list[:-1] }}{{ list[::-1] }}{{ list[1:3] }}{{ list[::2] }}{{ s[1:3] }}{{ word[::-1] }}{{ list[5:] }}{{ word[-2] }}",
    "{{ d.items() | list }}{{ d.keys() | list }}{{ d.values() | list }}{{ d.get('k') }}{{ d.get('z') }}{{ d.get('z', 'w') }}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}{% for k in d %}{{ k }}{% endfor %}",
    "{% for key, val in d.items() if key != 'n' %}{{ key }}{{ ', ' if not loop.last }}{% endfor %}",
    # Methods of strings
    "[{{ s.strip() }}][{{ s.lstrip() }}][{{ s.rstrip() }}][{{ 'xxaxx'.strip('x') }}][{{ '\\n\\na\\n'.lstrip('\\n') }}]",
    "{{ s.split() }}{{ 'a,b,,c'.split(',') }}{{ 'a,b,c'.split(',', 1) }}{{ 'a.b.c'.rsplit('.', 1) }}{{ ''.split(',') }}{{ ' '.split() }}",
    "{{ 'a</think>b'.split('</think>')[-1] }}{{ 'a</think>b'.split('</think>')[0].split('<think>')[-1] }}",
    "{{ word.startswith('str') }}{{ word.endswith('e') }}{{ word.startswith(('x', 's')) }}{{ 'aB'.upper() }}{{ 'aB cD'.title() }}{{ 'aB cD'.capitalize() }}",
    "{{ 'aXbX'.replace('X', '-') }}{{ 'aXbX'.replace('X', '-', 1) }}{{ 'abab'.count('ab') }}{{ 'abc'.find('c') }}{{ 'abc'.find('z') }}",
    "{{ ', '.join(words) }}{{ ''.join([]) }}{{ '-'.join('abc') }}",
    # Filters
    "[{{ s | trim }}][{{ 'xax' | trim('x') }}]{{ s | length }}{{ list | count }}{{ d | length }}{{ '\u4f60' | length }}",
    "{{ 'aB' | upper }}{{ 'AB' | lower }}{{ 'hello wORLD' | capitalize }}{{ 'hello wORLD it\\'s' | title }}",
    "{{ missing | default('f') }}{{ '' | default('f') }}{{ '' | default('f', true) }}{{ nothing | default('f') }}{{ none | d('g', boolean=true) }}",
    "{{ words | join(', ') }}{{ list | join }}{{ people | join('/', attribute='name') }}{{ [] | join(',') }}{{ [1, none, true] | join('-') }}",
    "{{ list | first }}{{ list | last }}{{ 'abc' | first }}{{ 'abc' | last }}{{ [] | first }}",
    "{{ '42' | int }}{{ 'x' | int }}{{ 'x' | int(5) }}{{ 3.9 | int }}{{ ' 7 ' | int }}{{ '3.5' | int }}",
    "{{ list | string }}{{ 5 | string + 'x' }}{{ nothing | string }}{{ 'abc' | list }}{{ d | list }}{{ (1, 2) | list }}",
    "{{ d | items | list }}{{ list | reverse | list }}{{ 'abc' | reverse }}",
    "{{ people | selectattr('age', 'equalto', 30) | map(attribute='name') | list }}{{ people | rejectattr('age', 'eq', 30) | map(attribute='name') | join }}",
    "{{ people | selectattr('in') | list | length }}{{ people | selectattr('in', 'defined') | map(attribute='in.city') | first }}{{ people | map(attribute='zz', default='-') | join }}",
    "{{ list | select('gt', 1) | list }}{{ list | reject('odd') | list }}{{ [0, 1, '', 'a'] | select | list }}{{ words | map('upper') | join(',') }}{{ list | map('string') | list }}",
    "{{ words | reject('equalto', 'a') | join(', ') }}{{ words | select('in', ['a', 'b']) | list }}",
    "{{ list | unique | list }}{{ list | sort }}{{ words | sort }}{{ words | sort(case_sensitive=true) }}{{ list | sort(reverse=true) }}{{ people | sort(attribute='age') | map(attribute='name') | join }}{{ people | sort(reverse=true, attribute='age') | map(attribute='name') | join }}{{ ['a', 'A', 'b'] | unique | join }}{{ ['a', 'A', 'b'] | unique(true) | join }}{{ people | unique(attribute='age') | map(attribute='name') | join }}",
    "{{ d | dictsort }}{{ {'b': 1, 'A': 2} | dictsort }}{{ {'b': 1, 'A': 2} | dictsort(true) }}{{ {'a': 2, 'b': 1} | dictsort(by='value') }}{{ {'a': 1, 'b': 2} | dictsort(reverse=true) }}",
    "{{ '<a & \"b\">' | safe }}{{ 'a b' | replace(' ', '_') }}",
    "{{ -3 | abs }}{{ 'x' if 'abc' | length > 2 else 'y' }}",
    # tojson
    "{{ people | tojson }}{{ s | tojson }}{{ '\u4f60\\u00e9\\n\\t\\\"\\\\/<>&\\'\\x7f\\x01' | tojson }}{{ nothing | tojson }}{{ yes | tojson }}{{ x | tojson }}{{ 1.0 | tojson }}",
    "{{ people | tojson(indent=2) }}{{ [] | tojson(indent=2) }}{{ {} | tojson(indent=4) }}{{ nested | tojson(indent=1) }}",
    "{{ d | tojson(separators=(',', ':')) }}{{ {'b': 1, 'a': [2]} | tojson(sort_keys=true) }}{{ '\u4f60\U0001f600\u00fc' | tojson(ensure_ascii=true) }}{{ {'b': [1], 'a': {}} | tojson(indent=0) }}{{ [1, 2] | tojson(indent=1, separators=('; ', '=')) }}{{ '\u00fc' | tojson(4) }}",
    "{{ {'a': (1, 2), 'b': 1e100, 'c': -0.5, 'd': 1234567890123456789} | tojson }}",
    # Tests
    "{{ n is defined }}{{ missing is undefined }}{{ missing is not defined }}{{ nothing is none }}{{ n is not none }}{{ missing is none }}",
    "{{ s is string }}{{ d is mapping }}{{ list is mapping }}{{ list is iterable }}{{ s is iterable }}{{ n is iterable }}{{ list is sequence }}{{ d is sequence }}{{ nothing is iterable }}",
    "{{ n is number }}{{ yes is number }}{{ yes is boolean }}{{ n is integer }}{{ x is float }}{{ yes is true }}{{ no is false }}{{ 1 is true }}{{ yes is integer }}",
    "{{ n is odd }}{{ n is even }}{{ n is divisibleby 7 }}{{ n is equalto 7 }}{{ n is eq(7) }}{{ n is gt 5 }}{{ 'a' is in ['a'] }}{{ n is ne 7 }}",
    "{{ n is defined and n is not string }}{{ not n is string }}{{ 1 if missing is defined else 2 }}{{ raise_exception is defined }}",
    # Statements
    "{% if n > 9 %}a{% elif n > 5 %}b{% else %}c{% endif %}",
    "{% for i in list %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.previtem }}{{ loop.nextitem }};{% endfor %}",
    "{% for i in empty %}x{% else %}none{% endfor %}{% for i in missing %}x{% else %}none{% endfor %}",
    "{% for i in list if i > 1 %}{{ loop.index }}:{{ i }}/{{ loop.length }} {% endfor %}",
    "{% for i in range(3) %}{{ i }}{% endfor %}{{ range(1, 4) | list }}{{ range(5, 0, -2) | list }}{{ range(0) | list }}",
    "{% for i in range(9) %}{% if i == 2 %}{% continue %}{% endif %}{% if i > 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% for a, b in [[1, 2], (3, 4)] %}{{ a }}-{{ b }} {% endfor %}{% for c in 'ab' %}{{ c }}.{% endfor %}",
    "{% for row in nested %}{% for i in row %}{{ loop.index }}{{ i }}{% endfor %}{{ loop.index }}{% endfor %}",
    "{% set a = 1 %}{% set b, c = 2, 3 %}{{ a }}{{ b }}{{ c }}{% set t %}x{{ a }}y{% endset %}{{ t }}",
    "{% set a = 1 %}{% for i in [1, 2] %}{% set a = a + i %}{{ a }}{% endfor %}{{ a }}{% if yes %}{% set a = 9 %}{% endif %}{{ a }}",
    "{% set ns = namespace(found=false, n=0) %}{% for i in list %}{% set ns.n = ns.n + i %}{% if i == 2 %}{% set ns.found = true %}{% endif %}{% endfor %}{{ ns.found }}{{ ns.n }}{{ ns.zz is defined }}",
    "{% set ns = namespace() %}{% set ns.list = [] %}{% for i in [1, 2] %}{% set ns.list = ns.list + [i] %}{% endfor %}{{ ns.list }}",
    "{% macro m(a, b='d', c=none) %}[{{ a }}{{ b }}{{ c }}]{% endmacro %}{{ m(1) }}{{ m(1, 2) }}{{ m(c=3, a=4) }}{{ m() }}",
    "{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}{% set r = f(2) | trim %}{{ r ~ '!' }}",
    "{% macro m() %}{{ n }}{% set z = 1 %}{% endmacro %}{{ m() }}{{ z is defined }}",
    "a{% generation %}b{{ n }}{% endgeneration %}c{# note #}d",
    "{% set text %}  x  {% endset %}[{{ text | trim }}]{{ text | length }}",
    "{% call m() %}x{% endcall %}",
    # White space
    "a\n{% if yes %}\nb\n{% endif %}\nc\n",
    "a\n  {% if yes %}  \n  b {{ n }}\n  {% endif %}  c\n\n",
    "a  {%- if yes -%}  b  {%- endif -%}  c\n\n{{- n -}}\n\nd",
    "  {# note #}  \n  x {# note #}\n{#- note -#}\n y",
    "{% if yes +%}\n a{% endif %}\n  {%+ if yes %}b{% endif %}",
    "{{ n }}\n{{ n }}\n\n", "\n\n{{ n }}", "{%- set a = 1 -%}\n x", "a{{ '\\n' }}\n{{- 'b' }}\n",
    "{%- for m in list %}\n  {{- m }}\n  {%- if not loop.last %},\n  {%- endif %}\n{%- endfor %}\n!",
    "x \t{%- if yes %}\ty\r\n{% endif %}\r\nz",
    # Failures
    "{{ raise_exception('No ' ~ n) }}", "{{ missing.member }}", "{{ missing + 1 }}", "{{ 'a' + 1 }}", "{{ list.append(1) }}",
    "{{ nothing.x }}|{{ nothing.x is defined }}", "{{ d.k.z }}", "{{ 1 / 0 }}", "{{ n.strip() }}", "{{ [1] | join(1) }}", "{{ n | length }}",
    "{{ [1, 'a'] | sort }}", "{{ ', '.join([1]) }}", "{{ missing() }}", "{{ 'abc'[10] }}|", "{{ none + 'a' }}", "{% for a, b in [[1]] %}{% endfor %}", "{{ list['a'] }}|",
    "{{ 'a' < 1 }}", "{{ 1 in 1 }}", "{{ dict(a=1, b=2) }}", "{{ 'a'.zz() }}",
]


def render(env, source, variables):
    """The text, or None for a template that fails: what Jinja says is its own."""
    try:
        return env.from_string(source).render(**json.loads(json.dumps(variables)))
    except Exception:  # whatever a template makes Python raise
        return None


def templates(env):
    for path in sorted(HERE.glob("*.jinja")):
        source = path.read_text(encoding="utf-8")
        for chat, messages in CHATS.items():
            for settings in SETTINGS:
                variables = {**TOKENS, "messages": messages, **settings}
                yield {"template": path.name, "chat": chat, "settings": settings,
                       "text": render(env, source, variables)}


def lines(items):
    return "[\n" + ",\n".join(json.dumps(i, ensure_ascii=True, separators=(",", ":")) for i in items) + "\n]"


if __name__ == "__main__":
    env = environment()
    constructs = [{"source": c, "text": render(env, c, V)} for c in CONSTRUCTS]
    parts = {"variables": json.dumps(V), "constructs": lines(constructs),
             "chats": json.dumps(CHATS), "tokens": json.dumps(TOKENS), "templates": lines(templates(env))}
    (HERE / "golden.json").write_text(
        "{\n" + ",\n".join(f'"{key}": {value}' for key, value in parts.items()) + "\n}\n", encoding="utf-8")
