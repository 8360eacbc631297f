"""Files that runs leave behind: named, found, copied, and never a way out of the rules for reading."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fr_check.core import repository as repositories
from fr_check.core.repository import Memory, Missing, Unreadable, blob_name
from fr_check.repository.artifacts import (
    Sources,
    find_artifacts,
    ignored,
    list_folder,
    locate,
    private_folder,
    read_artifact,
    read_named,
)
from fr_check.repository.opening import open_repository


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    (root / "apps/backend").mkdir(parents=True)
    subprocess.run(["git", "init", "-q", root], check=True)
    (root / ".gitignore").write_text("*.lcov\n/shards/\n")
    (root / "apps/backend/coverage.lcov").write_text("TN:\n")
    (root / "shards/deep").mkdir(parents=True)
    (root / "shards/1.lcov").write_text("1")
    (root / "shards/deep/2.lcov").write_text("2")
    return root


def test_ignored_files_are_found_and_read(project):
    repository = open_repository(str(project))
    assert list_folder(repository, "apps/backend") == ("coverage.lcov",)
    assert list_folder(repository, "nowhere") == ()
    assert find_artifacts(repository, "shards/*.lcov") == ("shards/1.lcov",)
    assert find_artifacts(repository, "**/*.lcov") == (
        "apps/backend/coverage.lcov",
        "shards/1.lcov",
        "shards/deep/2.lcov",
    )
    assert read_artifact(repository, "shards/1.lcov") == b"1"
    assert isinstance(read_artifact(repository, "../project/shards/1.lcov"), bytes)
    assert isinstance(read_artifact(repository, "../../etc/passwd"), Unreadable)


def test_names_start_from_the_working_folder_or_from_the_root(project, monkeypatch, tmp_path):
    repository = open_repository(str(project))
    monkeypatch.chdir(project / "apps/backend")
    assert locate(repository, "coverage.lcov") == "apps/backend/coverage.lcov"
    assert locate(repository, "shards/1.lcov") == "shards/1.lcov"
    outside = tmp_path / "all.lcov"
    outside.write_text("x")
    assert locate(repository, str(outside)) == str(outside)
    assert read_named(repository, str(outside)) == b"x"
    assert read_named(repository, locate(repository, "coverage.lcov")) == b"TN:\n"
    assert read_named(repository, locate(repository, "no.lcov")) == Missing("no.lcov")


def test_what_is_no_file_is_told_by_its_own_name(project, tmp_path):
    repository = open_repository(str(project))
    os.mkfifo(tmp_path / "pipe")
    for name in (str(tmp_path / "pipe"), str(tmp_path)):
        found = read_named(repository, locate(repository, name))
        assert isinstance(found, Unreadable)
        assert found.message.startswith(name)


def test_a_revision_has_the_files_it_records_and_no_others(project):
    (project / "coverage.xml").write_text("<coverage/>")
    for command in (["add", "-A"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=project, check=True)
    repository = open_repository(str(project), rev="HEAD")
    assert list_folder(repository, "") == (".gitignore", "coverage.xml")
    assert find_artifacts(repository, "**/*.lcov") == ()
    assert isinstance(read_artifact(repository, "shards/1.lcov"), Missing)
    assert read_artifact(repository, "coverage.xml") == b"<coverage/>"


def test_sources_are_read_as_the_repository_reads_them(project, tmp_path):
    (project / "a.py").write_text("a")
    (project / "link.py").symlink_to("a.py")
    (tmp_path / "secret").write_text("s")
    (project / "out.py").symlink_to(tmp_path / "secret")
    (project / "folder").symlink_to(project / "apps")
    repository = open_repository(str(project))
    sources = Sources(repository)
    names = (
        "a.py",
        "link.py",
        "out.py",
        "folder/backend/coverage.lcov",
        "apps",
        "nowhere.py",
        ".git/config",
        "apps/../a.py",
    )
    for name in names:
        assert sources.read(name) == repository.read_bytes(name), name
    assert sources.read("a.py") == b"a"
    assert isinstance(sources.read("out.py"), Unreadable)
    assert isinstance(sources.read("a.py", 0), Unreadable)


def test_sources_of_the_index_come_from_the_index(project):
    (project / "a.py").write_text("staged")
    subprocess.run(["git", "add", "a.py"], cwd=project, check=True)
    (project / "a.py").write_text("edited")
    assert Sources(open_repository(str(project), staged=True)).read("a.py") == b"staged"
    assert Sources(open_repository(str(project))).read("a.py") == b"edited"
    assert Sources(Memory({"a.py": "x"})).read("a.py") == b"x"


def test_git_says_what_it_ignores_also_where_it_is_not_there(project):
    repository = open_repository(str(project))
    assert ignored(repository, ["gone.lcov", "gone.py", "shards/é x"]) == {"gone.lcov", "shards/é x"}
    assert ignored(repository, []) == frozenset()
    assert ignored(Memory({}), ["gone.lcov"]) == frozenset()


def test_a_blob_has_the_name_git_gives_it(project):
    done = subprocess.run(
        ["git", "hash-object", "shards/1.lcov"], cwd=project, capture_output=True, text=True, check=True
    )
    assert blob_name(b"1") == done.stdout.strip()


def test_names_of_content_need_no_sha1_of_the_interpreters_own(monkeypatch: pytest.MonkeyPatch):
    own = blob_name(b"1")
    monkeypatch.setitem(sys.modules, "_sha1", None)
    monkeypatch.setattr(repositories, "_sha1", repositories._sha1.__wrapped__)
    assert blob_name(b"1") == own


def test_a_private_folder_holds_what_it_was_given_and_is_gone_afterwards():
    with private_folder({"a/b": b"x", "../escape": b"y"}) as folder:
        assert (Path(folder) / "a/b").read_bytes() == b"x"
        assert [path.name for path in Path(folder).iterdir()] == ["a"]
    assert not Path(folder).exists()
    assert not (Path(folder).parent / "escape").exists()
