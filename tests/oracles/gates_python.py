"""Configurations of pytest, pytest-cov and coverage: places, pairs of places, options, figures, shells."""

from __future__ import annotations

import itertools

from oracles.gates_model import PYTHON, Configuration

# Three of six statements run, and no branch is there.
HALF = "def used():\n    return 1\n\n\ndef unused():\n    one = 1\n    two = 2\n    return one + two\n"
SOURCES = {
    "lib/__init__.py": "",
    "lib/half.py": HALF,
    "drive.py": "from lib.half import used\n\nused()\n",
    "test_half.py": "from lib.half import used\n\n\ndef test():\n    assert used()\n",
}
COVERAGE = {
    ".coveragerc": "[report]\nfail_under = {}\n",
    ".coveragerc.toml": "[report]\nfail_under = {}\n",
    "setup.cfg": "[coverage:report]\nfail_under = {}\n",
    "tox.ini": "[coverage:report]\nfail_under = {}\n",
    "pyproject.toml": "[tool.coverage.report]\nfail_under = {}\n",
}
COVERAGE_MISPLACED = {
    ".coveragerc": ["[run]\nfail_under = {}\n", "[report]\nfail-under = {}\n", "[coverage:report]\nfail_under = {}\n"],
    ".coveragerc.toml": ["[run]\nfail_under = {}\n", "[tool.coverage.report]\nfail_under = {}\n"],
    "setup.cfg": ["[report]\nfail_under = {}\n", "[coverage]\nfail_under = {}\n", "[coverage:run]\nfail_under = {}\n"],
    "tox.ini": ["[report]\nfail_under = {}\n", "[tool:coverage:report]\nfail_under = {}\n"],
    "pyproject.toml": [
        "[tool.coverage]\nfail_under = {}\n",
        "[tool.coverage.run]\nfail_under = {}\n",
        "[tool.coverage.report]\nfail-under = {}\n",
        "[coverage.report]\nfail_under = {}\n",
    ],
}
RUN_REPORT = "coverage run --source=lib drive.py\ncoverage report"
PYTEST = {
    "pytest.toml": '[pytest]\naddopts = ["--cov=lib", "--cov-fail-under={}"]\n',
    ".pytest.toml": '[pytest]\naddopts = ["--cov=lib", "--cov-fail-under={}"]\n',
    "pytest.ini": "[pytest]\naddopts = --cov=lib --cov-fail-under={}\n",
    ".pytest.ini": "[pytest]\naddopts = --cov=lib --cov-fail-under {}\n",
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=lib --cov-fail-under={}"\n',
    "tox.ini": "[pytest]\naddopts = --cov=lib --cov-fail-under={}\n",
    "setup.cfg": "[tool:pytest]\naddopts = --cov=lib --cov-fail-under={}\n",
}
PYTEST_OTHER = {
    "pyproject.toml": [
        '[tool.pytest.ini_options]\naddopts = ["--cov=lib", "--cov-fail-under", "{}"]\n',
        '[tool.pytest.ini_options]\naddopts = ["--cov=lib", "--cov-fail-under {}"]\n',
        '[tool.pytest]\naddopts = ["--cov=lib", "--cov-fail-under={}"]\n',
        '[tool.pytest]\naddopts = "--cov=lib --cov-fail-under={}"\n',
        '[pytest]\naddopts = "--cov=lib --cov-fail-under={}"\n',
    ],
    "pytest.ini": ["[tool:pytest]\naddopts = --cov=lib --cov-fail-under={}\n"],
    "setup.cfg": ["[pytest]\naddopts = --cov=lib --cov-fail-under={}\n"],
    "tox.ini": ["[tool:pytest]\naddopts = --cov=lib --cov-fail-under={}\n"],
}
# What stands beside `addopts` with 90 on the command line, or around it.
PYTEST_COMMANDS = [
    "pytest",
    "pytest --cov=lib",
    "pytest --cov-fail-under=10",
    "pytest --cov-fail-under 10",
    "pytest --cov-fail-under=10 --cov-fail-under=90",
    "pytest --cov-fail-under=0",
    "pytest --no-cov",
    "pytest -p no:cov",
    "pytest -pno:cov",
    "pytest --cov-reset",
    "pytest --cov-reset --cov=lib",
    "pytest --collect-only",
    "pytest -o addopts=",
    "pytest -o addopts= --cov=lib",
    "pytest --override-ini=addopts=--cov=lib",
    "pytest --override-ini addopts=",
    "pytest -c other.ini",
    "pytest -c other.ini --cov=lib",
    "pytest -c gated.ini",
    "pytest --cov-config=other.rc",
    "pytest --cov-config=gated.rc",
    "PYTEST_ADDOPTS=--cov-fail-under=10 pytest",
    "PYTEST_ADDOPTS=--no-cov pytest",
    "export PYTEST_ADDOPTS='--cov-fail-under=10'\npytest",
    "python -m pytest",
    "coverage run --source=lib -m pytest --no-cov\ncoverage report",
    "coverage run --source=lib -m pytest --no-cov\ncoverage report --fail-under=90",
    "pytest --cov-precision=2",
    "pytest --cov-branch",
    "pytest test_half.py",
    "pytest --cov-fail-under=90%",
    "pytest --cov-fail-under=101",
    "pytest --cov-fail=90",
    "pytest --cov_fail_under=90",
    "pytest --cov-config=/dev/null",
    "pytest -c /dev/null --cov=lib",
]
COVERAGE_COMMANDS = [
    RUN_REPORT,
    RUN_REPORT + " --fail-under=10",
    RUN_REPORT + " --fail-under 0",
    RUN_REPORT + " --rcfile=other.rc",
    RUN_REPORT + " --rcfile=gated.rc",
    RUN_REPORT + " --precision=2",
    RUN_REPORT + " --fail-under=101",
    RUN_REPORT + "\ncoverage xml",
    "coverage run --source=lib drive.py",
    "coverage run --source=lib drive.py\ncoverage xml",
    "coverage run --source=lib drive.py\ncoverage json --fail-under=90",
    "coverage run --source=lib drive.py\ncoverage lcov --fail-under=10",
    "coverage run --source=lib drive.py\ncoverage html",
    "coverage run --source=lib drive.py\npython -m coverage report",
    "coverage run --source=lib drive.py\nCOVERAGE_RCFILE=other.rc coverage report",
    "coverage run --source=lib drive.py\nCOVERAGE_RCFILE=gated.rc coverage report",
    "export COVERAGE_RCFILE=other.rc\ncoverage run --source=lib drive.py\ncoverage report",
    "coverage run --source=lib drive.py\ncoverage report --fail-under=10\ncoverage report --fail-under=90",
    "coverage run --source=lib drive.py\ncoverage report --include=drive.py",
    RUN_REPORT + " --fail=10",
    RUN_REPORT + " --fail-u 90",
    RUN_REPORT + " --rcfile=/dev/null",
    RUN_REPORT + " --rc=other.rc",
    RUN_REPORT + " --inc='lib/*' --prec=2",
    "coverage run --source=lib drive.py\nCOVERAGE_RCFILE=/dev/null coverage report",
]
NAMED = {
    "other.ini": "[pytest]\n",
    "gated.ini": "[pytest]\naddopts = --cov=lib --cov-fail-under=90\n",
    "other.rc": "[run]\n",
    "gated.rc": "[report]\nfail_under = 90\n",
}
# How a step's script goes on, and which shell runs it.
AROUND = [
    "{} | tee log",
    "{} || true",
    "{}; exit 0",
    "{}\necho done",
    "{} && echo done",
    "{} || exit 1",
    "{} || rc=$?\nexit $rc",
    "{} || rc=$?\necho $rc",
    "set +e\n{}\nexit 0",
    "set +e\n{}",
    "set -o pipefail\n{} | tee log",
    "if {}; then echo fine; fi",
    "if ! {}; then exit 1; fi",
    "! {}",
    "({})",
    "bash -c '{}'",
    "sh -ec '{}; echo done'",
    "sh -c '{}; echo done'",
    "trap 'exit 0' EXIT\n{}",
    "trap 'rm -f log' EXIT\n{}",
    "{} || [ $? -eq 1 ]",
    "{} || test $? = 5",
    "script -q -c '{}' /dev/null",
    "script -qec '{}' /dev/null",
]


def python() -> list[Configuration]:
    """Pytest, pytest-cov and coverage."""
    found = []

    def add(name: str, files: dict[str, str], command: str, shell: str = "bash") -> None:
        found.append(Configuration(PYTHON, name, {**SOURCES, **files}, command, shell))

    for name, text in COVERAGE.items():
        add(f"coverage in {name}", {name: text.format(90)}, RUN_REPORT)
        add(f"coverage in {name}, pytest", {name: text.format(90)}, "pytest --cov=lib")
    for name, texts in COVERAGE_MISPLACED.items():
        for number, text in enumerate(texts):
            add(f"coverage elsewhere in {name} {number}", {name: text.format(90)}, RUN_REPORT)
    for (one, first), (two, second) in itertools.permutations(COVERAGE.items(), 2):
        add(f"coverage: {one} before {two}?", {one: first.format(10), two: second.format(90)}, RUN_REPORT)
    for name in COVERAGE:
        empty = {name: ""} if name != "pyproject.toml" else {".coveragerc": ""}
        gate = "setup.cfg" if name != "setup.cfg" else "pyproject.toml"
        add(f"coverage: empty {name} beside {gate}", {**empty, gate: COVERAGE[gate].format(90)}, RUN_REPORT)
    for name, text in PYTEST.items():
        add(f"pytest in {name}", {name: text.format(90)}, "pytest")
    for name, texts in PYTEST_OTHER.items():
        for number, text in enumerate(texts):
            add(f"pytest otherwise in {name} {number}", {name: text.format(90)}, "pytest")
    for (one, first), (two, second) in itertools.permutations(PYTEST.items(), 2):
        add(f"pytest: {one} before {two}?", {one: first.format(10), two: second.format(90)}, "pytest")
    addopts = {"pytest.ini": PYTEST["pytest.ini"].format(90), **NAMED}
    for command in PYTEST_COMMANDS:
        add(f"addopts and {command!r}", addopts, command)
    for command in COVERAGE_COMMANDS:
        add(f"coverage and {command!r}", {".coveragerc": COVERAGE[".coveragerc"].format(90), **NAMED}, command)
    values = ["49.5", "50", "50.4", "50.5", "50.6", "51", '"90"', "90%", "101", "1e2", "0", "100"]
    for value, precision in itertools.product(values, ["", "precision = 1\n", "precision = 2\n"]):
        text = COVERAGE["pyproject.toml"].format(value if value != "90%" else '"90%"') + precision
        add(f"rounding {value} {precision.strip()}", {"pyproject.toml": text}, RUN_REPORT)
    for around, shell in itertools.product(AROUND, ["bash", "", "sh", "bash {0}"]):
        command = around.format("pytest --cov=lib --cov-fail-under=90 -q")
        add(f"{around!r} under {shell or 'no shell'!r}", {}, command, shell)
    return found
