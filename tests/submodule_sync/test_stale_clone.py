"""A clone that has not heard of the newest commit never passes for one that has: only the upstream says "gone"."""

from __future__ import annotations

import os
import shutil

import pytest

from building import Commit, bare, clone_submodule, git, write_history
from fr_check.core.text import Text
from fr_check.repository.opening import open_repository
from running import run
from scratch import Project, make

STALE = ["?missing-commit"]


def stale(directory):
    """A colleague moved the pointer from 4 to 6; it was pulled, the submodule's clone ends at 4, and 4 is staged."""
    project = make(directory, "4", "6", checkout=None)
    newest = project.marks["6"]
    git(project.upstream, "update-ref", "refs/heads/main", project.marks["4"])
    clone_submodule(project.top, "infra", project.upstream, project.marks["4"])
    project.sub("gc", "--quiet", "--prune=now")
    git(project.upstream, "update-ref", "refs/heads/main", newest)
    project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    project.git("add", "infra")
    return project


def other_repository(project):
    write_history(bare(project.top.parent / "other.git"), [Commit("x", "main", {"X": "1\n"})])
    project.sub("fetch", "--quiet", os.fspath(project.top.parent / "other.git"), "main")


def failing(project):
    moved = project.upstream.rename(project.upstream.with_suffix(".away"))
    git(project.top / "infra", "fetch", "--quiet", "origin", check=False)
    moved.rename(project.upstream)


def another_remote(project):
    fork = project.top.parent / "fork.git"
    write_history(bare(fork), [Commit("x", "main", {"X": "1\n"})])
    project.sub("remote", "add", "fork", os.fspath(fork))
    project.sub("fetch", "--quiet", "--all")
    project.sub("update-ref", "refs/remotes/origin/main", project.marks["4"])
    project.sub("reflog", "expire", "--all", "--expire=now")
    project.sub("gc", "--quiet", "--prune=now")


def later(project):
    """As a restored backup or a container layer leaves it: every file has today's time, or tomorrow's."""
    for folder, _, names in os.walk(project.top / ".git"):
        for name in names:
            os.utime(os.path.join(folder, name), (4_000_000_000, 4_000_000_000))


def stale_mirror(project):
    """What was asked is a mirror that has not heard of it either."""
    mirror = project.top.parent / "mirror.git"
    git(project.top, "clone", "--quiet", "--mirror", os.fspath(project.upstream), os.fspath(mirror))
    git(mirror, "update-ref", "refs/heads/main", project.marks["4"])
    project.sub("fetch", "--quiet", os.fspath(mirror), "main")


FORMS = {
    "untouched": Project.check,
    "pack-refs": lambda project: project.sub("pack-refs", "--all"),
    "gc": lambda project: project.sub("gc", "--quiet"),
    "set-head": lambda project: project.sub("remote", "set-head", "origin", "main"),
    "failed fetch": failing,
    "another branch": lambda project: project.sub("fetch", "--quiet", "origin", "release"),
    "another repository": other_repository,
    "tags": lambda project: project.sub("fetch", "--quiet", "origin", "refs/tags/v1.0.0:refs/tags/v1.0.0"),
    "maintenance": lambda project: project.sub("maintenance", "run", "--task=gc", "--task=commit-graph", "--quiet"),
    "another remote": another_remote,
    "prune": lambda project: project.sub("remote", "prune", "origin"),
    "list": lambda project: project.sub("ls-remote", "--quiet", "origin"),
    "without FETCH_HEAD": lambda project: project.sub(
        "fetch", "--quiet", "--no-write-fetch-head", "origin", "release:refs/remotes/origin/release"
    ),
    "times": later,
    "mirror": stale_mirror,
    "reflog": lambda project: project.sub("reflog", "expire", "--all", "--expire=now"),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_touches_the_clone_does_not_make_it_fresh(tmp_path, form):
    project = stale(tmp_path)
    FORMS[form](project)
    assert project.found(staged=True) == STALE
    (unknown,) = project.check(staged=True).unknowns
    assert "git -C infra fetch origin" in unknown.help
    assert project.marks["6"] in unknown.message
    project.sub("fetch", "--quiet", "origin")
    assert project.found(staged=True) == ["rewound-pointer"]


NEWER = {
    "by its name": lambda project: project.sub("fetch", "--quiet", "origin", project.marks["6"]),
    "with another branch": lambda project: project.sub("fetch", "--quiet", "origin", "later:refs/remotes/origin/later"),
    # Objects come, and the branch stays where it was.
    "dry run": lambda project: project.sub("fetch", "--quiet", "--dry-run", "origin"),
    "from a fork": lambda project: project.sub("fetch", "--quiet", os.fspath(project.upstream), "later"),
}


@pytest.mark.parametrize("form", NEWER)
def test_a_commit_that_came_without_its_branch_is_not_taken_for_unmerged(tmp_path, form):
    project = stale(tmp_path)
    git(project.upstream, "branch", "later", project.marks["6"])
    NEWER[form](project)
    assert project.found(staged=True) == ["?unfetched-branch"]
    project.sub("fetch", "--quiet", "origin")
    assert project.found(staged=True) == ["rewound-pointer"]


def test_a_commit_hook_stops_there(tmp_path, monkeypatch):
    project = stale(tmp_path)
    monkeypatch.chdir(project.top)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
    assert run("submodule-sync").status == 3
    assert run("all", "--select", "rewound-pointer").status == 3


def test_the_upstream_says_that_a_commit_is_gone(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    project = make(tmp_path, "dead" * 10, "4")
    assert project.found() == STALE
    assert project.found(online=True) == []


def test_the_upstream_is_asked_for_what_a_pointer_named_on_the_way(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    project = make(tmp_path, "2", "dead" * 10, "4")
    base = project.marks["p0"]
    assert project.found(base=base, each_commit=True) == STALE
    assert project.found(base=base, each_commit=True, online=True) == STALE, "a commit on the way is nowhere"
    gone = make(tmp_path / "gone", "dead" * 10, "2", "4")
    assert gone.found(base=gone.marks["p0"], each_commit=True, online=True) == []


def test_what_is_off_the_branch_says_where_the_branch_ends_here(tmp_path):
    project = make(tmp_path, "4", "side:1")
    (finding,) = project.check().findings
    tip = project.marks["6"][:8]
    assert finding.notes[-1].message == (
        f"in this clone `main` ends at {tip}; `git -C infra fetch origin` brings what came later"
    )


@pytest.mark.parametrize("filtered", ["blob:none", "tree:0"])
@pytest.mark.parametrize("shallow", [False, True])
def test_a_partial_clone_lacks_objects_and_is_not_broken(tmp_path, filtered, shallow):
    project = make(tmp_path, "4", "2", checkout=None)
    git(project.upstream, "config", "uploadpack.allowFilter", "true")
    git(project.upstream, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(project.upstream, "update-ref", "refs/heads/main", project.marks["4"])
    shutil.rmtree(project.top / "infra")
    options = ["--quiet", "--no-checkout", f"--filter={filtered}", *(["--depth=1"] if shallow else [])]
    git(project.top, "clone", *options, project.upstream.as_uri(), "infra")
    report = project.check(ignore=("checkout-drift",))
    unknowns = [(unknown.reason, "fetch" in unknown.help) for unknown in report.unknowns]
    assert [finding.rule for finding in report.findings] == ([] if shallow else ["rewound-pointer"])
    assert unknowns == ([("missing-commit", True)] if shallow else [])
    found = project.check(rev="HEAD", ignore=("checkout-drift",))
    assert not [unknown for unknown in found.unknowns if unknown.reason == "unreadable-submodule"]


@pytest.mark.parametrize("filtered", ["blob:none", "tree:0"])
def test_the_help_for_what_a_partial_clone_lacks_works(tmp_path, filtered):
    project = make(tmp_path, "4", "4", checkout=None)
    git(project.upstream, "config", "uploadpack.allowFilter", "true")
    shutil.rmtree(project.top / "infra")
    git(project.top, "clone", "--quiet", "--no-checkout", f"--filter={filtered}", project.upstream.as_uri(), "infra")
    lacking = open_repository(os.fspath(project.top)).read("infra/VERSION")
    assert lacking.reason == "missing-object"
    what = "infra/VERSION" if filtered == "blob:none" else f"the tree of {project.marks['4'][:12]}"
    assert lacking.message == f"{what} is not in the clone of submodule infra, which is a partial one"
    command = lacking.help.split("`")[1]
    assert command == "git -C infra fetch --refetch --no-filter"
    git(project.top, *command.split(" ")[1:])
    assert isinstance(open_repository(os.fspath(project.top)).read("infra/VERSION"), Text)


def test_a_commit_that_nobody_pushed(tmp_path):
    project = make(tmp_path, "4", "dead" * 10, checkout="4")
    (drift,) = project.check().findings
    assert drift.rule == "checkout-drift"
    assert "git submodule update" not in drift.help
    assert "git -C infra fetch origin" in drift.help
    assert "nobody has pushed it" in drift.help
