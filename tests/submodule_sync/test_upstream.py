"""Asking the upstream: --online, with upstreams on this disk."""

from __future__ import annotations

import os

import pytest

from building import Commit, git, write_history
from fr_check.app.invocation import Invocation
from fr_check.repository.git import Git
from fr_check.repository.opening import open_repository
from fr_check.repository.process import Completed
from scratch import ASKED, gitmodules_entry, make


@pytest.fixture(autouse=True)
def _files_are_allowed(monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")


@pytest.mark.parametrize(("old", "new", "expected"), ASKED)
@pytest.mark.parametrize("there", [True, False], ids=["initialised", "uninitialised"])
def test_the_upstream_answers_whatever_the_clone_has(tmp_path, old, new, expected, there):
    project = make(tmp_path, old, new, checkout="2" if there else None)
    assert project.found(online=True, ignore=("checkout-drift",)) == expected


def test_a_repair_of_a_commit_that_is_gone_is_one_as_of_now(tmp_path):
    project = make(tmp_path, "dead" * 10, "5")
    for name in ("packed-refs", "refs/remotes/origin/HEAD", "logs/refs/remotes/origin/HEAD"):
        os.utime(project.top / ".git/modules/infra" / name, (1, 1))
    assert project.found() == ["?missing-commit"]
    assert project.found(online=True) == []


def test_what_was_merged_since_the_last_fetch_counts(tmp_path):
    project = make(tmp_path, "4", "side:1")
    assert project.found() == ["pointer-off-branch"]
    git(project.upstream, "update-ref", "refs/heads/main", project.marks["side:1"])
    assert project.found(online=True) == []


def test_the_branch_and_the_tags_that_count(tmp_path):
    project = make(tmp_path, "release:0", "release:1")
    (project.top / ".fr-check.toml").write_text('[submodule-sync]\nallow-tags = {infra = ["v*"]}\n')
    assert project.found(online=True) == []
    (project.top / ".fr-check.toml").write_text('[submodule-sync]\nbranch = {infra = "release"}\n')
    assert project.found(online=True) == []
    (project.top / ".fr-check.toml").write_text('[submodule-sync]\nbranch = {infra = "nowhere"}\n')
    assert project.found(online=True) == ["?missing-branch"]


def test_a_renamed_default_branch_is_no_riddle_online(tmp_path):
    project = make(tmp_path, "4", "5")
    git(project.upstream, "branch", "--move", "main", "master")
    assert project.found(online=True) == []


def test_an_upstream_that_does_not_answer_is_unknown(tmp_path):
    project = make(tmp_path, "4", "5")
    project.upstream.rename(tmp_path / "gone")
    assert project.found(online=True) == ["?upstream-unreachable"]


def test_a_protocol_that_is_not_allowed_is_unknown(tmp_path, monkeypatch):
    project = make(tmp_path, "4", "5")
    monkeypatch.delenv("GIT_ALLOW_PROTOCOL")
    (unknown,) = project.check(online=True).unknowns
    assert unknown.reason == "upstream-unreachable"
    assert "transport 'file' not allowed" in unknown.message


def test_a_time_limit_is_unknown(tmp_path, monkeypatch):
    project = make(tmp_path, "4", "5")
    ask = Git.run
    late = Completed(-9, b"", b"", timed_out=True)
    # Whoever may have to wait for a network says for how long.
    monkeypatch.setattr(Git, "run", lambda *given, **more: late if "timeout" in more else ask(*given, **more))
    (unknown,) = project.check(online=True).unknowns
    assert "did not answer in time" in unknown.message


def test_the_address_in_gitmodules_counts_where_nothing_is_configured(tmp_path):
    project = make(tmp_path, "4", "5", checkout=None)
    assert project.found(online=True) == []
    (project.top / ".gitmodules").write_text(gitmodules_entry("infra", "infra", "../none.git"))
    assert project.found(online=True, ignore=("changed-submodule-url",)) == ["?upstream-unreachable"]
    (project.top / ".gitmodules").write_text('[submodule "infra"]\n\tpath = infra\n')
    assert project.found(online=True) == ["?unknown-upstream"]


def test_the_clone_is_not_touched_and_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", os.fspath(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    project = make(tmp_path, "4", "5")
    marks = write_history(project.upstream, [Commit("new", "new", {"a": "1"})])
    before = project.sub("for-each-ref")
    project.record(marks["new"])
    names = set(os.listdir(tmp_path))
    assert project.found(online=True, ignore=("checkout-drift",)) == ["pointer-off-branch"]
    assert set(os.listdir(tmp_path)) == names
    assert project.sub("for-each-ref") == before


def test_credentials_of_a_ci_checkout_are_passed_on_by_the_environment(tmp_path, monkeypatch):
    project = make(tmp_path, "4", "5")
    project.git("config", "http.https://github.com/.extraheader", "AUTHORIZATION: basic hunter2")
    seen = []
    original = Git.run

    def watch(self, *arguments: str, **options: object):
        seen.append((arguments, dict(self.environment)))
        return original(self, *arguments, **options)

    monkeypatch.setattr(Git, "run", watch)
    assert project.found(online=True) == []
    fetch = next(environment for arguments, environment in seen if arguments[0] == "ls-remote")
    assert fetch["GIT_CONFIG_VALUE_0"] == "AUTHORIZATION: basic hunter2"
    assert fetch["GIT_CONFIG_KEY_0"] == "http.https://github.com/.extraheader"
    assert not any("hunter2" in argument for arguments, _ in seen for argument in arguments)


def test_offline_nothing_is_fetched(tmp_path, monkeypatch):
    project = make(tmp_path, "4", "dead" * 10, checkout="4")
    commands = []
    original = Git.run

    def watch(self, *arguments: str, **options: object):
        commands.append(arguments[0])
        assert self.environment["GIT_ALLOW_PROTOCOL"] == "none"
        return original(self, *arguments, **options)

    monkeypatch.setattr(Git, "run", watch)
    project.check()
    open_repository(os.fspath(project.top)).read("infra/VERSION")
    assert not {"fetch", "ls-remote", "clone", "submodule"} & set(commands)


def test_an_upstream_that_is_down_hides_no_rewind(tmp_path, monkeypatch):
    project = make(tmp_path, "6", "4")
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "https:ssh")
    report = project.check(online=True)
    assert [finding.rule for finding in report.findings] == ["rewound-pointer"]
    (unknown,) = report.unknowns
    assert unknown.reason == "upstream-unreachable"
    assert "GIT_ALLOW_PROTOCOL=file:https:ssh" in unknown.help


def test_a_bare_repository_is_told_what_would_answer(tmp_path):
    project = make(tmp_path, "6", "4")
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "--quiet", "--bare", os.fspath(project.top), os.fspath(bare))
    report = Invocation(("submodule-sync",), root=os.fspath(bare)).run().report
    (unknown,) = report.unknowns
    assert unknown.reason == "uninitialised-submodule"
    assert "--online" in unknown.help
