from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fr_check.sources.diff import added_lines

if TYPE_CHECKING:
    from pathlib import Path

CASES = {
    "a changed line": ("a\nb\nc\n", "a\nx\nc\n", {2}),
    "an inserted line": ("a\nc\n", "a\nb\nc\n", {2}),
    "a deleted line": ("a\nb\nc\n", "a\nc\n", set()),
    "a new file": ("", "a\nb\n", {1, 2}),
    "line ends only": ("a\r\nb\r\n", "a\nb\n", set()),
    "the last newline only": ("a\nb", "a\nb\n", set()),
    "a line that looks like a header": ("a\n", "a\n++ b\n", {2}),
    "a block between repeated lines": ("x\n\nx\n\n", "x\n\ny\nx\n\n", {3}),
    "a moved block": ("a\nb\nc\nd\n", "c\nd\na\nb\n", None),
    "nothing left": ("a\n", "", set()),
}


@pytest.mark.parametrize(("old", "new", "expected"), CASES.values(), ids=CASES)
def test_added_lines(old, new, expected):
    found = added_lines(old.encode(), new.encode())
    assert len(found) == 2 if expected is None else found == expected


def test_repetitive_files_take_no_time():
    old, new = b"a\nb\n" * 100_000, b"b\na\n" * 100_000
    assert len(added_lines(old, new)) <= 200_000


TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "  x", "def f():"]), max_size=14).map("\n".join)


@given(TEXTS, TEXTS)
def test_what_is_not_added_is_common_in_order(old, new):
    added = added_lines(old.encode(), new.encode())
    lines = new.split("\n")
    if lines and lines[-1] == "":
        lines.pop()
    assert added <= set(range(1, len(lines) + 1))
    remaining = iter(old.split("\n"))
    kept = [line for number, line in enumerate(lines, 1) if number not in added]
    assert all(any(line == other for other in remaining) for line in kept)


@given(TEXTS)
def test_nothing_is_added_to_itself(text):
    assert added_lines(text.encode(), text.encode()) == frozenset()


def test_git_finds_no_smaller_patch_in_ordinary_edits(tmp_path: Path):
    old = "".join(f"line {number}\n" for number in range(200))
    new = old.replace("line 50\n", "").replace("line 90\n", "line 90\nnew\nnew\n").replace("line 150\n", "other\n")
    (tmp_path / "old").write_text(old)
    (tmp_path / "new").write_text(new)
    done = subprocess.run(
        ["git", "diff", "--no-index", "--numstat", "old", "new"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(added_lines(old.encode(), new.encode())) == int(done.stdout.split()[0])
