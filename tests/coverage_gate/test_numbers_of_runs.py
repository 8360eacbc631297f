"""Which number a command states, where it is no literal, and which run it belongs to."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

CI = ".github/workflows/ci.yml"
GATE = '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=90"\n'


def run(script: str) -> str:
    body = script.replace("\n", "\n          ")
    return f"on: [push]\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: |\n          {body}\n"


def told(files: dict[str, str]) -> tuple[list[str], list[tuple[float | None, str, str]]]:
    report, facts = engine.run(Context(Memory(files), Config(), None), [CHECKER])
    rules = [one.rule for one in report.findings if one.severity >= Severity.WARNING]
    return rules, [(one.value, one.component or "", one.part) for one in facts["coverage"].declared.places]


NUMBERS: dict[str, tuple[dict[str, str], float | None]] = {
    "a default of tox": ({"tox.ini": "[testenv]\ncommands = pytest --cov=src --cov-fail-under={env:MIN:85}\n"}, 85),
    "a variable of tox": ({"tox.ini": "[testenv]\ncommands = pytest --cov=src --cov-fail-under={env:MIN}\n"}, None),
    "a variable that tox sets": ({"tox.ini": "[testenv]\nsetenv = MIN = 85\ncommands = pytest --cov=src --cov-fail-under={env:MIN:10}\n"}, 85),
    "a variable that two environments set": ({"tox.ini": "[testenv]\nsetenv = MIN=85\ncommands = pytest --cov=src --cov-fail-under={env:MIN}\n[testenv:x]\nsetenv = MIN=90\n"}, None),
    "arguments of tox": ({"tox.ini": "[testenv]\ncommands = pytest --cov=src {posargs:--cov-fail-under=85}\n"}, 85),
    "another section of tox": ({"tox.ini": "[base]\nmin = 85\n[testenv]\ncommands = pytest --cov=src --cov-fail-under={[base]min}\n"}, 85),
    "a variable of make": ({"Makefile": "MIN ?= 85\ntest:\n\tpytest --cov=src --cov-fail-under=$(MIN)\n"}, 85),
    "a default of the shell": ({CI: run('pytest --cov=src --cov-fail-under="${MIN:-85}"')}, 85),
    "a variable of the shell": ({CI: run("MIN=85\npytest --cov=src --cov-fail-under=$MIN")}, 85),
    "a default of an expression": ({CI: run("pytest --cov=src --cov-fail-under=${{ inputs.min || '85' }}")}, 85),
    "an expression": ({CI: run("pytest --cov=src --cov-fail-under=${{ inputs.min }}")}, None),
    "a variable of batch files": ({CI: run("pytest --cov=src --cov-fail-under=%MIN%")}, None),
    "a shell in a container": ({CI: run("docker run --rm --entrypoint /bin/bash img -c 'pytest --cov=src --cov-fail-under=85'")}, 85),
    "a configuration above the tests that are named": ({"a/pytest.ini": "[pytest]\naddopts = --cov=src --cov-fail-under=85\n", CI: run("pytest a/tests")}, 85),
    "a configuration in their folder": ({"tests/pytest.ini": "[pytest]\naddopts = --cov=src --cov-fail-under=85\n", CI: run("pytest tests/test_a.py::test tests/test_b.py")}, 85),
    "a configuration that is named": ({"conf/ci.ini": "[pytest]\naddopts = --cov=src --cov-fail-under=85\n", CI: run("pytest -c conf/ci.ini")}, 85),
    "an environment of tox.toml": ({"tox.toml": '[env.cov]\ncommands = [["pytest", "--cov=src", "--cov-fail-under=85"]]\n', CI: run("tox run -e cov")}, 85),
    "a default of coverage's own": ({".coveragerc": "[report]\nfail_under = ${MIN-85}\n", CI: run("coverage run -m pytest && coverage report")}, 85),
    "a tool with a version": ({"package.json": '{"nyc": {"check-coverage": true, "lines": 85}}', CI: run("npx -y nyc@15 mocha")}, 85),
    "a command": ({CI: run("pytest --cov=src --cov-fail-under=`cat min`")}, None),
    "a constant of a script": ({"scripts/t.py": "MIN = 85\nrun(['pytest', '--cov=src', '--cov-fail-under', str(MIN), 'tests'])\n"}, 85),
    "a name of a script": ({"scripts/t.py": "run(['coverage', 'report', '--fail-under', str(x), '--include', y])\n"}, None),
    "a number of a script": ({"scripts/t.py": "run(['coverage', 'report', '--fail-under', 85, *more])\n"}, 85),
    "a call in a script": ({"scripts/t.py": "run(['pytest', '--cov=src', '--cov-fail-under', limit(), 'tests'])\n"}, None),
    "a string with a constant": ({"scripts/t.py": "MIN = '85'\nrun(['pytest', f'--cov-fail-under={MIN}'])\n"}, 85),
    "a session of nox": ({"noxfile.py": "def t(session):\n    session.run('coverage', 'report', '--fail-under', str(MIN))\n"}, None),
}  # fmt: skip


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_no_literal_is_no_mistake(name: str):
    files, value = NUMBERS[name]
    rules, places = told(files)
    assert rules == []
    assert [place[0] for place in places] == [value]


@pytest.mark.parametrize("word", ["85%", "high", "8s5"])
def test_a_literal_that_is_no_number_is_one(word: str):
    assert told({CI: run(f"pytest --cov=src --cov-fail-under={word}")})[0] == ["invalid-coverage-config"]


OF_RUNS: dict[str, dict[str, str]] = {
    "environments of tox": {"tox.ini": "[testenv:a]\ncommands =\n  coverage run -m pytest tests/a\n  coverage report --fail-under=90\n[testenv:b]\ncommands =\n  coverage run -m pytest tests/b\n  coverage report --fail-under=60\n"},
    "sessions of nox": {"noxfile.py": "def a(session):\n    session.run('coverage', 'run', '-m', 'pytest', 'tests/a')\n    session.run('coverage', 'report', '--fail-under=90')\ndef b(session):\n    session.run('coverage', 'run', '-m', 'pytest', 'tests/b')\n    session.run('coverage', 'report', '--fail-under=60')\n"},
    "packages": {
        "vitest.config.ts": "export default { test: { coverage: { thresholds: { lines: 80 } } } }\n",
        "a/package.json": '{"scripts": {"test": "vitest run --coverage --coverage.thresholds.lines=90"}}',
        "b/package.json": '{"scripts": {"test": "vitest run --coverage --coverage.thresholds.lines=60"}}',
    },
    "scripts of a package": {"package.json": '{"scripts": {"a": "c8 --check-coverage --lines 90 mocha test/a", "b": "c8 --check-coverage --lines 60 mocha test/b"}}'},
    "configurations of jest": {"package.json": '{"scripts": {"a": "jest --coverage --coverageThreshold=\'{\\"global\\":{\\"lines\\":90}}\' -c a.js", "b": "jest --coverage --coverageThreshold=\'{\\"global\\":{\\"lines\\":60}}\' -c b.js"}}'},
    "targets of make": {"Makefile": "a:\n\tpytest tests/a --cov=src --cov-fail-under=90\nb:\n\tpytest tests/b --cov=src --cov-fail-under=60\n"},
    "figures of a sentence": {"pyproject.toml": GATE, "README.md": "Coverage must be at least 90%, and doctest coverage at least 75%.\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", OF_RUNS)
def test_numbers_of_different_runs_do_not_contradict_each_other(name: str):
    rules, places = told(OF_RUNS[name])
    assert "contradicting-threshold" not in rules
    assert len({place[1:] for place in places}) == len(places)


def test_numbers_of_one_run_do():
    scripts = '{"scripts": {"a": "c8 --check-coverage --lines 90 mocha", "b": "c8 --check-coverage --lines 60 mocha"}}'
    assert told({"package.json": scripts})[0] == ["contradicting-threshold"]


@pytest.mark.parametrize(
    ("words", "rules"),
    [("tests", True), ("tests/", True), ("./tests/ -v", True), ("tests/unit", False), ("lib/", False)],
)
def test_all_of_the_tests_are_no_part_of_them(words: str, rules: bool):  # noqa: FBT001 - a case
    files = {"pyproject.toml": GATE, CI: run(f"pytest {words} --cov=src --cov-fail-under=10")}
    assert ("contradicting-threshold" in told(files)[0]) is rules
