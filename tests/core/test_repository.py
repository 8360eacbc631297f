"""Globs, and what a repository of strings answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.core.repository import Memory, Missing, Unreadable, compile_glob, literal_head
from fr_check.core.text import Text


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*.py", "a.py", True),
        ("*.py", "d/a.py", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "d/e/a.py", True),
        ("d/**", "d/e/a", True),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[!a]b", "cb", True),
        ("[a-c]x", "bx", True),
        ("{a,b.c}/x", "b.c/x", True),
        ("{a,b}/x", "c/x", False),
        ("a[b", "a[b", True),
        ("a{b", "a{b", True),
        ("a.b", "axb", False),
        ("[]]x", "]x", True),
    ],
)
def test_globs_match_as_in_gitignore_and_editorconfig(pattern: str, path: str, matches: bool):  # noqa: FBT001
    assert bool(compile_glob(pattern).fullmatch(path)) is matches


@given(st.text(st.sampled_from("ab/*?[]{},!\\.^-"), max_size=12))
def test_any_string_is_a_glob(pattern: str):
    assert compile_glob(pattern).fullmatch("\n") is None or pattern


@pytest.mark.parametrize(
    ("pattern", "path", "end"),
    [
        ("*a" * 40 + "b", "a" * 200, "b"),
        ("**/a/" * 40 + "b", "a/" * 100, "b"),
        ("**/*{a,bb}" * 20 + "[c]", "a/" * 100 + "a", "c"),
    ],
    ids=["stars", "folders", "braces"],
)
def test_globs_of_many_wildcards_come_to_an_end(pattern: str, path: str, end: str):
    assert compile_glob(pattern).fullmatch(f"{path}{end}")
    assert not compile_glob(pattern).fullmatch(path)


@given(st.text(st.sampled_from("ab/*?{},"), max_size=12), st.text("ab/", max_size=8))
def test_many_wildcards_match_as_few_do(pattern: str, path: str):
    # Stars without a text between them only make a wildcard of more of them.
    many = compile_glob(pattern + "**" * 5)
    assert bool(many.fullmatch(path)) is bool(compile_glob(f"{pattern}**").fullmatch(path))


def test_the_literal_head_ends_before_the_first_wildcard():
    assert [literal_head(p) for p in ("a/b/c", "a/*/c", "*", "a/b{c,d}/e")] == ["a/b", "a", "", "a"]


def test_paths_below_a_gitlink_are_read_at_the_pinned_commit():
    repository = Memory({"a": "1", "repo/x": "2", "repo/d/x": "3"}, links={"repo": "c" * 40})
    assert repository.paths() == ("a",)
    assert repository.glob("repo/**/x") == ("repo/d/x", "repo/x")
    text = repository.read("repo/x")
    assert isinstance(text, Text)
    assert text.revision == "c" * 40
    assert repository.read("b") == Missing("b")


def test_a_file_over_its_limit_is_unreadable():
    answer = Memory({"a": b"x" * 10}).read_bytes("a", limit=9)
    assert isinstance(answer, Unreadable)
    assert answer.reason == "too-large"


@pytest.mark.parametrize(
    "path", [".env.example", "a/.env", "prod.env", "env.sample", ".env-dist", "Dockerfile", "a.sh"]
)
def test_a_file_whose_lines_are_all_work_has_a_lower_limit(path: str):
    answer = Memory({path: "A=1\n" * 100_000}).read(path)
    assert isinstance(answer, Unreadable)
    assert answer.reason == "too-large"
    assert isinstance(Memory({path: "A=1\n" * 60_000}).read(path), Text)


@pytest.mark.parametrize("path", ["a.py", "README.md", "environment.py", "a.env/b.json"])
def test_any_other_file_has_none_so_low(path: str):
    assert isinstance(Memory({path: "A=1\n" * 100_000}).read(path), Text)


def test_a_file_is_parsed_once():
    calls = []
    repository = Memory({"a": "text"})
    parser = calls.append
    repository.parse("a", parser)
    repository.parse("a", parser)
    assert len(calls) == 1


@pytest.mark.parametrize(
    "pattern", ["a/*.hcl", "*.hcl", "a/b/*.hcl", "a/**/*.hcl", "**/x.hcl", "a/x.hcl", "z/*", "é/*", "[a]/x.hcl"]
)
def test_a_glob_finds_what_stands_below_its_folder_and_nothing_beside_it(pattern: str):
    names = ("a", "a-b", "a.b", "a0", "a/b", "aa", "A", "é", "\U0001f600", "\udcff")
    paths = {f"{name}/x.hcl": "" for name in names} | {"a.hcl": "", "x.hcl": "", "z": "", "zz/y": ""}
    repository = Memory(paths)
    expected = tuple(sorted(filter(compile_glob(pattern).fullmatch, paths)))
    assert repository.glob(pattern) == expected
    assert repository.glob(pattern) is repository.glob(pattern)
