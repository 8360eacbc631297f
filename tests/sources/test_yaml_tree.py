"""The YAML reader: against PyYAML, on hostile input, and back from values to places."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources import yaml_tree
from fr_check.sources.yaml_tree import Mapping, Scalar, Sequence, entries, get, parse, string, walk

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def plain(node: object) -> object:
    """A tree of nodes as lists of pairs, the same for PyYAML's and for ours."""
    if isinstance(node, Scalar | yaml.ScalarNode):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return [(plain(key), plain(value)) for key, value in node.items]
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    assert isinstance(node, yaml.MappingNode)
    return [(plain(key), plain(value)) for key, value in node.value]


DOCUMENTS = {
    "on-is-no-boolean": "on: push\nno: NO\nn: 22:22\no: 012\n",
    "merge": "x: &a {A: 1, B: 2}\ny:\n  <<: *a\n  B: 3\n",
    "tags": "a: !reset null\nb: !override [1]\nc: ! 1\nd: !!str 2\n",
    "blocks": "a: |\n  x\n\n   y\nb: >-\n  p\n  q\n\n  r\nc: |2+\n    z\n\n",
    "flow": "{a: [1, \"2\", 'it''s'], \"b\": {c: d}}",
    "comments": "# c\na: b # c\n# d\n",
    "crlf": "a:\r\n  - b\r\n  - c\r\n",
    "cr-only": "a:\r  - b\r  - c\r",
    "unicode": "名: 日本 # é\n😀: ok\n",
    "anchors-everywhere": "- &a x\n- *a\n- &b [1, *a]\n- *b\n",
    "null-values": "a:\nb: ~\nc: null\nd: ''\n",
    "empty": "",
    "only-comment": "# nothing\n",
}


@pytest.mark.parametrize("source", DOCUMENTS.values(), ids=DOCUMENTS.keys())
def test_reads_what_pyyaml_composes(source: str) -> None:
    document = parse(Text(source))
    expected = yaml.compose(source, Loader=LOADER)
    assert document.problems == ()
    assert document.complete
    assert (document.root is None) == (expected is None)
    if expected is not None:
        assert plain(document.root) == plain(expected)


VALUES = st.recursive(
    st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=30) | st.none() | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc $<", min_size=1, max_size=4), inner),
    max_leaves=12,
)


@given(VALUES, st.sampled_from([None, "|", ">", '"', "'"]), st.booleans(), st.sampled_from([20, 80]))
def test_agrees_with_pyyaml_on_generated_documents(
    value: object,
    style: str | None,
    flow: bool,  # noqa: FBT001 - hypothesis passes it by position
    width: int,
) -> None:
    source = yaml.safe_dump(value, default_style=style, default_flow_style=flow, width=width, allow_unicode=True)
    document = parse(Text(source))
    assert document.complete
    assert plain(document.root) == plain(yaml.compose(source, Loader=LOADER))
    for node in walk(document.root):
        assert 0 <= node.start <= node.end <= len(source)


@given(st.lists(st.text("ab '\"\\é:#\t", max_size=12), max_size=6), st.sampled_from([None, "|", ">", '"', "'"]))
def test_every_character_of_a_value_is_found_again_in_the_file(lines: list[str], style: str | None) -> None:
    source = yaml.safe_dump({"k": {"deep": "\n".join(lines)}}, default_style=style, width=18, allow_unicode=True)
    node = get(parse(Text(source)).root, "k", "deep")
    assert isinstance(node, Scalar)
    for index, character in enumerate(node.value):
        if character in " \n\t":
            continue  # a break or fold has no character of its own in the file
        span = node.locate(index, index + 1)
        found = node.text.string[node.text.offset(span.line, span.column)]
        assert found in {character, "\\"}, (source, index)


@given(st.text())
def test_never_raises(source: str) -> None:
    document = parse(Text(source))
    for node in walk(document.root):
        assert node.span.line >= 1
    assert document.complete or document.problems


@given(st.text("[]{}:-,&*a b\n\t'\"|>!#?<\r%@`", max_size=60))
def test_never_raises_on_punctuation(source: str) -> None:
    document = parse(Text(source))
    assert document.complete or document.problems
    for node in walk(document.root):
        if isinstance(node, Scalar):
            node.locate(0, len(node.value))
            assert node.start <= node.end


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("[" * 100_000, "", id="brackets"),
        pytest.param("{" * 100_000, "", id="braces"),
        pytest.param("- " * 100_000, "nested deeper than 200 levels", id="dashes"),
        pytest.param("? " * 100_000, "nested deeper than 200 levels", id="question-marks"),
        pytest.param("a:\n\tb: 1\n", "", id="tab"),
        pytest.param("a: &x [*x]\n", "stands inside the node it names", id="cycle"),
        pytest.param("a: *x\n", "names no anchor above it", id="undefined-alias"),
        pytest.param("a: \0\n", "", id="control-character"),
        pytest.param("a: \ud800\n", "surrogate", id="surrogate"),
        pytest.param("? [a]\n: b\n", "key that is a list or a mapping", id="collection-as-key"),
        pytest.param("a: 1\n<<: 2\n", "takes mappings", id="merge-of-a-scalar"),
        pytest.param("a: 'x\n", "", id="unterminated"),
        pytest.param("- x\n" * 200_000, "more than 200,000 nodes", id="too-many-nodes"),
        pytest.param("#" * 1_000_001, "more than 1,000,000", id="too-large"),
    ],
)
def test_hostile_input_is_a_problem(source: str, message: str) -> None:
    # An empty message: what refuses this is PyYAML or libyaml, in words that are theirs to change.
    document = parse(Text(source))
    assert document.problems
    assert message in " ".join(problem.message for problem in document.problems)


def test_a_merge_key_bomb_is_cut_off() -> None:
    levels = ["l0: &l0 {" + ", ".join(f"k{n}: 1" for n in range(1000)) + "}"]
    levels += [f"l{n}: &l{n}\n  <<: [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    document = parse(Text("\n".join(levels)))
    assert document.complete
    assert "merge keys copy more than 200,000 entries" in document.problems[0].message


def test_an_alias_bomb_is_walked_once() -> None:
    levels = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert sum(1 for _ in walk(parse(Text("\n".join(levels))).root)) < 1000


def test_what_stands_before_an_error_is_read() -> None:
    document = parse(Text("services:\n  web:\n    build: ./web\n  api:\n\tbroken\n"))
    assert not document.complete
    assert string(get(document.root, "services", "web", "build")) == "./web"


def test_merge_keys_explicit_wins_then_the_first_of_a_list() -> None:
    source = "a: &a {X: 1, Y: 1}\nb: &b {X: 2, Z: 2}\nc:\n  <<: [*b, *a]\n  Y: 3\n"
    found = entries(get(parse(Text(source)).root, "c"))
    assert {name: string(entry.value) for name, entry in found.items()} == {"X": "2", "Y": "3", "Z": "2"}
    assert found["X"].place.span.line == 4
    assert found["Y"].via is None


def test_a_quoted_merge_key_is_an_ordinary_key() -> None:
    document = parse(Text('a: &a {X: 1}\nb: {"<<": *a}\n'))
    assert list(entries(get(document.root, "b"))) == ["<<"]


def test_duplicates_are_reported_and_the_last_counts() -> None:
    document = parse(Text("a: 1\nb: 2\na: 3\n"))
    assert string(get(document.root, "a")) == "3"
    assert [(pair.first.span.line, pair.second.span.line) for pair in document.duplicates] == [(1, 3)]


def test_documents_of_a_stream() -> None:
    document = parse(Text("---\na: 1\n---\na: 2\n...\n"))
    assert [string(get(root, "a")) for root in document.documents] == ["1", "2"]
    assert document.duplicates == ()


@pytest.mark.parametrize(
    ("source", "needle", "place"),
    [
        pytest.param("a: |\n  x\n\n  needle y\n", "needle", (4, 3), id="literal"),
        pytest.param("a: >-\n  x\n  needle y\n\n  z\n", "needle", (3, 3), id="folded"),
        pytest.param("a: |2\n     x\n   needle\n", "needle", (3, 4), id="indentation-indicator"),
        pytest.param("a: |\r\n  x\r\n  needle\r\n", "needle", (3, 3), id="crlf"),
        pytest.param("a: one\n  two needle\n", "needle", (2, 7), id="plain-folded"),
        pytest.param('a: "\\t\\u00e9needle"\n', "needle", (1, 13), id="escapes"),
        pytest.param("a: 'it''s needle'\n", "needle", (1, 11), id="doubled-quote"),
        pytest.param("é😀: 日needle\n", "needle", (1, 6), id="columns-are-characters"),
        pytest.param('a: "x\n\n  needle"\n', "needle", (3, 3), id="quoted-folded"),
    ],
)
def test_a_part_of_a_value_is_located(source: str, needle: str, place: tuple[int, int]) -> None:
    root = parse(Text(source)).root
    assert isinstance(root, Mapping)
    node = root.items[0][1]
    assert isinstance(node, Scalar)
    start = node.value.index(needle)
    span = node.locate(start, start + len(needle))
    assert (span.line, span.column) == place
    assert (span.end_line, span.end_column) == (place[0], place[1] + len(needle))


def test_without_libyaml_the_same_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "a: &x\n  - b: |\n      c\n    d: [1, {e: f}]\ng: *x\n"
    with_library = plain(parse(Text(source)).root)
    monkeypatch.setattr(yaml, "__with_libyaml__", False)
    assert plain(parse(Text(source)).root) == with_library
    assert not parse(Text("[" * 1000)).complete


def test_the_size_limit_is_in_characters() -> None:
    assert parse(Text("é" * yaml_tree.SIZE_LIMIT)).complete


def test_reading_changes_nothing_that_other_threads_use():
    probe = (
        "import re, sys\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from fr_check.core.text import Text\n"
        "from fr_check.sources.yaml_tree import parse\n"
        "sys.setswitchinterval(1e-6)\n"
        "before, seen = re.compile, set()\n"
        "def read(number):\n"
        "    seen.add(re.compile)\n"
        "    return parse(Text(f'a: {number}')).complete\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    assert all(pool.map(read, range(2000)))\n"
        "assert seen == {before} and re.compile is before\n"
    )
    subprocess.run([sys.executable, "-c", probe], check=True)
