"""Paths that are said to be read soon are read in the background, and answered as if nobody had said so."""

from __future__ import annotations

import os

import pytest

from building import build, git
from fr_check.core.model import Example, ExampleSubmodule
from fr_check.repository import process
from fr_check.repository.objects import _CatFile
from fr_check.repository.opening import open_repository

KINDS = {"worktree": {}, "index": {"staged": True}, "revision": {"rev": "HEAD"}}
FILES = {
    "a.txt": "a\n",
    "same.txt": "a\n",
    "empty.txt": "",
    "names/é ü.txt": "x missing\nblob 3\n",
    "large.txt": "1" * 300_000,
}
INSIDE = {"x.txt": "inside\n", "deep/y.txt": "y"}
PATHS = [*FILES, "repo/x.txt", "repo/deep/y.txt", "repo/none", "repo/*.txt", "repo", "none", "link.txt", "gone.txt", ""]


@pytest.fixture(scope="module")
def top(tmp_path_factory):
    example = Example(files=FILES, submodules=(ExampleSubmodule("repo", (INSIDE,), pin=0),))
    path = build(example, tmp_path_factory.mktemp("preload"))
    (path / "link.txt").symlink_to("a.txt")
    (path / "gone.txt").write_text("soon gone\n")
    git(path, "add", "link.txt", "gone.txt")
    git(path, "commit", "--quiet", "-m", "Two")
    oid = git(path, "rev-parse", "HEAD:gone.txt")
    os.unlink(path / ".git/objects" / oid[:2] / oid[2:])
    return os.fspath(path)


@pytest.mark.parametrize("limit", [10, 1 << 20])
@pytest.mark.parametrize("kind", KINDS)
def test_the_answers_are_the_same(top, kind, limit):
    plain, told = open_repository(top, **KINDS[kind]), open_repository(top, **KINDS[kind])
    told.prepare()
    told.preload(PATHS)
    told.preload(PATHS[::-1])
    for path in PATHS:
        assert told.read_bytes(path, limit) == plain.read_bytes(path, limit)
    assert told.subtree("repo") == plain.subtree("repo")


def test_many_files_of_the_index_take_one_process(top, monkeypatch):
    started = []
    start = process.Child.__init__

    def counted(self, argv, environment):
        started.append(argv)
        start(self, argv, environment)

    monkeypatch.setattr(process.Child, "__init__", counted)
    repository = open_repository(top, staged=True)
    repository.preload(FILES)
    assert [repository.read(path).string for path in FILES] == list(FILES.values())
    # "same.txt" has the content of "a.txt", which is kept for one reader only.
    assert sum("cat-file" in argv for argv in started) <= 2


@pytest.mark.parametrize("said", [b"", b"0123 blo", b"0123 blob 10\n123"])
def test_half_an_answer_is_none(top, monkeypatch, said):
    repository = open_repository(top, staged=True)
    answers = iter([said])
    monkeypatch.setattr(_CatFile, "_more", lambda _: next(answers, b""))
    assert repository.read_bytes("a.txt").reason == "missing-object"
    monkeypatch.undo()
    assert repository.read_bytes("a.txt") == b"a\n"


def test_what_is_not_initialised_is_still_said_to_be(tmp_path):
    submodule = ExampleSubmodule("repo", (INSIDE,), pin=0, checkout="none")
    repository = open_repository(os.fspath(build(Example(files={}, submodules=(submodule,)), tmp_path)))
    repository.preload(["repo/x.txt"])
    assert repository.read_bytes("repo/x.txt").reason == "uninitialised-submodule"
