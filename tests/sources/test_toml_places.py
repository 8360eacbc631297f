"""TOML values stand where the scanner says they stand."""

from __future__ import annotations

from typing import Any

import tomli
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources import toml_places

DOCUMENT = '''\
title = "x" # not = a key
[tool.fr-check]
select = ["a", 'b',
  "c",  # a comment with ] in it
]
point = {x = 1, "y z" = [2, {deep = true}]}
multi = """
[not.a.table]
key = 1"""
[[tool.fr-check.apps]]
name = 1
[tool.fr-check.apps.inner]
k = 2
[[tool.fr-check.apps]]
"na\\tme".sub = 3
when = 1979-05-27T07:32:00Z
'''


def text_at(text: Text, *path: str | int) -> str:
    span = toml_places.parse(text).span(*path)
    assert span is not None, path
    return text.string[text.offset(span.line, span.column) : text.offset(span.end_line, span.end_column)]


def test_every_kind_of_value_is_found_at_its_place():
    text = Text(DOCUMENT)
    top = ("tool", "fr-check")
    assert text_at(text, "title") == '"x"'
    assert text_at(text, *top, "select", 1) == "'b'"
    assert text_at(text, *top, "select", 2) == '"c"'
    assert text_at(text, *top, "point", "y z", 1, "deep") == "true"
    assert text_at(text, *top, "point").startswith("{x = 1")
    assert text_at(text, *top, "multi").startswith('"""\n[not')
    assert text_at(text, *top, "apps", 0, "inner", "k") == "2"
    assert text_at(text, *top, "apps", 1, "na\tme", "sub") == "3"
    assert text_at(text, *top, "apps", 1, "when") == "1979-05-27T07:32:00Z"
    assert toml_places.parse(text).span("not", "a") is None


def test_an_invalid_document_is_one_problem_at_its_place():
    document = toml_places.parse(Text("a = 1\nb = \n"))
    assert document.data == {}
    assert [problem.span.line for problem in document.problems] == [2]


def test_deep_nesting_is_a_problem_not_a_crash():
    assert toml_places.parse(Text("a = " + "[" * 100_000)).problems


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for index, inner in enumerate(value) for leaf in leaves(inner, (*path, index))]
    return [(path, value)]


KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)
SCALARS = st.one_of(st.integers(-99, 99), st.booleans(), st.text("ab #]},='\\", max_size=6))
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))


def render(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\") + '"'
    if isinstance(value, list):
        return "[" + ", # c ]\n".join(map(render, value)) + "]"
    return "{" + ", ".join(f'"{key}" = {render(inner)}' for key, inner in value.items()) + "}"


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, max_size=3), max_size=3))
def test_the_text_at_each_place_reads_as_the_value(tables: dict[str, dict[str, Any]]):
    source = "".join(
        f"[{name}]\n" + "".join(f"{k} = {render(v)}\n" for k, v in t.items()) for name, t in tables.items()
    )
    text = Text(source)
    document = toml_places.parse(text)
    assert document.data == tables
    for path, value in leaves(tables):
        assert tomli.loads("v = " + text_at(text, *path))["v"] == value


@given(st.text())
def test_any_text_is_read_without_an_exception(string: str):
    document = toml_places.parse(Text(string))
    assert document.data == {} or not document.problems
