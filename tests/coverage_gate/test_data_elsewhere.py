"""Data that was made elsewhere than it is judged, and numbers that moved: what is said of them, and where."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from fr_check.core import engine
from fr_check.core.config import Config
from fr_check.core.context import Context, Options
from fr_check.core.model import Finding, Severity
from fr_check.core.repository import Memory
from fr_check.coverage_gate.checker import CHECKER
from fr_check.coverage_gate.measured.mapping import PathIndex, resolve
from fr_check.repository.opening import open_repository

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VITEST = "export default {{ test: {{ coverage: {{ thresholds: {{ {} }} }} }} }}\n"
XML = (
    '<?xml version="1.0" ?><coverage version="7.17" timestamp="1" lines-valid="2" lines-covered="1" line-rate="0.5"'
    ' branches-covered="0" branches-valid="0" branch-rate="0" complexity="0"><sources><source>{}</source></sources>'
    '<packages><package name="." line-rate="0.5" branch-rate="0" complexity="0"><classes><class name="app.py"'
    ' filename="app.py" complexity="0" line-rate="0.5" branch-rate="0"><methods/><lines><line number="1" hits="1"/>'
    '<line number="2" hits="0"/></lines></class></classes></package></packages></coverage>\n'
)
SOURCE = "a = 1\nb = 2\n"


def told(
    files: Mapping[str, str], *, base: Mapping[str, str] | None = None, reports: tuple[str, ...] = ()
) -> list[Finding]:
    context = Context(Memory(files), Config(), None if base is None else Memory(base), Options(reports=reports))
    return [item for item in engine.run(context, [CHECKER])[0].findings if item.severity >= Severity.WARNING]


FLAT = {
    "a workflow": ["/home/runner/work/x/x/app.py"],
    "a container": ["/app/app.py", "/app/util.py"],
    "Windows": ["D:\\a\\x\\x\\app.py"],
}


@pytest.mark.parametrize("names", FLAT.values(), ids=FLAT)
def test_a_flat_project_that_was_measured_elsewhere(names: list[str]):
    index = PathIndex(["app.py", "util.py", "setup.py"])
    assert resolve(names, index).places == {name: name.replace("\\", "/").rpartition("/")[2] for name in names}


def test_a_folder_that_is_here_decides():
    index = PathIndex(["app.py", "api/app.py"])
    assert resolve(["/w/api/app.py"], index).places == {"/w/api/app.py": "api/app.py"}
    assert resolve(["app.py"], index, roots=["/w/api"]).places == {"app.py": "api/app.py"}
    assert resolve(["/w/x/app.py", "/w/x/none.py"], PathIndex(["app.py"])).places == {}


def test_cobertura_of_a_flat_project_with_an_absolute_source():
    files = {
        "app.py": SOURCE,
        "setup.cfg": "[coverage:report]\nfail_under = 60\n",
        "coverage.xml": XML.format("/home/runner/work/x/x"),
    }
    assert [item.rule for item in told(files, reports=("coverage.xml",))] == ["coverage-below-threshold"]


def test_a_moved_database_names_what_it_holds(tmp_path: Path):
    made, moved = tmp_path / "made", tmp_path / "moved"
    (moved / "apps/api").mkdir(parents=True)
    made.mkdir()
    (made / "app.py").write_text(SOURCE)
    (moved / "apps/api/app.py").write_text(SOURCE)
    subprocess.run([sys.executable, "-m", "coverage", "run", "app.py"], cwd=made, check=True, capture_output=True)
    (made / ".coverage").rename(moved / ".coverage")
    subprocess.run(["git", "init", "--quiet"], cwd=moved, check=True)
    subprocess.run(["git", "add", "apps"], cwd=moved, check=True)
    context = Context(open_repository(str(moved)), Config(), None, Options(reports=(".coverage",)))
    (found,) = [item for item in engine.run(context, [CHECKER])[0].findings if item.severity >= Severity.WARNING]
    assert found.rule == "unmapped-coverage-data"
    assert "app.py" in found.message


@pytest.mark.parametrize(
    "record",
    ["FN:1,_Z1av\nFN:1,_Z1bv\nFNDA:1,_Z1av\nFNDA:0,_Z1bv\nFNF:2\nFNH:1\n", "FN:1,a\nFN:3,a\nFNDA:1,a\nFNF:2\nFNH:1\n"],
)
def test_several_functions_of_one_line_or_name(record: str):
    info = f"SF:src/a.h\n{record}DA:1,1\nDA:1,0\nDA:2,0\nLF:3\nLH:1\nend_of_record\n"
    files = {"src/a.h": "int a;\nint b;\nint c;\n", "lcov.info": info}
    assert told(files, reports=("lcov.info",)) == []


def test_a_source_of_a_namespace_package():
    files = {
        "src/ns/a.py": SOURCE,
        "src/ns/b.py": SOURCE,
        "c.lcov": "SF:src/ns/a.py\nDA:1,1\nDA:2,1\nLF:2\nLH:2\nend_of_record\n",
    }
    (found,) = told(files, reports=("c.lcov",))
    assert "include_namespace_packages" in found.help
    (found,) = told({**files, "src/ns/__init__.py": ""}, reports=("c.lcov",))
    assert "include_namespace_packages" not in found.help


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            {"vitest.config.ts": VITEST.format("lines: 90")},
            {"vitest.config.ts": VITEST.format("'src/**': { lines: 90 }")},
        ),
        (
            {"jest.config.js": "module.exports = { coverageThreshold: { global: { lines: 90 } } }"},
            {"jest.config.js": "module.exports = { coverageThreshold: { './src/': { lines: 90 } } }"},
        ),
    ],
)
def test_a_threshold_that_moved_into_a_pattern(before: Mapping[str, str], after: Mapping[str, str]):
    (found,) = told(after, base=before)
    assert found.rule == "lowered-threshold"
    assert "only" in found.message
    assert "removed" not in found.message
    assert found.location.span is not None


UNREAD = {
    "setup.cfg": ("[coverage:report]\nfail_under = 90\n", "[report]\nfail_under = 70\n"),
    "vitest.config.ts": (VITEST.format("lines: 90"), VITEST.format("global: { lines: 90 }")),
    ".nycrc": ('{"lines": 90, "check-coverage": true}', '{"lines": 90}'),
    "pyproject.toml": (
        '[tool.pytest.ini_options]\naddopts = "--cov=a --cov-fail-under=90"\n',
        '[pytest]\naddopts = "--cov=a --cov-fail-under=90"\n',
    ),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_number_that_is_not_read_any_more_is_one_error(name: str):
    before, after = UNREAD[name]
    (found,) = told({name: after}, base={name: before})
    assert (found.rule, found.severity) == ("ignored-threshold", Severity.ERROR)
    assert [item.severity for item in told({name: after})] == [Severity.WARNING]


@pytest.mark.parametrize(
    "option",
    [
        "coverage report --rcfile=setup.cfg",
        "pytest --cov=a --cov-config=setup.cfg",
        "COVERAGE_RCFILE=setup.cfg coverage report",
    ],
)
def test_a_section_of_a_file_that_is_named_counts(option: str):
    workflow = f"on: push\njobs:\n  t:\n    runs-on: x\n    steps:\n      - run: {option}\n"
    files = {"setup.cfg": "[report]\nfail_under = 90\n", ".github/workflows/ci.yml": workflow}
    assert told(files) == []
    low = {**files, "setup.cfg": "[report]\nfail_under = 80\n"}
    assert [item.rule for item in told(low, base=files)] == ["lowered-threshold"]
