"""Policy and pointer come from the same state; the base of a push is what it takes away; what a bump brings is told."""

from __future__ import annotations

import os

import pytest

from building import Commit, Gitlink, build, git, write_history
from fr_check.core.model import Example, ExampleSubmodule
from running import run
from scratch import gitmodules_entry, make

ALLOWED = '[submodule-sync]\nallow-rewinds = {{infra = ["{} they asked for it"]}}\n'


def hook(monkeypatch, project):
    """The environment of `git commit`."""
    monkeypatch.chdir(project.top)
    monkeypatch.setenv("GIT_INDEX_FILE", os.fspath(project.top / ".git/index"))


def status(*arguments: object):
    return run("submodule-sync", *arguments).status


def test_a_policy_that_is_not_committed_permits_nothing(tmp_path, monkeypatch):
    project = make(tmp_path, "6", "6")
    project.stage("4")
    hook(monkeypatch, project)
    policy = project.top / ".fr-check.toml"
    policy.write_text(ALLOWED.format(project.marks["4"][:8]))
    assert status() == 1
    project.git("add", ".fr-check.toml")
    assert status() == 0
    policy.unlink()
    assert status() == 0, "what is on disk does not count either way"
    project.git("rm", "--quiet", "--cached", ".fr-check.toml")
    assert status() == 1


def test_a_change_of_pyproject_that_is_not_staged_permits_nothing(tmp_path, monkeypatch):
    project = make(tmp_path, "6", "6")
    policy = project.top / "pyproject.toml"
    policy.write_text("[tool.fr-check]\n")
    project.git("add", "pyproject.toml")
    project.git("commit", "--quiet", "-m", "Policy")
    project.stage("4")
    hook(monkeypatch, project)
    policy.write_text("[tool.fr-check]\nignore = ['rewound-pointer']\n")
    assert status() == 1
    assert "[tool.fr-check.submodule-sync] of pyproject.toml" in run("submodule-sync").stdout


@pytest.mark.parametrize("ignored", [True, False])
def test_a_policy_that_git_ignores_permits_nothing(tmp_path, monkeypatch, ignored):
    project = make(tmp_path, "6", "6")
    if ignored:
        (project.top / ".git/info/exclude").write_text(".fr-check.toml\n")
    project.stage("4")
    hook(monkeypatch, project)
    (project.top / ".fr-check.toml").write_text(ALLOWED.format(project.marks["4"][:8]))
    assert status() == 1
    assert status("--staged") == 1


def test_what_a_policy_extends_is_of_the_index_too(tmp_path, monkeypatch):
    project = make(tmp_path, "6", "6")
    (project.top / ".fr-check.toml").write_text('extend = "shared.toml"\n')
    (project.top / "shared.toml").write_text("fail-on = 'error'\n")
    project.git("add", ".fr-check.toml", "shared.toml")
    project.stage("4")
    hook(monkeypatch, project)
    (project.top / "shared.toml").write_text(ALLOWED.format(project.marks["4"][:8]))
    assert status() == 1
    project.git("add", "shared.toml")
    assert status() == 0


def test_a_policy_that_is_a_link_to_a_file_outside_permits_nothing(tmp_path, monkeypatch):
    project = make(tmp_path / "here", "6", "6")
    project.stage("4")
    (tmp_path / "policy.toml").write_text(ALLOWED.format(project.marks["4"][:8]))
    (project.top / ".fr-check.toml").symlink_to(tmp_path / "policy.toml")
    project.git("add", ".fr-check.toml")
    hook(monkeypatch, project)
    assert status() != 0


def test_the_help_for_a_rewind_on_purpose_works_as_it_stands(tmp_path, monkeypatch):
    project = make(tmp_path, "6", "6")
    project.stage("4")
    hook(monkeypatch, project)
    finding = rewind()
    _, entry, add = finding["help"].split("`")[1::2]
    assert add == "git add .fr-check.toml"
    policy = f"[submodule-sync]\n{entry}\n".replace("REASON", "the release is broken")
    (project.top / ".fr-check.toml").write_text(policy)
    git(project.top, *add.split(" ")[1:])
    assert status() == 0
    project.git("commit", "--quiet", "-m", "Back")
    monkeypatch.delenv("GIT_INDEX_FILE")
    assert status("--rev", "HEAD", "--base", "HEAD^") == 0


def rewind():
    """The one finding about a rewind; where the checkout stands is beside the point."""
    report = run("submodule-sync", "--format", "json", "--select", "rewound-pointer").json()
    (finding,) = report["findings"]
    return finding


def pushing(monkeypatch, project, start, end, branch="main", remote="origin"):
    """The environment of a pre-push hook of pre-commit or prek."""
    monkeypatch.chdir(project.top)
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", start)
    monkeypatch.setenv("PRE_COMMIT_TO_REF", end)
    monkeypatch.setenv("PRE_COMMIT_REMOTE_NAME", remote)
    monkeypatch.setenv("PRE_COMMIT_REMOTE_BRANCH", f"refs/heads/{branch}")


def diverged(directory, default="main"):
    """The remote's branch has the bump from 4 to 6, and the local one left it before; returns the two commits too."""
    project = make(directory, "4", "6", checkout="4")
    bumped = project.git("rev-parse", "HEAD")
    project.git("update-ref", f"refs/remotes/origin/{default}", bumped)
    project.git("symbolic-ref", "refs/remotes/origin/HEAD", f"refs/remotes/origin/{default}")
    project.git("reset", "--quiet", "--hard", "HEAD^")
    (project.top / "README").write_text("other\n")
    project.git("commit", "--quiet", "-am", "Something else")
    return project, bumped, project.git("rev-parse", "HEAD")


@pytest.mark.parametrize("default", ["main", "trunk"])
def test_a_forced_push_that_takes_a_bump_off_the_default_branch(tmp_path, monkeypatch, default):
    project, bumped, head = diverged(tmp_path, default)
    pushing(monkeypatch, project, bumped, head, default)
    assert run("submodule-sync", "--format", "json").rules() == ["rewound-pointer"]


def test_without_the_remotes_head_the_usual_names_are_default_branches(tmp_path, monkeypatch):
    project, bumped, head = diverged(tmp_path)
    project.git("symbolic-ref", "--delete", "refs/remotes/origin/HEAD")
    pushing(monkeypatch, project, bumped, head)
    assert status() == 1


def test_a_forced_push_by_address_and_one_of_a_commit_that_is_older(tmp_path, monkeypatch):
    project, bumped, head = diverged(tmp_path)
    pushing(monkeypatch, project, bumped, head, remote="https://example.org/x.git")
    assert status() == 1
    pushing(monkeypatch, project, bumped, project.git("rev-parse", f"{bumped}^"))
    assert status() == 1


def test_a_forced_push_over_a_commit_that_was_never_fetched(tmp_path, monkeypatch):
    """pre-commit does not find the remote's commit, and starts where the local branch left what is known of it."""
    project, bumped, head = diverged(tmp_path)
    pushing(monkeypatch, project, project.git("rev-parse", f"{bumped}^"), head)
    assert status() == 1


def test_a_forced_push_that_rewrites_the_bump_and_one_that_goes_further_back(tmp_path, monkeypatch):
    project, bumped, _ = diverged(tmp_path)
    project.record("6", "The bump again, on what was rewritten")
    pushing(monkeypatch, project, bumped, project.git("rev-parse", "HEAD"))
    assert status() == 0, "the bump is still there"
    project.record("5", "One less")
    pushing(monkeypatch, project, bumped, project.git("rev-parse", "HEAD"))
    assert status() == 1


def test_a_forced_push_from_a_detached_head_and_from_another_worktree(tmp_path, monkeypatch):
    project, bumped, head = diverged(tmp_path)
    project.git("checkout", "--quiet", "--detach", head)
    pushing(monkeypatch, project, bumped, head)
    assert status() == 1
    project.git("worktree", "add", "--quiet", "--detach", os.fspath(tmp_path / "linked"), head)
    monkeypatch.chdir(tmp_path / "linked")
    assert status() == 1


def test_a_forced_push_of_a_feature_branch_is_compared_with_where_it_left(tmp_path, monkeypatch):
    project, bumped, head = diverged(tmp_path)
    project.git("update-ref", "refs/remotes/origin/feature", bumped)
    pushing(monkeypatch, project, bumped, head, "feature")
    assert status() == 0


def test_an_ordinary_push_to_the_default_branch(tmp_path, monkeypatch):
    project = make(tmp_path, "4", "6")
    pushing(monkeypatch, project, project.marks["p0"], project.marks["p1"])
    assert status() == 0


def test_a_branch_that_shares_nothing_is_not_compared(tmp_path, monkeypatch):
    project = make(tmp_path, "4", "6")
    project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    project.git("checkout", "--quiet", "--orphan", "pages")
    project.stage("4")
    project.git("commit", "--quiet", "-m", "Pages")
    monkeypatch.chdir(project.top)
    assert run("submodule-sync", "--format", "json", "--ignore", "checkout-drift").rules() == []
    assert run("submodule-sync", "--rev", "HEAD", "--format", "json").rules() == []
    project.stage("2")
    assert run("submodule-sync", "--format", "json", "--ignore", "checkout-drift").rules() == ["rewound-pointer"]


@pytest.mark.parametrize(("published", "said"), [(False, True), (True, False)])
@pytest.mark.parametrize("to", ["4", "3"])
def test_taking_back_a_bump_that_was_not_pushed(tmp_path, monkeypatch, published, said, to):
    project = make(tmp_path, "4", "6")
    if published:
        project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    project.stage(to)
    hook(monkeypatch, project)
    finding = rewind()
    assert ("--amend` loses nothing" in finding["help"]) == said


def test_a_rewind_after_a_commit_that_did_not_move_the_pointer_is_no_amend(tmp_path, monkeypatch):
    project = make(tmp_path, "6", "6")
    project.stage("4")
    hook(monkeypatch, project)
    finding = rewind()
    assert "--amend" not in finding["help"]


def test_a_deleted_pointer_can_be_put_back(tmp_path):
    project = make(tmp_path, "4", "6")
    project.git("rm", "--quiet", "--cached", "infra")
    (finding,) = project.check(staged=True).findings
    assert finding.rule == "half-removed-submodule"
    *_, back = finding.help.split("`")[1::2]
    git(project.top, *back.split(" ")[1:])
    assert project.found(staged=True) == []


def move_of(before, after, commits, subjects):
    return {"submodule": "infra", "from": before, "to": after, "commits": commits, "subjects": subjects}


def test_a_pointer_that_goes_forward_is_told(tmp_path, monkeypatch):
    project = make(tmp_path, "4", "6")
    monkeypatch.chdir(project.top)
    subjects = ["Six (#6)", "Rotate the keys (#5)"]
    expected = [move_of(project.marks["4"], project.marks["6"], 2, subjects)]
    for command in ("all", "submodule-sync"):
        for options in ((), ("--base", "HEAD^"), ("--rev", "HEAD", "--base", "HEAD^"), ("--each-commit",)):
            report = run(command, *options, "--format", "json").json()
            assert report["moves"] == expected
            assert report["findings"] == []
    line = f'infra by 2 commits, from {project.marks["4"][:8]} to {project.marks["6"][:8]}: "Six (#6)", "Rotate'
    assert line in run("submodule-sync").stdout
    # In Markdown nothing of a commit's title is markup.
    assert line.replace("(#6)", r"\(\#6\)") in run("submodule-sync", "--format", "markdown").stdout
    assert "Six (#6)" in run("submodule-sync", "--log").stdout


@pytest.mark.parametrize(("old", "new"), [("6", "4"), ("6", "6"), ("dead" * 10, "4")])
def test_what_does_not_go_forward_is_no_move(tmp_path, old, new):
    assert make(tmp_path, old, new).check().moves == ()


def test_a_repair_that_diverges_is_a_move(tmp_path):
    project = make(tmp_path, "side:1", "6")
    (move,) = project.check().moves
    assert (move.commits, move.subjects[0]) == (3, "Six (#6)")


@pytest.mark.parametrize("registered", [True, False])
def test_submodules_of_submodules_are_told_as_not_judged(tmp_path, registered):
    inner = {"VERSION": "1\n", ".gitmodules": gitmodules_entry("deep", "lib/deep") if registered else ""}
    project = make(tmp_path, "4", "6")
    files = {**inner, "lib/deep": Gitlink("dead" * 10)}
    marks = write_history(project.upstream, [Commit("n", "nested", files)])
    git(project.upstream, "update-ref", "refs/heads/main", marks["n"])
    project.sub("fetch", "--quiet", "--force", "origin", "+refs/heads/*:refs/remotes/origin/*")
    project.stage(marks["n"])
    report = project.check(staged=True)
    assert [gap.subject for gap in report.gaps] == ["infra/lib/deep"]
    assert "is not judged here" in report.gaps[0].message
    project.stage("6")
    assert project.check(staged=True).gaps == ()


def test_a_healthy_project_has_no_gap(tmp_path):
    sub = ExampleSubmodule("infra", ({"VERSION": "1\n"}, {"VERSION": "2\n"}), pin=1)
    top = build(Example({}, submodules=(sub,)), tmp_path)
    assert run("submodule-sync", "--root", top, "--format", "json").json()["gaps"] == []


def test_a_branch_that_only_the_clone_calls_the_default_is_told_where_the_pointer_moves(tmp_path):
    project = make(tmp_path, "4", "6")
    project.sub("fetch", "--quiet", "origin", "+refs/heads/*:refs/remotes/origin/*")
    assert project.check(staged=True).gaps == ()
    project.sub("remote", "set-head", "origin", "release")
    project.stage("5")
    (gap,) = project.check(staged=True).gaps
    assert gap.subject == "infra"
    assert "write `branch = release` in .gitmodules" in gap.message
    project.stage("6")
    assert project.check(staged=True).gaps == ()
    project.stage("5")
    project.git("config", "--file", ".gitmodules", "submodule.infra.branch", "release")
    project.git("add", ".gitmodules")
    assert project.check(staged=True).gaps == ()
