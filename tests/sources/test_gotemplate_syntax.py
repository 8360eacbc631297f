"""The lexer and parser of templates: Go's verdicts (recorded; `make oracles` asks Go again), gotpl, hostile input."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from gotpl.errors import TemplateSyntaxError
from gotpl.parse import parse_template
from hypothesis import given
from hypothesis import strategies as st
from template_corpus import SYNTAX, WORDS, actions, soup

from checkers.core.text import Text
from checkers.sources.gotemplate import parse
from checkers.sources.gotemplate.functions import FUNCTIONS
from checkers.sources.gotemplate.literals import decode, integer, quote, unquote
from checkers.sources.gotemplate.parser import parse_tree

VERDICTS = json.loads(Path(__file__).with_name("gotemplate_verdicts.json").read_text("utf-8"))
# Found by Go when it executes, and by gotpl and the reader before.
EXECUTION = re.compile(r'undefined variable: \$\w*|template "[^"]*" not defined')
# Where gotpl 0.1.0 is stricter or laxer than Go 1.19, which the recorded verdicts follow.
GOTPL_DIFFERS = re.compile(
    r"\(\$\w+ :=|template \S+ \$x :=|print\.A|scratch\.Set|:= \$x |\| print \$x|\.\u0661|\{\{ break \}\}"
)


def message(source: str, delimiters: tuple[str, str] = ("{{", "}}")) -> str:
    problems = parse(Text(source), delimiters).problems
    return problems[0].message if problems else ""


def test_every_template_has_a_recorded_verdict():
    assert set(VERDICTS) == set(SYNTAX)


@pytest.mark.parametrize("source", SYNTAX, ids=ascii)
def test_errors_are_gos_own(source: str):
    said = message(source)
    assert said == VERDICTS[source] or (EXECUTION.fullmatch(said) and not VERDICTS[source])


def gotpl_refuses(source: str) -> bool:
    try:
        parse_template(source, name="t", functions=FUNCTIONS)
    except TemplateSyntaxError:
        return True
    return False


@pytest.mark.parametrize("source", [source for source in SYNTAX if not GOTPL_DIFFERS.search(source)], ids=ascii)
def test_gotpl_agrees(source: str):
    said = message(source)
    assert bool(said) == gotpl_refuses(source) or EXECUTION.fullmatch(said)


@pytest.mark.parametrize("make", [soup, actions])
def test_gotpl_agrees_on_generated_text(make):
    differences = []
    for seed in range(1500):
        source = make(seed, 3 + seed % 12)
        said = message(source)
        if bool(said) != gotpl_refuses(source) and not EXECUTION.fullmatch(said) and not GOTPL_DIFFERS.search(source):
            differences.append((source, said))
    assert differences == []


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("A=1\n{{ nosuch }}", (2, 4)),
        ("A=1\n{{ .Data.data.KEY-DASH }}", (2, 18)),
        ("A={{ $x }}", (1, 6)),
        ("{{ if .x }}\nA=1\n", (1, 1)),
        ("A=1\n{{ end }}", (2, 3)),
        ("{{/* never closed", (1, 3)),
        ('A={{ "never closed', (1, 6)),
        ("A={{ .x", (1, 8)),
        ("{{ with }}{{ end }}", (1, 9)),
        ("{{ $x = 1 }}", (1, 4)),
        ('A=1\n  {{ template "a" }}', (2, 3)),
    ],
)
def test_an_error_says_where(source: str, place: tuple[int, int]):
    (problem,) = parse(Text(source)).problems
    assert (problem.span.line, problem.span.column) == place


@pytest.mark.parametrize(
    ("left", "right"), [("[[", "]]"), ("<%", "%>"), ("(", ")"), ("$", "$"), ("--", "--"), ("", "")]
)
def test_any_delimiters(left: str, right: str):
    source = f"A={left or '{{'}- .x -{right or '}}'}B=1 {{{{ not an action }}}}" if left else "A={{ .x }}"
    assert isinstance(message(source, (left, right)), str)
    assert message(f"{left or '{{'} nosuch {right or '}}'}", (left, right)) == 'function "nosuch" not defined'


def test_custom_delimiters_make_the_usual_ones_text():
    template = parse(Text("A=[[ .x ]]\nB='{{ .x }}'\n"), ("[[", "]]"))
    assert [key.name for key in template.keys] == ["A", "B"]
    assert [value.literal for value in template.keys[1].values] == ["{{ .x }}"]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('"a"', "a"),
        ('"\\n\\t\\\\\\""', '\n\t\\"'),
        ('"\\x41\\102\\u0043\\U00000044"', "ABCD"),
        ('"\\xc3\\xa9"', "\u00e9"),
        ('"\\xff"', "\ufffd"),
        ("`a\\n\r\nb`", "a\\n\nb"),
        ('"\\q"', None),
        ('"\\\'"', None),
        ('"\\ud800"', None),
        ('"\\400"', None),
    ],
)
def test_string_literals(literal: str, value: str | None):
    assert unquote(literal) == value


@given(st.text())
def test_what_go_quotes_reads_back(text: str):
    quoted = quote(text)
    assert "\n" not in quoted
    assert decode(quoted[1:-1], '"') == text or any(0xD800 <= ord(character) < 0xE000 for character in text)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("017", 15),
        ("0o17", 15),
        ("0x1F", 31),
        ("0b11", 3),
        ("1_000", 1000),
        ("1__0", None),
        ("089", None),
        ("18446744073709551615", 2**64 - 1),
        ("18446744073709551616", None),
        ("-9223372036854775809", None),
        ("9" * 5000, None),
    ],
)
def test_integers(written: str, value: int | None):
    assert integer(written) == value


@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join) | st.text(max_size=200))
def test_any_text_is_read(text: str):
    template = parse(Text(text))
    assert bool(template.problems) == bool(parse_tree(text).error)
    if template.problems:
        assert template._replace(problems=()) == type(template)()


@given(st.text(max_size=80), st.text(min_size=1, max_size=3), st.text(min_size=1, max_size=3))
def test_any_delimiters_are_obeyed(text: str, left: str, right: str):
    assert parse(Text(text), (left, right)) == parse(Text(text), (left, right))


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes):
    text = Text.decode(data)
    assert parse(text).problems == parse(text).problems
