"""Configurations of jest, nyc and c8."""

# ruff: noqa: E501, UP031 - a case is a line, and braces are those of JavaScript

from __future__ import annotations

import itertools
import json

from oracles.gates_model import OTHERS, Configuration
from oracles.gates_sources import COMMON, JEST_TEST, PROGRAM

GLOBAL = "module.exports = { coverageThreshold: { global: { lines: 90 } }%s }\n"
NOTHING = "module.exports = { testEnvironment: 'node' }\n"
JEST = {
    "jest.config.js": GLOBAL % "",
    "jest.config.cjs": GLOBAL % "",
    "jest.config.json": '{"coverageThreshold": {"global": {"lines": 90}}}',
    "package.json": '{"jest": {"coverageThreshold": {"global": {"branches": 90}}}}',
}
JEST_THRESHOLDS = [
    "{ global: { lines: 90 } }",
    "{ global: { lines: 10 } }",
    "{ global: { lines: 10, functions: 90 } }",
    "{ global: { lines: -1 } }",
    "{ global: { lines: -1000 } }",
    "{ lines: 90 }",
    "{ './src/': { lines: 90 } }",
    "{ './src/half.js': { lines: 90 } }",
    "{ 'src/**': { lines: 90 } }",
    "{ '**/src/*.js': { statements: 10 } }",
    "{ './nowhere/': { lines: 10 } }",
    "{ 'nowhere/**': { lines: 10 } }",
    "{}",
    "{}, coverageThresholds: { global: { lines: 90 } }",
]
JEST_COMMANDS = [
    "jest",
    "jest --coverage",
    "jest --coverage=true",
    "jest --coverage=false",
    "jest --no-coverage",
    "jest --coverage --no-coverage",
    "jest --collectCoverage",
    "jest --collect-coverage",
    "jest --coverageReporters=text",
    """jest --coverage --coverageThreshold='{"global": {"lines": 10}}'""",
    """jest --coverage --coverageThreshold='{"global": {"functions": 90}}'""",
    """jest --coverage --coverage-threshold='{"global": {"lines": 10}}'""",
    "jest --coverage --coverageThreshold='{}'",
    """jest --coverageThreshold='{"global": {"lines": 90}}'""",
    "jest --coverage --config ci.js",
    "jest --coverage -c ci.js",
    "jest --coverage --config=jest.config.js",
    """jest --coverage --config '{"testEnvironment": "node"}'""",
    """jest --coverage --config '{"coverageThreshold": {"global": {"lines": 90}}}'""",
    "cd pkg\njest --coverage",
    "jest --coverage --rootDir pkg",
    "jest --coverage --projects pkg",
    "jest --coverage --coverageProvider=v8",
    "jest --coverage half",
    "jest --coverage | tee log",
]


def jest() -> list[Configuration]:
    """Jest."""
    found = []
    base = {"package.json": "{}", "src/half.js": COMMON, "half.test.js": JEST_TEST}
    package = {"pkg/package.json": "{}", "pkg/src/half.js": COMMON, "pkg/half.test.js": JEST_TEST}

    def add(name: str, files: dict[str, str], command: str = "jest --coverage") -> None:
        found.append(Configuration(OTHERS, name, {**base, **files}, command))

    for name, text in JEST.items():
        add(f"jest in {name}", {name: text})
    for (one, first), (two, second) in itertools.combinations(JEST.items(), 2):
        add(f"jest: {one} and {two}", {one: first.replace("90", "10"), two: second.replace("90", "10")})
    for text in JEST_THRESHOLDS:
        add(f"jest {text}", {"jest.config.js": "module.exports = { coverageThreshold: %s }\n" % text})
    for command in JEST_COMMANDS:
        add(
            f"jest and {command!r}",
            {**package, "jest.config.js": GLOBAL % "", "ci.js": NOTHING, "pkg/jest.config.js": NOTHING},
            command,
        )
    collecting = {"jest.config.js": GLOBAL % ", collectCoverage: true"}
    for command in ("jest", "jest --coverage=false", "jest --collectCoverage=false", "jest --no-collectCoverage"):
        add(f"jest collects and {command!r}", collecting, command)
    projects = "module.exports = { projects: ['<rootDir>/pkg']%s }\n"
    add("jest: a project's own", {**package, "jest.config.js": projects % "", "pkg/jest.config.js": GLOBAL % ""})
    whole = projects % ", coverageThreshold: { global: { lines: 90 } }"
    add("jest: of all projects", {**package, "jest.config.js": whole, "pkg/jest.config.js": NOTHING})
    add(
        "jest: a project alone",
        {**package, "jest.config.js": projects % "", "pkg/jest.config.js": GLOBAL % ""},
        "cd pkg\njest --coverage",
    )
    inline = "module.exports = { projects: [{ displayName: 'a', rootDir: '.', coverageThreshold: { global: { lines: 90 } } }] }\n"
    add("jest: a project in place", {"jest.config.js": inline})
    add(
        "jest above a folder",
        {"jest.config.js": GLOBAL % "", "a/src/half.js": COMMON, "a/half.test.js": JEST_TEST},
        "cd a\njest --coverage",
    )
    add("jest above a package", {**package, "jest.config.js": GLOBAL % ""}, "cd pkg\njest --coverage")
    return found


RC = '{"lines": 90%s}'
CHECKED = RC % ', "check-coverage": true'
CHECK_FILES = {
    ".nycrc": CHECKED,
    ".nycrc.json": CHECKED,
    ".nycrc.yml": "lines: 90\ncheck-coverage: true\n",
    ".nycrc.yaml": "lines: 90\ncheck-coverage: true\n",
    "nyc.config.js": f"module.exports = {CHECKED}\n",
    ".c8rc": CHECKED,
    ".c8rc.json": CHECKED,
    ".c8rc.yml": "lines: 90\ncheck-coverage: true\n",
    "package.json": '{"name": "x", "%s": {"lines": 90, "check-coverage": true}}',
}
CHECK_TEXTS = [
    RC % "",
    CHECKED,
    RC % ', "checkCoverage": true',
    RC % ', "check-coverage": false',
    '{"check-coverage": true}',
    '{"check-coverage": true, "branches": 90, "lines": 10}',
    '{"check-coverage": true, "branches": 10}',
    '{"lines": 90, "per-file": true, "check-coverage": true}',
    '{"100": true}',
]
CHECK_OPTIONS = [
    "--check-coverage",
    "--check-coverage --lines 10",
    "--check-coverage --lines=90",
    "--check-coverage --lines=10 --functions 90",
    "--check-coverage --branches 10",
    "--lines 90",
    "--no-check-coverage",
    "--check-coverage=false",
    "--check-coverage=true",
    "--check-coverage --no-check-coverage",
]


def istanbul() -> list[Configuration]:
    """Nyc and c8."""
    found = []
    base = {"package.json": '{"name": "x"}', "src/half.js": COMMON, "run.js": PROGRAM}
    package = {"pkg/package.json": '{"name": "y"}', "pkg/src/half.js": COMMON, "pkg/run.js": PROGRAM}

    def add(name: str, files: dict[str, str], command: str) -> None:
        found.append(Configuration(OTHERS, name, {**base, **files}, command))

    for tool in ("nyc", "c8"):
        own = ".nycrc" if tool == "nyc" else ".c8rc.json"
        for name, text in CHECK_FILES.items():
            add(f"{tool} in {name}", {name: text % tool if "%s" in text else text}, f"{tool} node run.js")
        for text in CHECK_TEXTS:
            add(f"{tool} {text}", {own: text}, f"{tool} node run.js")
        for options in CHECK_OPTIONS:
            add(f"{tool} {options}", {}, f"{tool} {options} node run.js")
            add(f"{tool} and {options}", {own: RC % ""}, f"{tool} {options} node run.js")
        add(f"{tool} after the program", {}, f"{tool} node run.js --check-coverage --lines 90")
        for second in ("report", "report --check-coverage", "check-coverage", "check-coverage --lines 10"):
            add(f"{tool} {second}", {own: RC % ""}, f"{tool} --reporter=text node run.js\n{tool} {second}")
        add(
            f"{tool}: package.json and a file",
            {own: '{"lines": 10}', "package.json": CHECK_FILES["package.json"] % tool},
            f"{tool} node run.js",
        )
        add(
            f"{tool}: a switch in package.json",
            {own: RC % "", "package.json": '{"name": "x", "%s": {"check-coverage": true}}' % tool},
            f"{tool} node run.js",
        )
        other = {"package.json": CHECK_FILES["package.json"] % ("c8" if tool == "nyc" else "nyc")}
        add(f"{tool}: the other's key in package.json", other, f"{tool} node run.js")
        option = "--nycrc-path" if tool == "nyc" else "--config"
        add(f"{tool}: a named file", {"x.json": CHECKED, own: "{}"}, f"{tool} {option} x.json node run.js")
        add(f"{tool}: another named file", {"x.json": "{}", own: CHECKED}, f"{tool} {option}=x.json node run.js")
        add(f"{tool}: above a package", {**package, own: CHECKED}, f"cd pkg\n{tool} node run.js")
        add(f"{tool}: of a package", {**package, f"pkg/{own}": CHECKED}, f"cd pkg\n{tool} node run.js")
        add(f"{tool}: not of a package", {**package, f"pkg/{own}": CHECKED}, f"{tool} node pkg/run.js")
        add(
            f"{tool} in a package script",
            {"package.json": json.dumps({"name": "x", "scripts": {"test": f"{tool} --check-coverage node run.js"}})},
            "npm test",
        )
    add("c8 --100", {}, "c8 --100 node run.js")
    add("c8 --100 --lines 10", {}, "c8 --100 --lines 10 node run.js")
    return found
