"""Submodules of submodules: with --online their own upstreams are asked for what they point to."""

from __future__ import annotations

import pytest

from building import Commit, Gitlink, bare, write_history
from scratch import gitmodules_entry, make

QUIET = ("checkout-drift", "inconsistent-submodule-url", "pointer-off-branch")


@pytest.fixture(autouse=True)
def _files_are_allowed(monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "file")


def nested(directory, pin: str | None, url: str = "../deep.git", entry: str = "deep"):
    """A project whose submodule has one of its own, at a commit, or at one that its upstream has (None)."""
    project = make(directory, "4", "4")
    there = write_history(bare(directory / "deep.git"), [Commit("d", "main", {"a": "1\n"})])["d"]
    files = {"deep": Gitlink(pin or there), ".gitmodules": gitmodules_entry("deep", entry, url)}
    marks = write_history(project.upstream, [Commit("n", "inner", files)])
    project.sub("fetch", "--quiet", "origin", marks["n"])
    project.record(marks["n"])
    return project


def test_what_the_inner_upstream_has_passes(tmp_path):
    assert nested(tmp_path, None).found(online=True, ignore=QUIET) == []


def test_what_it_does_not_have_is_found(tmp_path):
    project = nested(tmp_path, "1" * 40)
    (finding,) = project.check(online=True, ignore=(*QUIET,)).findings
    assert (finding.rule, finding.subject) == ("unreachable-pointer", "infra/deep")
    assert project.found(ignore=QUIET) == [], "a gap, offline"


@pytest.mark.parametrize(
    ("url", "entry", "reason"),
    [("../gone.git", "deep", "upstream-unreachable"), ("../deep.git", "other", "unknown-upstream")],
)
def test_what_cannot_be_asked_is_unknown(tmp_path, url, entry, reason):
    assert nested(tmp_path, None, url, entry).found(online=True, ignore=QUIET) == [f"?{reason}"]
