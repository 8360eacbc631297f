"""What a `.dockerignore` keeps out, after Docker's documentation and moby/patternmatcher's cases."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.dockerignore import LINE_LIMIT, parse

CASES = [
    (".env", ".env", True),
    (".env", "sub/.env", False),
    ("**/.env", "sub/.env", True),
    ("**/.env", ".env", True),
    (".env*", ".env.production", True),
    (".env.*\n!.env.production", ".env.production", False),
    ("!.env.production\n.env.*", ".env.production", True),
    ("node_modules", "node_modules/a/b", True),
    ("/a", "a", True),
    ("./a/", "a/b", True),
    ("*", ".env", True),
    ("*\n!src", "src/x", False),
    ("a?c", "abc", True),
    ("[a-c]x", "bx", True),
    ("[^a]x", "ax", False),
    ("# .env", ".env", False),
    ("", ".env", False),
    ("a.b", "axb", False),
    (r"\*", "*", True),
    (" .env ", ".env", True),
]


@pytest.mark.parametrize(("source", "path", "expected"), CASES, ids=[f"{s!r}-{p}" for s, p, _ in CASES])
def test_exclusion(source: str, path: str, expected: bool) -> None:  # noqa: FBT001 - a table's column
    assert (parse(Text(source)).excluded_by(path) is not None) is expected


@pytest.mark.parametrize(
    ("source", "path", "end"),
    [
        ("*a" * 40 + "b", "a" * 200, "b"),
        ("**/a/" * 40 + "b", "a/" * 100, "b"),
        ("*[ab]*" * 40 + "[c]", "b" * 200, "c"),
        ("[a" * 2_000 + "c", "[a" * 2_000, "c"),
    ],
    ids=["stars", "folders", "sets", "open-sets"],
)
def test_hostile_patterns_end(source: str, path: str, end: str) -> None:
    found = parse(Text(source))
    assert found.excluded_by(f"{path}{end}")
    assert found.excluded_by(f"{path}") is None


def test_a_bad_pattern_is_a_problem() -> None:
    found = parse(Text("[z-a]\nok\n"))
    assert [problem.span.line for problem in found.problems] == [1]
    assert [pattern.span.line for pattern in found.patterns] == [2]


def test_a_file_that_was_made_to_be_slow_is_not_read_whole() -> None:
    found = parse(Text("".join(f"*{number}\n" for number in range(LINE_LIMIT + 1))))
    assert len(found.patterns) == LINE_LIMIT
    assert not found.is_whole
    assert parse(Text("*" * 5_000 + "\na\n")).patterns[0].line == "a"


@given(st.text("a*?[]!/\\.^-\n #", max_size=30))
def test_never_raises(source: str) -> None:
    parse(Text(source)).excluded_by("a/b/.env")
