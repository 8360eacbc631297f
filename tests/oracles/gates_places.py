"""Configurations of which the run decides what is read: folders, roots, named files, variables, both of two files."""

# ruff: noqa: E501 - a case is a line, and braces are those of JavaScript

from __future__ import annotations

import json

from oracles.gates_model import OTHERS, PYTHON, Configuration
from oracles.gates_python import COVERAGE, HALF, NAMED, PYTEST, SOURCES
from oracles.gates_sources import COMMON, JEST_TEST, MODULE, PROGRAM, VITEST_TEST
from oracles.gates_vitest import COVER, VERSIONS

INSIDE = {
    "sub/lib/__init__.py": "",
    "sub/lib/half.py": HALF,
    "sub/drive.py": "from lib.half import used\n\nused()\n",
    "sub/test_sub.py": "from lib.half import used\n\n\ndef test():\n    assert used()\n",
}
RUN = "coverage run --source=lib drive.py\ncoverage report"
ROOT_COVERAGE = {"pyproject.toml": COVERAGE["pyproject.toml"].format(90)}
ROOT_PYTEST = {"pyproject.toml": PYTEST["pyproject.toml"].format(90)}
# Both in one file: where pytest finds `addopts` is not where coverage looks.
BOTH = {"pyproject.toml": '[tool.coverage.report]\nfail_under = 90\n[tool.pytest.ini_options]\naddopts = "--cov=lib"\n'}
FOLDERS: list[tuple[str, dict[str, str], str]] = [
    ("coverage in the root", ROOT_COVERAGE, "cd sub\npytest --cov=lib"),
    ("coverage and addopts in the root", BOTH, "cd sub\npytest"),
    ("coverage in the root, run", ROOT_COVERAGE, f"cd sub\n{RUN}"),
    ("coverage in the root, named", ROOT_COVERAGE, f"cd sub\n{RUN} --rcfile=../pyproject.toml"),
    ("coverage in the root, named to pytest", ROOT_COVERAGE, "cd sub\npytest --cov=lib --cov-config=../pyproject.toml"),
    (
        "coverage in both",
        {**ROOT_COVERAGE, "sub/.coveragerc": "[report]\nfail_under = 10\n"},
        "cd sub\npytest --cov=lib",
    ),
    ("coverage in sub", {"sub/.coveragerc": COVERAGE[".coveragerc"].format(90)}, "cd sub\npytest --cov=lib"),
    ("coverage in sub, run above", {"sub/.coveragerc": COVERAGE[".coveragerc"].format(90)}, "pytest sub --cov=sub/lib"),
    ("addopts in the root", ROOT_PYTEST, "cd sub\npytest"),
    (
        "addopts in the root, a project in sub",
        {**ROOT_PYTEST, "sub/pyproject.toml": "[project]\nname = 'x'\nversion = '1'\n"},
        "cd sub\npytest",
    ),
    ("addopts in the root, empty pytest.ini in sub", {**ROOT_PYTEST, "sub/pytest.ini": ""}, "cd sub\npytest --cov=lib"),
    ("addopts in the root, tox.ini without pytest in sub", {**ROOT_PYTEST, "sub/tox.ini": "[tox]\n"}, "cd sub\npytest"),
    (
        "addopts in the root, setup.cfg without pytest in sub",
        {**ROOT_PYTEST, "sub/setup.cfg": "[metadata]\nname = x\n"},
        "cd sub\npytest",
    ),
    (
        "addopts in the root, an empty table in sub",
        {**ROOT_PYTEST, "sub/pyproject.toml": "[tool.pytest.ini_options]\n"},
        "cd sub\npytest --cov=lib",
    ),
    (
        "addopts in sub, by an argument",
        {"sub/pytest.ini": PYTEST["pytest.ini"].format(90)},
        "pytest sub/test_sub.py --cov=lib",
    ),
    ("addopts in the root, by an argument", {**ROOT_PYTEST, "sub/pytest.ini": "[pytest]\n"}, "pytest sub --cov=lib"),
    (
        "addopts in the root, by two arguments",
        {**ROOT_PYTEST, "sub/pytest.ini": "[pytest]\n"},
        "pytest sub test_half.py",
    ),
    (
        "--rootdir changes no file",
        {**ROOT_PYTEST, "sub/pytest.ini": "[pytest]\n"},
        "cd sub\npytest --rootdir=.. --cov=lib",
    ),
    ("--rootdir of sub", ROOT_PYTEST, "pytest --rootdir=sub test_half.py"),
    ("-c of sub", {**ROOT_PYTEST, "sub/pytest.ini": "[pytest]\n"}, "pytest -c sub/pytest.ini --cov=lib test_half.py"),
    ("-c of the root", {**ROOT_PYTEST, "sub/pytest.ini": "[pytest]\n"}, "cd sub\npytest -c ../pyproject.toml"),
    (
        "--config-file of the root",
        {**ROOT_PYTEST, "sub/pytest.ini": "[pytest]\n"},
        "cd sub\npytest --config-file=../pyproject.toml",
    ),
    ("-c glued", ROOT_PYTEST, "pytest -csub/pytest.ini --cov=lib test_half.py"),
    ("pushd", ROOT_COVERAGE, "pushd sub\npytest --cov=lib\npopd"),
    ("a subshell", ROOT_COVERAGE, "(cd sub && pytest --cov=lib)\npytest test_half.py --cov=lib"),
]
# Keys and sections that look as if they counted.
BESIDE = {
    "pytest.ini, fail_under": {"pytest.ini": "[pytest]\naddopts = --cov=lib\nfail_under = 90\n"},
    "pytest.ini, cov_fail_under": {"pytest.ini": "[pytest]\naddopts = --cov=lib\ncov_fail_under = 90\n"},
    "pyproject.toml, cov_fail_under": {
        "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--cov=lib'\ncov_fail_under = 90\n"
    },
    "setup.cfg, cov-fail-under": {"setup.cfg": "[tool:pytest]\naddopts = --cov=lib\ncov-fail-under = 90\n"},
    "pytest.ini, coverage's section": {
        "pytest.ini": "[pytest]\naddopts = --cov=lib\n[coverage:report]\nfail_under = 90\n"
    },
    ".coveragerc, [html]": {".coveragerc": "[html]\nfail_under = 90\n"},
    ".coveragerc, [xml]": {".coveragerc": "[xml]\nfail_under = 90\n"},
}
NAMING = [
    "PYTEST_ADDOPTS='--cov=lib --cov-fail-under=90' pytest -o addopts=",
    "PYTEST_ADDOPTS='-c other.ini' pytest --cov=lib",
    "PYTEST_ADDOPTS='--cov-config=other.rc' pytest --cov=lib",
    "PYTEST_ADDOPTS='--cov-fail-under=10' pytest --cov-fail-under=90",
    "PYTEST_ADDOPTS='-p no:cov' pytest",
    "PYTEST_ADDOPTS='-o addopts=' pytest --cov=lib",
    "PYTEST_ADDOPTS='--cov-reset' pytest",
    "export PYTEST_ADDOPTS=--no-cov\nunset PYTEST_ADDOPTS\npytest",
    "env PYTEST_ADDOPTS=--no-cov pytest",
    "env -u PYTEST_ADDOPTS pytest",
    "pytest --cov-fail-under=90 --no-cov-on-fail",
    "pytest -qq --no-header -p pytest_cov",
    "COVERAGE_RCFILE=gated.rc pytest -o addopts= --cov=lib",
    "COVERAGE_RCFILE=other.rc pytest -o addopts= --cov=lib",
    "COVERAGE_RCFILE=other.rc pytest -o addopts= --cov=lib --cov-config=gated.rc",
    "env COVERAGE_RCFILE=gated.rc coverage run --source=lib drive.py\ncoverage report",
    "export COVERAGE_RCFILE=gated.rc\ncoverage run --source=lib drive.py\ncoverage report --rcfile=other.rc",
    "coverage run --source=lib --rcfile=gated.rc drive.py\ncoverage report",
    "COVERAGE_FILE=data coverage run --source=lib drive.py\nCOVERAGE_FILE=data coverage report --fail-under=90",
    "python3 -m coverage run --source=lib -m pytest -o addopts=\npython3 -m coverage report --fail-under=90",
]


def _python() -> list[Configuration]:
    found = []
    for name, files, command in FOLDERS:
        found.append(Configuration(PYTHON, f"folders: {name}", {**SOURCES, **INSIDE, **files}, command))
    found += [
        Configuration(PYTHON, f"beside: {name}", {**SOURCES, **files}, "pytest --cov=lib")
        for name, files in BESIDE.items()
    ]
    named = {**SOURCES, **NAMED, "pytest.ini": PYTEST["pytest.ini"].format(90)}
    found += [Configuration(PYTHON, f"named: {command!r}", named, command) for command in NAMING]
    return found


VITEST_GATE = "export default { test: { coverage: { provider: 'v8', include: ['**/src/**'], thresholds: { %s } } } }\n"


def _vitest() -> list[Configuration]:
    """Vitest 3 and 5, which looks for its file only where it works."""
    found = []
    package = {"pkg/package.json": '{"type": "module"}', "pkg/src/half.js": MODULE, "pkg/half.test.js": VITEST_TEST}
    gate = {"vitest.config.js": VITEST_GATE % "lines: 90"}
    named = {"ci/gated.js": VITEST_GATE % "lines: 90"}
    two = {"vitest.config.js": VITEST_GATE % "lines: 10, 'src/*.js': { functions: 90 }"}
    by_path = "node node_modules/.bin/vitest run --coverage || $(which vitest) run --coverage"
    cases: list[tuple[str, dict[str, str], str, str]] = [
        ("--config of a folder", named, f"{COVER} --config ci/gated.js", ""),
        ("--config from a folder", {**package, **gate}, f"cd pkg\n{COVER} --config ../vitest.config.js", ""),
        ("a pattern, and the whole", two, COVER, ""),
        (
            "outside of test",
            {
                "vitest.config.js": VITEST_GATE.replace("{ test: { coverage", "{ coverage").replace(
                    "} } } }\n", "} } }\n"
                )
                % "lines: 90"
            },
            COVER,
            "",
        ),
        (
            "jest's key",
            {"vitest.config.js": VITEST_GATE.replace("thresholds", "coverageThreshold") % "lines: 90"},
            COVER,
            "",
        ),
        ("--dir", {**package, **gate}, f"{COVER} --dir pkg", ""),
        ("in a script", gate, "npm test", COVER),
        ("in a script with words of the call", gate, "npm test -- --coverage", "vitest run"),
        ("in a script without them", gate, "npm test", "vitest run"),
        ("run by its path", gate, by_path, ""),
    ]
    for major in (3, 5):
        for name, files, command, script in cases:
            version = {"type": "module", "private": True, "devDependencies": {"vitest": f"^{VERSIONS[major]}"}}
            manifest = json.dumps({**version, "scripts": {"test": script}})
            base = {"src/half.js": MODULE, "half.test.js": VITEST_TEST, "package.json": manifest}
            found.append(Configuration(f"vitest-{major}", f"places: {name}", {**base, **files}, command))
    return found


def _jest() -> list[Configuration]:
    found = []
    base = {"package.json": "{}", "src/half.js": COMMON, "half.test.js": JEST_TEST}
    package = {"pkg/package.json": "{}", "pkg/src/half.js": COMMON, "pkg/half.test.js": JEST_TEST}
    gate = "module.exports = { coverageThreshold: { global: { lines: 90 } } }\n"

    def add(name: str, files: dict[str, str], command: str) -> None:
        found.append(Configuration(OTHERS, f"places: jest {name}", {**base, **files}, command))

    add(
        "--config of a folder",
        {"ci/jest.js": gate.replace("{ cov", "{ rootDir: '..', cov")},
        "jest --coverage --config ci/jest.js",
    )
    add(
        "--config of package.json",
        {"package.json": '{"jest": {"coverageThreshold": {"global": {"lines": 90}}}}'},
        "jest --coverage --config package.json",
    )
    add("--rootDir", {**package, "jest.config.js": gate}, "jest --coverage --rootDir=pkg --config jest.config.js")
    add(
        "a pattern and the rest",
        {
            "jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 }, './src/': { lines: 10 } } }\n"
        },
        "jest --coverage",
    )
    add("a pattern, the command's", {}, """jest --coverage --coverageThreshold='{"./src/": {"lines": 90}}'""")
    add("two words", {}, """jest --coverage --coverageThreshold '{"global": {"lines": 90}}'""")
    add(
        "the command's, of another metric",
        {"jest.config.js": gate},
        """jest --coverage --coverageThreshold='{"global": {"branches": 10}}'""",
    )
    add("in a script", {"package.json": '{"scripts": {"test": "jest --coverage"}}', "jest.config.js": gate}, "npm test")
    add(
        "in a script, with words",
        {"package.json": '{"scripts": {"test": "jest"}}', "jest.config.js": gate},
        "npm test -- --coverage",
    )
    add(
        "in a script, off",
        {"package.json": '{"scripts": {"test": "jest --coverage"}}', "jest.config.js": gate},
        "npm test -- --coverage=false",
    )
    return found


def _checking() -> list[Configuration]:
    found = []
    base = {"package.json": '{"name": "x"}', "src/half.js": COMMON, "run.js": PROGRAM}

    def add(name: str, files: dict[str, str], command: str) -> None:
        found.append(Configuration(OTHERS, f"places: {name}", {**base, **files}, command))

    key = '{"name": "x", "%s": %s}'
    for tool in ("nyc", "c8"):
        own = ".nycrc" if tool == "nyc" else ".c8rc.json"
        add(
            f"{tool}: a switch in the file, numbers in package.json",
            {own: '{"check-coverage": true}', "package.json": key % (tool, '{"lines": 90}')},
            f"{tool} node run.js",
        )
        add(
            f"{tool}: both, the file lower",
            {
                own: '{"check-coverage": true, "lines": 10}',
                "package.json": key % (tool, '{"check-coverage": true, "lines": 90}'),
            },
            f"{tool} node run.js",
        )
        add(
            f"{tool}: both, the file higher",
            {
                own: '{"check-coverage": true, "lines": 90}',
                "package.json": key % (tool, '{"check-coverage": true, "lines": 10}'),
            },
            f"{tool} node run.js",
        )
        add(
            f"{tool}: both, switched off in the file",
            {own: '{"check-coverage": false}', "package.json": key % (tool, '{"check-coverage": true, "lines": 90}')},
            f"{tool} node run.js",
        )
        add(
            f"{tool}: both, of two metrics",
            {own: '{"check-coverage": true, "lines": 10}', "package.json": key % (tool, '{"functions": 90}')},
            f"{tool} node run.js",
        )
    add(
        "c8: .c8rc.json and .nycrc",
        {".c8rc.json": '{"check-coverage": true, "lines": 10}', ".nycrc": '{"check-coverage": true, "lines": 90}'},
        "c8 node run.js",
    )
    return found


def places() -> list[Configuration]:
    """All of them."""
    return [*_python(), *_vitest(), *_jest(), *_checking()]
