"""Configuration that would run a program: every vector has a canary, and the canary must stay alive. Case 35."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from building import Commit, git, write_history
from fr_check.app.invocation import Invocation
from fr_check.repository.opening import open_repository
from fr_check.repository.submodules import locate
from scratch import gitmodules_entry, make

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scratch import Project


def script(folder: Path) -> tuple[str, Path]:
    """A program that leaves a trace, and the trace."""
    canary = folder / "ran"
    path = folder / "evil.sh"
    path.write_text(f'#!/bin/sh\necho "$0 $@" >>"{canary}"\nexit 0\n')
    path.chmod(0o755)
    return os.fspath(path), canary


def config(project: Project, values: dict[str, str]) -> None:
    for key, value in values.items():
        project.git("config", key, value)
        project.sub("config", key, value)


def attributes(project: Project, line: str) -> None:
    for folder in (project.top / ".git/info", project.top / ".git/modules/infra/info"):
        folder.mkdir(exist_ok=True)
        (folder / "attributes").write_text(f"* {line}\n")


def monitor(project: Project, program: str) -> None:
    config(project, {"core.fsmonitor": program, "core.untrackedCache": "true"})


def signature(project: Project, program: str) -> None:
    config(project, {"log.showSignature": "true", "gpg.program": program, "gpg.openpgp.program": program})
    for there in (project.top, project.top / "infra"):
        body = git(there, "cat-file", "commit", "HEAD")
        head, _, message = body.partition("\n\n")
        signed = f"{head}\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----\n\n{message}\n"
        commit = git(there, "hash-object", "-t", "commit", "-w", "--stdin", stdin=signed.encode())
        git(there, "update-ref", "HEAD", commit)


def filters(project: Project, program: str) -> None:
    attributes(project, "filter=evil diff=evil merge=evil")
    config(project, {f"filter.evil.{kind}": program for kind in ("clean", "smudge", "process")})
    config(project, {"filter.evil.required": "true"})


def differ(project: Project, program: str) -> None:
    attributes(project, "diff=evil")
    keys = ("diff.external", "diff.evil.command", "diff.evil.textconv")
    config(project, dict.fromkeys(keys, program))


def programs(project: Project, program: str) -> None:
    keys = ("core.pager", "pager.log", "pager.ls-files", "core.editor", "core.askPass", "credential.helper")
    config(project, dict.fromkeys(keys, program) | {"core.alternateRefsCommand": program, "core.gitProxy": program})


def hooks(project: Project, program: str) -> None:
    folder = project.top.parent / "hooks"
    folder.mkdir()
    for name in ("post-index-change", "reference-transaction", "post-checkout", "fsmonitor-watchman"):
        shutil.copy(program, folder / name)
    config(project, {"core.hooksPath": os.fspath(folder)})


def transport(project: Project, program: str) -> None:
    config(project, {"core.sshCommand": program, "remote.origin.uploadpack": program, "ssh.variant": "ssh"})
    config(project, {"remote.origin.url": "ssh://example.invalid/infra", "protocol.allow": "always"})


def helper_url(project: Project, program: str) -> None:
    url = f"ext::{program} %S"
    config(project, {"protocol.ext.allow": "always", "remote.origin.url": url, "submodule.infra.url": url})
    (project.top / ".gitmodules").write_text(gitmodules_entry("infra", "infra", url))


def promisor(project: Project, program: str) -> None:
    values = {"remote.origin.promisor": "true", "remote.origin.partialclonefilter": "blob:none"}
    config(project, values | {"remote.origin.uploadpack": program, "extensions.partialClone": "origin"})
    project.record("dead" * 10)


def update_command(project: Project, program: str) -> None:
    config(project, {"submodule.infra.update": f"!{program}", "submodule.recurse": "true"})


VECTORS = (
    monitor, signature, filters, differ, programs, hooks, transport, helper_url, promisor, update_command,
)  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.__name__)
def test_no_configuration_runs_a_program(tmp_path, vector: Callable[[Project, str], None]):
    project = make(tmp_path, "6", "5", "4")
    program, canary = script(tmp_path)
    vector(project, program)
    (project.top / "infra/VERSION").write_text("9\n")
    (project.top / "README").write_text("SUPER\n")
    project_root = os.fspath(project.top)
    for options in ({}, {"staged": True}, {"rev": "HEAD", "each_commit": True, "base": "HEAD^"}):
        project.check(**options)
    Invocation(("submodule-sync",), root=project_root, log=True).tables()
    repository = open_repository(project_root)
    for path in repository.paths():
        repository.read(path)
    repository.read("infra/VERSION")
    repository.glob("infra/**")
    assert not canary.exists(), canary.read_text()


@pytest.mark.parametrize(
    "vector", [transport, helper_url, promisor, hooks, programs], ids=lambda vector: vector.__name__
)
def test_asking_the_upstream_runs_no_program_either(tmp_path, vector: Callable[[Project, str], None], monkeypatch):
    monkeypatch.setenv("GIT_SSH_COMMAND", "false")
    project = make(tmp_path, "6", "5", "4")
    program, canary = script(tmp_path)
    vector(project, program)
    report = project.check(online=True)
    assert not canary.exists(), canary.read_text()
    assert report.unknowns


@pytest.mark.parametrize(
    ("vector", "command"),
    [
        (monitor, ("status",)),
        (signature, ("log", "-1")),
        (differ, ("diff",)),
        (filters, ("add", "VERSION")),
        (hooks, ("checkout", "--detach")),
        (promisor, ("cat-file", "-e", "dead" * 10)),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_the_canaries_would_die_of_a_careless_command(tmp_path, vector, command, monkeypatch):
    monkeypatch.setattr("building.environment", lambda: dict(os.environ))
    project = make(tmp_path, "6", "5", "4")
    program, canary = script(tmp_path)
    vector(project, program)
    (project.top / "infra/VERSION").write_text("9\n")
    git(project.top / "infra", *command, check=False)
    assert canary.exists()


@pytest.mark.parametrize("name", ["../../../outside", "..", "a/../../../../outside"])
def test_a_name_leads_nowhere_outside_the_git_folder(tmp_path, name):
    project = make(tmp_path, "6", "4", checkout=None)
    shutil.copytree(project.upstream, tmp_path / "outside")
    (project.top / ".gitmodules").write_text(gitmodules_entry(name, "infra"))
    assert project.found() == ["?uninitialised-submodule"]


def test_a_link_in_place_of_a_submodule_is_not_followed(tmp_path):
    project = make(tmp_path, "6", "4", checkout=None)
    git(tmp_path, "clone", "--quiet", os.fspath(project.upstream), "elsewhere")
    (project.top / "infra").rmdir()
    (project.top / "infra").symlink_to(tmp_path / "elsewhere")
    assert project.found() == ["?uninitialised-submodule"]


@pytest.mark.parametrize("content", ["", "gitdir: ", "gitdir: /nowhere", "gitdir: \0", "x" * 100_000, "gitdir: .\n"])
def test_a_broken_git_file_is_no_repository(tmp_path, content):
    project = make(tmp_path, "6", "4", checkout=None)
    (project.top / "infra/.git").write_text(content)
    assert project.found() == ["?uninitialised-submodule"]


def test_a_git_file_that_is_a_pipe_blocks_nothing(tmp_path):
    project = make(tmp_path, "6", "4", checkout=None)
    os.mkfifo(project.top / "infra/.git")
    repository = open_repository(os.fspath(project.top))
    assert locate(repository.layout, repository.root, "infra", lambda: None).reason == "uninitialised-submodule"


def test_commands_in_names_and_subjects_are_only_text(tmp_path):
    project = make(tmp_path, "6", path="$(touch ran)")
    marks = write_history(project.upstream, [Commit("e", "evil", {"a": "1"}, (), "$(touch ran) `touch ran` ::error::")])
    git(project.upstream, "update-ref", "refs/heads/main", marks["e"])
    project.record(marks["e"])
    (unknown,) = project.check().unknowns
    assert unknown.help.startswith("run `git -C '$(touch ran)' fetch origin`; ")
    assert not (project.top / "ran").exists()


def test_no_control_character_reaches_the_terminal(tmp_path):
    project = make(tmp_path, "6", path="in\x1b[31mfra")
    subject = "\x1b]0;title\x07 \u202e red \x9b31m"
    marks = write_history(project.upstream, [Commit("e", "main", {"a": "1"}, (), subject)])
    git(project.upstream, "update-ref", "refs/heads/main", marks["e"])
    project.sub("fetch", "--quiet", "--force", "origin", "+refs/heads/*:refs/remotes/origin/*")
    project.record(marks["e"])
    project.record("6")
    report = project.check(rev="HEAD", base="HEAD^", each_commit=True)
    shown = [finding.message for finding in report.findings]
    shown += [note.message for finding in report.findings for note in finding.notes]
    assert len(shown) > 1
    assert all(text.isprintable() for text in shown), shown
