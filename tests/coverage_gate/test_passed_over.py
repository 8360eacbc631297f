"""Numbers in spellings, files and folders that their tools pass over; tools that are read, or said to be skipped."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import json

import pytest

from coverage_gate.test_wiring import CI, MEASURED, findings, run, steps
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

RC = {
    "pyproject.toml": "[tool.coverage.run]\nbranch = true\nsource = ['src']\n[tool.coverage.report]\nfail_under = 90\n",
    "src/a.py": "",
    "src/b.py": "",
}
GLOBAL = {"global": {"lines": 90}}


def package(script: str, **keys: object) -> dict[str, str]:
    return {"package.json": json.dumps({"scripts": {"test": script}, **keys}), CI: steps(run("npm test"))}


def codecov(text: str, *more: str) -> dict[str, str]:
    return {"codecov.yml": text, CI: steps(run("pytest --cov=src"), *more)}


TARGET = "coverage:\n  status:\n    project:\n      default:\n        target: 90%\n"
TOP = "status:\n  project:\n    default:\n      target: 90%\n"
UPLOAD = "uses: codecov/codecov-action@v5"
CONFIGURED_BELOW = {"a/pyproject.toml": "[tool.coverage.run]\nbranch = true\n[tool.coverage.report]\nfail_under = 90\n"}

# Severity and rule, a part of the message, the project.
FOUND: dict[str, tuple[str, str, dict[str, str]]] = {
    "jest, misspelt": ("ERROR ignored-threshold", "only in `coverageThreshold` (jest knows no `coverageThresholds`)", package("jest --coverage", jest={"coverageThresholds": GLOBAL})),
    "jest, misspelt otherwise": ("ERROR ignored-threshold", "(jest knows no `coverageTreshold`)", package("jest --coverage", jest={"coverageTreshold": GLOBAL})),
    "jest's key for vitest": ("ERROR ignored-threshold", "directly in `test.coverage.thresholds`", {"vitest.config.ts": "export default { test: { coverage: { coverageThreshold: { global: { lines: 90 } } } } }\n", CI: steps(run("npx vitest run --coverage"))}),
    "c8 and YAML": ("ERROR ignored-threshold", "only in .c8rc.json (c8 reads JSON, and no .c8rc.yml)", {**package("c8 node t.js"), ".c8rc.yml": "check-coverage: true\nlines: 90\n"}),
    "c8 and nyc's key": ("ERROR ignored-threshold", "only below `c8` (only c8 runs here, and passes this over)", package("c8 node t.js", nyc={"check-coverage": True, "lines": 90})),
    "c8 and nyc's module": ("ERROR ignored-threshold", "only in .c8rc.json (only c8 runs here, and passes this over)", {**package("c8 node t.js"), "nyc.config.js": "module.exports = { 'check-coverage': true, lines: 90 }\n"}),
    "nyc and c8's key": ("ERROR ignored-threshold", "only below `nyc` (only nyc runs here, and passes this over)", package("nyc node t.js", c8={"check-coverage": True, "lines": 90})),
    "Codecov, one level up": ("WARNING ignored-threshold", "only below `coverage.status`", codecov(TOP, UPLOAD)),
    "Codecov without an upload": ("WARNING unwired-gate", "to which nothing uploads coverage", codecov(TARGET)),
    "pytest knows no abbreviations": ("ERROR invalid-coverage-config", "`--cov-fail` is no option of pytest-cov: pytest stops", {CI: steps(run("pytest --cov=src --cov-fail=90"))}),
    "pytest knows no underscores": ("ERROR invalid-coverage-config", "`--cov_fail_under` is no option of pytest-cov", {"pytest.ini": "[pytest]\naddopts = --cov=src --cov_fail_under=90\n"}),
    "coverage knows abbreviations": ("ERROR unwired-gate", "judges coverage against 90% cannot fail", {CI: steps(run("coverage run -m pytest\ncoverage report --fail=90 || true"))}),
    "diff-cover knows abbreviations": ("ERROR unwired-gate", "judges coverage against 80% cannot fail", {CI: steps(run("diff-cover coverage.xml --fail-u 80 || true"))}),
    "slipcover": ("ERROR unwired-gate", "judges coverage against 80% cannot fail", {CI: steps(run("python -m slipcover --fail-under 80 -m pytest || true"))}),
    "an empty file of coverage's": ("ERROR unwired-gate", "without it: /dev/null is read in its place", {**RC, CI: steps(run("coverage run -m pytest\ncoverage report --rcfile=/dev/null"))}),
    "an empty file for pytest-cov": ("ERROR unwired-gate", "without it: /dev/null is read in its place", {**RC, CI: steps(run("pytest --cov=src --cov-config=/dev/null"))}),
    "an empty file of pytest's": ("ERROR unwired-gate", "without it: /dev/null is read in its place", {"pyproject.toml": MEASURED, CI: steps(run("pytest --cov=src -c /dev/null"))}),
    "a report on one file": ("WARNING unwired-gate", "leaves src/b.py out: `--include=src/a.py`", {**RC, CI: steps(run("coverage run -m pytest\ncoverage report --include=src/a.py"))}),
    "a report on a pattern": ("WARNING unwired-gate", "leaves src/b.py out: `--include 'src/a*'`".replace("'", ""), {**RC, CI: steps(run("coverage run -m pytest\ncoverage xml --include 'src/a*'"))}),
    "a report of 0": ("ERROR unwired-gate", "with `--fail-under=0`, and judges the whole nowhere later", {**RC, CI: steps(run("coverage run -m pytest\ncoverage report --fail-under=0"))}),
    "a configuration below": ("ERROR unwired-gate", "without it: coverage looks for its configuration in `.`, where it runs,", {**CONFIGURED_BELOW, CI: steps(run("pytest --cov=a a"))}),
    "a configuration of both below": ("ERROR unwired-gate", "without it: coverage looks for its configuration in `.`, where it runs,", {"a/pyproject.toml": CONFIGURED_BELOW["a/pyproject.toml"] + "[tool.pytest.ini_options]\n", CI: steps(run("pytest --cov=a a/tests"))}),
    "thresholds of a command line": ("ERROR unwired-gate", "without it: `--coverageThreshold` takes the place of what is configured", package("jest --coverage --coverageThreshold={}", jest={"coverageThreshold": GLOBAL})),
    "options taken away": ("ERROR unwired-gate", "without it: `addopts=` takes the place of what is configured", {"pyproject.toml": MEASURED, CI: steps(run('pytest -o addopts=""'))}),
    "switched off": ("ERROR unwired-gate", "without measuring: `--no-cov` turns it off", {"pyproject.toml": MEASURED, CI: steps(run("pytest --no-cov"))}),
    "a tool by its file": ("ERROR unwired-gate", "judges coverage against 80% cannot fail", {CI: steps(run("node node_modules/vitest/vitest.mjs run --coverage --coverage.thresholds.lines=80 || true"))}),
    "c8 by its file": ("ERROR ignored-threshold", "only together with `check-coverage: true`", {**package("node ./bin/c8.js node t.js"), ".c8rc.json": '{"lines": 90}'}),
    "never switched on": ("ERROR unwired-gate", "without `--coverage` in", package("jest", jest={"coverageThreshold": GLOBAL})),
}  # fmt: skip

NOTHING: dict[str, dict[str, str]] = {
    "Codecov with an upload": codecov(TARGET, UPLOAD),
    "Codecov by its program": codecov(TARGET, run("codecovcli upload-process")),
    "Codecov by who knows what": codecov(TARGET, "uses: acme/publish@v1"),
    "a report on all files": {**RC, CI: steps(run("coverage run -m pytest\ncoverage report --include='src/*'"))},
    "two reports": {**RC, CI: steps(run("coverage run -m pytest\ncoverage report --include=src/a.py\ncoverage report --include=src/b.py"))},
    "both tools": {**package("nyc node t.js && c8 node t.js", nyc={"check-coverage": True, "lines": 90})},
    "an option of another plugin": {CI: steps(run("pytest --cov=src --cov-elsewhere=90"))},
    "jest by its file": package("node --experimental-vm-modules node_modules/jest/bin/jest.js --coverage", jest={"coverageThreshold": GLOBAL}),
    "c8 by its file, judging": {**package("node ./bin/c8.js --check-coverage node t.js"), ".nycrc": '{"lines": 90}'},
    "a figure that a script compares": {**RC, CI: steps(run("coverage run -m pytest\ncoverage json --fail-under=0\nif [ $(jq '.totals.percent_covered|floor' coverage.json) -lt 90 ]; then exit 1; fi"))},
}  # fmt: skip

SKIPPED = {
    "`mcr`, which package.json runs": package("mcr node t.js"),
    "`deno`, which .github/workflows/ci.yml runs": {CI: steps(run("deno test --coverage=cov"))},
    ".github/workflows/ci.yml may compare a figure": {CI: steps(run('pct=$(jq .total.lines.pct coverage/coverage-summary.json)\nif (( $(echo "$pct < 80" | bc -l) )); then exit 1; fi'))},
    "scripts/check-coverage.mjs may compare a figure": {"scripts/check-coverage.mjs": "if (summary.total.lines.pct < 90) process.exit(1)\n"},
    "Makefile may compare a figure": {"Makefile": "cov:\n\tcoverage report | awk '/TOTAL/ { if ($$4+0 < 80) exit 1 }'\n"},
}  # fmt: skip


@pytest.mark.parametrize(("rule", "text", "files"), FOUND.values(), ids=FOUND.keys())
def test_found(rule: str, text: str, files: dict[str, str]):
    (one,) = findings(files)
    assert (f"{one.severity.name} {one.rule}", text in one.message) == (rule, True), one.message


@pytest.mark.parametrize("files", NOTHING.values(), ids=NOTHING.keys())
def test_nothing_is_said(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []


@pytest.mark.parametrize(("text", "files"), SKIPPED.items(), ids=SKIPPED.keys())
def test_said_to_be_skipped(text: str, files: dict[str, str]):
    report, _ = engine.run(Context(Memory(files), Config(), None), [CHECKER])
    assert any(one.reason.startswith(text) for one in report.skipped)


@pytest.mark.parametrize(
    "script",
    [
        "jq .recovery x.json\nif [ $n -lt 3 ]; then exit 1; fi",  # of something else
        "coverage report | awk '{print $4}'",  # which only shows
        "coverage json\njq .totals coverage.json",
    ],
)
def test_scripts_that_compare_no_figure(script: str):
    report, _ = engine.run(Context(Memory({CI: steps(run(script))}), Config(), None), [CHECKER])
    assert not any("may compare a figure" in one.reason for one in report.skipped)


def test_a_gate_that_is_still_there_was_not_lost():
    files = {"jest.config.json": '{"coverageThreshold": {"global": {"lines": 90}}}', ".nycrc": '{"lines": 80}', CI: steps(run("npx jest --coverage"))}  # fmt: skip
    report, _ = engine.run(Context(Memory(files), Config(), Memory(files)), [CHECKER])
    assert [(one.rule, one.severity.name) for one in report.findings] == [("ignored-threshold", "WARNING")]
