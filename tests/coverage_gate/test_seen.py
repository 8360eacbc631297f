"""Every error about coverage names the command that shows it, and its folder."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from example_runs import check, context_of
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context, Options
from fr_check.core.model import Finding, Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

if TYPE_CHECKING:
    from pathlib import Path

RUN = re.compile(
    r"to see it, run `((?:[A-Z_]+=(?:'[^']*'|\S+) )?(?:python -m )?(?:pytest|coverage|diff-cover|npx (?:vitest|jest|nyc|c8))[^`]*)` in (?:`([^`]+)`|the root folder)"
)
WORKFLOW = "on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: {}\n"
OPTIONS = "[tool:pytest]\naddopts = --cov=app --cov-branch --cov-fail-under=90\n"
GATE = "export default { test: { coverage: { thresholds: { lines: 90 } } } }\n"


def command(finding: Finding) -> tuple[str, str]:
    (found,) = [match for note in finding.notes if (match := RUN.search(note.message))]
    return found[1], found[2] or ""


@pytest.mark.parametrize("rule", CHECKER.rules, ids=lambda rule: rule.id)
def test_each_error_of_each_rule(rule, tmp_path: Path):
    context = context_of(rule.bad, tmp_path / "example")
    # A report that is committed is only warned of; one that is given is judged.
    given = tuple(path for path in context.repository.paths() if "lcov" in path or path.endswith("coverage.xml"))
    if rule.id in {one.rule for one in check(rule, context).findings if one.severity < Severity.ERROR}:
        context = Context(context.repository, context.config, context.base, Options(reports=given))
    report = check(rule, context)
    for finding in report.findings:
        assert any(RUN.search(note.message) for note in finding.notes) == (finding.severity >= Severity.ERROR)
    errors = [finding for finding in report.findings if finding.rule == rule.id and finding.severity >= Severity.ERROR]
    unjudged = [item for item in report.unknowns if item.reason == rule.id]
    assert errors or unjudged or rule.severity < Severity.ERROR


CASES = {
    "options": ({"a/pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=95%"\n'}, "pytest", "a"),
    "a source": ({"setup.cfg": "[coverage:run]\nsource = src\n[coverage:report]\nfail_under = 95%\n"}, "pytest --cov=src", ""),
    "a report": (
        {"setup.cfg": "[report]\nfail_under = 95\n", "ci": WORKFLOW.format("coverage run -m pytest && coverage report")},
        "coverage run -m pytest && coverage report",
        "",
    ),
    "vitest": ({"web/vitest.config.ts": GATE, "ci": WORKFLOW.format("cd web && npx vitest run --coverage || true")}, "npx vitest run --coverage", "web"),
    "jest": (
        {"jest.config.js": "module.exports = { projects: [{ coverageThreshold: { global: { lines: 9 } } }] }\n", "ci": WORKFLOW.format("npx jest --coverage")},
        "npx jest --coverage",
        "",
    ),
    "changes": ({"ci": WORKFLOW.format("diff-cover coverage.xml --fail-under=90 || true")}, "diff-cover coverage.xml --fail-under=90", ""),
    "nyc": ({"a/.nycrc": '{"lines": 90}', "ci": WORKFLOW.format("cd a && npx nyc mocha")}, "npx nyc mocha", "a"),
    "what turns it off": ({"setup.cfg": OPTIONS, "ci": WORKFLOW.format("python -m pytest --no-cov tests")}, "python -m pytest --no-cov tests", ""),
    "what a variable adds": ({"setup.cfg": OPTIONS, "ci": WORKFLOW.format("PYTEST_ADDOPTS=--no-cov pytest")}, "PYTEST_ADDOPTS=--no-cov pytest", ""),
    "what tox sets": (
        {"setup.cfg": OPTIONS, "tox.ini": "[testenv]\nsetenv =\n    PYTEST_ADDOPTS = --no-cov -q\ncommands = pytest\n", "ci": WORKFLOW.format("tox")},
        "PYTEST_ADDOPTS='--no-cov -q' pytest",
        "",
    ),
    "the threshold itself": ({"Makefile": "N = 90\ntest:\n\t-pytest --cov=app --cov-fail-under=$(N)\n", "ci": WORKFLOW.format("make test")}, "pytest --cov=app --cov-fail-under=90", ""),
    "in another folder": ({"setup.cfg": "[coverage:report]\nfail_under = 90\n", "ci": WORKFLOW.format("cd tests && pytest --cov=app")}, "pytest --cov=app", "tests"),
    "a report after a run": (
        {"ci": WORKFLOW.format("coverage run --source=app -m pytest; coverage report --fail-under=90 || true")},
        "coverage run --source=app -m pytest && coverage report --fail-under=90",
        "",
    ),
    "through a script of a package": (
        {"web/package.json": '{"scripts": {"test": "vitest run --coverage"}}', "web/vitest.config.ts": GATE, "ci": WORKFLOW.format("npm --prefix web test -- --coverage.enabled=false")},
        "npx vitest run --coverage --coverage.enabled=false",
        "web",
    ),
    "jest's own": (
        {"package.json": '{"jest": {"coverageThreshold": {"global": {"lines": 90}}}}', "ci": WORKFLOW.format("npx jest --coverage --coverageThreshold={}").replace("={}", "='{}'")},
        "npx jest --coverage --coverageThreshold='{}'",
        "",
    ),
    "where a variable of the shell is": ({"setup.cfg": OPTIONS, "ci": WORKFLOW.format("pytest --junitxml=$OUT --no-cov")}, "pytest --junitxml=$OUT --no-cov", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_of_each_run(name: str):
    files, run, folder = CASES[name]
    named = {".github/workflows/ci.yml" if path == "ci" else path: text for path, text in files.items()}
    report = engine.run(Context(Memory(named), Config(), None), [CHECKER])[0]
    errors = [finding for finding in report.findings if finding.severity >= Severity.ERROR]
    assert [command(finding) for finding in errors] == [(run, folder)] * len(errors)
    assert errors


def test_data_says_what_was_measured():
    report = "TN:\nSF:app/a.py\nDA:1,1\nDA:2,0\nend_of_record\n"
    files = {"setup.cfg": "[coverage:report]\nfail_under = 90\n", "app/a.py": "a = 1\nb = 2\n", "cov.lcov": report}
    found = engine.run(Context(Memory(files), Config(), None, Options(reports=("cov.lcov",))), [CHECKER])[0].findings
    assert [command(one) for one in found if one.severity >= Severity.ERROR] == [("pytest --cov=app", "")]


@pytest.mark.parametrize("where", ["cov.mk", "mk/cov.mk"])
def test_what_a_makefile_includes_runs_where_make_runs(where: str):
    files = {
        "Makefile": f"include {where.replace('cov', '*')}\ntest: cov-app\n",
        ".github/workflows/ci.yml": WORKFLOW.format("make test"),
    }
    before, after = ({**files, where: f"cov-%:\n\tpytest --cov=$* --cov-fail-under={limit}\n"} for limit in (90, 50))
    report = engine.run(Context(Memory(after), Config(), Memory(before)), [CHECKER])[0]
    (error,) = [one for one in report.findings if one.severity >= Severity.ERROR]
    assert command(error) == ("pytest --cov=app --cov-fail-under=50", "")
