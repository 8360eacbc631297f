"""Other spellings of the same: how files are written, how a shell hands options on, how a configuration is exported."""

# ruff: noqa: E501 - a case is a line, and braces are those of JavaScript

from __future__ import annotations

import json

from oracles.gates_model import OTHERS, PYTHON, Configuration
from oracles.gates_python import SOURCES
from oracles.gates_sources import COMMON, JEST_TEST, MODULE, PROGRAM, VITEST_TEST
from oracles.gates_vitest import VERSIONS

_FILES: dict[str, tuple[str, str]] = {
    "many lines in pytest.ini": ("pytest.ini", "[pytest]\naddopts =\n    -q\n    --cov=lib\n    --cov-fail-under=90\n"),
    "a comment among lines": ("setup.cfg", "[tool:pytest]\naddopts =\n    --cov=lib\n    # a floor\n    --cov-fail-under=90\n"),
    "a floor that is a comment": ("setup.cfg", "[tool:pytest]\naddopts =\n    --cov=lib\n    # --cov-fail-under=80\n"),
    "many lines in TOML": ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = """\n--cov=lib\n--cov-fail-under=90\n"""\n'),
    "a literal string in TOML": ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '--cov=lib --cov-fail-under=90'\n"),
    "a dotted key in TOML": ("pyproject.toml", "tool.pytest.ini_options.addopts = '--cov=lib --cov-fail-under=90'\n"),
    "an inline table in TOML": ("pyproject.toml", "[tool.pytest]\nini_options = {addopts = '--cov=lib --cov-fail-under=90'}\n"),
    "the last floor counts": ("pytest.ini", "[pytest]\naddopts = --cov=lib --cov-fail-under=10 --cov-fail-under=90\n"),
    "the first floor does not": ("pytest.ini", "[pytest]\naddopts = --cov=lib --cov-fail-under=90 --cov-fail-under=10\n"),
    "switched off in the file": ("pytest.ini", "[pytest]\naddopts = --cov=lib --cov-fail-under=90 --no-cov\n"),
    "a colon": ("pytest.ini", "[pytest]\naddopts: --cov=lib --cov-fail-under=90\n"),
    "quoted in the file": ("pytest.ini", '[pytest]\naddopts = "--cov=lib" "--cov-fail-under=90"\n'),
}  # fmt: skip
_COVERAGE: dict[str, tuple[str, str]] = {
    "a colon": (".coveragerc", "[report]\nfail_under: 90\n"),
    "a key in capitals": (".coveragerc", "[report]\nFAIL_UNDER = 90\n"),
    "a section in capitals": (".coveragerc", "[REPORT]\nfail_under = 80\n"),
    "a variable with a default": (".coveragerc", "[report]\nfail_under = ${FLOOR-90}\n"),
    "a comment line above": (".coveragerc", "[report]\n# fail_under = 80\nfail_under = 10\n"),
    "a dotted key in TOML": ("pyproject.toml", "tool.coverage.report.fail_under = 90\n"),
    "an inline table in TOML": ("pyproject.toml", "[tool.coverage]\nreport = {fail_under = 90}\n"),
    "a quoted table in TOML": ("pyproject.toml", '[tool."coverage"."report"]\nfail_under = 90\n'),
    "a fraction in TOML": ("pyproject.toml", "[tool.coverage.report]\nfail_under = 90.0\n"),
    "underscores in TOML": ("pyproject.toml", "[tool.coverage.report]\nfail_under = 9_0\n"),
}
_RUN = "coverage run --source=lib drive.py\n"
_REPORTS = [
    _RUN + "coverage report -m --skip-covered",
    _RUN + "coverage report --format=total",
    _RUN + "coverage report --format=markdown > summary",
    _RUN + "coverage report -m --fail-under 10",
    _RUN + "coverage3 report",
    _RUN + "python3 -m coverage report --sort=miss",
    "coverage run -p --source=lib drive.py\ncoverage combine\ncoverage report",
    "coverage run -p --source=lib drive.py\ncoverage combine -q && coverage xml -q",
    _RUN + "coverage report > log; tail -1 log",
    _RUN + "total=$(coverage report --format=total)\necho $total",
    _RUN + 'echo "$(coverage report --format=total)"',
    _RUN + "coverage xml && coverage report --fail-under=10",
]  # fmt: skip
_GIVEN = [
    "FLOOR=90\npytest --cov=lib --cov-fail-under=$FLOOR",
    "FLOOR=90\npytest --cov=lib --cov-fail-under=${FLOOR:-10}",
    "pytest --cov=lib --cov-fail-under=${FLOOR:-90}",
    'ARGS="--cov=lib --cov-fail-under=90"\npytest $ARGS',
    'args=(--cov=lib --cov-fail-under=90)\npytest "${args[@]}"',
    'args=(--cov=lib)\nargs+=(--cov-fail-under=90)\npytest "${args[@]}"',
    'set -- --cov=lib --cov-fail-under=90\npytest "$@"',
    'tests() { pytest --cov=lib "$@"; }\ntests --cov-fail-under=90',
    "pytest -o 'addopts=--cov=lib --cov-fail-under=90'",
    "pytest --cov lib --cov-fail-under 90",
    "pytest --cov=lib --cov-fail-under=50",
    "pytest --cov=lib --cov-fail-under=50.01",
    "pytest --cov=lib --cov-fail-under=49.99",
    "py.test --cov=lib --cov-fail-under=90",
    "python3 -X dev -m pytest --cov=lib --cov-fail-under=90",
    "python -c \"import pytest, sys; sys.exit(pytest.main(['--cov=lib', '--cov-fail-under=90']))\"",
    "python -c \"import pytest; pytest.main(['--cov=lib', '--cov-fail-under=90'])\"",
    "pytest \\\n  --cov=lib \\\n  --cov-fail-under=90 \\\n  -q",
    "xargs pytest --cov=lib --cov-fail-under=90 < /dev/null",
    "echo test_half.py | xargs pytest --cov=lib --cov-fail-under=90",
    "timeout 60 pytest --cov=lib --cov-fail-under=90 || [ $? -ne 124 ]",
    "for t in test_half.py; do pytest --cov=lib --cov-fail-under=90 $t; done",
    "for i in 1 2; do pytest --cov=lib --cov-fail-under=90 && exit 0; done\nexit 1",
    "pytest --cov=lib --cov-fail-under=80 --co -q",
    "pytest --cov=lib --cov-fail-under=80 --fixtures",
    "pytest --cov=lib --cov-fail-under=80 --markers > markers",
]  # fmt: skip
_JEST: dict[str, tuple[str, str, str]] = {
    "mjs": ("jest.config.mjs", "export default { coverageThreshold: { global: { lines: 90 } } }\n", ""),
    "a name": ("jest.config.js", "const config = { coverageThreshold: { global: { lines: 90 } } }\nmodule.exports = config\n", ""),
    "a function": ("jest.config.js", "module.exports = () => ({ coverageThreshold: { global: { lines: 90 } } })\n", ""),
    "an asynchronous function": ("jest.config.js", "module.exports = async () => { return { coverageThreshold: { global: { lines: 90 } } } }\n", ""),
    "keys in quotes": ("jest.config.js", "module.exports = { 'coverageThreshold': { \"global\": { 'lines': 90, }, }, }\n", ""),
    "a file's functions, negative": ("jest.config.js", "module.exports = { coverageThreshold: { './src/half.js': { functions: -1 } } }\n", ""),
    "a file's functions, negative enough": ("jest.config.js", "module.exports = { coverageThreshold: { './src/half.js': { functions: -2 } } }\n", ""),
    "a deep pattern": ("jest.config.js", "module.exports = { coverageThreshold: { './src/**/*.js': { lines: 90 } } }\n", ""),
    "a comment": ("jest.config.js", "module.exports = { /* coverageThreshold: { global: { lines: 80 } } */ }\n", ""),
    "--ci": ("jest.config.js", "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n", "jest --ci --coverage --watchAll=false"),
    "a path of tests": ("jest.config.js", "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n", "jest --coverage -- half.test.js"),
    "a number that is text": ("jest.config.json", '{"coverageThreshold": {"global": {"lines": 50}}}', ""),
}  # fmt: skip
_CHECKS: list[tuple[str, dict[str, str], str]] = [
    ("camel case", {".nycrc.json": '{"checkCoverage": true, "lines": 90}'}, "nyc node run.js"),
    ("per file", {".nycrc.json": '{"check-coverage": true, "per-file": true, "lines": 90}'}, "nyc node run.js"),
    ("yaml", {".nycrc.yml": "check-coverage: true\nlines: 90\n"}, "nyc node run.js"),
    ("a named extends", {".nycrc": '{"extends": "./base.json"}', "base.json": '{"check-coverage": true, "lines": 90}'}, "nyc node run.js"),
    ("js", {"nyc.config.js": "module.exports = { 'check-coverage': true, lines: 90 }\n"}, "nyc node run.js"),
    ("off", {".nycrc": '{"check-coverage": true, "lines": 90}'}, "nyc --check-coverage=false node run.js"),
    ("camel case on the command line", {}, "nyc --checkCoverage --functions=90 node run.js"),
    ("c8 camel case", {".c8rc.json": '{"checkCoverage": true, "functions": 90}'}, "c8 node run.js"),
    ("c8 per file", {".c8rc.json": '{"check-coverage": true, "per-file": true, "functions": 90}'}, "c8 node run.js"),
    ("c8 off", {".c8rc.json": '{"check-coverage": true, "functions": 90}'}, "c8 --no-check-coverage node run.js"),
    ("c8 equal signs", {}, "c8 --check-coverage=true --functions=90 node run.js"),
    ("c8 a shell after it", {}, "c8 --check-coverage --functions 90 sh -c 'node run.js'"),
]  # fmt: skip
_INSIDE = "test: { coverage: { provider: 'v8', include: ['**/src/**'], thresholds: { lines: 90 } } }"
_VITEST: dict[str, tuple[str, str, str]] = {
    "defineConfig": ("vitest.config.js", f"import {{ defineConfig }} from 'vitest/config'\nexport default defineConfig({{ {_INSIDE} }})\n", ""),
    "a function": ("vitest.config.js", f"import {{ defineConfig }} from 'vitest/config'\nexport default defineConfig(() => ({{ {_INSIDE} }}))\n", ""),
    "a name": ("vitest.config.js", f"const config = {{ {_INSIDE} }}\nexport default config\n", ""),
    "merged": ("vitest.config.js", f"import {{ defineConfig, mergeConfig }} from 'vitest/config'\nexport default mergeConfig({{}}, defineConfig({{ {_INSIDE} }}))\n", ""),
    "numbers of a name": ("vitest.config.js", f"const thresholds = {{ lines: 90 }}\nexport default {{ {_INSIDE.replace('thresholds: { lines: 90 }', 'thresholds')} }}\n", ""),
    "mts": ("vitest.config.mts", f"export default {{ {_INSIDE} }}\n", ""),
    "a file's pattern": ("vitest.config.js", f"export default {{ {_INSIDE.replace('lines: 90', repr('src/half.js') + ': { functions: 90 }')} }}\n", ""),
    "a pattern, negative": ("vitest.config.js", f"export default {{ {_INSIDE.replace('lines: 90', repr('src/*.js') + ': { functions: -1 }')} }}\n", ""),
    "a comment": ("vitest.config.js", f"export default {{ {_INSIDE.replace('lines: 90', '// lines: 80' + chr(10))} }}\n", ""),
    "--run": ("vitest.config.js", f"export default {{ {_INSIDE} }}\n", "vitest --run --coverage"),
    "all by options": ("vitest.config.js", f"export default {{ {_INSIDE.replace('lines: 90', '')} }}\n", "vitest run --coverage.enabled --coverage.thresholds.functions=90"),
    "perFile by an option": ("vitest.config.js", f"export default {{ {_INSIDE} }}\n", "vitest run --coverage --coverage.thresholds.perFile"),
}  # fmt: skip


def forms() -> list[Configuration]:
    """All of them."""
    found = []

    def python(name: str, files: dict[str, str], command: str) -> None:
        found.append(Configuration(PYTHON, f"forms: {name}", {**SOURCES, **files}, command))

    for name, (path, text) in _FILES.items():
        python(f"pytest, {name}", {path: text}, "pytest")
    for name, (path, text) in _COVERAGE.items():
        python(f"coverage, {name}", {path: text}, _RUN + "coverage report")
    for command in _REPORTS:
        python(f"report {command!r}", {".coveragerc": "[report]\nfail_under = 90\n"}, command)
    for command in _GIVEN:
        python(f"given {command!r}", {}, command)
    base = {"package.json": '{"name": "x"}', "src/half.js": COMMON}
    for name, (path, text, command) in _JEST.items():
        files = {**base, "half.test.js": JEST_TEST, path: text}
        found.append(Configuration(OTHERS, f"forms: jest, {name}", files, command or "jest --coverage"))
    for name, own, command in _CHECKS:
        found.append(Configuration(OTHERS, f"forms: {name}", {**base, "run.js": PROGRAM, **own}, command))
    for major in (2, 4):
        version = {"type": "module", "private": True, "devDependencies": {"vitest": f"^{VERSIONS[major]}"}}
        base = {"package.json": json.dumps(version), "src/half.js": MODULE, "half.test.js": VITEST_TEST}
        for name, (path, text, command) in _VITEST.items():
            files = {**base, path: text}
            found.append(Configuration(f"vitest-{major}", f"forms: {name}", files, command or "vitest run --coverage"))
    return found
