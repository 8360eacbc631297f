"""Whole repositories of junk: nothing raises, nothing hangs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

NAMES = [
    "pyproject.toml",
    "pytest.ini",
    "pytest.toml",
    "tox.ini",
    "setup.cfg",
    ".coveragerc",
    ".coveragerc.toml",
    "noxfile.py",
    "scripts/a.py",
    "scripts/b.sh",
    "scripts/c",
    "package.json",
    "web/vitest.config.ts",
    "web/jest.config.js",
    ".nycrc",
    "moon.yml",
    "Makefile",
    "justfile",
    "Dockerfile",
    ".pre-commit-config.yaml",
    ".github/workflows/ci.yml",
    "codecov.yml",
    "README.md",
    "src/a.py",
]
PIECES = [
    "[tool.pytest.ini_options]\naddopts = '--cov --cov-fail-under=95'\n",
    "[pytest]\naddopts = --cov-fail-under=95 --no-cov\n",
    "[run]\nomit = *\n[report]\nfail_under = 95%\nexclude_also =\n    .\n",
    "[tool.coverage.run]\nomit = ['main.py', 'a**']\n",
    "on: push\njobs:\n  a:\n    steps:\n      - run: make test\n",
    "test: test\n\tmake test\n\tpytest --cov-fail-under=0 || true\n",
    '{"scripts": {"test": "npm test"}, "jest": {"coverageThreshold": {"global": {"lines": -1}}}}',
    "tasks:\n  test:\n    command: moon run :test\n    deps: [test]\n",
    "Coverage must be >= 95%. | 1% |\n```\n",
    "x = ['--cov-fail-under=94'] # pragma: no cover\n",
    "\x00",
    "\ufeff",
    "\r",
    "'",
    '"""',
    "[[",
    "{",
]


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES), max_size=3).map("".join), max_size=6),
    st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(PIECES), max_size=3).map("".join), max_size=6),
)
def test_any_repository_is_judged(files: dict[str, str], base: dict[str, str]):
    report = engine.run(Context(Memory(files), Config(), Memory(base)), [CHECKER])[0]
    for finding in report.findings:
        assert finding.location.path
        assert not finding.message.endswith(".")
        assert "\n" not in finding.message


HOSTILE = {
    "a line of spaces in Markdown": {"README.md": ("coverage 95%" + " " * 3000 + "\n") * 300},
    "one endless line of Markdown": {"README.md": "coverage must be 95% " * 50_000},
    "a table without end": {"README.md": "| coverage | must | 95% |\n" * 5_000},
    "targets of spaces": {"Makefile": (" x" + " " * 1990 + "\n") * 1000},
    "many commands": {"scripts/a.sh": "pytest --cov-fail-under=1 || true\n" * 5_000},
    "deep JSON": {"package.json": "[" * 100_000},
    "deep TOML": {"pyproject.toml": "a = " + "[" * 100_000},
    "deep YAML": {".github/workflows/ci.yml": "[" * 100_000, "moon.yml": "{a: " * 50_000},
    "deep Python": {"scripts/a.py": "x = '--cov'\n" + "(" * 100_000},
    "a long list that is not ASCII": {"scripts/a.py": "x = ['é', " + "'--cov-fail-under=1', " * 5_000 + "]"},
    "an expression that explodes": {".coveragerc": "[report]\nexclude_also =\n    (a+)+$\n    (x|x)*y\n"},
    "a pattern that explodes": {".coveragerc": "[run]\nomit = " + "**/a/" * 60 + "\n", "a/a/a/a/a/a/b.py": ""},
    "tasks in a circle": {
        "Makefile": "a: b\n\tmake b\nb: a\n\tmake a\n",
        ".github/workflows/ci.yml": "on: push\njobs: {j: {steps: [{run: make a}]}}\n",
    },
    "words without end": {"pyproject.toml": f'[tool.pytest.ini_options]\naddopts = "{"--cov=a " * 20_000}"\n'},
}


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_files_end_in_a_verdict(files: dict[str, str]):
    report = engine.run(Context(Memory(files), Config()), [CHECKER])[0]
    found = [item.location.path for item in (*report.findings, *report.unknowns) if item.location is not None]
    assert set(found) <= files.keys()
