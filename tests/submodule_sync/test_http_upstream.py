"""Asking the upstream over git's smart HTTP protocol, as hosting services speak it."""

from __future__ import annotations

import pytest

from building import git
from git_server import serving
from scratch import ASKED, make

# .gitmodules names the server only once it is there: that is another rule's business.
IGNORED = ("inconsistent-submodule-url", "changed-submodule-url", "checkout-drift")


@pytest.fixture(autouse=True)
def _http_is_allowed(monkeypatch):
    monkeypatch.setenv("GIT_ALLOW_PROTOCOL", "http")
    for proxy in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(proxy, raising=False)


def made(folder, url: str, *pins: str, **options: str | None):
    project = make(folder, *pins, **options)
    project.git("config", "--file", ".gitmodules", "submodule.infra.url", f"{url}/infra.git")
    return project


@pytest.mark.parametrize("filters", ["true", "false"], ids=["partial", "whole"])
@pytest.mark.parametrize(("old", "new", "expected"), ASKED)
def test_a_server_gives_the_verdicts_of_a_folder(tmp_path, old, new, expected, filters):
    with serving(tmp_path) as (url, requests):
        project = made(tmp_path, url, old, new, checkout="2")
        git(project.upstream, "config", "uploadpack.allowFilter", filters)
        assert project.found(online=True, ignore=IGNORED) == expected
    fetched = [request for request in requests if "command=fetch" in request]
    assert fetched
    # A server that can leave blobs out is asked to; of another, git does not ask it.
    assert all(("filter blob:none" in request) == (filters == "true") for request in fetched)


def test_a_commit_of_a_branch_that_was_deleted_is_still_sent_and_off_the_branch(tmp_path):
    with serving(tmp_path) as (url, _):
        project = made(tmp_path, url, "4", "side:1", checkout="2")
        git(project.upstream, "update-ref", "-d", "refs/heads/side")
        assert project.found(online=True, ignore=IGNORED) == ["pointer-off-branch"]


def test_who_may_not_read_is_told(tmp_path):
    with serving(tmp_path, authorization="basic aHVudGVyMg==") as (url, requests):
        project = made(tmp_path, url, "4", "5")
        (unknown,) = project.check(online=True, ignore=IGNORED).unknowns
        assert unknown.reason == "upstream-unreachable"
        assert "credentials" in unknown.help
        assert requests
        project.git("config", f"http.{url}/.extraheader", "Authorization: basic aHVudGVyMg==")
        assert project.found(online=True, ignore=IGNORED) == []


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
def test_a_server_that_refuses_is_unknown(tmp_path, status):
    with serving(tmp_path, status=status) as (url, _):
        project = made(tmp_path, url, "6", "4")
        report = project.check(online=True, ignore=IGNORED)
        assert [finding.rule for finding in report.findings] == ["rewound-pointer"]
        (unknown,) = report.unknowns
        assert unknown.reason == "upstream-unreachable"
        assert url in unknown.message


def test_no_server_at_all_is_unknown(tmp_path):
    with serving(tmp_path) as (url, _):
        project = made(tmp_path, url, "4", "5")
    (unknown,) = project.check(online=True, ignore=IGNORED).unknowns
    assert unknown.reason == "upstream-unreachable"
