"""The hook entry of the manifest, run by pre-commit and by prek in real commits."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from building import git
from scratch import make

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
TOOLS = ("pre-commit", "prek")


def program(name):
    return os.fspath(Path(sys.executable).parent / name)


def call(project, *command: str):
    """Runs a command in the superproject with the tools' own caches in a temporary folder."""
    cache = os.fspath(project.top.parent / "cache")
    environment = {**os.environ, "PRE_COMMIT_HOME": cache, "PREK_HOME": cache, "GIT_ALLOW_PROTOCOL": "file"}
    environment["PATH"] = os.pathsep.join([os.fspath(Path(sys.executable).parent), environment["PATH"]])
    done = subprocess.run(
        command, cwd=project.top, env=environment, capture_output=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode, (done.stdout + done.stderr).decode()


def hooks(*names: str, entry: str):
    """Hooks of the manifest as they are, but for the language: nothing is downloaded or installed."""
    manifest = {hook["id"]: hook for hook in yaml.safe_load(MANIFEST.read_text())}
    chosen = [{**manifest[name], "language": "system", "entry": entry} for name in names]
    for hook in chosen:
        del hook["minimum_pre_commit_version"]  # a key of manifests
    return yaml.safe_dump({"repos": [{"repo": "local", "hooks": chosen}]})


@pytest.fixture(params=TOOLS)
def project(request, tmp_path):
    """A superproject at upstream's newest commit, with the hook installed by one of the two tools."""
    project = make(tmp_path, "6", "6")
    entry = f"{shlex.quote(sys.executable)} -m fr_check submodule-sync"
    (project.top / ".pre-commit-config.yaml").write_text(hooks("fr-check-submodule-sync", entry=entry))
    project.git("add", ".pre-commit-config.yaml")
    project.git("commit", "--quiet", "-m", "Check pointers")
    project.git("update-ref", "refs/remotes/origin/main", "HEAD")
    status, output = call(project, program(request.param), "install")
    assert status == 0, output
    return project, program(request.param)


def test_a_commit_of_the_pointer_alone(project):
    project, _ = project
    project.stage("4")
    status, output = call(project, "git", "commit", "-m", "Back")
    assert (status, "error[rewound-pointer]" in output) == (1, True), output
    project.stage("6")
    project.sub("checkout", "--quiet", project.marks["6"])
    assert call(project, "git", "commit", "--allow-empty", "-m", "Stay")[0] == 0


def test_commit_all_with_a_stale_checkout(project):
    project, _ = project
    project.sub("checkout", "--quiet", project.marks["3"])
    status, output = call(project, "git", "commit", "-a", "-m", "Text, and by accident the pointer")
    assert (status, "goes back by 3 commits" in output) == (1, True), output


def test_a_partial_commit_keeps_the_pointer(project):
    project, _ = project
    project.stage("4")
    (project.top / "README").write_text("changed\n")
    status, output = call(project, "git", "commit", "-m", "Only the text", "README")
    assert status == 0, output
    status, output = call(project, "git", "commit", "-m", "The pointer")
    assert (status, "error[rewound-pointer]" in output) == (1, True), output


def test_unstaged_changes_beside_a_staged_pointer(project):
    project, _ = project
    project.stage("4")
    (project.top / "README").write_text("unstaged\n")
    status, output = call(project, "git", "commit", "-m", "Back")
    assert (status, "error[rewound-pointer]" in output) == (1, True), output
    assert (project.top / "README").read_text() == "unstaged\n"


def test_a_deleted_pointer(project):
    project, _ = project
    project.git("rm", "--quiet", "--cached", "infra")
    status, output = call(project, "git", "commit", "-m", "Half")
    assert (status, "error[half-removed-submodule]" in output) == (1, True), output
    project.git("rm", "--quiet", "--cached", ".gitmodules")
    shutil.rmtree(project.top / "infra")
    status, output = call(project, "git", "commit", "-m", "Whole")
    assert status == 0, output


def test_a_pointer_that_git_is_told_to_ignore(project):
    project, _ = project
    project.git("config", "--file", ".gitmodules", "submodule.infra.ignore", "all")
    project.git("commit", "--quiet", "--no-verify", "-am", "Ignore")
    project.stage("4")
    status, output = call(project, "git", "commit", "--allow-empty", "-m", "Back")
    assert (status, "error[rewound-pointer]" in output) == (1, True), output


def test_a_linked_worktree(project, tmp_path):
    project, _ = project
    linked = tmp_path / "linked"
    project.git("worktree", "add", "--quiet", os.fspath(linked), "-b", "other")
    there = project._replace(top=linked)
    there.stage("4")
    status, output = call(there, "git", "commit", "-m", "Back")
    assert (status, "goes back by 2 commits" in output) == (1, True), output


def test_a_subfolder(project):
    project, _ = project
    project.stage("4")
    (project.top / "folder").mkdir()
    status, output = call(project, "git", "-C", "folder", "commit", "-m", "Back")
    assert (status, "error[rewound-pointer]" in output) == (1, True), output


def test_a_range_of_commits(project):
    project, tool = project
    start = project.git("rev-parse", "HEAD")
    back = git(project.top, "commit-tree", "-p", start, "-m", "Back", tree(project, "4"))
    forth = git(project.top, "commit-tree", "-p", back, "-m", "Forth", tree(project, "6"))
    run = (tool, "run", "--hook-stage", "manual", "--from-ref")
    status, output = call(project, *run, start, "--to-ref", back)
    assert (status, "error[rewound-pointer]" in output) == (1, True), output
    status, output = call(project, *run, start, "--to-ref", forth)
    assert status == 0, output
    status, output = call(project, *run, back, "--to-ref", forth)
    assert status == 0, output


def tree(project, mark):
    """The tree of HEAD with another pointer."""
    project.stage(mark)
    written = project.git("write-tree")
    project.git("reset", "--quiet")
    return written


def test_every_file(project):
    project, tool = project
    status, output = call(project, tool, "run", "--all-files")
    assert status == 0, output
    assert "Passed" in output


def test_an_uninitialised_submodule_fails_with_its_own_status(project):
    project, _ = project
    shutil.rmtree(project.top / "infra")
    shutil.rmtree(project.top / ".git/modules")
    (project.top / "infra").mkdir()
    status, output = call(project, "git", "commit", "--allow-empty", "-m", "Empty")
    assert (status, "git submodule update --init -- infra" in output) == (1, True), output
    assert "exit code: 3" in output


def test_a_push_is_judged_by_what_it_pushes(project):
    project, tool = project
    assert call(project, tool, "install", "--hook-type", "pre-push")[0] == 0
    project.git("push", "--quiet", "--no-verify", "origin", "HEAD:main")
    project.stage("4")
    project.git("commit", "--quiet", "--no-verify", "-m", "Back")
    project.stage("6")
    status, output = call(project, "git", "push", "origin", "HEAD:main")
    assert (status, "error[rewound-pointer]" in output) == (1, True), output


ALWAYS = {"fr-check", "fr-check-submodule-sync"}
FILES = {"fr-check-env-keys", "fr-check-dockerfile-args", "fr-check-coverage"}


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(
    ("path", "fired"),
    [
        (None, ALWAYS),
        ("infra", ALWAYS | FILES),
        (".env.example", ALWAYS | {"fr-check-env-keys", "fr-check-dockerfile-args"}),
        ("apps/backend/src/config.py", ALWAYS | FILES),
        ("apps/frontend/Dockerfile", ALWAYS | FILES),
        ("logo.png", ALWAYS),
    ],
    ids=lambda value: str(value) if isinstance(value, str | None) else "",
)
def test_each_hook_fires_when_it_must_and_only_then(tmp_path, tool, path, fired):
    project = make(tmp_path, "6", "6")
    names = sorted(ALWAYS | FILES)
    (project.top / ".pre-commit-config.yaml").write_text(hooks(*names, entry="true"))
    project.git("add", ".pre-commit-config.yaml")
    project.git("commit", "--quiet", "-m", "Hooks")
    if path == "infra":
        project.stage("4")
    elif path:
        (project.top / path).parent.mkdir(parents=True, exist_ok=True)
        (project.top / path).write_text("x\n")
        project.git("add", path)
    manifest = {hook["id"]: hook["name"] for hook in yaml.safe_load(MANIFEST.read_text())}
    status, output = call(project, program(tool), "run")
    assert status == 0, output
    passed = {line.partition("..")[0] for line in output.splitlines() if line.endswith("Passed")}
    assert passed == {manifest[name] for name in fired}, output
