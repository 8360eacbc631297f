"""Compose's interpolation: tables after compose-go's own (template/template_test.go, Apache-2.0), then properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources.interpolation import parse

ENVIRONMENT = {"FOO": "first", "BAR": ""}

RENDERED = [
    ("$${foo}", "${foo}"),
    ("foo", "foo"),
    ("$FOO-bar", "first-bar"),
    ("This ${BAR} var", "This  var"),
    ("This $FOO var", "This first var"),
    ("This ${FOO} var", "This first var"),
    ("ok ${missing:-def}", "ok def"),
    ("ok ${missing-def}", "ok def"),
    ("ok ${BAR:-def}", "ok def"),
    ("ok ${FOO:-def}", "ok first"),
    ("ok ${BAR-def}", "ok "),
    ("ok ${BAR:-/non:-alphanumeric}", "ok /non:-alphanumeric"),
    ("ok ${UNSET_VAR-$FOO}", "ok first"),
    ("ok ${UNSET_VAR-${FOO}}", "ok first"),
    ("ok ${UNSET_VAR-${FOO} ${FOO}}", "ok first first"),
    ("ok ${BAR:-$FOO}", "ok first"),
    ("ok ${BAR:-${FOO} ${FOO}}", "ok first first"),
    ("ok ${BAR:+presence}", "ok "),
    ("ok ${BAR+$FOO}", "ok first"),
    ("ok ${UNSET_VAR+x}", "ok "),
    ("ok ${FOO:+presence ${BAR:-x}}", "ok presence x"),
    ("ok ${FOO:?err}", "ok first"),
    ("ok ${BAR?err}", "ok "),
    ("${UNSET_VAR-myerror?msg}", "myerror?msg"),
    ("${UNSET_VAR:-a}${UNSET_VAR:-b}", "ab"),
    ("${UNSET_VAR:-{a}}", "{a}"),
    ("${UNSET_VAR:-}", ""),
    ("$(seq 1 3) $1 $", "$(seq 1 3) $1 $"),
    ("$}", "$}"),
    ("100$", "100$"),
    ("$$$FOO", "$first"),
    ("$$$$", "$$"),
    ("http://$FOO:80/${FOO}", "http://first:80/first"),
]


@pytest.mark.parametrize(("value", "expected"), RENDERED, ids=[value for value, _ in RENDERED])
def test_renders_as_compose_does(value: str, expected: str) -> None:
    assert parse(value).render(ENVIRONMENT) == expected


@pytest.mark.parametrize(
    "value", ["${", "${}", "${ }", "${ foo}", "${foo }", "${foo!}", "${foo:-x", "${a:-x\ny}", "${1}"]
)
def test_what_compose_refuses(value: str) -> None:
    template = parse(value)
    assert template.invalid
    assert template.render(ENVIRONMENT) is None


@pytest.mark.parametrize("value", ["${UNSET_VAR:?no}", "${BAR:?no}", "${UNSET_VAR?no}", "${UNSET_VAR}", "$UNSET_VAR"])
def test_what_cannot_be_rendered(value: str) -> None:
    template = parse(value)
    assert not template.invalid
    assert template.render(ENVIRONMENT) is None


NAMES = [
    ("$bar", ["bar"]),
    ("${bar?:foo}", ["bar"]),
    ("$docker:${project:-cli}", ["docker", "project"]),
    ("${A:-${NEXT_PUBLIC_X:-}}", ["A", "NEXT_PUBLIC_X"]),
    ("$${NEXT_PUBLIC_X}", []),
    ("${a:?$b ${c-${d+e}}}", ["a", "b", "c", "d"]),
    ("${A:-1}text${B}", ["A", "B"]),
]


@pytest.mark.parametrize(("value", "expected"), NAMES, ids=[value for value, _ in NAMES])
def test_names(value: str, expected: list[str]) -> None:
    assert [reference.name for reference in parse(value).references] == expected


def test_positions_and_operators() -> None:
    value = "x${A:-$B}y$${Z}"
    template = parse(value)
    first, second = template.references
    assert (first.operator, value[first.start : first.end]) == (":-", "${A:-$B}")
    assert (second.operator, value[second.start : second.end]) == ("", "$B")
    assert value[first.name_start : first.name_end] == "A"
    assert template.escapes == (10,)
    assert template.literal is None
    assert parse("a$$b").literal == "a$b"


@given(st.text())
def test_never_raises(value: str) -> None:
    parse(value).render({})


@given(st.text("${}:-+?Ab\n", max_size=40))
def test_references_stand_where_they_say(value: str) -> None:
    for reference in parse(value).references:
        assert value[reference.start] == "$"
        assert value[reference.name_start : reference.name_end] == reference.name


@pytest.mark.parametrize("unit", ["${a:-", "${a:-b}", "${", "$a", "${a:-{{}", "${a:-${b}}}", "$${a?"])
def test_a_long_value_ends(unit: str) -> None:
    template = parse(unit * 50_000)
    assert template.references or template.escapes or template.invalid


@pytest.mark.parametrize(
    ("value", "shown", "why"),
    [
        ("${X:8080}", "${X:", "the `:` is followed by `8`, and Compose knows only `:-`, `:?` and `:+`"),
        ("${X:}", "${X:", "the `:` is followed by `}`"),
        ("${X: -a}", "${X:", "the `:` is followed by a blank"),
        ("${X:", "${X:", "the `:` is followed by nothing"),
        ("${A:-${X:0:3}}", "${X:", "the `:` is followed by `0`"),
        ("${X:=a}", "${X:=", "`:=` is an operator of the shell"),
        ("${X=a}", "${X=", "`=` is an operator of the shell"),
        ("${X }", "${X ", "the name is followed by a blank"),
        ("${X%:*}", "${X%", "the name is followed by `%`"),
        ("${X", "${X", "no `}` closes it"),
        ("${X:-a", "${X:-", "no `}` closes it on its line"),
        ("${ X}", "${", "begins no variable's name"),
    ],
)
def test_why_compose_refuses_a_value(value: str, shown: str, why: str) -> None:
    (invalid,) = parse(value).invalid
    assert value[invalid.start : invalid.end] == shown
    assert invalid.message.startswith(why)
