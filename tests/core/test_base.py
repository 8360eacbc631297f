"""What a state is compared with: option, hooks, CI systems, the default branch."""

from __future__ import annotations

import os

import pytest

from building import Commit, git, write_history
from fr_check.core.model import Unknown
from fr_check.core.repository import Memory
from fr_check.core.trouble import Trouble
from fr_check.repository.base import find_base
from fr_check.repository.opening import open_repository

# main: m0 - m1 - m2, topic leaves it at m1: t0 - t1; `merged` is what CI checks out for a pull request of topic.
HISTORY = (
    Commit("m0", "main", {"a": "0"}),
    Commit("m1", "main", {"a": "1"}),
    Commit("t0", "topic", {"t": "0"}, ("m1",)),
    Commit("t1", "topic", {"t": "1"}),
    Commit("m2", "main", {"a": "2"}, ("m1",)),
    Commit("merged", "pull", {"t": "1"}, ("m2", "t1")),
    Commit("alone", "alone", {"x": "1"}, ()),
)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A clone with its working folder in it: (path, mark -> commit)."""
    origin = tmp_path / "origin"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", os.fspath(origin))
    marks = write_history(origin, HISTORY)
    git(tmp_path, "clone", "--quiet", os.fspath(origin), "work")
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "work", marks


def base_of(marks, option=None, **options: object):
    """The mark of the base, the reason of an unknown, or None."""
    base = find_base(open_repository(**options), option)
    if base is None or isinstance(base, Unknown):
        return base and f"?{base.reason}"
    return next(mark for mark, commit in marks.items() if commit == base.revision)


@pytest.mark.parametrize(
    ("head", "option", "expected"),
    [
        ("m2", "HEAD^", "m1"),
        ("m2", "m0", "m0"),
        ("m2", "m2", "m2"),
        ("m0", "m2", "m2"),
        ("t1", "m2", "m1"),
        ("t1", "alone", "alone"),
        ("t1", "dead" * 10, "?missing-commit"),
    ],
    ids=["parent", "older", "itself", "newer", "diverged", "unrelated", "absent"],
)
def test_the_option_wins(clone, head, option, expected):
    top, marks = clone
    git(top, "checkout", "--quiet", marks[head])
    assert base_of(marks, marks.get(option, option)) == expected
    assert base_of(marks, marks.get(option, option), rev=marks[head]) == expected


def test_an_option_that_names_nothing_is_misuse(clone):
    with pytest.raises(Trouble, match="`nowhere` names no commit"):
        base_of(clone[1], "nowhere")


def test_a_branch_that_shares_nothing_is_not_compared_with_the_default_one(clone):
    top, marks = clone
    git(top, "checkout", "--quiet", marks["alone"])
    assert base_of(marks) == "alone", "what is not committed yet is compared with the commit"
    assert base_of(marks, rev=marks["alone"]) is None


@pytest.mark.parametrize(
    ("head", "expected"), [("m2", "m1"), ("m1", "m0"), ("m0", None), ("t1", "m1"), ("merged", "m2")]
)
def test_the_default_branch_counts(clone, head, expected):
    top, marks = clone
    git(top, "checkout", "--quiet", marks[head])
    assert base_of(marks) == expected
    assert base_of(marks, rev=marks[head]) == expected
    git(top, "remote", "set-head", "origin", "--delete")
    assert base_of(marks) == expected


def test_local_commits_on_the_default_branch(clone):
    top, marks = clone
    git(top, "commit", "--quiet", "--allow-empty", "-m", "Mine")
    assert base_of(marks) == "m2"


def test_the_index_is_compared_with_head(clone, monkeypatch):
    top, marks = clone
    assert base_of(marks, staged=True) == "m2"
    monkeypatch.setenv("GIT_INDEX_FILE", os.fspath(top / ".git/index"))
    assert base_of(marks) == "m2"


def test_without_a_remote_head_counts(clone):
    top, marks = clone
    git(top, "remote", "remove", "origin")
    assert base_of(marks) == "m2"
    assert base_of(marks, rev="HEAD") == "m1"


def test_before_the_first_commit_there_is_nothing(tmp_path, monkeypatch):
    git(tmp_path, "init", "--quiet")
    monkeypatch.chdir(tmp_path)
    assert find_base(open_repository()) is None


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"GITHUB_BASE_REF": "main"}, "m1"),
        ({"GITHUB_BASE_REF": ""}, "m1"),
        ({"GITHUB_BASE_REF": "gone"}, "?missing-base"),
        ({"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, "m1"),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "{m0}", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}, "m0"),
        ({"BITBUCKET_PR_DESTINATION_BRANCH": "topic"}, "t1"),
        ({"SYSTEM_PULLREQUEST_TARGETBRANCH": "refs/heads/main"}, "m1"),
        ({"CHANGE_TARGET": "main"}, "m1"),
        ({"BUILDKITE_PULL_REQUEST_BASE_BRANCH": "main"}, "m1"),
        ({"CIRRUS_BASE_SHA": "{m0}"}, "m0"),
        ({"DRONE_TARGET_BRANCH": "topic", "DRONE_PULL_REQUEST": "7"}, "t1"),
        ({"DRONE_TARGET_BRANCH": "topic"}, "m1"),
        ({"TRAVIS_BRANCH": "topic", "TRAVIS_PULL_REQUEST": "false"}, "m1"),
        ({"TRAVIS_BRANCH": "topic", "TRAVIS_PULL_REQUEST": "7"}, "t1"),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, dict) else value,
)
def test_the_target_of_a_pull_request(clone, monkeypatch, tmp_path, variables, expected):
    top, marks = clone
    git(top, "checkout", "--quiet", marks["t1"])
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(**marks))
    assert base_of(marks) == expected
    monkeypatch.chdir(tmp_path)
    assert base_of(marks, root=os.fspath(top)) == "m1"


def test_what_ci_checks_out_for_a_pull_request_knows_its_target(clone, monkeypatch):
    top, marks = clone
    git(top, "checkout", "--quiet", marks["merged"])
    monkeypatch.setenv("GITHUB_BASE_REF", "release")
    assert base_of(marks) == "m2"


def test_hooks_over_a_range(clone, monkeypatch):
    _, marks = clone
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", marks["m2"])
    monkeypatch.setenv("PRE_COMMIT_TO_REF", marks["t1"])
    assert base_of(marks) == "m1"
    assert base_of(marks, marks["m0"]) == "m0"
    assert base_of(marks, rev=marks["merged"]) == "m2"
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "0" * 40)
    assert base_of(marks) == "m1"


@pytest.mark.parametrize("variables", [{}, {"GITHUB_BASE_REF": "release"}])
def test_a_shallow_clone_says_that_it_cannot_know(clone, tmp_path, monkeypatch, variables):
    _, marks = clone
    git(tmp_path, "clone", "--quiet", "--depth=1", (tmp_path / "origin").as_uri(), "cut")
    monkeypatch.chdir(tmp_path / "cut")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert base_of(marks) in {"?shallow-history", "?missing-base"}
    found = find_base(open_repository())
    assert isinstance(found, Unknown)
    assert "fetch-depth: 0" in found.help
    assert base_of(marks, "m1") == "?shallow-history"


def test_outside_git_there_is_nothing_to_compare_with():
    assert find_base(Memory({})) is None
    with pytest.raises(Trouble):
        find_base(Memory({}), "HEAD")


@pytest.mark.parametrize("depth", [(), ("--depth=1",)], ids=["whole", "shallow"])
def test_the_help_for_a_missing_target_fetches_it_into_a_clone_of_one_branch(clone, tmp_path, monkeypatch, depth):
    _, marks = clone
    git(
        tmp_path, "clone", "--quiet", "--single-branch", *depth, "--branch=topic", (tmp_path / "origin").as_uri(), "one"
    )
    monkeypatch.chdir(tmp_path / "one")
    monkeypatch.setenv("GITHUB_BASE_REF", "main")
    found = find_base(open_repository())
    assert isinstance(found, Unknown)
    git(tmp_path / "one", *found.help.split("`")[-2].split()[1:])
    assert not base_of(marks).startswith("?")


@pytest.mark.parametrize(
    ("variables", "expected"),
    [({}, "m2"), ({"CI": "true"}, "m1"), ({"CI": "true", "CI_DEFAULT_BRANCH": "trunk"}, "m1")],
    ids=["by hand", "CI", "GitLab"],
)
def test_a_push_to_a_default_branch_of_another_name_is_compared_in_ci(clone, monkeypatch, variables, expected):
    top, marks = clone
    git(top, "remote", "set-head", "origin", "--delete")
    git(top, "update-ref", "refs/remotes/origin/trunk", marks["m2"])
    git(top, "update-ref", "-d", "refs/remotes/origin/main")
    monkeypatch.delenv("CI", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert base_of(marks) == expected
    git(top, "checkout", "--quiet", marks["m1"])
    assert base_of(marks) == ("m1" if "CI_DEFAULT_BRANCH" not in variables else "m0")
