"""The `build-args` input: after build-push-action's own cases (__tests__/context.test.ts, Apache-2.0)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources import build_args
from fr_check.sources.expression import nothing, render
from fr_check.sources.yaml_tree import Scalar, get, parse


def read(value: str) -> tuple[build_args.BuildArg, ...]:
    """The arguments of a value whose expressions are all unknown, in its first alternative."""
    return build_args.parse(build_args.flatten(render(value, nothing)[0]))


def shown(value: str) -> list[str]:
    return [argument.text.replace(build_args.HOLE, "?") for argument in read(value)]


CASES = {
    "lines": ("A=1\nB=2\n", ["A=1", "B=2"]),
    "blank-lines": ("\n\nA=1\n\n  B=2  \n", ["A=1", "B=2"]),
    "commas-stay": ("A=1,2\nB=x,y", ["A=1,2", "B=x,y"]),
    "hash-stays": ("FOO=bar#baz", ["FOO=bar#baz"]),
    "no-comments": ("# A=1\nB=2", ["# A=1", "B=2"]),
    "quoted-line": ('"A=1\n2"\nB=3', ["A=1\n2", "B=3"]),
    "quote-inside": ('A="1 2"\nB=3', ['A="1 2"', "B=3"]),
    "doubled-quotes": ('"A=""x"""', ['A="x"']),
    "unclosed-quote": ('"A=1\nB=2', ['"A=1', "B=2"]),
    "quoted-comma": ('"A=1,2",B', ["A=1,2,B"]),
    "crlf": ("A=1\r\nB=2\r\n", ["A=1", "B=2"]),
    "bare": ("A\nB=", ["A", "B="]),
    "expression": ("A=${{ x }}\n${{ y }}", ["A=?", "?"]),
}


@pytest.mark.parametrize(("value", "expected"), CASES.values(), ids=CASES.keys())
def test_arguments(value: str, expected: list[str]) -> None:
    assert shown(value) == expected


def test_names_values_and_places() -> None:
    value = "A=${{ x }}\n  NAME=v\nBARE\n# C=1\n${{ y }}Z=1"
    first, second, bare, comment, opaque = read(value)
    assert (first.name, first.opaque) == ("A", False)
    assert (second.name, second.value, value[second.start : second.end]) == ("NAME", "v", "NAME")
    assert (bare.name, bare.value) == ("BARE", None)
    assert "no comments" in comment.malformed
    assert (opaque.name, opaque.opaque, opaque.malformed) == (None, True, "")
    assert read('"X Y=1')[0].malformed == "it does not begin with a name"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a:\n  A=1\n  B=2\n", "B"),
        ("a: >\n  A=1\n  B=2\n", "B"),
        ("a: |\n  A=1\n  B=2\n", None),
        ("a: A=x B=2\n", None),
        ("a: |\n  A=x B=2\n", None),
    ],
)
def test_folded_lines(source: str, expected: str | None) -> None:
    scalar = get(parse(Text(source)).root, "a")
    assert isinstance(scalar, Scalar)
    assert build_args.folded(scalar, read(scalar.value)[0]) == expected


@given(st.text('A=",\n\r# ${}x', max_size=40))
def test_never_raises_and_places_are_inside(value: str) -> None:
    for argument in read(value):
        assert 0 <= argument.start <= argument.end <= len(value)
        assert argument.malformed is not None


@pytest.mark.parametrize("unit", ['"a\n', '"', '""', ",", 'a"\n', '","'])
def test_a_long_input_ends(unit: str) -> None:
    assert len(read(unit * 100_000)) <= 100_000
