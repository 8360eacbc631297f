"""Where pytest and coverage look for their configuration: each in its own way (held against both by `make oracles`)."""

# ruff: noqa: E501 - a case is a line

from __future__ import annotations

import pytest

from coverage_gate.test_wiring import CI, findings, run, steps
from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER

COVERAGE = "[tool.coverage.report]\nfail_under = 90\nprecision = 2\n"
OPTIONS = '[tool.pytest.ini_options]\naddopts = "--cov=app --cov-branch --cov-fail-under=90 --cov-precision=2"\n'
LOW = "[report]\nfail_under = 40\nprecision = 2\n"

ASKED: dict[str, tuple[dict[str, str], str]] = {
    "addopts above": ({"pyproject.toml": OPTIONS}, "cd sub\npytest"),
    "addopts above a project that configures no pytest": ({"pyproject.toml": OPTIONS, "sub/pyproject.toml": "[project]\nname = 'x'\n", "sub/tox.ini": "[tox]\n"}, "cd sub\npytest"),
    "addopts above coverage's own file": ({"pyproject.toml": OPTIONS, "sub/.coveragerc": "[run]\nbranch = True\n"}, "cd sub\npytest"),
    "addopts above, named": ({"pyproject.toml": OPTIONS, "sub/pytest.ini": "[pytest]\n"}, "cd sub\npytest -c ../pyproject.toml"),
    "coverage's file above, named to pytest": ({"pyproject.toml": COVERAGE}, "cd sub\npytest --cov --cov-config=../pyproject.toml"),
    "coverage's file above, named to coverage": ({"pyproject.toml": COVERAGE, "sub/.coveragerc": "[run]\nbranch = True\n"}, "cd sub\ncoverage run -m pytest\ncoverage report --rcfile=../pyproject.toml"),
    "coverage's file above, named by a variable": ({"pyproject.toml": COVERAGE}, "cd sub\nexport COVERAGE_RCFILE=../pyproject.toml\ncoverage run -m pytest\ncoverage report"),
    "coverage's file beside addopts that name another": ({"pyproject.toml": COVERAGE + '[tool.pytest.ini_options]\naddopts = "--cov-config=x.rc"\n', "x.rc": "[run]\nbranch = true\n"}, "coverage run -m pytest\ncoverage report"),
    "another run asks": ({"pyproject.toml": COVERAGE}, "pytest --cov\ncd sub\npytest --cov"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_it_is_asked_where_the_tool_reads_it(name):
    files, script = ASKED[name]
    assert findings({**files, "sub/app.py": "", CI: steps(run(script))}) == []


LOST: dict[str, tuple[dict[str, str], str, str]] = {
    "coverage's file above pytest": ({"pyproject.toml": COVERAGE}, "cd sub\npytest --cov", "coverage looks for its configuration in `sub`"),
    "coverage's file above, addopts above": ({"pyproject.toml": COVERAGE + '[tool.pytest.ini_options]\naddopts = "--cov"\n'}, "cd sub\npytest", "coverage looks for its configuration in `sub`"),
    "coverage's file above coverage": ({"pyproject.toml": COVERAGE}, "cd sub\ncoverage run -m pytest\ncoverage report", "coverage looks for its configuration in `sub`"),
    "in a recipe": ({".coveragerc": "[report]\nfail_under = 90\nprecision = 2\n", "Makefile": "test:\n\tcd sub && pytest --cov\n"}, "make test", "coverage looks for its configuration in `sub`"),
    "an argument's file": ({"pyproject.toml": OPTIONS, "sub/pytest.ini": "[pytest]\n"}, "pytest sub --cov", "sub/pytest.ini is read in its place"),
    "options around that name another": ({"pytest.ini": "[pytest]\naddopts = --cov --cov-branch --cov-fail-under=90\n", "other.ini": "[pytest]\n"}, "PYTEST_ADDOPTS='-c other.ini' pytest --cov", "other.ini is read in its place"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOST)
def test_it_is_lost_where_the_tool_does_not_look(name):
    files, script, why = LOST[name]
    (found,) = findings({**files, "sub/app.py": "", CI: steps(run(script))})
    assert (found.rule, found.severity.name) == ("unwired-gate", "ERROR")
    assert why in found.message


def test_the_cure_names_the_file_from_where_it_runs():
    (found,) = findings({"a/.coveragerc": LOW, CI: steps(run("cd a/b/c\npytest --cov"))})
    assert found.help.startswith("run them in `a`, or pass `--cov-config=../../.coveragerc`")


def test_a_number_that_only_another_command_has_is_not_looked_for_in_a_configuration():
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=app --cov-branch"\n',
        "justfile": "cov:\n    pytest --cov-fail-under=100\n",
        CI: steps(run("pytest")),
    }
    report, _ = engine.run(Context(Memory(files), Config(), None), [CHECKER])
    (found,) = report.findings
    assert (found.rule, found.severity.name) == ("unwired-gate", "INFO")
    assert "only a command there gives that number" in found.message
    assert "--cov-config" not in found.help
