"""Configurations whose spelling decides: capitals, sections that others inherit, comments, files of arguments."""

# ruff: noqa: E501 - a case is a line, and braces are those of JavaScript

from __future__ import annotations

import json

from oracles.gates_model import OTHERS, PYTHON, Configuration
from oracles.gates_python import SOURCES
from oracles.gates_sources import COMMON, JEST_TEST, MODULE, PROGRAM, VITEST_TEST
from oracles.gates_vitest import COVER, VERSIONS

_ADDOPTS = "--cov=lib --cov-fail-under=90"
_PYTEST: dict[str, tuple[str, str]] = {
    "ADDOPTS": ("pytest.ini", f"[pytest]\nADDOPTS = {_ADDOPTS}\n"),
    "AddOpts in setup.cfg": ("setup.cfg", f"[tool:pytest]\nAddOpts = {_ADDOPTS}\n"),
    "AddOpts in TOML": ("pyproject.toml", f"[tool.pytest.ini_options]\nAddOpts = '{_ADDOPTS}'\n"),
    "[PYTEST]": ("pytest.ini", f"[PYTEST]\naddopts = {_ADDOPTS}\n"),
    "[Tool:Pytest]": ("setup.cfg", f"[Tool:Pytest]\naddopts = {_ADDOPTS}\n"),
    "[Pytest] of tox.ini": ("tox.ini", f"[Pytest]\naddopts = {_ADDOPTS}\n"),
    "[Tool.pytest.ini_options]": ("pyproject.toml", f"[Tool.pytest.ini_options]\naddopts = '{_ADDOPTS}'\n"),
    "[tool.pytest.INI_OPTIONS]": ("pyproject.toml", f"[tool.pytest.INI_OPTIONS]\naddopts = '{_ADDOPTS}'\n"),
    "[tool.pytest.ini-options]": ("pyproject.toml", f"[tool.pytest.ini-options]\naddopts = '{_ADDOPTS}'\n"),
    "add-opts": ("pytest.ini", f"[pytest]\nadd-opts = {_ADDOPTS}\n"),
    "[DEFAULT]": ("pytest.ini", f"[DEFAULT]\naddopts = {_ADDOPTS}\n[pytest]\n"),
    "a comment after it": ("pytest.ini", f"[pytest]\naddopts = {_ADDOPTS}  # a floor\n"),
    "a table of pytest.toml": ("pytest.toml", f"[tool.pytest.ini_options]\naddopts = '{_ADDOPTS}'\n"),
    "the section twice": ("pytest.ini", f"[pytest]\naddopts = -q\n[pytest]\naddopts = {_ADDOPTS}\n"),
}
_COVERAGE: dict[str, tuple[str, str]] = {
    "[REPORT]": (".coveragerc", "[REPORT]\nfail_under = 90\n"),
    "[Coverage:Report] of setup.cfg": ("setup.cfg", "[Coverage:Report]\nfail_under = 90\n"),
    "[COVERAGE:REPORT] of tox.ini": ("tox.ini", "[COVERAGE:REPORT]\nFAIL_UNDER = 90\n"),
    "FAIL_UNDER of setup.cfg": ("setup.cfg", "[coverage:report]\nFAIL_UNDER = 90\n"),
    "Fail_Under of tox.ini": ("tox.ini", "[coverage:report]\nFail_Under = 90\n"),
    "[Tool.Coverage.report]": ("pyproject.toml", "[Tool.Coverage.report]\nfail_under = 90\n"),
    "[tool.coverage.Report]": ("pyproject.toml", "[tool.coverage.Report]\nfail_under = 90\n"),
    "FAIL_UNDER in TOML": ("pyproject.toml", "[tool.coverage.report]\nFAIL_UNDER = 90\n"),
    "[Report] of .coveragerc.toml": (".coveragerc.toml", "[Report]\nfail_under = 90\n"),
    "[coverage.report] of .coveragerc.toml": (".coveragerc.toml", "[coverage.report]\nfail_under = 90\n"),
    "[DEFAULT] with a section": (".coveragerc", "[DEFAULT]\nfail_under = 90\n[report]\n"),
    "[DEFAULT] alone": (".coveragerc", "[DEFAULT]\nfail_under = 90\n"),
    "[DEFAULT] of setup.cfg": ("setup.cfg", "[DEFAULT]\nfail_under = 90\n[coverage:report]\nskip_empty = true\n"),
    "[default]": (".coveragerc", "[default]\nfail_under = 90\n[report]\nskip_empty = true\n"),
    "the section twice": (".coveragerc", "[report]\nskip_empty = true\n[report]\nfail_under = 90\n"),
    "the key twice": (".coveragerc", "[report]\nfail_under = 10\nfail_under = 90\n"),
    "a comment after it": (".coveragerc", "[report]\nfail_under = 90  # a floor\n"),
    "a semicolon after it": ("setup.cfg", "[coverage:report]\nfail_under = 90 ; a floor\n"),
    "a comment after it in TOML": ("pyproject.toml", "[tool.coverage.report]\nfail_under = 90 # a floor\n"),
    "quotes": (".coveragerc", '[report]\nfail_under = "90"\n'),
    "spaces": (".coveragerc", "[report]\n  fail_under   =    90   \n"),
    "a line of its own": (".coveragerc", "[report]\nfail_under =\n    90\n"),
    "a sign": (".coveragerc", "[report]\nfail_under = +90\n"),
    "an exponent": (".coveragerc", "[report]\nfail_under = 9e1\n"),
    "spaces in brackets": (".coveragerc", "[ report ]\nfail_under = 90\n"),
    "a name with spaces in TOML": ("pyproject.toml", "[ tool . coverage . report ]\nfail_under = 90\n"),
    "true in TOML": ("pyproject.toml", "[tool.coverage.report]\nfail_under = true\n"),
    "a list in TOML": ("pyproject.toml", "[tool.coverage.report]\nfail_under = [90]\n"),
    "an array of tables": ("pyproject.toml", "[[tool.coverage.report]]\nfail_under = 90\n"),
    "a byte order mark": (".coveragerc", "\ufeff[report]\nfail_under = 90\n"),
    "lines of Windows": (".coveragerc", "[report]\r\nfail_under = 90\r\n"),
    "a folder's": ("config/.coveragerc", "[report]\nfail_under = 90\n"),
}
_RUN = "coverage run --source=lib drive.py\n"
_ARGUMENTS = [
    ("no plugins", {}, f"PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 pytest {_ADDOPTS}"),
    ("no plugins but one", {}, f"PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 pytest -p pytest_cov {_ADDOPTS}"),
    ("--version", {}, f"pytest {_ADDOPTS} --version"),
    ("--help", {}, f"pytest {_ADDOPTS} --help > help"),
    ("-h", {}, f"pytest {_ADDOPTS} -h > help"),
    ("-VV", {}, f"pytest -VV {_ADDOPTS}"),
    ("--setup-plan", {}, f"pytest {_ADDOPTS} --setup-plan"),
    ("--setup-only", {}, f"pytest {_ADDOPTS} --setup-only"),
    ("--cache-show", {}, f"pytest {_ADDOPTS} --cache-show"),
    ("--fixtures-per-test", {}, f"pytest {_ADDOPTS} --fixtures-per-test"),
    ("an empty report", {}, f"pytest {_ADDOPTS} --cov-report="),
    ("reports", {}, f"pytest {_ADDOPTS} --cov-report=term:skip-covered --cov-report xml"),
    ("a report without a file", {}, f"pytest {_ADDOPTS} --cov-report term-missing --cov-report=json:x.json"),
    ("two words", {}, "pytest --cov-fail-under 90 --cov lib test_half.py"),
    ("--cov at the end", {}, "pytest --cov-fail-under=90 test_half.py --cov"),
    ("--cov-append", {}, f"pytest {_ADDOPTS} --cov-append"),
    ("--cov-context", {}, f"pytest {_ADDOPTS} --cov-context=test"),
    ("annotate", {".coveragerc": "[report]\nfail_under = 90\n"}, f"{_RUN}coverage annotate -d notes"),
    ("erase", {".coveragerc": "[report]\nfail_under = 90\n"}, f"{_RUN}coverage erase"),
    ("combine", {".coveragerc": "[report]\nfail_under = 90\n"}, f"{_RUN}coverage combine --append || :"),
    ("debug", {".coveragerc": "[report]\nfail_under = 90\n"}, f"{_RUN}coverage debug data"),
    ("html by option", {}, f"{_RUN}coverage html --fail-under=90"),
    ("unittest", {".coveragerc": "[report]\nfail_under = 90\n"}, "coverage run --source=lib -m unittest test_half || true\ncoverage report"),
    ("an empty variable", {".coveragerc": "[report]\nfail_under = 90\n"}, f"{_RUN}COVERAGE_RCFILE= coverage report"),
    ("an option before the command", {"x.rc": "[report]\nfail_under = 90\n"}, f"{_RUN}coverage --rcfile=x.rc report"),
    ("a source that the file names", {".coveragerc": "[run]\nsource = lib\n[report]\nfail_under = 90\n"}, "pytest --cov"),
    ("parallel data", {".coveragerc": "[run]\nparallel = true\nsource = lib\n[report]\nfail_under = 90\n"}, "coverage run drive.py\ncoverage combine\ncoverage report"),
    ("a data file of the file", {".coveragerc": "[run]\ndata_file = data\n[report]\nfail_under = 90\n"}, f"{_RUN}coverage report"),
    ("--data-file", {".coveragerc": "[report]\nfail_under = 90\n"}, "coverage run --data-file=x --source=lib drive.py\ncoverage report --data-file=x"),
]  # fmt: skip


def _in_js(inside: str, key: str = "coverage") -> str:
    return "export default { test: { %s: { provider: 'v8', include: ['**/src/**'], %s } } }\n" % (key, inside)  # noqa: UP031


_VITEST: dict[str, tuple[str, str]] = {
    "a text": (_in_js("thresholds: { lines: '90' }"), COVER),
    "Lines": (_in_js("thresholds: { Lines: 90 }"), COVER),
    "Thresholds": (_in_js("Thresholds: { lines: 90 }"), COVER),
    "line": (_in_js("thresholds: { line: 90 }"), COVER),
    "two functions": (_in_js("thresholds: { functions: -2 }"), COVER),
    "one function": (_in_js("thresholds: { functions: -1 }"), COVER),
    "one function of each file": (_in_js("thresholds: { perFile: true, functions: -1 }"), COVER),
    "all, and a lower one": (_in_js("thresholds: { 100: true, lines: 10 }"), COVER),
    "a lower one, and all": (_in_js("thresholds: { lines: 10, 100: true }"), COVER),
    "all in quotes": (_in_js("thresholds: { '100': true }"), COVER),
    "not all": (_in_js("thresholds: { 100: false }"), COVER),
    "a pattern of nothing": (_in_js("thresholds: { 'nowhere/**': { lines: 80 } }"), COVER),
    "a pattern of all": (_in_js("thresholds: { '**': { functions: 90 } }"), COVER),
    "a pattern with braces": (_in_js("thresholds: { 'src/{half,whole}.js': { functions: 90 } }"), COVER),
    "autoUpdate": (_in_js("thresholds: { autoUpdate: true, functions: 90 }"), COVER),
    "watermarks": (_in_js("watermarks: { lines: [80, 95] }"), COVER),
    "an option of another spelling": (_in_js(""), f"{COVER} --coverage.Thresholds.functions=90"),
    "a negative option": (_in_js(""), f"{COVER} --coverage.thresholds.functions=-1"),
    "an option of a pattern": (_in_js(""), f"{COVER} --coverage.thresholds.statements 90 --coverage.thresholds.functions=90"),
    "list": (_in_js("thresholds: { functions: 90 }"), "vitest list --coverage"),
    "--help": (_in_js("thresholds: { functions: 90 }"), "vitest run --coverage --help"),
    "a name of tests": (_in_js("thresholds: { functions: 90 }"), f"{COVER} half"),
    "enabled by a variable": (_in_js("enabled: !!process.env.CI, thresholds: { functions: 90 }"), "vitest run"),
    "in vite's own": (_in_js("thresholds: { functions: 90 }", "Coverage"), COVER),
    "spread": ("const floor = { functions: 90 }\n" + _in_js("thresholds: { ...floor }"), COVER),
    "an object of a name": ("const floor = { functions: 90 }\n" + _in_js("thresholds: floor"), COVER),
    "all of a name": ("const coverage = { provider: 'v8', include: ['**/src/**'], thresholds: { functions: 90 } }\nexport default { test: { coverage } }\n", COVER),
    "all of another name": ("const measured = { provider: 'v8', include: ['**/src/**'], thresholds: { functions: 90 } }\nexport default { test: { coverage: measured } }\n", COVER),
    "two names": ("const floor = { functions: 90 }\nconst measured = { provider: 'v8', include: ['**/src/**'], thresholds: floor }\nexport default { test: { coverage: measured } }\n", COVER),
    "an option in the singular": (_in_js(""), f"{COVER} --coverage.threshold.functions=90"),
    "after two dashes": (_in_js("thresholds: { functions: 90 }"), "vitest run half -- --coverage"),
    "computed": ("const floor = 90\n" + _in_js("thresholds: { functions: floor }"), COVER),
}  # fmt: skip
_JEST: dict[str, tuple[dict[str, str], str]] = {
    "a text": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: '90' } } }\n"}, ""),
    "Global": ({"jest.config.js": "module.exports = { coverageThreshold: { Global: { lines: 90 } } }\n"}, ""),
    "coveragethreshold": ({"jest.config.js": "module.exports = { coveragethreshold: { global: { lines: 90 } } }\n"}, ""),
    "Lines": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { Lines: 90 } } }\n"}, ""),
    "Jest": ({"package.json": '{"Jest": {"coverageThreshold": {"global": {"lines": 90}}}}'}, ""),
    "two files": ({"jest.config.js": "module.exports = {}\n", "jest.config.json": '{"coverageThreshold": {"global": {"lines": 90}}}'}, ""),
    "a file and a key": ({"jest.config.js": "module.exports = {}\n", "package.json": '{"jest": {"coverageThreshold": {"global": {"lines": 90}}}}'}, ""),
    "--listTests": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"}, "jest --coverage --listTests"),
    "--showConfig": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"}, "jest --coverage --showConfig"),
    "--version": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"}, "jest --coverage --version"),
    "--clearCache": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"}, "jest --coverage --clearCache"),
    "--collectCoverageFrom": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"}, "jest --collectCoverageFrom='src/**' --coverage"),
    "--collectCoverageFrom alone": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"}, "jest --collectCoverageFrom='src/**'"),
    "after two dashes": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"}, "jest -- --coverage half"),
    "--findRelatedTests": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { functions: 90 } } }\n"}, "jest --coverage --findRelatedTests src/half.js"),
    "a provider": ({"jest.config.js": "module.exports = { coverageProvider: 'v8', coverageThreshold: { global: { functions: 90 } } }\n"}, ""),
    "an object of a name": ({"jest.config.js": "const floor = { global: { lines: 90 } }\nmodule.exports = { coverageThreshold: floor }\n"}, ""),
    "the whole of a name": ({"jest.config.js": "const floor = { lines: 90 }\nmodule.exports = { coverageThreshold: { global: { ...floor, branches: 10 } } }\n"}, ""),
    "spread": ({"base.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n", "jest.config.js": "module.exports = { ...require('./base.js'), verbose: true }\n"}, ""),
    "-c glued": ({"ci.json": '{"coverageThreshold": {"global": {"lines": 90}}}'}, "jest --coverage -c=ci.json"),
    "--coverage=text": ({"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"}, "jest --coverage --coverageReporters none"),
}  # fmt: skip
_CHECKED = '{"check-coverage": true, "functions": 90}'
_CHECKS: dict[str, tuple[dict[str, str], str]] = {
    "nyc, text": ({".nycrc": '{"check-coverage": true, "functions": "90"}'}, "nyc node run.js"),
    "nyc, Functions": ({".nycrc": '{"check-coverage": true, "Functions": 90, "lines": 0}'}, "nyc node run.js"),
    "nyc, watermarks": ({".nycrc": '{"check-coverage": true, "lines": 0, "watermarks": {"lines": [80, 95]}}'}, "nyc node run.js"),
    "nyc, thresholds": ({".nycrc": '{"check-coverage": true, "lines": 0, "thresholds": {"functions": 90}}'}, "nyc node run.js"),
    "nyc, CHECK-COVERAGE": ({".nycrc": '{"CHECK-COVERAGE": true, "functions": 90}'}, "nyc node run.js"),
    "nyc, check_coverage": ({".nycrc": '{"check_coverage": true, "functions": 90}'}, "nyc node run.js"),
    "nyc, text of a switch": ({".nycrc": '{"check-coverage": "true", "functions": 90}'}, "nyc node run.js"),
    "nyc, nyc.config.cjs": ({"nyc.config.cjs": f"module.exports = {_CHECKED}\n"}, "nyc node run.js"),
    "nyc, .nycrc.js": ({".nycrc.js": f"module.exports = {_CHECKED}\n"}, "nyc node run.js"),
    "nyc, nyc.config.json": ({"nyc.config.json": _CHECKED}, "nyc node run.js"),
    "nyc, a comment": ({".nycrc": '{\n  // a floor\n  "check-coverage": true, "functions": 90\n}'}, "nyc node run.js"),
    "nyc, two extends": ({".nycrc": '{"extends": ["./a.json", "./b.json"]}', "a.json": _CHECKED, "b.json": '{"functions": 10}'}, "nyc node run.js"),
    "nyc, --cwd": ({"pkg/.nycrc": _CHECKED, "pkg/src/half.js": COMMON, "pkg/run.js": PROGRAM}, "nyc --cwd pkg node pkg/run.js"),
    "nyc, instrument": ({".nycrc": _CHECKED}, "nyc instrument src out"),
    "nyc, --version": ({".nycrc": _CHECKED}, "nyc --version"),
    "nyc, --silent": ({".nycrc": _CHECKED}, "nyc --silent node run.js"),
    "nyc, a report by options": ({}, "nyc --silent node run.js\nnyc report --check-coverage --functions 90"),
    "nyc, a check by options": ({}, "nyc --silent node run.js\nnyc check-coverage --functions=90"),
    "nyc, a check of nothing": ({}, "nyc --silent node run.js\nnyc check-coverage --functions=0 --lines=0"),
    "nyc, a variable": ({}, "NYC_CHECK_COVERAGE=true nyc --functions=90 node run.js"),
    "nyc, two dashes and numbers": ({}, "nyc --check-coverage -- node run.js --lines 10"),
    "nyc, capitals": ({".nycrc": '{"CHECK_COVERAGE": true, "FUNCTIONS": 90}'}, "nyc node run.js"),
    "nyc, line": ({".nycrc": '{"check-coverage": true, "lines": 0, "line": 90}'}, "nyc node run.js"),
    "c8, Functions": ({".c8rc.json": '{"check-coverage": true, "lines": 0, "Functions": 90}'}, "c8 node run.js"),
    "nyc, two dashes": ({".nycrc": _CHECKED}, "nyc -- node run.js"),
    "nyc, npm": ({".nycrc": _CHECKED, "package.json": '{"name": "x", "scripts": {"start": "node run.js"}}'}, "nyc npm start"),
    "c8, text": ({".c8rc.json": '{"check-coverage": true, "functions": "90"}'}, "c8 node run.js"),
    "c8, watermarks": ({".c8rc.json": '{"check-coverage": true, "lines": 0, "watermarks": {"functions": [80, 95]}}'}, "c8 node run.js"),
    "c8, .c8rc.js": ({".c8rc.js": f"module.exports = {_CHECKED}\n"}, "c8 node run.js"),
    "c8, .c8rc.cjs": ({".c8rc.cjs": f"module.exports = {_CHECKED}\n"}, "c8 node run.js"),
    "c8, c8.config.js": ({"c8.config.js": f"module.exports = {_CHECKED}\n"}, "c8 node run.js"),
    "c8, .nycrc.json": ({".nycrc.json": _CHECKED}, "c8 node run.js"),
    "c8, .nycrc.yml": ({".nycrc.yml": "check-coverage: true\nfunctions: 90\n"}, "c8 node run.js"),
    "c8, extends": ({".c8rc.json": '{"extends": "./base.json"}', "base.json": _CHECKED}, "c8 node run.js"),
    "c8, a report by options": ({}, "c8 node run.js\nc8 report --check-coverage --functions 90"),
    "c8, a check by options": ({}, "c8 node run.js\nc8 check-coverage --functions=90"),
    "c8, a check of nothing": ({}, "c8 node run.js\nc8 check-coverage --functions=0 --lines=0"),
    "c8, a variable": ({}, "C8_CHECK_COVERAGE=true c8 --functions=90 node run.js"),
    "c8, 100 of a file": ({".c8rc.json": '{"100": true}'}, "c8 node run.js"),
    "c8, --reporter": ({".c8rc.json": _CHECKED}, "c8 -r none node run.js"),
    "c8, NODE_V8_COVERAGE": ({".c8rc.json": _CHECKED}, "NODE_V8_COVERAGE=coverage/tmp node run.js\nc8 report"),
    "c8, --version": ({".c8rc.json": _CHECKED}, "c8 --version"),
    "c8, two dashes": ({".c8rc.json": _CHECKED}, "c8 -- node run.js"),
    "c8, a mixed case": ({".c8rc.json": '{"Check-Coverage": true, "functions": 90}'}, "c8 node run.js"),
}  # fmt: skip


def spelling() -> list[Configuration]:
    """All of them."""
    found = []

    def python(name: str, files: dict[str, str], command: str) -> None:
        found.append(Configuration(PYTHON, f"spelling: {name}", {**SOURCES, **files}, command))

    for name, (path, text) in _PYTEST.items():
        python(f"pytest, {name}", {path: text}, "pytest --cov=lib")
    for name, (path, text) in _COVERAGE.items():
        python(f"coverage, {name}", {path: text}, f"{_RUN}coverage report")
    for name, files, command in _ARGUMENTS:
        python(f"arguments, {name}", files, command)
    base = {"package.json": '{"name": "x"}', "src/half.js": COMMON, "run.js": PROGRAM}
    for name, (files, command) in _JEST.items():
        every = {**base, "half.test.js": JEST_TEST, **files}
        found.append(Configuration(OTHERS, f"spelling: jest, {name}", every, command or "jest --coverage"))
    for name, (files, command) in _CHECKS.items():
        found.append(Configuration(OTHERS, f"spelling: {name}", {**base, **files}, command))
    for major in (1, 3, 5):
        version = {"type": "module", "private": True, "devDependencies": {"vitest": f"^{VERSIONS[major]}"}}
        base = {"package.json": json.dumps(version), "src/half.js": MODULE, "half.test.js": VITEST_TEST}
        for name, (text, command) in _VITEST.items():
            if command.startswith("vitest list") and major == 1:  # which has no such command
                continue
            files = {**base, "vitest.config.js": text}
            found.append(Configuration(f"vitest-{major}", f"spelling: {name}", files, command))
    return found
