"""Globs of many wildcards: they match what a regular expression would, in a time that does not explode."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.globs import ANY, Steps


@settings(max_examples=500)
@given(
    st.lists(st.sampled_from(["**/", "**", "*", "a", "b", "/", "[ab]", "[^a]"]), max_size=9),
    st.text("ab/", max_size=9),
)
def test_what_is_matched_is_what_a_regular_expression_matches(pieces: list[str], path: str) -> None:
    expression = "".join(ANY.get(piece, piece) for piece in pieces)
    assert Steps(pieces).fullmatch(path) is bool(re.fullmatch(expression, path))


@pytest.mark.parametrize(
    ("pieces", "path", "end"),
    [
        (["*", "a"] * 50, "a" * 400, "b"),
        (["**/", "a", "/"] * 50, "a/" * 200, "b"),
        (["**", "a"] * 50, "a" * 400, "b"),
        (["**", "*", "a"] * 50, "a/a" * 100, "b"),
    ],
    ids=["stars", "folders", "double-stars", "mixed"],
)
def test_many_wildcards_come_to_an_end(pieces: list[str], path: str, end: str) -> None:
    glob = Steps([*pieces, end])
    assert not glob.fullmatch(f"{path}c")
    assert glob.fullmatch(f"{path}{end}")
