"""Offsets and places agree, for every kind of line end and every kind of byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text, digits


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"\xff\xfea\0", "UTF-16", 1, 1),
        (b"ok\nab\xffc", "byte 0xff is not UTF-8", 2, 3),
        ("é\n".encode() + b"\xc3", "byte 0xc3 is not UTF-8", 2, 1),
        (b"a\0b", "a NUL byte", 1, 2),
    ],
)
def test_what_is_no_text_is_one_problem_at_its_place(data: bytes, message: str, line: int, column: int):
    (problem,) = Text.decode(data).problems
    assert message in problem.message
    assert problem.span[:2] == (line, column)


def test_the_byte_order_mark_is_no_part_of_the_text():
    text = Text.decode("\ufeffA=1".encode())
    assert (text.string, text.bom, text.problems) == ("A=1", True, ())


def test_lines_end_where_editors_end_them_and_nowhere_else():
    text = Text("a\r\nb\rc\nd\x0ce\u2028f\n")
    assert [text.line(number) for number in range(6)] == ["", "a", "b", "c", "d\x0ce\u2028f", ""]
    assert text.line_count == 4


TEXTS = st.text(st.sampled_from("ab\r\n\x0c\u2028é"), max_size=30)


@given(TEXTS, st.integers(0, 30))
def test_an_offset_survives_the_way_to_its_place_and_back(string: str, offset: int):
    text = Text(string)
    offset = min(offset, len(string))
    assert text.offset(*text.place(offset)) == offset


@given(st.text(st.sampled_from("a\n\r覆"), max_size=20), st.lists(st.integers(0, 20), max_size=40))
def test_places_are_the_same_before_and_after_lines_are_indexed(string: str, offsets: list[int]):
    asked, indexed = Text(string), Text(string)
    assert indexed.line_count >= 0
    for offset in offsets:
        assert asked.place(min(offset, len(string))) == indexed.place(min(offset, len(string)))


@given(st.binary())
def test_any_bytes_become_a_text(data: bytes):
    text = Text.decode(data)
    assert text.problems or text.string.encode() == data.removeprefix(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("string", "number"),
    [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 5000, None), ("\u00b2", None), ("", None), ("-1", None)],
)
def test_digits_are_a_number_of_any_length_or_none(string: str, number: int | None):
    assert digits(string) == number
