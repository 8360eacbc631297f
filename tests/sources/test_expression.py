"""GitHub expressions: what is known is text, what is not is a hole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources.expression import OPAQUE, Values, nothing, plain, render

CONTEXT: dict[tuple[str, ...], Values] = {
    ("matrix", "app"): ("frontend",),
    ("matrix", "missing"): (None,),
    ("env", "A"): ("1",),
    ("github", "workspace"): (".",),
}


def resolve(path: tuple[str, ...]) -> Values:
    return CONTEXT.get(path, (OPAQUE,))


def texts(value: str) -> set[str]:
    return {"".join("?" if piece.text is None else piece.text for piece in found) for found in render(value, resolve)}


CASES = [
    ("plain", {"plain"}),
    ("${{ matrix.app }}", {"frontend"}),
    ("./apps/${{ matrix['app'] }}/x", {"./apps/frontend/x"}),
    ("A=${{ inputs.x }}", {"A=?"}),
    ("${{ 'it''s }} fine' }}", {"it's }} fine"}),
    ("${{ matrix.app == 'frontend' && format('N=https://{0}.{1}', inputs.pr, env.A) || '' }}", {"N=https://?.1"}),
    ("${{ matrix.app == 'backend' && 'X=1' || '' }}", {""}),
    ("${{ matrix.app == 'FRONTEND' }}", {"true"}),
    ("${{ inputs.x == 'a' && 'X=1' || 'Y=2' }}", {"X=1", "Y=2"}),
    ("${{ inputs.x && 'X=1' }}", {"", "X=1"}),
    ("${{ inputs.x || 'latest' }}", {"?", "latest"}),
    ("${{ matrix.missing || 'x' }}", {"x"}),
    ("${{ !matrix.missing }}", {"true"}),
    ("${{ !!matrix.app }}", {"true"}),
    ("${{ (matrix.app == 'x' || env.A == 1) && 'y' }}", {"y"}),
    ("${{ fromJSON(needs.a.outputs.b)[0].c }}", {"?"}),
    ("${{ github.workspace }}/apps", {"./apps"}),
    ("${{ 1.5 }} ${{ 0x10 }} ${{ null }}|", {"1.5 16 |"}),
    ("${{ a b }}x", {"?x"}),
    ("${{ # }}x", {"?x"}),
    ("${{ open", {"${{ open"}),
    ("${{ format('{0}{{x}}', 'a') }}", {"a{x}"}),
    ("${{ matrix.* }}", {"?"}),
    ("${{ " + "(" * 500 + " }}", {"?"}),
    ("${{ i.a && 'a' || i.b && 'b' || i.c && 'c' || 'd' }}", {"a", "b", "c", "d"}),
]


@pytest.mark.parametrize(("value", "expected"), CASES, ids=[value[:60] for value, _ in CASES])
def test_render(value: str, expected: set[str]) -> None:
    assert texts(value) == expected


def test_too_many_alternatives_are_holes() -> None:
    assert len(render("${{ i.a && 'x' || 'y' }}" * 12, nothing)) <= 16


@pytest.mark.parametrize("argument", ["'a'", "inputs.a"], ids=["known", "unknown"])
def test_a_text_that_doubles_again_and_again_stays_short(argument: str) -> None:
    (text,) = texts("${{ " + "format('{0}-{0}', " * 40 + argument + ")" * 40 + " }}")
    assert len(text) < 20_000
    assert texts("${{ format('" + "{0}" * 2000 + "', " + argument + ") }}") == {"?"}


def test_plain_needs_one_known_text() -> None:
    assert plain("a${{ matrix.app }}", resolve) == "afrontend"
    assert plain("a${{ inputs.x }}", resolve) is None
    assert plain("${{ inputs.x && 'a' || 'b' }}", resolve) is None


def test_pieces_know_where_they_came_from() -> None:
    ((first, second, third),) = render("ab${{ matrix.app }}cd", resolve)
    assert (first.text, first.start, first.exact) == ("ab", 0, True)
    assert (second.text, second.start, second.exact) == ("frontend", 2, False)
    assert (third.text, third.start, third.exact) == ("cd", 19, True)


@given(st.text("${} abm.'()[]!=&|<1,-*"))
def test_never_raises(value: str) -> None:
    render(value, resolve)
    render("${{" + value + "}}", resolve)


@given(st.text())
def test_text_without_expressions_is_itself(value: str) -> None:
    if "${{" not in value:
        assert texts(value) == {value}
