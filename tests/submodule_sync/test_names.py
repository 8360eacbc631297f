"""The name of a submodule leads to a place below `.git/modules`, or nowhere."""

from __future__ import annotations

import os

import pytest

from building import git
from scratch import gitmodules_entry, make

SECRET = "Their own business"


@pytest.fixture
def project(tmp_path):
    """A project whose submodule is not checked out, and beside it a repository that is none of its business."""
    other = tmp_path / "other.git"
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", os.fspath(other))
    project = make(tmp_path / "here", "6", "4", checkout=None)
    git(other, "fetch", "--quiet", os.fspath(project.upstream), "+refs/heads/*:refs/remotes/origin/*")
    git(other, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    return project


def named(project, name):
    (project.top / ".gitmodules").write_text(gitmodules_entry(name, "infra"))
    project.git("commit", "--quiet", "--all", "--message", "Name it")


@pytest.mark.parametrize(
    "name",
    [
        "{other}",
        "/{other}",
        "../../../../other.git",
        "infra/../../../../../other.git",
        "..",
        ".",
        "/",
        "./../../../../other.git/.",
        "a\\\\..\\\\b",
        "//{other}",
        "infra/..//..//../../other.git",
        "{other}/",
        "../modules/../../../other.git",
        "./{other}",
        "~/other.git",
        "$HOME/other.git",
        "infra/.git/../../../../other.git",
    ],
)
def test_no_name_leads_out(project, tmp_path, name):
    named(project, name.replace("{other}", os.fspath(tmp_path / "other.git")))
    for options in ({}, {"staged": True}, {"rev": "HEAD"}):
        report = project.check(**options)
        assert [unknown.reason for unknown in report.unknowns] == ["uninitialised-submodule"]
        assert "Six (#6)" not in str(report)


def test_an_absolute_name_is_a_name_below_modules_as_in_git(project, tmp_path):
    name = os.fspath(tmp_path / "elsewhere")
    named(project, name)
    kept = project.top / ".git" / "modules" / name.lstrip("/")
    kept.parent.mkdir(parents=True)
    git(tmp_path, "clone", "--quiet", "--bare", os.fspath(project.upstream), os.fspath(kept))
    git(kept, "fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
    git(kept, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    assert project.found(base=project.marks["p0"]) == ["rewound-pointer"]
