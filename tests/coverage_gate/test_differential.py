"""Against coverage.py itself: what it measures, writes and totals, and what is made of it here."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from coverage import CoverageData

from fr_check.policy.coverage_gate import Coverage
from fr_check.repository.opening import open_repository
from fr_check.sources import coverage_db, coverage_formats
from fr_check.sources.measurement import ARCS, Arms
from measuring import ids, measured

if TYPE_CHECKING:
    from pathlib import Path

MODULE = '''"""Doc."""

import sys


class Thing:
    """Doc."""

    @property
    def name(self):
        return "thing"

    @staticmethod
    def many(
        first,
        second=None,
    ):
        if first:
            return (
                first
                + 1
            )
        elif second:
            return second
        return [item for item in range(3) if item]


def loop(count):
    for number in range(count):
        if number == 2:
            break
    else:
        return "whole"
    while count:
        count -= 1
    try:
        raise ValueError(count)
    except ValueError as error:
        return str(error)
    finally:
        print("done")


def guarded(paths):
    for path in paths:
        with open(path) as one, open(path) as other:
            if one.read() != other.read():
                continue
        try:
            if not path:
                return None
        finally:
            if len(paths) > 1: print(path)
        if path:  # pragma: no branch
            print(path)


def match(value):
    guarded([__file__] * value)
    match value:
        case 1:
            return "one"
        case _ if value > 10:
            return "many"
    return lambda: value


def never():  # pragma: no cover
    return 1


if __name__ == "__main__":
    getattr(sys.modules[__name__], sys.argv[1])(int(sys.argv[2]))
'''
STATES = ("executed", "missing")
OTHER = "def unused():\n    if True:\n        return 1\n    return 2\n"


def coverage(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "coverage", *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module", params=[True, False], ids=["branches", "lines"])
def project(request, tmp_path_factory) -> Path:
    """A backend whose two runs left two databases, and every report coverage.py makes of both."""
    root = tmp_path_factory.mktemp("project")
    folder = root / "apps/backend"
    (folder / "src/deep").mkdir(parents=True)
    (folder / "src/__init__.py").write_text("")
    (folder / "src/module.py").write_text(MODULE)
    (folder / "src/deep/__init__.py").write_text("")
    (folder / "src/deep/other.py").write_text(OTHER)
    (folder / "pyproject.toml").write_text("[project]\nname = 'backend'\n")
    (root / ".gitignore").write_text(".coverage*\n*.lcov\n*.xml\n*.json\n")
    subprocess.run(["git", "init", "-q", root], check=True)
    branch = ["--branch"] if request.param else []
    for name, arguments in (("one", ("loop", "5")), ("two", ("match", "1"))):
        coverage(
            folder,
            "run",
            *branch,
            "--source=src",
            f"--context={name}",
            f"--data-file={root}/{name}",
            "src/module.py",
            *arguments,
        )
    coverage(folder, "combine", "--keep", f"--data-file={root}/both", f"{root}/one", f"{root}/two")
    for name in ("one", "two", "both"):
        for form in ("lcov", "xml", "json"):
            coverage(folder, form, "-q", f"--data-file={root}/{name}", "-o", str(root / f"{name}.{form}"))
    coverage(folder, "html", "-q", f"--data-file={root}/both", "-d", str(root / "html"))
    return root


def truth(project: Path, name: str = "both") -> tuple[tuple[int, int], tuple[int, int] | None]:
    document = json.loads((project / f"{name}.json").read_text())
    totals = document["totals"]
    branches = (totals["covered_branches"], totals["num_branches"]) if document["meta"]["branch_coverage"] else None
    return (totals["covered_lines"], totals["num_statements"]), branches


def judge(project: Path, *reports: str):
    return measured(open_repository(str(project)), *(str(project / report) for report in reports))


@pytest.mark.parametrize("form", ["both.lcov", "both.xml", "both.json", "both"])
def test_every_format_gives_coverages_own_totals(project, form):
    found = judge(project, form)
    lines, branches = truth(project)
    assert ids(found) == []
    assert found.counts.lines == lines
    assert found.counts.branches == branches
    assert set(found.files) == {
        f"apps/backend/src/{name}" for name in ("__init__.py", "module.py", "deep/__init__.py", "deep/other.py")
    }
    document = json.loads((project / "both.json").read_text())
    blended = found.counts.blended
    assert 100 * blended.covered / blended.total == pytest.approx(document["totals"]["percent_covered"])


@pytest.mark.parametrize("form", ["{}.lcov", "{}.json", "{}"], ids=["lcov", "json", "databases"])
def test_shards_are_united_as_combine_unites_them(project, form):
    found = judge(project, form.format("one"), form.format("two"))
    assert (found.counts.lines, found.counts.branches) == truth(project)
    assert ids(found) == []


def test_a_database_gives_the_arms_of_coverages_own_json(project):
    found, branches = judge(project, "both"), truth(project)[1]
    for name, entry in json.loads((project / "both.json").read_text())["files"].items():
        detail = found.files[f"apps/backend/{name}"].detail
        assert (detail.hits, detail.lines - detail.hits) == (set(entry["executed_lines"]), set(entry["missing_lines"]))
        taken, missed = ({b"%d,%d" % tuple(arc) for arc in entry.get(f"{kind}_branches", ())} for kind in STATES)
        arms = detail.arms.get(ARCS, Arms())
        # Of a branch that does not count, the report holds only what was taken.
        left_out = arms.taken - taken
        assert (arms.taken - left_out, arms.found - arms.taken) == (taken, missed)
        assert len(left_out) == (branches is not None and name.endswith("module.py"))


def test_shards_in_xml_are_united_by_the_names_of_missing_arms(project):
    found = judge(project, "one.xml", "two.xml")
    assert found.counts.lines == truth(project)[0]
    _, branches = truth(project)
    if branches is not None:
        # "exit" names every way out of a function alike, so xml alone may take two for one.
        assert found.counts.branches.total == branches[1]
        assert found.counts.branches.covered >= branches[0]


def test_per_file_counts_are_those_of_the_json_report(project):
    found = judge(project, "both.lcov")
    for name, entry in json.loads((project / "both.json").read_text())["files"].items():
        counts = found.files[f"apps/backend/{name}"].counts
        summary = entry["summary"]
        assert counts.lines == (summary["covered_lines"], summary["num_statements"])
        assert found.files[f"apps/backend/{name}"].detail.hits == set(entry["executed_lines"])


def test_databases_and_what_lies_beside_them_stay_as_they_are(project):
    def state() -> dict[str, str]:
        paths = [path for path in project.rglob("*") if path.is_file() and ".git/" not in str(path)]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    (project / "apps/backend/.coverage.parallel.1").write_bytes((project / "one").read_bytes())
    (project / "apps/backend/.coverage").write_bytes((project / "two").read_bytes())
    before = state()
    found = judge(project)
    assert state() == before
    assert [data.path for data in found.data] == ["apps/backend/.coverage", "apps/backend/.coverage.parallel.1"]
    assert (found.counts.lines, found.counts.branches) == truth(project)


def test_a_database_that_is_none_is_unknown(project, tmp_path):
    broken = tmp_path / ".coverage"
    broken.write_bytes((project / "one").read_bytes()[:3000])
    found = measured(open_repository(str(project)), str(broken))
    assert [item.reason for item in found.unknowns] == ["unreadable-coverage-data"]


@pytest.mark.parametrize(
    "damage",
    [
        "update arc set fromno = 'x'",
        "update arc set tono = 1.5",
        "update arc set fromno = 99999999999",
        "update line_bits set numbits = 'x'",
        "update line_bits set numbits = null",
        "update file set path = x'ff'",
        "update meta set value = 'zz'",
        "update coverage_schema set version = 99",
        "drop table file",
    ],
)
def test_a_database_that_holds_what_it_should_not_is_read_or_refused(tmp_path, damage):
    for name, add in (("arcs", "add_arcs"), ("lines", "add_lines")):
        data = CoverageData(basename=str(tmp_path / name))
        getattr(data, add)({"/a.py": [(1, 2)] if name == "arcs" else [1]})
        data.write()
        data.close(force=True)
        with closing(sqlite3.connect(tmp_path / name)) as connection, connection:
            connection.execute(damage)
        found = coverage_db.read(str(tmp_path / name))
        assert bool(found.files) != bool(found.faults)


def test_a_file_that_a_plugin_measured_is_not_judged(tmp_path):
    (tmp_path / "page.html").write_text("text\n")
    data = CoverageData(basename=str(tmp_path / ".coverage"))
    data.add_lines({str(tmp_path / "page.html"): [1]})
    data.add_file_tracers({str(tmp_path / "page.html"): "a_plugin"})
    data.write()
    data.close(force=True)
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (unknown,) = judge(tmp_path, ".coverage").unknowns
    assert "`page.html` was measured by the plugin `a_plugin`, which is not run" in unknown.message


def test_a_database_of_other_sources_is_stale(project, tmp_path):
    folder = tmp_path / "apps/backend"
    (folder / "src/deep").mkdir(parents=True)
    for name in ("__init__.py", "deep/__init__.py"):
        (folder / "src" / name).write_text("")
    (folder / "src/module.py").write_text("\n\n\n\n" + MODULE)
    (folder / "src/deep/other.py").write_text(OTHER)
    assert ids(measured(open_repository(str(tmp_path)), str(project / "one"))) == ["stale-coverage-data"]


def test_exclusions_of_the_configuration_hold_for_databases(project):
    settings = project / "apps/backend/.coveragerc"
    settings.write_text("[report]\nexclude_also =\n    def loop\nomit = src/deep/*\n")
    reports = {}
    try:
        (project / "apps/backend/.coverage").write_bytes((project / "both").read_bytes())
        found = measured(open_repository(str(project)), policy=Coverage(data=("apps/backend/.coverage",)))
        text = coverage(
            project / "apps/backend", "json", "--keep-combined", f"--data-file={project}/both", "-q", "-o", "-"
        )
        reports = json.loads(text)["totals"]
    finally:
        settings.unlink()
    assert found.counts.lines == (reports["covered_lines"], reports["num_statements"])


def test_the_comparison_of_statements_never_takes_coverages_own_lines_for_stale(project):
    for report in ("one.lcov", "two.xml", "both.json"):
        (data,) = judge(project, report).data
        assert data.signs.found == ()
        assert data.signs.parsed == 4


def test_checksums_of_lines_tell_an_edit_that_nothing_else_shows(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    module = tmp_path / "module.py"
    module.write_text("a = 1\nb = 'é'\n")
    (tmp_path / "settings").write_text("[lcov]\nline_checksums = true\n")
    coverage(tmp_path, "run", "--source=.", "module.py")
    coverage(tmp_path, "lcov", "-q", "--rcfile=settings")
    assert ",1," in (tmp_path / "coverage.lcov").read_text()
    assert judge(tmp_path, "coverage.lcov").counts.lines == (2, 2)
    module.write_text("a = 1\nb = 'e'\n")
    (data,) = judge(tmp_path, "coverage.lcov").data
    assert [(sign.kind, sign.line) for sign in data.signs.found] == [("checksum", 2)]


@pytest.mark.parametrize("form", ["xml", "lcov", "json"])
@pytest.mark.parametrize("call", ["f(1)", "f(0)", "pass"])
def test_a_report_with_lines_that_are_no_branch_is_consistent(tmp_path: Path, form: str, call: str):
    code = "def f(x):\n    if x:  # pragma: no branch\n        return 1\n    return 2\n\n\ndef g(x):\n    return x\n"
    (tmp_path / "a.py").write_text(f"{code}\n\n{call}\n")
    for command in (["run", "--branch", "a.py"], [form, "-o", "report"]):
        subprocess.run([sys.executable, "-m", "coverage", *command], cwd=tmp_path, check=True, capture_output=True)
    report = coverage_formats.parse((tmp_path / "report").read_bytes())
    assert report.faults == ()
    assert report.records[0].counts.lines.total == 7
