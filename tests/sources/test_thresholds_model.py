from __future__ import annotations

import re
import shlex
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.thresholds import model


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("95", 95),
        (95.0, 95),
        ("94.950", 94.95),
        (94.95, 94.95),
        (" 95.5 ", 95.5),
        ("1_0.5e1", 105),
        ("-10", -10),
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
def test_numbers_are_read_as_tools_read_them(written: object, value: float | None):
    assert model.number(written) == value


@settings(max_examples=400)
@given(st.decimals(-100, 100, places=13), st.decimals(-100, 100, places=13))
def test_numbers_are_told_apart(one: Decimal, other: Decimal):
    first, second = model.number(f"{one:f}"), model.number(f"{other:f}00")
    assert first is not None
    assert second is not None
    assert (first == second, first < second) == (one == other, one < other)


_WRITTEN = re.compile(r"\s*[+-]?(\d[\d_]{0,30}(\.[\d_]{0,30})?|\.\d[\d_]{0,30})([eE][+-]?\d{1,2})?\s*")


@settings(max_examples=600)
@given(st.text(st.sampled_from("0123456789._-+eE \t\uff15n"), max_size=9) | st.text("15.", max_size=70))
def test_only_what_is_written_as_a_number_is_one(string: str):
    expected = float(string.replace("_", "")) if _WRITTEN.fullmatch(string) else None
    assert model.number(string) == expected


def test_no_zero_is_negative():
    assert model.shown(model.number("-0")) == "0%"


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


@pytest.mark.parametrize(("value", "expected"), [(95.0, "95%"), (94.5, "94.5%"), (None, "?"), (0.0, "0%")])
def test_values_are_shown_as_people_write_them(value: float | None, expected: str):
    assert model.shown(value) == expected
