"""Tests that scripts in Python, hatch, poe, hooks, containers and pipelines run: which of them may fail."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from coverage_gate.test_wiring import CI, MEASURED, VITEST, findings, run, steps
from fr_check.core.model import Severity

HOOK = "repos:\n- repo: local\n  hooks:\n  - {id: tests, name: t, language: system, entry: pytest}\n"
CHECKED = "import subprocess\nsubprocess.run(['pytest'], check=True)\n"
OUTCOME = f"id: t\ncontinue-on-error: true\n{run('pytest')}"
TOLD = run("# told\necho bad")
GITLAB = "test:\n  script:\n    - {}\n  allow_failure: {{exit_codes: {}}}\n"
REPORTED = "[tool.coverage.run]\nbranch = true\n[tool.coverage.report]\nfail_under = 90\n"


def script(text: str) -> dict[str, str]:
    return {"pyproject.toml": MEASURED, "scripts/t.py": text, CI: steps(run("python scripts/t.py"))}


def tables(text: str, command: str) -> dict[str, str]:
    return {"pyproject.toml": MEASURED + text, CI: steps(run(command))}


def measured(*lines: str, job: str = "") -> dict[str, str]:
    return {"pyproject.toml": MEASURED, CI: steps(*lines, job=job)}


LOST: dict[str, tuple[str, dict[str, str]]] = {
    "subprocess.run": ("`subprocess.run` without `check=True`, whose status nothing looks at, in scripts/t.py", script(CHECKED.replace(", check=True", ""))),
    "subprocess.call": ("`subprocess.call`, whose status nothing looks at,", script("import subprocess\nsubprocess.call('pytest --cov', shell=True)\n")),
    "os.system": ("`os.system`, whose status nothing looks at,", script("import os\nos.system('pytest --cov=src')\n")),
    "pytest.main": ("`pytest.main`, whose status nothing looks at,", script("import pytest\npytest.main(['-q'])\n")),
    "a status that is kept": ("`pytest.main`, whose status nothing looks at,", script("import pytest\ncode = pytest.main()\nprint('done')\n")),
    "python -c": ("`pytest.main`, whose status nothing looks at, in .github", measured(run("python -c \"import pytest; pytest.main(['--cov=src'])\""))),
    "hatch's dash": ("`- `, with which hatch passes over a failure,", tables('[tool.hatch.envs.default.scripts]\ntest = ["echo", "- pytest"]\n', "hatch run test")),
    "poe's sequence": ("`ignore_fail`, with which poe passes over a failure,", tables("[tool.poe.tasks.t]\nsequence = [{cmd = 'pytest'}]\nignore_fail = true\n", "poe t")),
    "poe's sequence of tasks": ("`ignore_fail`", tables("[tool.poe.tasks]\na = 'pytest'\nt = {sequence = ['a'], ignore_fail = 'return_zero'}\n", "poe t")),
    "an outcome that is printed": ("`continue-on-error: true`", measured(OUTCOME, run("echo ${{ steps.t.outcome }}"))),
    "a step that only prints": ("`continue-on-error: true`", measured(OUTCOME, f"if: steps.t.outcome == 'failure'\n{TOLD}")),
    "a skipped hook": ("`SKIP=lint,tests`, by which `tests` is left out,", {"pyproject.toml": MEASURED, ".pre-commit-config.yaml": HOOK, CI: steps(f"env: {{SKIP: 'lint,tests'}}\n{run('pre-commit run -a')}")}),
    "a status that GitLab allows": ("`allow_failure: exit_codes: 1`", {"pyproject.toml": MEASURED, ".gitlab-ci.yml": GITLAB.format("pytest", "[137, 1]")}),
    "coverage's status": ("`allow_failure: exit_codes: 2`", {"pyproject.toml": REPORTED, ".gitlab-ci.yml": GITLAB.format("coverage run -m pytest\n    - coverage report", 2)}),
}  # fmt: skip

HELD: dict[str, dict[str, str]] = {
    "check=True": script(CHECKED),
    "check_call": script("from subprocess import check_call\ncheck_call(['pytest'])\n"),
    "sys.exit": script("import sys, pytest\nsys.exit(pytest.main(['-q']))\n"),
    "a status that is looked at": script("import sys, subprocess\ndone = subprocess.run(['pytest'])\nsys.exit(done.returncode)\n"),
    "a figure that is looked at": script("import json, subprocess\nsubprocess.run(['pytest'])\nif json.load(open('coverage.json'))['totals']['percent_covered'] < 90: raise SystemExit(1)\n"),
    "python -c": measured(run('python -c "import sys, pytest; sys.exit(pytest.main([]))"')),
    "a list of hatch": tables('[tool.hatch.envs.default.scripts]\ntest = ["echo", "pytest"]\n', "hatch run test"),
    "poe's sequence that fails": tables("[tool.poe.tasks]\na = 'pytest'\nt = {sequence = ['a'], ignore_fail = 'return_non_zero'}\n", "poe t"),
    "poe's sequence": tables("[tool.poe.tasks]\na = 'pytest'\nt = {sequence = ['a']}\n", "poe t"),
    "an outcome that is heeded": measured(OUTCOME, f"if: steps.t.outcome == 'failure'\n{run('exit 1')}"),
    "an outcome that is handed on": measured(OUTCOME, run("echo done=${{ steps.t.outcome }} >> $GITHUB_OUTPUT")),
    "another hook is skipped": {"pyproject.toml": MEASURED, ".pre-commit-config.yaml": HOOK, CI: steps(f"env: {{SKIP: lint}}\n{run('pre-commit run -a')}")},
    "another status": {"pyproject.toml": MEASURED, ".gitlab-ci.yml": GITLAB.format("pytest", 137)},
    "a status of make": {"pyproject.toml": MEASURED, "Makefile": "test:\n\tpytest\n", ".gitlab-ci.yml": GITLAB.format("make test", 1)},
    "a recipe that is imported": {"pyproject.toml": MEASURED, "justfile": "import 'ci/a.just'\n", "ci/a.just": "test:\n    pytest\n", CI: steps(run("just test"))},
}  # fmt: skip

JUST = {
    "pyproject.toml": MEASURED,
    "justfile": 'import? "ci/a.just"\nall: test\n',
    "ci/a.just": "test:\n    pytest --cov-fail-under=50\n",
}
INCLUDED = "spec:\n  inputs:\n    min: {default: 90}\n---\ntest:\n  script:\n    - pytest --cov=src --cov-fail-under=$[[ inputs.min ]]\n"
STATED: dict[str, tuple[str, str, dict[str, str]]] = {
    "GitLab's included job": ("contradicting-threshold", "ci/t.yml disagrees", {"pyproject.toml": MEASURED, ".gitlab-ci.yml": "include: /ci/t.yml\n", "ci/t.yml": "test:\n  script:\n    - pytest --cov-fail-under=50\n"}),
    "an input of GitLab": ("unwired-gate", "runs the tests with `--cov-fail-under=0`", {"pyproject.toml": MEASURED, ".gitlab-ci.yml": "include:\n  - local: /ci/t.yml\n    inputs: {min: 0}\n", "ci/t.yml": INCLUDED}),
    "CMD": ("contradicting-threshold", "Dockerfile disagrees", {"pyproject.toml": MEASURED, "Dockerfile": 'FROM python\nCMD ["pytest", "--cov=src", "--cov-fail-under=50"]\n'}),
    "CMD behind ENTRYPOINT": ("contradicting-threshold", "Dockerfile disagrees", {"pyproject.toml": MEASURED, "Dockerfile": 'FROM python\nENTRYPOINT ["pytest"]\nCMD ["--cov-fail-under=50"]\n'}),
    "CMD of a shell": ("contradicting-threshold", "Dockerfile disagrees", {"pyproject.toml": MEASURED, "Dockerfile": "FROM python\nCMD cd /app && pytest --cov-fail-under=50\nFROM scratch\n"}),
    "an imported justfile": ("contradicting-threshold", "ci/a.just disagrees", JUST),
    "a list of hatch": ("contradicting-threshold", "disagrees", tables('[tool.hatch.envs.default.scripts]\ntest = ["echo", "pytest --cov-fail-under=50"]\n', "hatch run test")),
    "what replaces the options": ("contradicting-threshold", ".github/workflows/ci.yml disagrees", measured(run("pytest -o 'addopts=--cov=src --cov-fail-under=50'"))),
    "options that are taken away": ("unwired-gate", "`addopts=` takes the place", measured(run("pytest -oaddopts="))),
    "what a container's env adds": ("unwired-gate", "`--no-cov` turns it off", measured(run("pytest"), job="    container:\n      image: python\n      env: {PYTEST_ADDOPTS: --no-cov}\n")),
    "vitest list": ("unwired-gate", "`list` turns it off", {"package.json": "{}", "vitest.config.ts": VITEST, CI: steps(run("npx vitest list --coverage"))}),
}  # fmt: skip

# Of what CI runs nothing is known here but a hook of another stage, or another environment.
UNRUN = {
    "a hook before a push": {"pyproject.toml": MEASURED, ".pre-commit-config.yaml": HOOK.replace("entry: pytest", "entry: pytest, stages: [pre-push]"), CI: steps(run("pre-commit run -a"))},
    "hooks before a push": {"pyproject.toml": MEASURED, ".pre-commit-config.yaml": f"default_stages: [pre-push]\n{HOOK}", CI: steps(run("pre-commit run -a"))},
    "another environment of tox": {"pyproject.toml": MEASURED, "tox.ini": "[testenv]\ncommands = pytest\n[testenv:lint]\ncommands = ruff\n", CI: steps(run("tox -e lint"))},
}  # fmt: skip


@pytest.mark.parametrize(("phrase", "files"), LOST.values(), ids=LOST.keys())
def test_a_failure_that_is_lost(phrase: str, files: dict[str, str]):
    (one,) = findings(files)
    assert (one.rule, f"cannot fail: {phrase}" in one.message) == ("unwired-gate", True), one.message
    (told,) = [note.message for note in one.notes if note.message.startswith("to see it")]
    assert told.endswith(": where it fails, CI passes all the same")


@pytest.mark.parametrize("files", HELD.values(), ids=HELD.keys())
def test_a_failure_that_counts(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []


@pytest.mark.parametrize(("rule", "text", "files"), STATED.values(), ids=STATED.keys())
def test_a_number_where_it_is_easily_missed(rule: str, text: str, files: dict[str, str]):
    (one,) = findings(files)
    assert (one.rule, text in one.message) == (rule, True), one.message


@pytest.mark.parametrize("files", UNRUN.values(), ids=UNRUN.keys())
def test_tests_that_do_not_run(files: dict[str, str]):
    (one,) = findings(files)
    assert (one.severity, "no workflow runs the tests of `.`" in one.message) == (Severity.WARNING, True)


def workspace(script: str) -> dict[str, str]:
    packages = {f"{name}/package.json": f'{{"name": "{name}", "scripts": {{"test": "{script}"}}}}' for name in "abc"}
    return {
        "package.json": '{"workspaces": ["*"]}',
        **packages,
        **{f"{name}/vitest.config.ts": VITEST for name in "abc"},
    }


def test_one_cause_is_told_once():
    (one,) = findings({**workspace("vitest run --coverage"), CI: steps(run("npm test --workspaces || true"))})
    assert [note.location.path for note in one.notes if note.location and "declared" in note.message] == [
        f"{name}/vitest.config.ts" for name in "abc"
    ]


def test_one_cause_in_several_packages_is_one_block():
    found = findings({**workspace("vitest run"), CI: steps(run("npm test --workspaces"))})
    assert len(found) == 3
    assert len({(one.group, one.location) for one in found}) == 1
    assert found[0].location.path == CI
    (alone,) = findings(
        {"package.json": '{"scripts": {"test": "vitest run"}}', "vitest.config.ts": VITEST, CI: steps(run("npm test"))}
    )
    assert (alone.group, alone.location.path) == (None, "vitest.config.ts")
