"""Which files a run of vitest, jest, nyc, c8 or diff-cover reads, and what that makes of their numbers."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import json

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.model import Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

CI = ".github/workflows/ci.yml"
GATE = "export default { test: { coverage: { thresholds: { lines: 90 } } } }\n"
NONE = "export default { test: {} }\n"
OLD = "export default { test: { coverage: { lines: 90 } } }\n"
JEST = "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"


def run(*scripts: str) -> str:
    return "on: [push]\njobs:\n  t:\n    runs-on: x\n    steps:\n" + "".join(f"      - run: {one}\n" for one in scripts)


def package(vitest: str = "", **scripts: str) -> str:
    return json.dumps({"name": "x", "devDependencies": {"vitest": vitest} if vitest else {}, "scripts": scripts})


def told(files: dict[str, str], base: dict[str, str] | None = None) -> tuple[list[str], list[tuple[str, str]]]:
    context = Context(Memory(files), Config(), None if base is None else Memory(base))
    report, facts = engine.run(context, [CHECKER])
    rules = [f"{one.severity.name} {one.rule}" for one in report.findings if one.severity >= Severity.WARNING]
    return rules, [(one.shown, one.kind) for one in facts["coverage"].declared.places]


COVER = run("npx vitest run --coverage")
CASES: dict[str, tuple[dict[str, str], list[str], str]] = {
    "thresholds before vitest 1": ({"package.json": package("^0.34.6"), "vitest.config.ts": GATE, CI: COVER}, ["ERROR ignored-threshold"], "ignored"),
    "metrics before vitest 1": ({"package.json": package("~0.34"), "vitest.config.ts": OLD, CI: COVER}, [], "gate"),
    "metrics since vitest 1": ({"package.json": package("3.x"), "vitest.config.ts": OLD, CI: COVER}, ["ERROR ignored-threshold"], "ignored"),
    "a version that is not told": ({"package.json": package("catalog:"), "vitest.config.ts": OLD, CI: COVER}, [], "gate"),
    "the version of the package around": ({"package.json": package("^0.34"), "a/vitest.config.ts": GATE, CI: run("cd a && npx vitest run --coverage")}, ["ERROR ignored-threshold"], "ignored"),
    "a named file with a gate": ({"vitest.config.ts": NONE, "config/unit.ts": GATE, CI: run("npx vitest run --coverage --config config/unit.ts")}, [], "gate"),
    "a named file without one": ({"vitest.config.ts": GATE, "unit.ts": NONE, CI: run("npx vitest run --coverage --config=unit.ts")}, ["ERROR unwired-gate"], "gate"),
    "a named file of jest": ({"jest.config.js": "module.exports = {}\n", "jest.ci.js": JEST, CI: run("npx jest --coverage -c jest.ci.js")}, [], "gate"),
    "a file of an unusual name": ({"vitest.unit.config.ts": GATE, CI: COVER}, [], "report-only"),
    "a hidden file": ({"vitest.config.ts": NONE, "vite.config.ts": GATE, CI: COVER}, ["ERROR ignored-threshold"], "ignored"),
    "a file that another takes in": ({"vitest.config.ts": "import shared from './vitest.shared'\nexport default mergeConfig(shared, {})\n", "vitest.shared.ts": GATE, CI: COVER}, [], "gate"),
    "a file that package.json names": ({"package.json": '{"jest": "./ci.js"}', "ci.js": JEST, CI: run("npx jest --coverage")}, [], "gate"),
    "a preset": ({"jest.config.js": "module.exports = { preset: './jest.preset.js' }\n", "jest.preset.js": JEST, CI: run("npx jest --coverage")}, [], "gate"),
    "a file above the package": ({"vitest.config.ts": GATE, "a/package.json": package("^3", test="vitest run --coverage"), CI: run("cd a && npm test")}, [], "gate"),
    "a file above the package since vitest 5": ({"vitest.config.ts": GATE, "a/package.json": package("^5", test="vitest run --coverage"), CI: run("cd a && npm test")}, ["WARNING unwired-gate"], "gate"),
    "a root": ({"a/vitest.config.ts": GATE, CI: run("npx vitest run --coverage --root a")}, [], "gate"),
    "a project": ({"vitest.config.ts": "export default { test: { projects: ['packages/*'] } }\n", "packages/a/vitest.config.ts": GATE, CI: COVER}, ["WARNING ignored-threshold"], "ignored"),
    "a project that is run alone": ({"vitest.config.ts": "export default { test: { projects: ['packages/*'] } }\n", "packages/a/vitest.config.ts": GATE, CI: run("cd packages/a && npx vitest run --coverage")}, [], "gate"),
    "a project of jest": ({"jest.config.js": "module.exports = { projects: ['<rootDir>/packages/*'] }\n", "packages/a/jest.config.js": JEST, CI: run("npx jest --coverage")}, ["WARNING ignored-threshold"], "ignored"),
    "two configurations of jest": ({"jest.config.js": JEST, "jest.config.ts": "export default {}\n", CI: run("npx jest --coverage")}, ["ERROR invalid-coverage-config"], "gate"),
    "an option without measuring": ({"vitest.config.ts": GATE, CI: run("npx vitest run --coverage.reporter=text")}, ["ERROR unwired-gate"], "gate"),
    "a condition": ({"vitest.config.ts": "export default { test: { coverage: { enabled: !!process.env.CI, thresholds: { lines: 90 } } } }\n", CI: run("npx vitest run")}, [], "gate"),
    "a wrapper of jest": ({"package.json": '{"scripts": {"test": "react-scripts test"}, "jest": {"coverageThreshold": {"global": {"lines": 90}}}}', CI: run("npm test")}, ["ERROR unwired-gate"], "gate"),
    "a wrapper that measures": ({"package.json": '{"scripts": {"test": "craco test --coverage"}, "jest": {"coverageThreshold": {"global": {"lines": 90}}}}', CI: run("npm test")}, [], "gate"),
    "nyc above a package": ({".nycrc": '{"lines": 90, "check-coverage": true}', "a/package.json": package(), CI: run("cd a && npx nyc mocha")}, [], "gate"),
    "nyc that nobody runs": ({"package.json": '{"scripts": {"test": "mocha"}, "nyc": {"lines": 90, "check-coverage": true}}', CI: run("npm test")}, ["WARNING unwired-gate"], "gate"),
    "a file of nyc's that c8 does not read": ({".nycrc.yml": "lines: 90\ncheck-coverage: true\n", CI: run("npx c8 mocha")}, ["ERROR ignored-threshold"], "ignored"),
    "options behind the program": ({"package.json": package(), CI: run("npx c8 mocha --check-coverage --lines 90")}, ["ERROR ignored-threshold"], "ignored"),
    "the default of a switch": ({CI: run("npx c8 --check-coverage mocha")}, [], "gate"),
    "a constant": ({"vitest.config.ts": "const min = 90\nexport default { test: { coverage: { thresholds: { lines: min } } } }\n", CI: COVER}, [], "gate"),
    "diff-cover without its file": ({"pyproject.toml": "[tool.diff_cover]\nfail_under = 90\n", CI: run("diff-cover coverage.xml")}, ["ERROR ignored-threshold"], "ignored"),
    "diff-cover with its file": ({"pyproject.toml": "[tool.diff_cover]\nfail_under = 90\n", CI: run("diff-cover coverage.xml --config-file pyproject.toml")}, [], "gate"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_number_and_its_run(name: str):
    files, rules, kind = CASES[name]
    assert told(files) == (rules, [("90%", kind)])


def test_the_default_of_a_switch_is_a_number_that_can_be_lowered():
    before = {CI: run("npx nyc --check-coverage mocha")}
    after = {CI: run("npx nyc --check-coverage --lines 60 mocha")}
    assert told(after, before)[0] == ["ERROR lowered-threshold"]
    assert told(before, after)[0] == []


def test_a_number_that_only_the_run_knows_is_known_to_be_there():
    files = {"vitest.config.ts": "export default { test: { coverage: { thresholds: { lines: limit } } } }\n", CI: COVER}
    assert told(files) == ([], [("?", "gate")])


@pytest.mark.parametrize(("own", "severity"), [({}, "ERROR"), ({"packages/a/vitest.config.ts": NONE}, "WARNING")])
def test_a_package_with_a_configuration_of_its_own_runs_no_tests_of_the_root(own: dict[str, str], severity: str):
    script = {
        "package.json": '{"workspaces": ["packages/*"]}',
        "packages/a/package.json": package("^3", test="vitest run"),
    }
    files = {"vitest.config.ts": GATE, **script, CI: run("npm test -w packages/a"), **own}
    assert told(files)[0] == [f"{severity} unwired-gate"]
    files = {
        "vitest.config.ts": GATE,
        "examples/a/package.json": package("^3", test="vitest run"),
        CI: run("cd examples/a && npm test"),
    }
    assert told(files)[0] == ["WARNING unwired-gate"]
