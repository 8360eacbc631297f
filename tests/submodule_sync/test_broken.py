"""Broken repositories: an answer, never a crash, and never a clean bill for what could not be read."""

from __future__ import annotations

import os
import shutil

import pytest

from fr_check.core.repository import Unreadable
from fr_check.repository.opening import open_repository
from scratch import make

STORE = ".git/modules/infra/"


def spoil(path, content):
    """Replaces a file or folder; None removes it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if content is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@pytest.mark.parametrize("content", [None, b"\x00\xffjunk\n", b"ref: refs/heads/none\n", b"x" * 100_000])
@pytest.mark.parametrize(
    "name",
    [
        "HEAD",
        "config",
        "packed-refs",
        "index",
        "objects/pack",
        "refs/remotes/origin/HEAD",
        "shallow",
        "info/grafts",
        "commondir",
    ],
)
def test_a_spoiled_submodule(tmp_path, name, content):
    project = make(tmp_path, "5", "6")
    spoil(project.top / STORE / name, content)
    for options in ({}, {"staged": True}, {"rev": "HEAD", "each_commit": True}):
        report = project.check(**options)
        assert all(unknown.help and "\n" not in unknown.message for unknown in report.unknowns)
    repository = open_repository(os.fspath(project.top))
    found = repository.read("infra/VERSION")
    assert not isinstance(found, Unreadable) or found.help


def test_objects_that_are_gone_are_no_clean_bill(tmp_path):
    project = make(tmp_path, "5", "6")
    shutil.rmtree(project.top / STORE / "objects")
    (project.top / STORE / "objects").mkdir()
    assert {item[0] for item in project.found()} == {"?"}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfe\x00junk", ["broken-gitmodules"]),
        (b'[submodule "infra"\n\tpath = infra\n', ["broken-gitmodules"]),
        (b"", ["unregistered-gitlink"]),
        (b"x" * 9_000_000, ["?too-large", "unregistered-gitlink"]),
        (b'[submodule "infra"]\n\tpath\n\turl\n', ["orphaned-submodule-entry", "unregistered-gitlink"]),
        (b'[submodule "infra"]\n\tpath = /etc\n\turl = -x\n', ["orphaned-submodule-entry", "unregistered-gitlink"]),
    ],
    ids=["binary", "bracket", "empty", "large", "valueless", "absolute"],
)
def test_a_spoiled_gitmodules(tmp_path, content, expected):
    project = make(tmp_path, "6", checkout="6")
    (project.top / ".gitmodules").write_bytes(content)
    assert sorted(project.found()) == expected


@pytest.mark.parametrize("commit", ["0" * 39 + "1", "f" * 40])
def test_a_pointer_to_nothing(tmp_path, commit):
    assert make(tmp_path, commit, commit, checkout="6").found(rev="HEAD") == ["?missing-commit"]


def test_a_submodule_without_commits(tmp_path):
    project = make(tmp_path, "6", "6")
    project.sub("checkout", "--quiet", "--orphan", "new")
    assert project.found() == []
