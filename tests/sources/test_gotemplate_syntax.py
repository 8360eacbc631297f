"""The lexer and parser of templates: Go's verdicts (recorded; `make oracles` asks Go again), gotpl, hostile input."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from gotpl import Template as Gotpl
from gotpl.errors import TemplateError, TemplateSyntaxError
from gotpl.parse import parse_template
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.gotemplate import parse
from fr_check.sources.gotemplate.functions import _CONSUL_TEMPLATE, FUNCTIONS
from fr_check.sources.gotemplate.literals import decode, integer, quote, unquote
from fr_check.sources.gotemplate.parser import parse_tree
from fr_check.sources.gotemplate.signatures import SIGNATURES
from template_corpus import FAILURES, SOUND, SYNTAX, WORDS, actions, calls, soup

if TYPE_CHECKING:
    from collections.abc import Callable

VERDICTS = json.loads(Path(__file__).with_name("gotemplate_verdicts.json").read_text("utf-8"))
# Where gotpl 0.1.0 is stricter or laxer than Go 1.19, which the recorded verdicts follow.
GOTPL_DIFFERS = re.compile(
    r"\(\$\w+ :=|template \S+ \$x :=|print\.A|scratch\.Set|:= \$x |\| print \$x|\.\u0661|\{\{ break \}\}"
)
# gotpl knows no types of functions that are not its own, and takes nil for a command in front of others.
GOTPL_LETS = re.compile(r"\b(env|indent|join|toUpper)\b|nil \||(if|with) nil")


def stub(parameters: str) -> Callable[..., str]:
    """A function of as many parameters that gives text."""
    names = [f"_{index}" for index in range(len(parameters.partition("*")[0]))]
    names += ["*_rest"] if "*" in parameters else []
    return eval(f"lambda {', '.join(names)}: ''")  # noqa: S307 - nothing but names that are made here


STUBS = {
    name: stub(written.partition(">")[0]) for name, written in SIGNATURES.items() if name in _CONSUL_TEMPLATE.split()
}


def message(source: str, delimiters: tuple[str, str] = ("{{", "}}")) -> str:
    """What Go says of it when it parses it."""
    template = parse(Text(source), delimiters)
    return template.problems[0].message if template.problems and not template.failures else ""


def test_every_template_has_a_recorded_verdict():
    assert set(VERDICTS) == set(SYNTAX)


@pytest.mark.parametrize("source", SYNTAX, ids=ascii)
def test_errors_are_gos_own(source: str):
    assert message(source) == VERDICTS[source]


def refuses(source: str) -> bool:
    """Whether the parser stops, or finds an assignment to no variable, which gotpl takes for a parse error too."""
    tree = parse_tree(source)
    return bool(tree.error or tree.failures)


def gotpl_refuses(source: str) -> bool:
    try:
        parse_template(source, name="t", functions=FUNCTIONS)
    except TemplateSyntaxError:
        return True
    return False


@pytest.mark.parametrize("source", [source for source in SYNTAX if not GOTPL_DIFFERS.search(source)], ids=ascii)
def test_gotpl_agrees(source: str):
    assert refuses(source) == gotpl_refuses(source)


@pytest.mark.parametrize("make", [soup, actions])
def test_gotpl_agrees_on_generated_text(make):
    differences = []
    for seed in range(1500):
        source = make(seed, 3 + seed % 12)
        if refuses(source) != gotpl_refuses(source) and not GOTPL_DIFFERS.search(source):
            differences.append((source, message(source)))
    assert differences == []


@pytest.mark.parametrize("source", FAILURES, ids=ascii)
def test_what_fails_with_any_data_is_known_before(source: str):
    (failure, *_) = parse(Text(source)).failures
    assert (failure.message, failure.always) == (FAILURES[source], True)
    assert parse(Text(source)).problems[0].span == failure.span
    if not GOTPL_LETS.search(source):
        with pytest.raises(TemplateError):
            Gotpl(source, functions=STUBS).render({})


@pytest.mark.parametrize("source", SOUND, ids=ascii)
def test_what_may_go_well_does_not_fail(source: str):
    assert parse(Text(source)).failures == ()
    assert Gotpl(source, functions=STUBS).render({}) is not None


def test_a_failure_on_some_paths_leaves_the_others():
    template = parse(Text("{{ if .x }}A={{ nil }}{{ else }}B=1\n{{ end }}C=2\n"))
    assert [(failure.message, failure.always) for failure in template.failures] == [("nil is not a command", False)]
    assert template.problems == ()
    assert [(key.name, key.always) for key in template.keys] == [("B", False), ("C", True)]


def test_a_failure_shows_no_literal():
    assert "hunter2" not in repr(parse(Text('{{ if .x }}{{ "hunter2" 1 }}{{ toUpper `hunter2` 1 }}{{ end }}')).failures)


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
    assert bool(message(text)) == bool(parse_tree(text).error)
    if template.problems:
        assert template._replace(problems=(), failures=()) == type(template)()


@given(st.integers(0, 10_000), st.integers(1, 3))
def test_any_calls_are_read(seed: int, depth: int):
    source = calls(seed, depth) + "{{ end }}"
    assert message(source) or parse(Text(source)).problems or parse(Text(source)).keys == ()


@given(st.text(max_size=80), st.text(min_size=1, max_size=3), st.text(min_size=1, max_size=3))
def test_any_delimiters_are_obeyed(text: str, left: str, right: str):
    assert parse(Text(text), (left, right)) == parse(Text(text), (left, right))


@given(st.binary(max_size=200))
def test_any_bytes_are_read(data: bytes):
    text = Text.decode(data)
    assert parse(text).problems == parse(text).problems
