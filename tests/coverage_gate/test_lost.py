"""Gates that cannot fail for what stands around their run: how it is started, what runs it, whether it runs at all."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from coverage_gate.test_wiring import CI, MEASURED, findings, run, steps

PY = {"pyproject.toml": MEASURED}
MAKE = {**PY, "Makefile": "test:\n\tpytest\n"}
CALLED = {
    ".github/workflows/test.yml": "on: workflow_call\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: pytest\n"
}

# What the one error ends with, the file it stands in, and the project.
LOST: dict[str, tuple[str, str, dict[str, str]]] = {
    "script": ("`script` without `-e`, which ends with 0,", CI, {**PY, CI: steps(run("script -q -c 'pytest' /dev/null"))}),
    "script with a folder": ("`script` without `-e`, which ends with 0,", CI, {"a/pyproject.toml": MEASURED, CI: steps(run("script log --command 'cd a && uv run pytest'"))}),
    "a trap": ("`trap`, whose handler ends with `exit 0`,", CI, {**PY, CI: steps(run("trap 'exit 0' EXIT\npytest"))}),
    "a trap of a script": ("`trap`, whose handler ends with `exit 0`,", "t.sh", {**PY, "t.sh": "#!/bin/bash\nset -e\ndone_() {\n  exit 0\n}\ntrap done_ EXIT\npytest\n", CI: steps(run("./t.sh"))}),
    "a status that is taken": ("`|| [ $? -eq 1 ]`, which that status passes,", CI, {**PY, CI: steps(run("pytest || [ $? -eq 1 ]"))}),
    "a status of coverage": ("`|| [ $? -eq 2 ]`, which that status passes,", CI, {".coveragerc": "[run]\nbranch = true\n[report]\nfail_under = 90\n", CI: steps(run("coverage run -m pytest\npython -m coverage report || [ $? -eq 2 ]"))}),
    "PowerShell": ("followed by `coverage`, whose status is the step's,", CI, {**PY, CI: steps(run("pytest\ncoverage xml", "shell: pwsh"))}),
    "PowerShell of Windows": ("followed by `codecov`, whose status is the step's,", CI, {**PY, CI: steps(run("pytest\ncodecov")).replace("ubuntu-latest", "windows-latest")}),
    "MAKEFLAGS of a command": ("`MAKEFLAGS=-i`, with which make passes over failures,", CI, {**MAKE, CI: steps(run("MAKEFLAGS=-i make test"))}),
    "MAKEFLAGS of a step": ("`MAKEFLAGS=k -i`, with which make passes over failures,", CI, {**MAKE, CI: steps(run("make test", "env: {MAKEFLAGS: k -i}"))}),
    "MAKEFLAGS of a shell": ("`GNUMAKEFLAGS=n`, with which make only prints what it would run,", CI, {**MAKE, CI: steps(run("export GNUMAKEFLAGS=n\nmake test"))}),
    "MAKEFLAGS of a file": ("`MAKEFLAGS=-i`, with which make passes over failures,", "Makefile", {**PY, "Makefile": "MAKEFLAGS += -i\ntest:\n\tpytest\n", CI: steps(run("make test"))}),
    "make that prints": ("`make -n`, which only prints what it would run,", CI, {**MAKE, CI: steps(run("make -n test"))}),
    "make with letters together": ("`make -ki`, which passes over failures,", CI, {**MAKE, CI: steps(run("make -ki test"))}),
    "make through make": ("`make --dry-run`, which only prints what it would run,", "Makefile", {**PY, "Makefile": "all:\n\t$(MAKE) --dry-run test\ntest:\n\tpytest\n", CI: steps(run("make all"))}),
    "a step that never runs": ("`if: false` keeps it from running", CI, {**PY, CI: steps(run("pytest", "if: false"))}),
    "a job that never runs": ("`if: ${{ false }}` keeps it from running", CI, {**PY, CI: steps(run("pytest"), job="    if: ${{ false }}\n")}),
    "a condition that never holds": ("`if: false && github.ref == 'x'` keeps it from running", CI, {**PY, CI: steps(run("pytest", "if: false && github.ref == 'x'"))}),
    "a called workflow that never runs": ("`if: false` keeps it from running", CI, {**PY, **CALLED, CI: "on: push\njobs:\n  a:\n    if: false\n    uses: ./.github/workflows/test.yml\n"}),
}  # fmt: skip

HOLDS: dict[str, dict[str, str]] = {
    "script that keeps the status": {**PY, CI: steps(run("script -qec 'pytest' /dev/null"))},
    "su": {**PY, CI: steps(run("su -c 'pytest' tester"))},
    "a trap that tidies up": {**PY, CI: steps(run("trap 'rm -rf x' EXIT\npytest"))},
    "another status that is taken": {**PY, CI: steps(run("pytest || [ $? -eq 5 ]"))},
    "another status of coverage": {".coveragerc": "[run]\nbranch = true\n[report]\nfail_under = 90\n", CI: steps(run("coverage run -m pytest\ncoverage report || [ $? -eq 1 ]"))},
    "PowerShell alone": {**PY, CI: steps(run("pip install x\npytest\nWrite-Host done", "shell: pwsh"))},
    "PowerShell that looks": {**PY, CI: steps(run("pytest\nif ($LASTEXITCODE -ne 0) { exit 1 }\ncodecov", "shell: pwsh"))},
    "MAKEFLAGS of jobs": {**MAKE, CI: steps(run("make test", "env: {MAKEFLAGS: -j4 --no-print-directory}"))},
    "make that keeps going": {**MAKE, CI: steps(run("make -k -j 4 test"))},
    "a condition that may hold": {**PY, CI: steps(run("pytest", "if: github.event_name == 'push'"))},
    "a text is true": {**PY, CI: steps(run("pytest", 'if: "a ${{ false }}"'))},
    "a cell where it runs": {**PY, CI: steps(run("pytest", "if: matrix.cov"), job="    strategy: {matrix: {cov: [true, false]}}\n")},
    "one that never runs and one that does": {**PY, CI: steps(run("pytest", "if: false"), run("pytest"))},
}  # fmt: skip


@pytest.mark.parametrize(("phrase", "path", "files"), LOST.values(), ids=LOST.keys())
def test_lost(phrase: str, path: str, files: dict[str, str]):
    (one,) = findings(files)
    assert (one.rule, one.severity.name, one.location.path) == ("unwired-gate", "ERROR", path)
    assert one.message.endswith(f" cannot fail: {phrase} in {path}")


@pytest.mark.parametrize("files", HOLDS.values(), ids=HOLDS.keys())
def test_held(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []
