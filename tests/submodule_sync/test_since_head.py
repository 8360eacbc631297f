"""What is staged is compared with the last commit, too: a base before it may have had what is gone back to."""

from __future__ import annotations

import pytest

from building import bare, git
from scratch import gitmodules_entry, make

BACK = ["rewound-pointer"]
QUIET = ("checkout-drift", "inconsistent-submodule-url")


def published(directory, *pins: str, **options: str | None):
    """A project of which the remote's default branch has every commit."""
    project = make(directory, *pins, **options)
    project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    return project


def commit_on_top(project):
    project.git("commit", "--quiet", "--allow-empty", "--message", "Text")
    project.git("update-ref", "refs/remotes/origin/main", "HEAD~1")


def feature_branch(project):
    project.git("checkout", "--quiet", "-b", "feature")
    project.git("update-ref", "refs/remotes/origin/main", "HEAD~1")


def moved_folder(project):
    project.git("mv", "infra", "deploy")
    project.git("config", "--file", ".gitmodules", "submodule.infra.path", "deploy")
    project.git("add", ".gitmodules")
    project.git("update-index", "--cacheinfo", f"160000,{project.marks['4']},deploy")


FORMS = {"published": lambda _: None, "commit on top": commit_on_top, "feature branch": feature_branch}


@pytest.mark.parametrize("form", FORMS)
def test_back_to_what_the_commit_before_named(tmp_path, form):
    project = published(tmp_path, "4", "6")
    FORMS[form](project)
    project.stage("4")
    assert project.found(ignore=QUIET) == BACK
    project.stage("6")
    assert project.found(ignore=QUIET) == []


def test_a_submodule_that_moves_in_the_same_change(tmp_path):
    project = published(tmp_path, "4", "6")
    moved_folder(project)
    assert project.found(ignore=QUIET) == BACK


def test_the_first_commit_has_none_before_it(tmp_path):
    project = published(tmp_path, "6")
    project.stage("4")
    assert project.found(ignore=QUIET) == BACK


def test_both_steps_back_are_one_finding(tmp_path):
    project = published(tmp_path, "6", "5")
    project.stage("4")
    (finding,) = project.check(ignore=QUIET).findings
    assert "goes back by 2 commits" in finding.message


def test_what_mends_the_last_commit_passes(tmp_path):
    project = published(tmp_path, "6", "4")
    assert project.found(ignore=QUIET) == BACK
    project.stage("6")
    assert project.found(ignore=QUIET) == []


def test_a_commit_that_is_not_here_is_unknown(tmp_path):
    project = published(tmp_path, "4", "dead" * 10, checkout="4")
    project.stage("4")
    assert project.found(ignore=QUIET) == ["?missing-commit"]
    assert project.found(ignore=QUIET, staged=True) == ["?missing-commit"]


def test_the_configuration_permits_it_and_a_message_before_does_not(tmp_path):
    project = published(tmp_path, "4", "6")
    words = f"{project.marks['4'][:8]} the keys were not rotated"
    project.git("commit", "--quiet", "--amend", "--message", f"Up\n\nSubmodule-Rewind: infra {words}")
    project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    project.stage("4")
    (finding,) = project.check(ignore=QUIET).findings
    assert finding.severity.name == "ERROR"
    (project.top / ".fr-check.toml").write_text(f'[submodule-sync]\nallow-rewinds = {{infra = ["{words}"]}}\n')
    (finding,) = project.check(ignore=QUIET).findings
    assert finding.severity.name == "WARNING"


def orphan(project):
    project.git("checkout", "--quiet", "--orphan", "fresh")
    project.git("commit", "--quiet", "--message", "Begin again")


def test_an_orphan_branch_is_compared_with_its_own_last_commit(tmp_path):
    project = published(tmp_path, "4", "6")
    orphan(project)
    assert project.found(ignore=QUIET) == []
    project.record("5")
    assert project.found(ignore=QUIET) == BACK
    project.record("6")
    assert project.found(ignore=QUIET) == []


def forced(directory):
    """The remote's main has a pointer that the local main, which left it before, takes away; returns both ends."""
    project = published(directory, "4", "6", checkout="4")
    had = project.git("rev-parse", "HEAD")
    project.git("reset", "--quiet", "--hard", "HEAD~1")
    project.git("commit", "--quiet", "--allow-empty", "--message", "Instead")
    return project, had, project.git("rev-parse", "HEAD")


@pytest.mark.parametrize("where", ["branch", "GitHub", "GitLab"])
def test_a_range_alone_shows_a_forced_push(tmp_path, monkeypatch, where):
    project, had, has = forced(tmp_path)
    monkeypatch.chdir(project.top)
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", had)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", has)
    if where != "branch":
        project.git("checkout", "--quiet", "--detach")
        project.git("update-ref", "refs/remotes/origin/main", has)
        name, value = {"GitHub": ("GITHUB_REF", "refs/heads/main"), "GitLab": ("CI_COMMIT_BRANCH", "main")}[where]
        monkeypatch.setenv(name, value)
    assert project.found(ignore=QUIET) == BACK


def test_a_range_of_a_branch_that_left_earlier_is_compared_with_where_it_left(tmp_path, monkeypatch):
    project, had, has = forced(tmp_path)
    project.git("checkout", "--quiet", "-b", "feature")
    monkeypatch.chdir(project.top)
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", had)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", has)
    assert project.found(ignore=QUIET) == []


def test_online_asks_the_address_that_everybody_clones(tmp_path, monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")
    project = published(tmp_path, "4", "5")
    fork = bare(tmp_path / "fork.git")
    project.sub("commit", "--quiet", "--allow-empty", "--message", "Mine")
    mine = project.sub("rev-parse", "HEAD")
    git(project.top / "infra", "push", "--quiet", str(fork), "HEAD:refs/heads/main")
    project.sub("remote", "set-url", "origin", str(fork))
    project.stage(mine)
    assert project.found(ignore=QUIET, online=True) == ["unreachable-pointer"]
    # A relative address starts at the superproject's own remote, and git's own rewriting counts.
    (project.top / ".gitmodules").write_text(gitmodules_entry("infra", "infra", "../fork.git"))
    assert project.found(ignore=(*QUIET, "changed-submodule-url"), online=True) == []
    (project.top / ".gitmodules").write_text(gitmodules_entry("infra", "infra", "https://example.org/infra"))
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", f"url.{project.upstream}.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "https://example.org/infra")
    assert project.found(ignore=(*QUIET, "changed-submodule-url"), online=True) == ["unreachable-pointer"]
