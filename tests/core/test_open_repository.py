"""Working tree, index, commit and plain folder: what can be read, and what is said of the rest."""

from __future__ import annotations

import os
import stat

import pytest

from building import Commit, bare, git, write_history
from fr_check.core.repository import Missing, Unreadable
from fr_check.core.text import Text
from fr_check.core.trouble import Trouble
from fr_check.repository.git import discovery
from fr_check.repository.opening import open_repository
from fr_check.repository.revision import Index, Revision
from fr_check.repository.worktree import Folder, Worktree

KINDS = {"worktree": {}, "index": {"staged": True}, "revision": {"rev": "HEAD"}}


@pytest.fixture
def top(tmp_path):
    """A repository with one commit of two files."""
    path = tmp_path / "work"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", os.fspath(path))
    (path / "a.txt").write_text("recorded\n")
    (path / "folder").mkdir()
    (path / "folder/b.txt").write_text("b\n")
    (path / ".gitignore").write_text("*.log\n")
    git(path, "add", "--all")
    git(path, "commit", "--quiet", "-m", "One")
    return path


def reading(repository, path):
    found = repository.read(path)
    if isinstance(found, Text):
        return found.string
    return "missing" if isinstance(found, Missing) else found.reason


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_reads_its_own_state(top, kind):
    (top / "a.txt").write_text("staged\n")
    git(top, "add", "a.txt")
    (top / "a.txt").write_text("on disk\n")
    repository = open_repository(os.fspath(top), **KINDS[kind])
    expected = {"worktree": "on disk\n", "index": "staged\n", "revision": "recorded\n"}[kind]
    assert reading(repository, "a.txt") == expected
    assert type(repository) is {"worktree": Worktree, "index": Index, "revision": Revision}[kind]
    assert repository.revision == (git(top, "rev-parse", "HEAD") if kind == "revision" else None)
    assert repository.paths() == (".gitignore", "a.txt", "folder/b.txt")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("none", "missing"),
        ("folder", "not-a-file"),
        ("folder/none", "missing"),
        ("a.txt/below", "missing"),
        ("../outside", "outside-root"),
        ("", "missing"),
        ("nul\0", "missing"),
        ("x" * 5000, "missing"),
        ("new\nline", "missing"),
    ],
)
def test_paths_that_are_no_files(top, kind, path, expected):
    found = reading(open_repository(os.fspath(top), **KINDS[kind]), path)
    assert found == expected or (kind == "worktree" and len(path) == 5000 and found == "unreadable-file")


LINKS = {
    "to-file": ("folder/b.txt", "b\n"),
    "chain": ("to-file", "b\n"),
    "to-folder": ("folder", "not-a-file"),
    "up": ("folder/../a.txt", "recorded\n"),
    "dangling": ("none", "missing"),
    "loop": ("loop", "symlink-loop"),
    "there": ("back", "symlink-loop"),
    "back": ("there", "symlink-loop"),
    "absolute": ("/etc/passwd", "outside-root"),
    "out": ("../secret", "outside-root"),
    "git": (".git/config", "outside-root"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_symbolic_links_are_followed_inside_and_never_out(top, kind):
    (top.parent / "secret").write_text("secret\n")
    for name, (target, _) in LINKS.items():
        (top / name).symlink_to(target)
    (top / "linked").symlink_to("folder")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "-m", "Links")
    repository = open_repository(os.fspath(top), **KINDS[kind])
    found = {name: reading(repository, name) for name in LINKS}
    expected = {name: content for name, (_, content) in LINKS.items()}
    if kind != "worktree":
        expected["git"] = "missing"  # a tree has no .git
    assert found == expected
    assert reading(repository, "linked/b.txt") == "b\n"


def test_special_and_unreadable_files(top, monkeypatch):
    os.mkfifo(top / "pipe")
    (top / "locked").write_text("x")
    repository = open_repository(os.fspath(top))
    assert reading(repository, "pipe") == "special-file"

    def refuse(path, flags):
        assert flags & os.O_NONBLOCK
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr("fr_check.repository.worktree.os.open", refuse)
    assert reading(repository, "locked") == "permission-denied"


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_over_the_limit_is_not_read(top, kind):
    (top / "large").write_bytes(b"x" * 5_000_001)
    git(top, "add", "large")
    git(top, "commit", "--quiet", "-m", "Large")
    repository = open_repository(os.fspath(top), **KINDS[kind])
    for limit in (10, 5_000_000):
        found = repository.read_bytes("large", limit)
        assert isinstance(found, Unreadable)
        assert found.reason == "too-large"
    assert len(repository.read_bytes("large", 5_000_001)) == 5_000_001
    assert reading(repository, "folder/b.txt") == "b\n"


def test_untracked_files_are_seen_ignored_and_deleted_ones_are_not(top):
    (top / "new").write_text("n")
    (top / "x.log").write_text("l")
    (top / "a.txt").unlink()
    git(top, "init", "--quiet", "embedded")
    (top / "embedded/inner").write_text("i")
    repository = open_repository(os.fspath(top))
    assert repository.paths() == (".gitignore", "folder/b.txt", "new")
    assert reading(repository, "a.txt") == "missing"
    assert reading(repository, "x.log") == "l"


@pytest.mark.parametrize(
    "name", ["ü ber", "new\nline", 'quo"te', "tab\t", b"\xff\xfe".decode("utf-8", "surrogateescape")]
)
def test_names_of_every_kind(top, name):
    (top / name).write_text("here\n")
    git(top, "add", "--all")
    git(top, "commit", "--quiet", "-m", "Name")
    for options in KINDS.values():
        repository = open_repository(os.fspath(top), **options)
        assert name in repository.paths()
        if "\n" not in name or options != {}:
            assert reading(repository, name) == "here\n"


def test_a_file_in_conflict_has_no_single_version(top):
    oid = git(top, "rev-parse", "HEAD:a.txt")
    rows = "".join(f"100644 {oid} {stage}\ta.txt\n" for stage in (1, 2, 3))
    git(top, "update-index", "--index-info", stdin=f"0 {'0' * 40}\ta.txt\n{rows}".encode())
    assert reading(open_repository(os.fspath(top), staged=True), "a.txt") == "unmerged"
    assert reading(open_repository(os.fspath(top)), "a.txt") == "recorded\n"
    assert "a.txt" in open_repository(os.fspath(top)).paths()


def test_a_repository_without_commits(tmp_path):
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    (tmp_path / "new").write_text("n")
    repository = open_repository(os.fspath(tmp_path))
    assert repository.paths() == ("new",)
    assert repository.layout.head is None
    assert open_repository(os.fspath(tmp_path), staged=True).paths() == ()
    with pytest.raises(Trouble, match="names no commit"):
        open_repository(os.fspath(tmp_path), rev="HEAD")


def test_a_bare_repository(tmp_path):
    path = bare(tmp_path / "bare.git")
    with pytest.raises(Trouble, match="without a commit"):
        open_repository(os.fspath(path))
    write_history(path, [Commit("1", "main", {"a": "x\n"})])
    repository = open_repository(os.fspath(path))
    assert isinstance(repository, Revision)
    assert reading(repository, "a") == "x\n"


def test_a_folder_outside_any_repository(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", os.fspath(tmp_path.parent))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a").write_text("a\n")
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules/b").write_text("b\n")
    repository = open_repository(os.fspath(tmp_path))
    assert isinstance(repository, Folder)
    assert (repository.paths(), reading(repository, "sub/a")) == (("sub/a",), "a\n")
    for options in ({"staged": True}, {"rev": "HEAD"}):
        with pytest.raises(Trouble, match="is in no git repository"):
            open_repository(os.fspath(tmp_path), **options)


def test_a_root_that_is_no_folder(tmp_path):
    with pytest.raises(Trouble, match="is not a folder"):
        open_repository(os.fspath(tmp_path / "none"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_root_below_the_top_is_a_project_of_its_own(top, kind):
    repository = open_repository(os.fspath(top / "folder"), **KINDS[kind])
    assert repository.paths() == ("b.txt",)
    assert reading(repository, "b.txt") == "b\n"


def test_without_a_root_the_top_above_the_working_folder_counts(top, monkeypatch):
    monkeypatch.chdir(top / "folder")
    repository = open_repository()
    assert os.path.samefile(repository.root, top)
    assert reading(repository, "folder/b.txt") == "b\n"


def test_the_index_that_a_hook_names_counts_only_for_its_own_repository(top, tmp_path, monkeypatch):
    other = tmp_path / "other-index"
    monkeypatch.setenv("GIT_INDEX_FILE", os.fspath(other))
    monkeypatch.chdir(top)
    assert open_repository(staged=True).paths() == ()
    assert open_repository(os.fspath(top), staged=True).paths() == ()
    monkeypatch.chdir(tmp_path)
    assert len(open_repository(os.fspath(top), staged=True).paths()) == 3


def test_the_commit_that_hooks_over_a_range_are_about(top, tmp_path, monkeypatch):
    first = git(top, "rev-parse", "HEAD")
    git(top, "commit", "--quiet", "--allow-empty", "-m", "Two")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD^")
    monkeypatch.chdir(top)
    assert open_repository().revision == first
    assert open_repository(staged=True).revision is None
    assert open_repository(rev="HEAD").revision == git(top, "rev-parse", "HEAD")
    monkeypatch.chdir(tmp_path)
    assert open_repository(os.fspath(top)).revision is None


def test_a_relative_git_dir_was_meant_from_where_the_user_stands(top, monkeypatch):
    monkeypatch.chdir(top / "folder")
    monkeypatch.setenv("GIT_DIR", "../.git")
    monkeypatch.setenv("GIT_WORK_TREE", os.fspath(top))
    assert reading(open_repository(), "a.txt") == "recorded\n"


def test_a_commit_that_is_none_is_a_trouble_with_help(top):
    for name in ("none", "-x", "--help", "HEAD:a.txt", "a\nb", "dead" * 10):
        with pytest.raises(Trouble) as caught:
            open_repository(os.fspath(top), rev=name)
        assert caught.value.help


def test_a_broken_repository_is_a_trouble(top):
    (top / ".git/config").write_text("[core\n")
    with pytest.raises(Trouble, match="git cannot read the repository"):
        open_repository(os.fspath(top))


def test_a_broken_index_is_a_trouble(top):
    (top / ".git/index").write_bytes(b"junk")
    with pytest.raises(Trouble, match="the index cannot be read"):
        open_repository(os.fspath(top), staged=True).paths()


def test_a_repository_of_another_owner_is_a_trouble_that_names_the_remedy(top, monkeypatch):
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(Trouble) as caught:
        open_repository(os.fspath(top))
    assert caught.value.help == f"run `git config --global --add safe.directory {top}`"


def test_without_git_the_trouble_says_so(top, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Trouble, match="git was not found"):
        open_repository(os.fspath(top))


def test_a_git_that_may_not_be_run_is_as_good_as_none(top, tmp_path, monkeypatch):
    (tmp_path / "git").write_text("#!/bin/sh\n")
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(Trouble, match="git was not found"):
        open_repository(os.fspath(top))


def test_a_git_that_is_no_program_is_as_good_as_none(top, tmp_path, monkeypatch):
    (tmp_path / "git").touch(mode=0o755)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    with pytest.raises(Trouble, match="git was not found"):
        open_repository(os.fspath(top))


def test_a_working_folder_that_is_gone(top, tmp_path, monkeypatch):
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    for root in (None, "folder"):
        with pytest.raises(Trouble, match="the working folder is not there any more"):
            open_repository(root)
    assert open_repository(os.fspath(top)).root == os.fspath(top)


def test_where_a_repository_is(top):
    layout = discovery(os.fspath(top / "folder"))()
    assert (layout.top, layout.git_dir) == (os.fspath(top), os.fspath(top / ".git"))
    assert "GIT_INDEX_FILE" in layout.local_variables
    linked = top.parent / "linked"
    git(top, "worktree", "add", "--quiet", os.fspath(linked))
    layout = discovery(os.fspath(linked))()
    assert layout.common_dir == os.fspath(top / ".git")
    assert layout.git_dir != layout.common_dir
    assert stat.S_ISDIR(os.stat(layout.git_dir).st_mode)


@pytest.mark.parametrize("below", ["", "folder"])
def test_a_damaged_repository_is_not_taken_for_none(tmp_path, below):
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".git/HEAD").write_text("junk\n")
    (tmp_path / "folder").mkdir()
    with pytest.raises(Trouble, match="git cannot read the repository"):
        open_repository(os.fspath(tmp_path / below))


def test_a_folder_beside_a_broken_git_folder_is_none(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    assert isinstance(open_repository(os.fspath(tmp_path)), Folder)
    # One that this user may not look into is another matter.
    monkeypatch.setattr(os, "access", lambda path, _: not path.endswith(".git"))
    with pytest.raises(Trouble, match="git cannot read the repository"):
        open_repository(os.fspath(tmp_path))
