"""Files that are read without asking git: plain ones in plain folders, and each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from fr_check.core.repository import Missing
from fr_check.repository import worktree
from fr_check.repository.worktree import PlainFiles

LIMIT = 100


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/x").write_text("outside")
    top = tmp_path / "root"
    (top / "a/b/.git/c").mkdir(parents=True)
    for path in ("x", "a/x", "a/b/x", "a/b/.git/x", "a/b/.git/c/x"):
        (top / path).write_text(path)
    (top / "a/link").symlink_to("b")
    (top / "a/out").symlink_to("../../outside")
    (top / "a/file-link").symlink_to("x")
    return top


@pytest.mark.parametrize("path", ["x", "a/x", "a/b/x"])
def test_plain_files_in_plain_folders_are_read(root: Path, path: str):
    assert PlainFiles(str(root)).read(path, LIMIT) == path.encode()


@pytest.mark.parametrize(
    "path",
    [
        "a/link/x",
        "a/out/x",
        "a/file-link",
        "a/b/.git/x",
        "a/b/.git/c/x",
        ".git",
        "a",
        "a/b/../x",
        "a/./x",
        "a//x",
        "a/x/y",
        "gone/x",
        "a/\0/x",
    ],
)
def test_everything_else_is_left_to_others(root: Path, path: str):
    files = PlainFiles(str(root))
    assert files.read(path, LIMIT) is None
    assert files.read(path, LIMIT) is None


def test_a_name_that_a_plain_folder_does_not_have_is_missing(root: Path):
    files = PlainFiles(str(root))
    assert files.read("a/gone", LIMIT) == Missing("a/gone")
    assert files.read("gone", LIMIT) == Missing("gone")


def test_a_file_is_read_once_within_a_limit_that_is_asked_each_time(root: Path):
    files = PlainFiles(str(root))
    assert files.read("a/x", 2) is None
    assert files.read("a/x", 3) == b"a/x"
    (root / "a/x").write_text("changed")
    assert files.read("a/x", 3) == b"a/x"
    assert files.read("a/x", 2) is None


def test_only_so_much_is_kept(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(worktree, "_KEPT", 4)
    files = PlainFiles(str(root))
    assert files.read("x", LIMIT) == b"x"
    assert files.read("a/b/x", LIMIT) == b"a/b/x"
    for path in ("x", "a/b/x"):
        (root / path).write_text("changed")
    assert files.read("x", LIMIT) == b"x"
    assert files.read("a/b/x", LIMIT) == b"changed"
