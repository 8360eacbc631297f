"""Runners whose thresholds are not read are said by name."""

from __future__ import annotations

import json

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

CASES = {
    "borp --coverage --check-coverage --lines 95": "borp",
    "npx borp -C": "borp",
    "borp": "",
    "lab -a @hapi/code -t 100 -L": "lab",
    "yarn lab -c": "lab",
    "./node_modules/.bin/lab -t 90": "lab",
    "lab mr create": "",
    "cross-env A=1 wtr": "wtr",
    "pnpm exec web-test-runner --coverage": "web-test-runner",
    "karma start --single-run": "karma",
    "tap test/*.js": "tap",
    "vscode-test --coverage": "vscode-test",
    "node --test --test-coverage-lines=90": "node --test",
    "node --test": "",
    "bun test --coverage": "bun",
    "bun install": "",
    "echo borp --coverage": "",
    "c8 --check-coverage --lines 90 ava": "",
}


def skipped(files: dict[str, str]) -> list[str]:
    report = engine.run(Context(Memory(files), Config(), None), [CHECKER])[0]
    return [item.reason for item in report.skipped if "may judge coverage" in item.reason]


@pytest.mark.parametrize(("command", "name"), CASES.items(), ids=CASES)
def test_a_runner_in_a_package_or_a_workflow(command: str, name: str):
    package = {"package.json": json.dumps({"scripts": {"test": command}})}
    step = json.dumps(command)
    workflow = {".github/workflows/t.yml": f"on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: {step}\n"}
    for files in (package, workflow):
        (path,) = files
        found = skipped(files)
        assert [text.startswith(f"`{name}`, which {path} runs") for text in found] == ([True] if name else [])
    assert len(skipped(package | workflow)) == bool(name)


TAKEN = {
    "const {coverageThreshold} = require('kit/jest')\nmodule.exports = {\n  coverageThreshold,\n}\n": True,
    "export default { test: { coverage: { thresholds: shared.thresholds } } }\n": True,
    "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n": False,
    "module.exports = { coverageThreshold: undefined }\n": False,
    "module.exports = { coverageReporters: ['text'] }\n": False,
}


@pytest.mark.parametrize(("config", "told"), TAKEN.items())
def test_thresholds_of_another_module_are_said_not_to_be_read(config: str, told: bool) -> None:  # noqa: FBT001
    name = "vitest.config.ts" if "test:" in config else "jest.config.js"
    report = engine.run(Context(Memory({name: config}), Config(), None), [CHECKER])[0]
    assert any("the numbers are not read" in item.reason for item in report.skipped) == told
