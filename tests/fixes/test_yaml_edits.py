"""Entries put into YAML: PyYAML finds what was there, and one more."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.edits import Edit, Refused
from fr_check.core.text import Text
from fr_check.edits.yaml import add_below, add_key, entry_at, remove_entry
from fr_check.fixes.apply import edited
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_nodes import Mapping, walk

BLOCKS = {
    "mapping": "a:\n  environment:\n    X: 1\n  other: 2\n",
    "list": "a:\n  environment:\n    - X=1\n  other: 2\n",
    "list at the key": "a:\n  environment:\n  - X=1\n  other: 2\n",
    "nothing": "a:\n  environment:\n  other: 2\n",
    "nothing at the end": "a:\n  environment:",
    "braces": "a:\n  environment: {X: 1}\n  other: 2\n",
    "empty braces": "a:\n  environment: {}\n",
    "brackets": "a:\n  environment: [X=1]\n",
    "no end": "a:\n  environment:\n    X: 1",
    "crlf": "a:\r\n  environment:\r\n    X: 1\r\n  other: 2\r\n",
    "comments": "a:\n  environment:\n    X: 1  # why\n    # last\n  # other\n  other: 2\n",
    "a block scalar": "a:\n  environment:\n    X: |\n      1\n      2\n\n  other: 2\n",
    "a merge": "x: &x\n  Y: 1\na:\n  environment:\n    X: 1\n    <<: *x\n  other: 2\n",
    "an alias last": "x: &x 1\na:\n  environment:\n    X: *x\n  other: 2\n",
    "deep": "a:\n    environment:\n        X: 1\n",
    "nested list": "a:\n  environment:\n    - X: 1\n      Y: 2\nb: 1\n",
}


def environment(text: Text):
    for node in walk(text.parsed(yaml_tree.parse).root):
        if isinstance(node, Mapping):
            for key, value in node.items:
                if key.value == "environment":
                    return node, key, value
    raise AssertionError(text.string)


def added(source: str) -> str | None:
    text = Text(source, "compose.yml")
    _, key, value = environment(text)
    edit = add_below(text, key, value, "NEW: ${NEW:-x}", "NEW=${NEW:-x}")
    return None if isinstance(edit, Refused) else edited(source, [edit])


def plus(data):
    found = data["a"]["environment"]
    if isinstance(found, list):
        return [*found, "NEW=${NEW:-x}"]
    return {**(found or {}), "NEW": "${NEW:-x}"}


@pytest.mark.parametrize("name", BLOCKS)
def test_what_was_there_and_one_more(name: str):
    source = BLOCKS[name]
    after = added(source)
    assert after is not None
    before = yaml.safe_load(source)
    expected = {**before, "a": {**before["a"], "environment": plus(before)}}
    assert yaml.safe_load(after) == expected
    assert after.endswith("\n") == source.endswith("\n")
    assert ("\r\n" in after) == ("\r\n" in source)
    assert "\n\n\n" not in after


@pytest.mark.parametrize(
    "source",
    [
        "x: &x {Y: 1}\na:\n  environment: *x\n",
        "a:\n  environment: &e\n    X: 1\nb:\n  environment: *e\n",
        "a:\n  environment: !reset\n    X: 1\n",
        "a:\n  environment: {\n    X: 1}\n",
        "a:\n  environment: text\n",
        "a:\n  environment:\n    X: 1\n---\nb: 1\n",
    ],
)
def test_what_spans_cannot_do_safely_is_refused(source: str):
    assert added(source) is None


@given(
    st.lists(st.sampled_from(["X: 1", "Y: two", "Z: 'three'", "# comment", "", "W: |\n  a\n  b"]), min_size=1),
    st.integers(1, 6),
    st.booleans(),
)
def test_any_block_gets_one_more_entry(lines: list[str], step: int, final: bool):  # noqa: FBT001
    unique = list(dict.fromkeys(lines))
    body = "\n".join(part for line in unique for part in line.split("\n"))
    indented = "\n".join(" " * step * 2 + line if line else "" for line in body.split("\n"))
    source = f"a:\n{' ' * step}environment:\n{indented}" + ("\n" if final else "")
    try:
        before = yaml.safe_load(source)
    except yaml.YAMLError:
        return
    after = added(source)
    if not final and unique[-1].startswith("W"):
        assert after is None
        return
    assert after is not None
    assert yaml.safe_load(after)["a"]["environment"] == plus(before)


def test_an_entry_and_its_comment_are_taken_out():
    source = "a:\n  environment:\n    X: 1\n    # why\n    Y: 2\n  other: 1\n"
    text = Text(source, "compose.yml")
    mapping, key, value = entry_at(text, text.span(source.index("Y")))
    edit = remove_entry(text, mapping, key, value)
    assert isinstance(edit, Edit)
    assert edited(source, [edit]) == "a:\n  environment:\n    X: 1\n  other: 1\n"


def test_a_key_of_its_own_comes_last():
    source = "services:\n  web:\n    image: x\n    ports:\n      - 80\n  db: {}\n"
    text = Text(source, "compose.yml")
    _, _, web = entry_at(text, text.span(source.index("web")))
    assert isinstance(web, Mapping)
    edit = add_key(text, web, ("environment:", "A: 1"))
    assert isinstance(edit, Edit)
    assert edited(source, [edit]) == (
        "services:\n  web:\n    image: x\n    ports:\n      - 80\n    environment:\n      A: 1\n  db: {}\n"
    )
