"""The numbers that CI asks in the end: steps that exclude each other, callers that give other numbers, what is held."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from coverage_gate.test_wiring import CI, MEASURED, findings, run, steps
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context, Options
from fr_check.core.model import Finding, Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

HIGH, LOW = run("pytest --cov=src --cov-fail-under=90"), run("pytest --cov=src --cov-fail-under=80")
BRANCHES = 'if [ "$RUNNER_OS" = Linux ]; then\n  pytest --cov=src --cov-fail-under=90\nelse\n  pytest --cov=src --cov-fail-under=80\nfi'
CASES = "case $RUNNER_OS in\n  Linux) pytest --cov=src --cov-fail-under=90;;\n  *) pytest --cov=src --cov-fail-under=80;;\nesac"


def anywhere(*lines: str) -> dict[str, str]:
    """A workflow on a runner that says nothing of its system."""
    return {CI: steps(*lines).replace("ubuntu-latest", "x")}


def jobs(first: str, second: str) -> dict[str, str]:
    body = "    {}\n    steps:\n      - run: pytest --cov=src --cov-fail-under={}\n"
    return {CI: f"on: [push]\njobs:\n  a:\n{body.format(first, 90)}  b:\n{body.format(second, 80)}"}


ALTERNATIVES: dict[str, dict[str, str]] = {
    "systems": anywhere(f"if: runner.os == 'Linux'\n{HIGH}", f"if: ${{{{ runner.os == 'Windows' }}}}\n{LOW}"),
    "a system and any other": anywhere(f"if: runner.os == 'linux' && github.ref != 'x'\n{HIGH}", f"if: runner.os != 'Linux'\n{LOW}"),
    "cells of a matrix": anywhere(f"if: matrix.python == '3.12'\n{HIGH}", f"if: matrix.python != '3.12'\n{LOW}"),
    "the literal first": anywhere(f"if: \"'push' == github.event_name\"\n{HIGH}", f"if: github.event_name == 'pull_request'\n{LOW}"),
    "a switch": anywhere(f"if: inputs.fast\n{LOW}", f"if: '!inputs.fast'\n{HIGH}"),
    "a function": anywhere(f"if: startsWith(github.ref, 'refs/tags')\n{LOW}", f"if: '!startsWith(github.ref, ''refs/tags'')'\n{HIGH}"),
    "jobs": jobs("runs-on: x\n    if: github.ref == 'refs/heads/main'", "runs-on: x\n    if: github.ref != 'refs/heads/main'"),
    "runners": jobs("runs-on: ubuntu-24.04", "runs-on: windows-latest"),
    "branches": anywhere(run(BRANCHES)),
    "branches of case": anywhere(run(CASES)),
    "branches of a makefile": {"Makefile": 'test:\n\tif [ -n "$$CI" ]; then pytest --cov=src --cov-fail-under=90; else pytest --cov=src --cov-fail-under=80; fi\n'},
}  # fmt: skip

TOGETHER: dict[str, dict[str, str]] = {
    "no condition": anywhere(HIGH, LOW),
    "one condition": anywhere(HIGH, f"if: runner.os == 'Windows'\n{LOW}"),
    "the same condition": anywhere(f"if: runner.os == 'Linux'\n{HIGH}", f"if: runner.os == 'Linux'\n{LOW}"),
    "conditions of other things": anywhere(f"if: runner.os == 'Linux'\n{HIGH}", f"if: github.ref == 'main'\n{LOW}"),
    "either of two": anywhere(f"if: runner.os == 'Linux' || always()\n{HIGH}", f"if: runner.os == 'Windows'\n{LOW}"),
    "cells of two jobs": jobs("runs-on: x\n    if: needs.x.outputs.y == 'a'", "runs-on: x\n    if: needs.x.outputs.y == 'b'"),
    "two branches of two": anywhere(run(f"{BRANCHES.replace('90', '80')}\nif true; then\n  pytest --cov=src --cov-fail-under=90\nfi")),
    "what is configured": {"pyproject.toml": MEASURED, **anywhere(f"if: runner.os == 'Windows'\n{LOW}")},
}  # fmt: skip

MAKE = "MIN ?= 90\ntest:\n\tpytest --cov=src --cov-fail-under=$(MIN)\n"
SCRIPT = "#!/bin/sh\nset -e\npytest --cov=src --cov-fail-under=${MIN:-90}\n"
CALLED = "on:\n  workflow_call:\n    inputs:\n      min: {type: number, default: 90}\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: pytest --cov=src --cov-fail-under=${{ inputs.min }}\n"
ACTION = "inputs:\n  min: {default: '90'}\nruns:\n  using: composite\n  steps:\n    - run: pytest --cov=src --cov-fail-under=${{ inputs.min }}\n      shell: bash\n"


def calling(given: str) -> dict[str, str]:
    return {
        CI: f"on: [push]\njobs:\n  test:\n    uses: ./.github/workflows/test.yml\n{given}",
        ".github/workflows/test.yml": CALLED,
    }


def acting(given: str) -> dict[str, str]:
    return {CI: steps(f"uses: ./.github/actions/t{given}"), ".github/actions/t/action.yml": ACTION}


GIVEN: dict[str, tuple[str, str, dict[str, str]]] = {
    "a variable of make": ("contradicting-threshold", "50% and 90%", {"pyproject.toml": MEASURED, "Makefile": MAKE, CI: steps(run("make test MIN=50"))}),
    "a variable of the environment": ("contradicting-threshold", "50% and 90%", {"pyproject.toml": MEASURED, "Makefile": MAKE, CI: steps(f"env: {{MIN: 50}}\n{run('make test')}")}),
    "a variable of a script": ("contradicting-threshold", "50% and 90%", {"pyproject.toml": MEASURED, "t.sh": SCRIPT, CI: steps(run("MIN=50 ./t.sh"))}),
    "an input": ("contradicting-threshold", "50% and 90%", {"pyproject.toml": MEASURED, **calling("    with: {min: 50}\n")}),
    "a default": ("contradicting-threshold", "90% and 95%", {"pyproject.toml": MEASURED.replace("90", "95"), **calling("")}),
    "an input of an action": ("contradicting-threshold", "50% and 90%", {"pyproject.toml": MEASURED, **acting("\nwith: {min: 50}")}),
    "a 0 for make": ("unwired-gate", "Makefile declares a coverage threshold of 90%, but CI runs the tests with `--cov-fail-under=0`", {"Makefile": MAKE, CI: steps(run("make test MIN=0"))}),
    "a 0 for a script": ("unwired-gate", "t.sh declares a coverage threshold of 90%, but CI runs the tests with", {"scripts/t.sh": SCRIPT, CI: steps(run("MIN=0 scripts/t.sh"))}),
    "a 0 where another number is configured": ("unwired-gate", "the 90% in pyproject.toml gates nothing there", {"pyproject.toml": MEASURED, "Makefile": MAKE, CI: steps(run("make test MIN=0"))}),
    "a 0 that make is told to take": ("unwired-gate", "Makefile declares a coverage threshold of 90%, but CI runs the tests with `--cov-fail-under=0`", {"Makefile": MAKE.replace("?=", "="), CI: steps(f"env: {{MIN: 0}}\n{run('make -e test')}")}),
    "a 0 over a default of an action": ("unwired-gate", "action.yml declares a coverage threshold of 90%, but CI runs the tests with `--cov-fail-under=0`", acting("\nwith: {min: 0}")),
    "a 0 for an action": ("unwired-gate", "the 90% in pyproject.toml gates nothing there", {"pyproject.toml": MEASURED, **acting("\nwith: {min: 0}")}),
}  # fmt: skip

SAME: dict[str, dict[str, str]] = {
    "make is given the number": {"pyproject.toml": MEASURED, "Makefile": MAKE.replace("90", "50"), CI: steps(run("make test MIN=90"))},
    "what make sets itself wins": {"pyproject.toml": MEASURED, "Makefile": MAKE.replace("?=", "="), CI: steps(f"env: {{MIN: 50}}\n{run('make test')}")},
    "the input is the number": {"pyproject.toml": MEASURED.replace("90", "95"), **calling("    with: {min: 95}\n")},
    "the default is the number": {"pyproject.toml": MEASURED, **acting("")},
    "a 0 for one of two calls of an action": {CI: steps("uses: ./.github/actions/t\nwith: {min: 0}", "uses: ./.github/actions/t"), ".github/actions/t/action.yml": ACTION},
    "a number that make does not take": {"pyproject.toml": MEASURED, "Makefile": MAKE.replace("?=", "="), CI: steps(f"env: {{MIN: 50}}\n{run('make test')}")},
    "a 0 before a report": {"Makefile": MAKE, CI: steps(run("make test MIN=0\ncoverage report --fail-under=90"))},
    "a 0 in one of two": {"Makefile": MAKE, CI: steps(run("make test MIN=0"), run("make test"))},
}  # fmt: skip


@pytest.mark.parametrize("files", ALTERNATIVES.values(), ids=ALTERNATIVES.keys())
def test_steps_that_exclude_each_other_may_differ(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []


@pytest.mark.parametrize("files", TOGETHER.values(), ids=TOGETHER.keys())
def test_steps_that_may_run_together_may_not(files: dict[str, str]):
    assert [one.rule for one in findings(files)] == ["contradicting-threshold"]


@pytest.mark.parametrize(("rule", "text", "files"), GIVEN.values(), ids=GIVEN.keys())
def test_a_caller_gives_another_number(rule: str, text: str, files: dict[str, str]):
    (one,) = findings(files)
    assert (one.rule, text in one.message) == (rule, True), one.message
    if rule == "unwired-gate":
        assert one.location.path == CI
        assert any("cov-fail-under=0" in note.message for note in one.notes)


def test_a_0_over_the_default_of_a_called_workflow():
    (one,) = findings(calling("    with: {min: 0}\n"))
    assert (one.rule, one.location.path) == ("unwired-gate", CI), one


@pytest.mark.parametrize("files", SAME.values(), ids=SAME.keys())
def test_a_caller_gives_the_same_number(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []


def compared(files: dict[str, str], base: dict[str, str]) -> list[Finding]:
    report, _ = engine.run(Context(Memory(files), Config(), Memory(base)), [CHECKER])
    return [one for one in report.findings if one.severity >= Severity.WARNING]


GIVING: dict[str, tuple[dict[str, str], str, str]] = {
    "make": ({"Makefile": MAKE}, run("make test"), run("make test MIN=50")),
    "make, by the environment": ({"Makefile": MAKE}, run("make test"), f"env: {{MIN: 50}}\n{run('make test')}"),
    "a script": ({"t.sh": SCRIPT}, run("./t.sh"), run("MIN=50 ./t.sh")),
    "a word of a script": ({"t.sh": SCRIPT.replace("MIN", "1")}, run("./t.sh"), run("./t.sh 50")),
    "just": ({"justfile": "min := '90'\ntest:\n  pytest --cov=src --cov-fail-under={{min}}\n"}, run("just test"), run("just min=50 test")),
    "an action": ({".github/actions/t/action.yml": ACTION}, "uses: ./.github/actions/t", "uses: ./.github/actions/t\nwith: {min: 50}"),
    "a number that is not given any more": ({"Makefile": MAKE.replace("90", "50")}, run("make test MIN=90"), run("make test")),
}  # fmt: skip


@pytest.mark.parametrize(("files", "before", "now"), GIVING.values(), ids=GIVING.keys())
def test_a_caller_gives_less_than_before(files: dict[str, str], before: str, now: str):
    (one,) = compared({**files, CI: steps(now)}, {**files, CI: steps(before)})
    assert (one.rule, "lowered from 90% to 50%" in one.message) == ("lowered-threshold", True), one.message
    assert compared({**files, CI: steps(before)}, {**files, CI: steps(now)}) == []


MATRIX = "    strategy:\n      matrix:\n        min: [{}]\n"
CONTAINER = "    container:\n      image: python\n      env: {{X: {}}}\n"


@pytest.mark.parametrize(
    ("job", "written"),
    [(MATRIX, "${{ matrix.min }}"), (CONTAINER, "$X")],
    ids=["a matrix", "the environment of a container"],
)
def test_a_job_gives_less_than_before(job: str, written: str):
    now, before = (
        {CI: steps(run(f"pytest --cov=src --cov-fail-under={written}"), job=job.format(number))} for number in (50, 90)
    )
    (one,) = compared(now, before)
    assert (one.rule, "lowered from 90% to 50%" in one.message) == ("lowered-threshold", True), one.message


def test_the_default_of_an_input_is_less_and_a_0_for_an_input_is_none():
    called, path = calling(""), ".github/workflows/test.yml"
    for less in (
        {**called, path: CALLED.replace("90", "50")},
        calling("    with: {min: 50}\n"),
    ):
        assert [one.rule for one in compared(less, called)] == ["lowered-threshold"]
    assert [one.rule for one in compared(calling("    with: {min: 0}\n"), called)] == ["unwired-gate"]
    assert compared(calling("    with: {min: 95}\n"), called) == []


REPORT = "[tool.coverage.run]\nbranch = true\nsource = ['src']\n[tool.coverage.report]\nfail_under = 90\n"
SOURCES = {"src/a.py": "x = 1\n", "src/b.py": "x = 1\n", CI: steps(run("coverage run -m pytest\ncoverage report"))}


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (f"{REPORT}include = ['src/a.py']\n", REPORT),
        (f"{REPORT}include = ['src/a.py']\n", f"{REPORT}include = ['src/*']\n"),
        (REPORT.replace("source = ['src']", "include = ['src/a*']"), REPORT.replace("source = ['src']", "include = ['src/*']")),
    ],
    ids=["new", "narrower", "of what is measured"],
)  # fmt: skip
def test_include_names_less(now: str, before: str):
    (one,) = compared({"pyproject.toml": now, **SOURCES}, {"pyproject.toml": before, **SOURCES})
    assert (one.rule, one.message) == (
        "grown-exclusions",
        "`include` in pyproject.toml leaves out a file that was measured in the base",
    )
    assert [note.location.path for note in one.notes if note.location is not None] == ["src/b.py"]


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (f"{REPORT}include = ['src/*']\n", REPORT),
        (f"{REPORT}include = ['src/a.py', 'src/b.py']\n", f"{REPORT}include = ['src/a.py']\n"),
        (f"{REPORT}".replace("source", "include = ['src/a.py']\nsource"), REPORT),  # which coverage passes over
    ],
    ids=["all", "wider", "beside a source"],
)
def test_include_names_as_much(now: str, before: str):
    assert compared({"pyproject.toml": now, **SOURCES}, {"pyproject.toml": before, **SOURCES}) == []


VITEST = "export default { test: { coverage: { thresholds: { %s lines: 80 } } } }\n"
NYC = '{"scripts": {"test": "nyc mocha"}, "nyc": {"check-coverage": true, %s "lines": 90}}'
EACH = {
    "vitest": ("vitest.config.ts", VITEST % "", VITEST % "perFile: true,", "npx vitest run --coverage"),
    "vitest, switched off": (
        "vitest.config.ts",
        VITEST % "perFile: false,",
        VITEST % "perFile: true,",
        "npx vitest run --coverage",
    ),
    "nyc": ("package.json", NYC % "", NYC % '"per-file": true,', "npm test"),
}


@pytest.mark.parametrize(("path", "now", "before", "command"), EACH.values(), ids=EACH.keys())
def test_a_number_that_held_for_each_file(path: str, now: str, before: str, command: str):
    workflow = {CI: steps(run(command))}
    (one,) = compared({path: now, **workflow}, {path: before, **workflow})
    assert (one.rule, "held for each file" in one.message) == ("lowered-threshold", True)
    assert compared({path: before, **workflow}, {path: now, **workflow}) == []


def test_branches_that_a_command_measured():
    base = {"pyproject.toml": MEASURED.replace("--cov-branch ", ""), CI: steps(run("pytest --cov-branch"))}
    (one,) = compared({**base, CI: steps(run("pytest"))}, base)
    assert (one.rule, "which the base does" in one.message) == ("branch-coverage-off", True)


@pytest.mark.parametrize("expression", ["def ", r"^\s*(async )?def", ":$", "class ", r"^class\b", r"(?s).*", "^.*$"])
def test_an_expression_that_leaves_everything_out(expression: str):
    (one,) = findings({".coveragerc": f"[report]\nexclude_also =\n    {expression}\n"})
    assert one.rule == "overmatching-exclusion"


@pytest.mark.parametrize(
    "expression", ["def __repr__", r"class .*\bProtocol\):", "@overload", "if TYPE_CHECKING:", r"^\s*pass$", r"\.\.\."]
)
def test_an_expression_that_is_meant(expression: str):
    assert findings({".coveragerc": f"[report]\nexclude_also =\n    {expression}\n"}) == []


COVERED = {
    "pyproject.toml": REPORT,
    "src/a.py": "x = 1\n" * 10,
    "src/b.py": "y = 1\n" * 10,
    "coverage.lcov": "".join(
        f"SF:src/{name}.py\n" + "".join(f"DA:{line},{hit}\n" for line in range(1, 11)) + "end_of_record\n"
        for name, hit in (("a", 1), ("b", 0))
    ),
}
LIMITS = {
    "included": ("coverage run -m pytest\ncoverage report --include='src/a.py'", []),
    "left out": ("coverage run -m pytest\ncoverage report --omit src/b.py", []),
    "the other one": ("coverage run -m pytest\ncoverage report --include=src/b.py", ["0.00% (0 of 10)"]),
    "each by itself": ("coverage run -m pytest\ncoverage report --include=src/a.py\ncoverage report --include=src/b.py", ["0.00% (0 of 10)"]),
    "both": ("coverage run -m pytest\ncoverage report", ["50.00% (10 of 20)"]),
    "another number for some": ("coverage run -m pytest\ncoverage report --include=src/b.py --fail-under=0\ncoverage report", ["50.00% (10 of 20)"]),
    "a number of its own": ("coverage run -m pytest\ncoverage report --include=src/a.py --fail-under=95", []),
    "a number that is missed": ("coverage run -m pytest\ncoverage report --omit=src/a.py --fail-under=10", ["0.00% (0 of 10), below the threshold of 10%"]),
    "what pytest judges": ("pytest --cov=src\ncoverage report --include=src/a.py", ["50.00% (10 of 20)"]),
}  # fmt: skip


@pytest.mark.parametrize(("script", "figures"), LIMITS.values(), ids=LIMITS.keys())
def test_data_are_judged_as_the_report_judges(script: str, figures: list[str]):
    files = {**COVERED, CI: steps(run(script))}
    context = Context(Memory(files), Config(), None, Options(reports=("coverage.lcov",)))
    report, _ = engine.run(context, [CHECKER])
    below = [one.message for one in report.findings if one.rule == "coverage-below-threshold"]
    assert [figure in message for figure, message in zip(figures, below, strict=True)] == [True] * len(figures)
