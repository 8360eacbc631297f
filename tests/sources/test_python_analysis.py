"""Statements and branches of Python modules, held against coverage.py's own parser."""

from __future__ import annotations

import ast
import random
import string
import sys
import warnings
from pathlib import Path

import pytest
from coverage import Coverage
from coverage.exceptions import NotPython
from coverage.parser import PythonParser
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources.python_analysis import module
from fr_check.sources.python_analysis.module import Rules

RULES = Rules.of()
EXCLUDED, UNBRANCHED = RULES.excluded.pattern, RULES.unbranched.pattern
# Everything that a suite hangs on, and everything that may stand over several lines, goes somewhere.
ODD = r"if .*:|else|(?s:except.{1,40}\n)|^\s*@|with|[(]$|= \[|: int|case _"


def coverages_own(text: str, excluded: str) -> tuple[set[int], dict[int, set[int]], dict, set[int]]:
    """Statements, branches, what recorded arcs stand for, and lines whose branches do not count, by coverage.py."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = PythonParser(text=text, exclude=excluded)
        parser.parse_source()
        arms: dict[int, set[int]] = {}
        for start, end in parser.arcs():
            if start not in parser.excluded and end not in parser.excluded:
                arms.setdefault(start, set()).add(end)
    branches = {line: after for line, after in arms.items() if len(after) > 1}
    return parser.statements, branches, parser._with_jump_fixers, parser.lines_matching(UNBRANCHED)


def assert_alike(text: str, excluded: str = EXCLUDED) -> None:
    found = module.read(text.encode(), Rules.of([excluded]), branches=True)
    statements, branches, meant, unbranched = coverages_own(text, excluded)
    assert found is not None
    assert found.statements == statements
    assert found.arms == branches
    # Of a line that is no branch, nobody asks where it went.
    assert {arc: to for arc, to in found.meant.items() if arc[0] in branches} == {
        arc: to for arc, to in meant.items() if arc[0] in branches
    }
    assert found.unbranched & found.arms.keys() == unbranched & found.arms.keys()


TEXT = (Path(__file__).parent / "python_analysis_examples.txt").read_text(encoding="utf-8")
EXAMPLES = {
    **dict(part.split("\n", 1) for part in TEXT.split("####### ")[1:]),
    "no last newline": "a = 1\nif a:\n    b = 2",
    "a form feed and another encoding": "# -*- coding: utf-8 -*-\n\f\na = 'é'; b = [\n'ü']\n",
}


@pytest.mark.parametrize("text", EXAMPLES.values(), ids=EXAMPLES.keys())
@pytest.mark.parametrize("excluded", [EXCLUDED, ODD], ids=["usual", "odd"])
def test_it_counts_as_coverage_does(text: str, excluded: str):
    assert_alike(text, excluded)


def test_the_standard_library_is_counted_as_coverage_counts_it():
    paths = sorted(Path(ast.__file__).parent.glob("*.py"))
    for path in random.Random(11).sample(paths, 30):  # noqa: S311 - a fixed seed is the point
        for excluded in (EXCLUDED, ODD):
            assert_alike(path.read_text(encoding="utf-8").replace("\f", " "), excluded)


# What stands in a suite, and what a suite hangs on, over as many lines as it takes.
SIMPLE = (
    *("a = 1", "pass", "return a", "raise a", "break", "continue", "x = lambda: 0", "'text'", "global c"),
    *("a; b = [\n1]", "a = (\n1,  # x\n2)", "del a; raise b", "assert a, \\\n b"),
    *("b: int = 2  # pragma: no cover", "# pragma: no cover\na"),
)
HEADERS = (
    *("if a:", "if (a and\nb):", "if True:", "if not 1:", "while a:", "while 1:", "for a in b:", "with a:"),
    *("with (a,\nb):", "def f(a,\n b: int = 1):", "class C:", "@d\n@e(\n1)\ndef g(): # pragma: no cover"),
    *("async def h():", "if a: # pragma: no branch"),
)


def simple() -> st.SearchStrategy[list[str]]:
    return st.sampled_from(SIMPLE).map(lambda text: text.split("\n"))


def indented(lines: list[str]) -> list[str]:
    # A continued line may stand anywhere; only the first of a statement needs its place.
    return [f"    {line}" for line in lines]


@st.composite
def compound(draw, inner) -> list[str]:
    header = draw(st.sampled_from(HEADERS))
    head = header.split("\n")
    if draw(st.integers(0, 4)) == 0:
        line = draw(simple().filter(lambda lines: not lines[0].startswith("#")))
        body = [*head[:-1], f"{head[-1].partition('#')[0]} {line[0]}", *line[1:]]
    else:
        body = [*head, *indented(draw(inner))]
    if header.startswith(("if", "while", "for")) and draw(st.booleans()):
        body += [draw(st.sampled_from(["else:", "else:  # pragma: no cover"])), *indented(draw(inner))]
    return body


@st.composite
def guarded(draw, inner) -> list[str]:
    lines = ["try:", *indented(draw(inner))]
    handlers = draw(st.integers(0, 2))
    for _ in range(handlers):
        lines += [draw(st.sampled_from(["except (A,\nB):", "except A as e:"])), *indented(draw(inner))]
    if handlers and draw(st.booleans()):
        lines += ["else:", *indented(draw(inner))]
    if not handlers or draw(st.booleans()):
        lines += ["finally:", *indented(draw(inner))]
    return [part for line in lines for part in line.split("\n")]


@st.composite
def matched(draw, inner) -> list[str]:
    patterns = draw(st.lists(st.sampled_from(["1", "[\n2]", "(\n3\n)", "x if a"]), min_size=1, max_size=2))
    patterns += draw(st.sampled_from([[], ["_"], ["_ as y"], ["1 | _"]]))
    lines = ["match a:"]
    for pattern in patterns:
        lines += indented([*f"case {pattern}:".split("\n"), *indented(draw(inner))])
    return lines


STATEMENTS = st.recursive(
    simple(),
    lambda inner: st.lists(
        st.one_of(compound(inner), guarded(inner), matched(inner), simple()),
        min_size=1,
        max_size=3,
    ).map(lambda found: [line for lines in found for line in lines]),
    max_leaves=12,
)


def test_the_usual_expressions_are_coverages_own():
    own = Coverage(data_file=None, config_file=False)
    assert [*module.EXCLUDED] == own.get_exclude_list("exclude")
    assert [*module.UNBRANCHED] == own.get_exclude_list("partial")
    assert [*module.CONSTANT] == own.get_option("report:partial_branches_always")


@given(STATEMENTS, st.sampled_from([EXCLUDED, ODD]))
def test_any_program_is_counted_as_coverage_counts_it(lines: list[str], excluded: str):
    # In a loop of a function, everything is allowed somewhere.
    text = "def f(a):\n    for b in a:\n" + "\n".join(f"        {line}" for line in lines) + "\n"
    try:
        coverages_own(text, excluded)
    except (NotPython, AssertionError):
        # Coverage.py fails on some bodies of `with` that compile to nothing.
        assert text.count("with") or module.read(text.encode(), RULES, branches=True) is None
        return
    assert_alike(text, excluded)


@given(st.text(st.sampled_from(string.printable), max_size=200) | st.binary(max_size=100))
def test_any_text_is_read_without_an_exception(source: str | bytes):
    data = source if isinstance(source, bytes) else source.encode()
    found = module.read(data, RULES, branches=True)
    assert found is None or max(found.statements, default=1) <= data.count(b"\n") + data.count(b"\r") + 1


@pytest.mark.parametrize(
    "source",
    [
        b"\0",
        b"# coding: nonsense\n",
        b"a = " + b"(" * 100_000,
        b"not " * 100_000 + b"a",
        b"if " + b"not " * 2000 + b"a: b",
    ],
    ids=["binary", "unknown encoding", "parentheses", "negations", "a deep test"],
)
def test_what_cannot_be_read_is_none(source: bytes):
    found = module.read(source, RULES, branches=True)
    assert found is None or found.statements == {1}


def test_a_chain_of_elif_longer_than_the_stack():
    chain = "if a == 0:\n    b\n" + "".join(f"elif a == {n}:\n    b\n" for n in range(1, sys.getrecursionlimit()))
    found = module.read(chain.encode(), RULES, branches=True)
    assert found is None or len(found.arms) == sys.getrecursionlimit()
