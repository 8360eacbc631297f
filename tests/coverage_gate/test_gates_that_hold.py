"""Gates that hold by a way that is easily missed: nothing is said of them; and their neighbours, which do not hold."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from coverage import CoverageData

from coverage_gate.test_wiring import CI, findings, run, steps
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context, Options
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

if TYPE_CHECKING:
    from pathlib import Path

OTHER = "[pytest]\naddopts = --cov=app --cov-branch --cov-fail-under=90\n"
BARE = "[pytest]\naddopts = --cov-fail-under=90\n"
VITEST = "export default { test: { coverage: { thresholds: { lines: 90 } } } }\n"
SERVICE = "services:\n  tests:\n    image: x\n    command: pytest --cov=app --cov-branch --cov-fail-under=90\n"
LIMIT = "--cov=app --cov-branch --cov-fail-under=90"
GATED = {
    "pyproject.toml": "[tool.coverage.run]\nbranch = true\nsource = ['app']\n[tool.coverage.report]\nfail_under = 90\n"
}


def section(text: str) -> dict[str, str]:
    return {"pyproject.toml": f"[tool.pytest.ini_options]\n{text}\n"}


def workspace(runner: str, command: str) -> dict[str, str]:
    root = {"name": "root", "private": True, "workspaces": ["packages/*"], "devDependencies": {runner: "*"}}
    one = {"name": "a", "scripts": {"test": "vitest run"}, "devDependencies": {"vitest": "^3"}}
    files = {"package.json": json.dumps(root), "packages/a/package.json": json.dumps(one)}
    return {**files, "packages/a/vitest.config.ts": VITEST, CI: steps(run(command))}


def in_python(script: str) -> str:
    return f"shell: python\nrun: |\n  import subprocess\n  {script}"


def script(command: str, **keys: object) -> dict[str, str]:
    files = {"package.json": json.dumps({"scripts": {"test": command, **keys}}), "vitest.config.ts": VITEST}
    return {**files, CI: steps(run("npm test"))}


NIGHTLY = "on:\n  schedule: [{cron: '0 0 * * *'}]\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: pytest -m slow --cov --cov-fail-under=0\n"
HELD = {
    "-c beside a section that says nothing of coverage": {**section('addopts = "-q"'), "ci.ini": OTHER, CI: steps(run("pytest -c ci.ini tests"))},
    "-c beside a section without options": {**section('testpaths = ["tests"]'), "ci.ini": OTHER, CI: steps(run("pytest -c ci.ini"))},
    "-c in a recipe of make": {**section("markers = []"), "ci.ini": OTHER, "Makefile": "test:\n\tpytest --config-file=ci.ini\n", CI: steps(run("make test"))},
    "turbo hands on": workspace("turbo", "npx turbo run test -- --coverage"),
    "nx hands on": workspace("nx", "npx nx run-many -t test --parallel=3 --coverage"),
    "nx hands on what stands behind": workspace("nx", "npx nx run-many -t test -- --coverage"),
    "lerna hands on": workspace("lerna", "npx lerna run test -- --coverage"),
    "Python as the shell": {CI: steps(in_python(f'subprocess.check_call({["pytest", *LIMIT.split()]!r})'))},
    "Python, checked": {CI: steps(in_python(f'subprocess.run({["pytest", *LIMIT.split()]!r}, check=True)'))},
    "Python with a list made elsewhere": {CI: steps(in_python('subprocess.check_call(["pytest", *options, "--cov-fail-under=90"])'))},
    "a script in Perl": {CI: steps("shell: perl {0}\nrun: |\n  system('pytest', '--cov=app', '--cov-fail-under=90');")},
    "compose waits": {"compose.yml": SERVICE, CI: steps(run("docker compose up -d\ndocker compose wait tests"))},
    "compose waits in another step": {"compose.yml": SERVICE, CI: steps(run("docker compose up -d tests"), run("docker compose wait tests"))},
    "wireit": script("wireit"),
    "nps": script("nps test"),
    "projen": script("npx projen test"),
    "gulp": script("gulp test"),
    "grunt": script("npx grunt test --force"),
    "GNU parallel": {**GATED, CI: steps(run("parallel ::: 'pytest --cov=app' 'ruff check'"))},
    "nose": {**GATED, CI: steps(run("nosetests --with-coverage"))},
    "slipcover": {**GATED, CI: steps(run("python -m slipcover --fail-under 90 -m pytest"))},
    "scripts by a pattern": script("run-p lint test:*", **{"lint": "eslint .", "test:unit": "vitest run --coverage"}),
    "scripts by a deep pattern": script("run-s 'test:**'", **{"test:unit:fast": "vitest run --coverage"}),
    "words that npm hands to a script": {"package.json": '{"scripts": {"test": "pytest --cov=app"}}', CI: steps(run("npm test -- --cov-fail-under=90"))},
    "words that task hands to its tasks": {"Taskfile.yml": "version: '3'\ntasks:\n  test:\n    cmds: ['pytest --cov=app {{.CLI_ARGS}}']\n", CI: steps(run("task test -- --cov-fail-under=90"))},
    "a script of hatch.toml": {**GATED, "hatch.toml": "[envs.default.scripts]\ncov = 'pytest --cov=app {args:tests}'\n", CI: steps(run("hatch run cov"))},
    "a script of an environment of hatch.toml": {**GATED, "hatch.toml": "[envs.test.scripts]\nall = ['ruff check', 'pytest --cov']\n", CI: steps(run("hatch run test:all"))},
    "a part by night, all on each push": {**GATED, CI: steps(run('pytest -m "not slow" --cov')), ".github/workflows/nightly.yml": NIGHTLY},
}  # fmt: skip
LOST = {
    "-c without --cov, where only the section has it": ("unwired-gate", {**section('addopts = "--cov=app"'), "ci.ini": BARE, CI: steps(run("pytest -c ci.ini"))}),
    "turbo hands nothing on": ("unwired-gate", workspace("turbo", "npx turbo run test")),
    "nx keeps its own": ("unwired-gate", workspace("nx", "npx nx run-many -t test --verbose --parallel=3")),
    "Python, unchecked": ("unwired-gate", {CI: steps(in_python(f'subprocess.run({["pytest", *LIMIT.split()]!r})'))}),
    "compose waits for another": ("unwired-gate", {"compose.yml": f"{SERVICE}  db:\n    image: y\n", CI: steps(run("docker compose up -d\ndocker compose wait db"))}),
    "scripts by a pattern, without": ("unwired-gate", script("run-p test:*", **{"test:unit": "vitest run", "test:deep:er": "vitest run --coverage"})),
    "a script of hatch.toml, without": ("unwired-gate", {**GATED, "hatch.toml": "[envs.default.scripts]\ncov = 'pytest'\n", CI: steps(run("hatch run cov"))}),
    "on each push nothing": ("unwired-gate", {**GATED, CI: steps(run("pytest --cov --cov-fail-under=0")), ".github/workflows/nightly.yml": NIGHTLY.replace(" --cov-fail-under=0", "")}),
}  # fmt: skip


@pytest.mark.parametrize("files", HELD.values(), ids=HELD.keys())
def test_a_gate_that_holds(files: dict[str, str]):
    assert [one.message for one in findings(files)] == []


@pytest.mark.parametrize(("rule", "files"), LOST.values(), ids=LOST.keys())
def test_a_gate_that_does_not(rule: str, files: dict[str, str]):
    assert rule in {one.rule for one in findings(files)}


@pytest.mark.parametrize("plugin", ["django_coverage_plugin.DjangoTemplatePlugin", "other.Tracer"])
@pytest.mark.parametrize("branches", [False, True])
def test_data_that_a_plugin_measured_is_not_known(tmp_path: Path, plugin: str, branches: bool):  # noqa: FBT001 - a case
    data = CoverageData(basename=str(tmp_path / ".coverage"))
    if branches:
        data.add_arcs({"/w/a.py": [(-1, 1), (1, -1)], "/w/page.html": [(1, 2)]})
    else:
        data.add_lines({"/w/a.py": [1], "/w/page.html": [1, 2]})
    data.add_file_tracers({"/w/page.html": plugin})
    data.write()
    data.close(force=True)
    files = {"a.py": "x = 1\n", "page.html": "a\nb\n", ".coverage": (tmp_path / ".coverage").read_bytes()}
    context = Context(Memory(files), Config(), None, Options(reports=(".coverage",)))
    report, _ = engine.run(context, [CHECKER])
    assert report.findings == ()
    (unknown,) = report.unknowns
    assert (unknown.reason, plugin in unknown.message) == ("unreadable-coverage-data", True)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".coveragerc", "[report]\ninclude =\n    app/*\n"),
        ("pyproject.toml", '[tool.coverage.report]\ninclude = ["app/*"]\nomit = ["tests/*"]\n'),
        ("setup.cfg", "[coverage:report]\ninclude = app/a.py\n"),
    ],
)
def test_a_report_of_some_files(tmp_path: Path, path: str, text: str):
    sources = {"app/a.py": "x = 1\nif x > 1:\n    x = 2\n    x = 3\n", "tests/test_a.py": "y = 1\nz = 1\n"}
    data = CoverageData(basename=str(tmp_path / ".coverage"))
    data.add_lines({"/w/app/a.py": [1, 2], "/w/tests/test_a.py": [1, 2]})
    data.write()
    data.close(force=True)
    files = {**sources, path: f"{text}fail_under = 60\n", ".coverage": (tmp_path / ".coverage").read_bytes()}
    report, _ = engine.run(Context(Memory(files), Config(), None, Options(reports=(".coverage",))), [CHECKER])
    assert ["50.00% (2 of 4)" in one.message for one in report.findings if one.rule == "coverage-below-threshold"] == [
        True
    ]


BROKEN = "[build-system]\nrequires = ['bad' 'syntax']\n"


def test_a_broken_file_that_says_nothing_of_coverage_is_what_tests_read():
    rules = {one.rule for one in findings({"tests/packages/bad/pyproject.toml": BROKEN, "pyproject.toml": GATED})}
    assert "invalid-coverage-config" not in rules
    named = BROKEN + "[tool.coverage.report]\nfail_under = 90\n"
    for path, text in (("tests/packages/bad/pyproject.toml", named), ("pyproject.toml", BROKEN)):
        assert "invalid-coverage-config" in {one.rule for one in findings({path: text})}
