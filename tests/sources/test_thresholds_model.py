from __future__ import annotations

import shlex
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkers.core.text import Text
from checkers.sources.thresholds import model


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("95", Fraction(95)),
        (95.0, Fraction(95)),
        (94.95, Fraction(9495, 100)),
        (" 95.5 ", Fraction(191, 2)),
        ("-10", Fraction(-10)),
        ("95%", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        (True, None),
        (None, None),
        ("1/2", None),
        ("9" * 100, None),
        ("1e9999999", None),
    ],
)
def test_numbers_are_exact(written: object, value: Fraction | None):
    assert model.number(written) == value


@settings(max_examples=400, deadline=None)
@given(st.text(st.sampled_from("a '\"\\\n\t-="), max_size=24))
def test_splits_as_shlex_does(string: str):
    try:
        expected = shlex.split(string)
    except ValueError:
        assert isinstance(model.split(string), list)
        return
    assert model.split(string) == expected


def test_words_are_placed_where_they_stand():
    text = Text('addopts = "--cov-fail-under=9 --cov-fail-under=95"')
    words = model.placed(text, text.span(10, len(text.string)), ["--cov-fail-under=9", "--cov-fail-under=95"])
    assert [word.span.column for word in words] == [12, 31]


@pytest.mark.parametrize(
    ("value", "expected"), [(Fraction(95), "95%"), (Fraction(189, 2), "94.5%"), (None, "?"), (Fraction(0), "0%")]
)
def test_values_are_shown_as_people_write_them(value: Fraction | None, expected: str):
    assert model.shown(value) == expected
