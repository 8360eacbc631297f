"""Numbers that their tool does not read where they stand (`ignored-threshold`)."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Finding, Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CI = ".github/workflows/ci.yml"
OTHERS = {"unwired-gate", "contradicting-threshold"}


def findings(files: Mapping[str, str]) -> list[Finding]:
    report = engine.run(Context(Memory(files), Config(), None), [CHECKER])[0]
    assert not OTHERS.intersection(item.rule for item in report.findings), "one number, one finding"
    return [item for item in report.findings if item.rule == "ignored-threshold"]


def workflow(*scripts: str) -> str:
    steps = "".join(f"      - run: {script}\n" for script in scripts)
    return f"on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n{steps}"


PYTHON = {
    "setup.cfg": [
        ("[report]\nfail_under = 90\n", "below [coverage:report]"),
        ("[coverage]\nfail_under = 90\n", "below [coverage:report]"),
        ("[coverage:run]\nfail_under = 90\n", "below [coverage:report]"),
        ("[Coverage:Report]\nfail_under = 90\n", "below [coverage:report]"),
        ("[DEFAULT]\nfail_under = 90\n[coverage:run]\nbranch = false\n", "below [coverage:report]"),
        ("[DEFAULT]\nfail_under = 90\n[coverage:report]\nskip_empty = true\n", ""),
        ("[coverage:report]\nfail_under = 90\n", ""),
    ],
    "tox.ini": [
        ("[report]\nfail_under = 90\n", "below [coverage:report]"),
        ("[COVERAGE:REPORT]\nFAIL_UNDER = 90\n", "below [coverage:report]"),
    ],
    "pyproject.toml": [
        ("[tool.coverage]\nfail_under = 90\n", "below [tool.coverage.report]"),
        ("[tool.coverage.run]\nfail_under = 90\n", "below [tool.coverage.report]"),
        ("[tool.coverage.report]\nfail-under = 90\n", "below [tool.coverage.report]"),
        ("[coverage.report]\nfail_under = 90\n", "below [tool.coverage.report]"),
        ("[Tool.Coverage.report]\nfail_under = 90\n", "below [tool.coverage.report]"),
        ("[tool.coverage.report]\nFAIL_UNDER = 90\n", "below [tool.coverage.report]"),
        ("[tool.coverage.report]\nfail_under = 90\n", ""),
    ],
    ".coveragerc": [
        ("[run]\nfail_under = 90\n", "below [report]"),
        ("[REPORT]\nfail_under = 90\n", "below [report]"),
        ("[ report ]\nfail_under = 90\n", "below [report]"),
        ("[DEFAULT]\nfail_under = 90\n", "below [report]"),
        ("[DEFAULT]\nfail_under = 90\n[report]\n", ""),
        ("[html]\nfail_under = 90\n", "below [report]"),
        ("[xml]\nfail_under = 90\n", "below [report]"),
        ("[report]\nfail-under = 90\n", "below [report]"),
        ("[report]\nFAIL_UNDER = 90\n", ""),
        ("[coverage:report]\nfail_under = 90\n", ""),
    ],
    "pytest.ini": [("[coverage:report]\nfail_under = 90\n", "below [report] of .coveragerc")],
    ".coveragerc.toml": [
        ("[run]\nfail_under = 90\n", "below [tool.coverage.report]"),
        ("[Report]\nfail_under = 90\n", "below [tool.coverage.report]"),
        ("[report]\nfail_under = 90\n", ""),
        ("[tool.coverage.report]\nfail_under = 90\n", ""),
    ],
}


@pytest.mark.parametrize(
    ("name", "content", "where"), [(name, *case) for name, cases in PYTHON.items() for case in cases]
)
def test_python_as_coverage_itself_decides(name: str, content: str, where: str, tmp_path: Path):
    found = findings({name: content})
    assert [where in item.message for item in found] == ([True] if where else [])
    (tmp_path / name).write_text(content)
    (tmp_path / "half.py").write_text("import sys\nif len(sys.argv) > 9:\n    a = 1\n    b = 2\n")

    def coverage(*arguments: str) -> int:
        return subprocess.run(
            [sys.executable, "-m", "coverage", *arguments], cwd=tmp_path, capture_output=True, check=False
        ).returncode

    assert coverage("run", "--source=.", "half.py") == 0
    assert (coverage("report") == 0) == bool(where)


PYTEST = {
    "pytest.ini": "[pytest]\naddopts = --cov=half\n%s = 90\n",
    ".pytest.ini": "[pytest]\naddopts = --cov=half\n%s = 90\n",
    "tox.ini": "[pytest]\naddopts = --cov=half\n%s = 90\n",
    "setup.cfg": "[tool:pytest]\naddopts = --cov=half\n%s = 90\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--cov=half'\n%s = 90\n",
    "pytest.toml": "[pytest]\naddopts = ['--cov=half']\n%s = 90\n",
}


@pytest.mark.parametrize("key", ["fail_under", "cov_fail_under", "cov-fail-under"])
@pytest.mark.parametrize("name", PYTEST)
def test_pytest_knows_no_such_option_in_its_files(name: str, key: str):
    (found,) = findings({name: PYTEST[name] % key, CI: workflow("pytest")})
    assert found.severity == Severity.ERROR
    assert "counts only as `--cov-fail-under` in `addopts`" in found.message


ADDOPTS = "--cov=half --cov-fail-under=90"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("pytest.ini", f"[pytest]\nADDOPTS = {ADDOPTS}\n"),
        ("pytest.ini", f"[PYTEST]\naddopts = {ADDOPTS}\n"),
        ("pytest.ini", f"[DEFAULT]\naddopts = {ADDOPTS}\n[pytest]\n"),
        ("tox.ini", f"[pytest]\nadd-opts = {ADDOPTS}\n"),
        ("setup.cfg", f"[Tool:Pytest]\naddopts = {ADDOPTS}\n"),
        ("pyproject.toml", f"[tool.pytest.INI_OPTIONS]\naddopts = '{ADDOPTS}'\n"),
        ("pyproject.toml", f"[tool.pytest.ini-options]\naddopts = '{ADDOPTS}'\n"),
        ("pyproject.toml", f"[tool.pytest.ini_options]\nAddOpts = '{ADDOPTS}'\n"),
        ("pytest.toml", "[pytest]\nAddOpts = ['--cov=half', '--cov-fail-under=90']\n"),
    ],
)
def test_pytest_reads_one_spelling(name: str, content: str):
    (found,) = findings({name: content, CI: workflow("pytest --cov=half")})
    assert (found.severity, "counts only in `addopts` below" in found.message) == (Severity.ERROR, True)
    right = content.replace("DEFAULT", "x").lower().replace("add-opts", "addopts").replace("ini-options", "ini_options")
    right = right.replace("[x]\n", "[pytest]\n").removesuffix("[pytest]\n")
    assert findings({name: right, CI: workflow("pytest --cov=half")}) == []


NODE = {
    "outside of `test`": "export default { coverage: { thresholds: { lines: 90 } } }\n",
    "jest's key": "export default { test: { coverage: { coverageThreshold: { lines: 90 } } } }\n",
    "jest's key, with global": "export default { test: { coverageThreshold: { global: { lines: 90 } } } }\n",
}


@pytest.mark.parametrize("name", NODE)
@pytest.mark.parametrize("file", ["vitest.config.ts", "vite.config.mjs"])
def test_vitest_reads_it_directly_in_its_thresholds(name: str, file: str):
    (found,) = findings({file: NODE[name], CI: workflow("npx vitest run --coverage")})
    assert "counts only directly in `test.coverage.thresholds`" in found.message


def test_a_part_of_test_by_a_name_counts():
    named = "const coverage = { coverage: { thresholds: { lines: 90 } } }\nexport default { test: { ...coverage } }\n"
    assert findings({"vitest.config.ts": named, CI: workflow("npx vitest run --coverage")}) == []


def test_a_workflow_that_relies_on_it_makes_it_an_error():
    setup = {"setup.cfg": "[report]\nfail_under = 90\n"}
    runs = {CI: workflow("coverage run -m pytest", "coverage report")}
    assert [item.severity for item in findings(setup)] == [Severity.WARNING]
    assert [item.severity for item in findings(setup | runs)] == [Severity.ERROR]
    gated = {CI: workflow("coverage run -m pytest", "coverage report --fail-under=90")}
    assert [item.severity for item in findings(setup | gated)] == [Severity.WARNING]


def test_a_file_that_a_command_names_is_coverages_own():
    assert (
        findings({"setup.cfg": "[report]\nfail_under = 90\n", CI: workflow("coverage report --rcfile=setup.cfg")}) == []
    )


def test_a_file_that_addopts_name_is_coverages_own():
    setup = "[report]\nfail_under = 90\n[tool:pytest]\naddopts = --cov=src --cov-config=setup.cfg\n"
    assert findings({"setup.cfg": setup, CI: workflow("pytest")}) == []


VITEST = "import {{ defineConfig }} from 'vitest/config'\nexport default defineConfig({{ test: {{ {} }} }})\n"


@pytest.mark.parametrize(
    ("name", "content", "where"),
    [
        ("vitest.config.ts", "coverage: { thresholds: { global: { lines: 90, branches: 80 } } }", "directly in"),
        ("vitest.config.ts", "coverage: { thresholds: { global: { 100: true } } }", "directly in"),
        ("vite.config.ts", "coverage: { threshold: { lines: 90 } }", "directly in"),
        ("vite.config.ts", "coverage: { threshold: { global: { lines: 90 } } }", "directly in"),
        ("vitest.config.ts", "thresholds: { lines: 90 }", "directly in"),
        ("vitest.config.ts", "projects: [{ test: { coverage: { thresholds: { lines: 90 } } } }]", "root configuration"),
        ("vitest.config.ts", "Coverage: { thresholds: { lines: 90 } }", "directly in"),
        ("vitest.config.ts", "coverage: { Thresholds: { lines: 90 } }", "directly in"),
        ("vitest.config.ts", "coverage: { thresholds: { Lines: 90 } }", "as `lines`"),
        ("vitest.config.ts", "coverage: { thresholds: { 'src/**': { branch: 90 } } }", "as `branches`"),
        ("vitest.config.ts", "coverage: { watermarks: { lines: [80, 90] } }", ""),
        ("vitest.config.ts", "coverage: { thresholds: { lines: 90 } }", ""),
        ("vitest.config.ts", "coverage: { thresholds: { 'src/**': { lines: 90 } } }", ""),
    ],
)
def test_vitest(name: str, content: str, where: str):
    found = findings({name: VITEST.format(content), CI: workflow("npx vitest run --coverage")})
    assert [where in item.message for item in found] == ([True] if where else [])
    assert all(item.severity == Severity.ERROR for item in found)


def test_numbers_beside_a_gate_of_vitest_are_a_warning():
    both = "coverage: { thresholds: { lines: 90, global: { lines: 95 } } }"
    found = findings({"vitest.config.ts": VITEST.format(both), CI: workflow("npx vitest run --coverage")})
    assert [item.severity for item in found] == [Severity.WARNING]


def test_jest_reads_no_threshold_of_a_project():
    project = "module.exports = { projects: [{ displayName: 'a', coverageThreshold: { global: { lines: 90 } } }] }"
    (item,) = findings({"jest.config.js": project})
    assert "beside `projects`" in item.message
    assert findings({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }"}) == []


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({".nycrc": '{"lines": 90, "branches": 80}'}, 1),
        ({".nycrc.yml": "lines: 90\n"}, 1),
        ({"package.json": '{"nyc": {"lines": 90}, "scripts": {"test": "nyc mocha"}}'}, 1),
        ({"package.json": '{"scripts": {"test": "c8 --lines 90 mocha"}}'}, 1),
        ({".nycrc": '{"lines": 90, "check-coverage": true}'}, 0),
        ({".nycrc": '{"lines": 90, "check-coverage": false}'}, 1),
        ({".nycrc": '{"lines": 90, "extends": "./base.json"}'}, 0),
        ({"nyc.config.js": "module.exports = { ...require('./base'), lines: 90 }"}, 0),
        ({".nycrc": '{"lines": 90}', "package.json": '{"scripts": {"test": "c8 report --check-coverage"}}'}, 0),
        ({".nycrc": '{"lines": 90}', "package.json": '{"scripts": {"test": "nyc check-coverage"}}'}, 0),
        ({".c8rc.json": '{"check-coverage": true}', "package.json": '{"scripts": {"t": "c8 --lines 90 mocha"}}'}, 0),
        ({".nycrc": '{"lines": 0}'}, 0),
        ({".nycrc": '{"CHECK_COVERAGE": true, "Lines": 90}'}, 0),  # nyc makes camel case of its keys
        ({".nycrc": '{"check-coverage": true, "line": 90}'}, 1),
        ({".nycrc": '{"check-coverage": true, "thresholds": {"lines": 90}}'}, 1),
        ({".c8rc.json": '{"check-coverage": true, "Lines": 90}'}, 1),
        ({".nycrc.js": "module.exports = { 'check-coverage': true, lines: 90 }"}, 1),
        ({"c8.config.js": "module.exports = { 'check-coverage': true, lines: 90 }"}, 1),
        ({"package.json": '{"NYC": {"check-coverage": true, "lines": 90}}'}, 1),
        ({"package.json": '{"Jest": {"coverageThreshold": {"global": {"lines": 90}}}}'}, 1),
        ({"jest.config.js": "module.exports = { coverageThreshold: { global: { Lines: 90 } } }"}, 1),
        ({"package.json": '{"scripts": {"t": "vitest run --coverage --coverage.threshold.lines=90"}}'}, 1),
        ({"package.json": '{"scripts": {"t": "vitest run --coverage --coverage.Thresholds.line 90"}}'}, 1),
    ],
)
def test_nyc_and_c8(files: Mapping[str, str], count: int):
    assert len(findings(files)) == count


@pytest.mark.parametrize(
    ("own", "script", "count"),
    [
        ({"nyc.config.js": "module.exports = { 'check-coverage': true, lines: 95 }"}, "nyc ava", 1),
        ({"nyc.config.js": "module.exports = { ...require('../all'), lines: 95 }"}, "nyc --check-coverage ava", 1),
        ({".nycrc": '{"check-coverage": true, "lines": 80}'}, "nyc mocha", 1),
        ({".nycrc": '{"check-coverage": true, "branches": 80}'}, "nyc mocha", 0),  # the two are merged
        ({".nycrc": '{"check-coverage": true, "lines": 95}'}, "nyc --lines 99 mocha", 0),
        ({".nycrc": '{"check-coverage": true, "lines": 95}'}, "nyc --nycrc-path other.json mocha", 0),
    ],
)
def test_a_file_of_nyc_comes_before_its_key_in_package_json(own: Mapping[str, str], script: str, count: int):
    package = f'{{"nyc": {{"check-coverage": true, "lines": 90}}, "scripts": {{"test": "{script}"}}}}'
    found = findings({"package.json": package, CI: workflow("npm test"), **own}) if count else []
    assert [item.location.path for item in found] == ["package.json"] * count
    assert all(f"counts only in {next(iter(own))}" in item.message for item in found)
    if not count:
        report = engine.run(
            Context(Memory({"package.json": package, CI: workflow("npm test"), **own}), Config(), None), [CHECKER]
        )[0]
        assert "ignored-threshold" not in {item.rule for item in report.findings}


def test_a_switch_on_the_command_line_makes_the_files_numbers_a_gate():
    scripts = {"package.json": '{"scripts": {"test": "c8 report --check-coverage"}}'}

    def rules(before: str, after: str) -> list[str]:
        context = Context(Memory(scripts | {".nycrc": after}), Config(), Memory(scripts | {".nycrc": before}))
        return [item.rule for item in engine.run(context, [CHECKER])[0].findings]

    assert rules('{"lines": 95}', '{"lines": 60}') == ["lowered-threshold"]
    assert rules('{"lines": 95}', '{"lines": 95}') == []
