"""What --fix does to configurations of coverage, in INI and TOML; coverage itself reads the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import coverage
import pytest

from cured import fix, lay_out, read

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOW = (
    "on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - run: coverage run -m pytest\n"
    "      - run: coverage report\n"
)


def cure(folder: Path, rule: str, path: str, text: str, **more: str) -> str:
    lay_out(folder, {path: text, ".github/workflows/ci.yml": WORKFLOW, **more})
    before = read(folder, path)
    fix(folder, "coverage", rule, unsafe=False)
    assert read(folder, path) == before, "a threshold or a measure is nobody's to change unasked"
    fix(folder, "coverage", rule)
    return read(folder, path)


def option(folder: Path, path: str, name: str) -> object:
    """What coverage reads, without its own defaults for other files."""
    return coverage.Coverage(config_file=str(folder / path)).get_option(name)


PRECISION = {
    ".coveragerc": (
        "[report]\nfail_under = 95\n# why\n\n[run]\nbranch = True\n",
        "[report]\nfail_under = 95\nprecision = 2\n# why\n\n[run]\nbranch = True\n",
    ),
    "setup.cfg": (
        "[coverage:run]\nbranch=True\n[coverage:report]\nfail_under=95\nomit =\n    a.py\n    b.py",
        "[coverage:run]\nbranch=True\n[coverage:report]\nfail_under=95\nomit =\n    a.py\n    b.py\nprecision=2",
    ),
    "tox.ini": ("[coverage:report]\r\nfail_under=95\r\n", "[coverage:report]\r\nfail_under=95\r\nprecision=2\r\n"),
    "pyproject.toml": (
        "[tool.coverage.report]\nfail_under = 95\nexclude_also = [\n    '[a]',\n]\n\n[tool.x]\na = 1\n",
        "[tool.coverage.report]\nfail_under = 95\nexclude_also = [\n    '[a]',\n]\nprecision = 2\n\n[tool.x]\na = 1\n",
    ),
}


@pytest.mark.parametrize("path", PRECISION)
def test_two_decimals_are_compared(path: str, tmp_path: Path):
    before, after = PRECISION[path]
    assert cure(tmp_path, "loose-rounding", path, before) == after
    assert option(tmp_path, path, "report:precision") == 2


def test_a_precision_that_is_there_is_replaced(tmp_path: Path):
    before = "[report]\nfail_under = 95\nprecision = 1\n"
    assert cure(tmp_path, "loose-rounding", ".coveragerc", before) == before.replace("1", "2")


BRANCHES = {
    "beside the report": (
        "pyproject.toml",
        "[tool.coverage.report]\nfail_under = 95\n\n[tool.x]\na = 1\n",
        "[tool.coverage.report]\nfail_under = 95\n\n[tool.coverage.run]\nbranch = true\n\n[tool.x]\na = 1\n",
    ),
    "among its options": (
        "pyproject.toml",
        "[tool.coverage]\nrun.source = ['src']\n\n[tool.coverage.report]\nfail_under = 95\n",
        None,
    ),
    "switched off": (
        ".coveragerc",
        "[run]\nbranch = False\n[report]\nfail_under = 95\n",
        "[run]\nbranch = true\n[report]\nfail_under = 95\n",
    ),
    "in setup.cfg": (
        "setup.cfg",
        "[coverage:report]\nfail_under = 95\n",
        "[coverage:report]\nfail_under = 95\n\n[coverage:run]\nbranch = true\n",
    ),
}


@pytest.mark.parametrize("name", BRANCHES)
def test_branches_are_measured(name: str, tmp_path: Path):
    path, before, after = BRANCHES[name]
    assert cure(tmp_path, "branch-coverage-off", path, before) == (after or before)
    if after is not None:
        assert option(tmp_path, path, "run:branch") is True


def test_where_nothing_configures_coverage_nothing_is_made_up(tmp_path: Path):
    text = "[pytest]\naddopts = --cov=src --cov-fail-under=95\n"
    lay_out(tmp_path, {"pytest.ini": text})
    done = fix(tmp_path, "coverage", "branch-coverage-off", "--format", "json")
    assert "no file here configures coverage" in done.stderr
    assert read(tmp_path, "pytest.ini") == text


EXCLUDED = {
    ".coveragerc": "[report]\nexclude_lines =\n    raise\n    def __repr__\n",
    "pyproject.toml": '[tool.coverage.report]\n"exclude_lines" = ["raise"] # why\n',
    "setup.cfg": "[coverage:report]\nexclude_lines = raise\n",
}


@pytest.mark.parametrize("path", EXCLUDED)
def test_the_defaults_are_kept(path: str, tmp_path: Path):
    text = EXCLUDED[path]
    assert cure(tmp_path, "lost-default-exclusions", path, text) == text.replace("exclude_lines", "exclude_also")
    assert "raise" in str(option(tmp_path, path, "report:exclude_also"))


def test_two_lists_are_joined_by_hand(tmp_path: Path):
    text = "[report]\nexclude_lines = raise\nexclude_also = x\n"
    assert cure(tmp_path, "lost-default-exclusions", ".coveragerc", text) == text


OMITTED = {
    "one file": (
        "[run]\nomit =\n    a/gone.py\n    models/x.py\n",
        "[run]\nomit =\n    src/models/x.py\n",
        {"src/models/x.py": ""},
    ),
    "several files, more than one pattern should match": (
        "[run]\nomit = models/x.py\n",
        "[run]\nomit = models/x.py\n",
        {"a/models/x.py": "", "b/models/x.py": ""},
    ),
    "nothing left": ("[run]\nbranch = True\nomit =\n    gone/x.py\n", "[run]\nbranch = True\n", {}),
    "with commas": ("[run]\nomit = gone/x.py, b/*\n", "[run]\nomit = b/*\n", {"b/y.py": ""}),
}


@pytest.mark.parametrize("name", OMITTED)
def test_a_pattern_names_what_is_there(name: str, tmp_path: Path):
    before, after, more = OMITTED[name]
    assert cure(tmp_path, "dead-omit-pattern", ".coveragerc", before, **more) == after
    option(tmp_path, ".coveragerc", "run:omit")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("omit = ['gone/x.py', 'b/*']", "omit = ['b/*']"),
        ("omit = [\n    'b/*',\n    'gone/x.py',\n]", "omit = [\n    'b/*',\n]"),
        ("omit = ['gone/x.py']\nbranch = true", "branch = true"),
    ],
)
def test_a_pattern_of_toml_is_taken_out(before: str, after: str, tmp_path: Path):
    head = "[tool.coverage.run]\n"
    got = cure(tmp_path, "dead-omit-pattern", "pyproject.toml", f"{head}{before}\n", **{"b/y.py": ""})
    assert got == f"{head}{after}\n"


UPDATES = {
    "a line": ("thresholds: {\n  lines: 80,\n  autoUpdate: true, // handy\n}", "thresholds: {\n  lines: 80,\n}"),
    "in front": ("thresholds: { autoUpdate: true, lines: 80 }", "thresholds: { lines: 80 }"),
    "alone": ("thresholds: { autoUpdate: true }", "thresholds: { }"),
    "a function": ("thresholds: { lines: 80, autoUpdate: (n) => n }", None),
}


@pytest.mark.parametrize("name", UPDATES)
def test_a_gate_keeps_its_numbers(name: str, tmp_path: Path):
    before, after = UPDATES[name]
    text = f"export default {{ test: {{ coverage: {{ {before} }} }} }}\n"
    got = cure(tmp_path, "self-adjusting-gate", "vitest.config.ts", text)
    assert got == text.replace(before, after or before)


def test_no_gate_is_lowered_to_agree(tmp_path: Path):
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=90"\n',
        "Makefile": "test:\n\tpytest --cov=src --cov-fail-under=95\n",
    }
    lay_out(tmp_path, files)
    done = fix(tmp_path, "coverage", "contradicting-threshold")
    assert "which one was promised is to be decided" in done.stderr
    assert {path: read(tmp_path, path) for path in files} == files


def test_a_sentence_about_two_things_is_left_to_its_author(tmp_path: Path):
    files = {
        "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--cov=src --cov-fail-under=90"\n',
        "README.md": "Coverage must be at least 90% in tests, and coverage of at least 40% is required elsewhere.\n",
    }
    lay_out(tmp_path, files)
    fix(tmp_path, "coverage", "contradicting-threshold")
    assert {path: read(tmp_path, path) for path in files} == files
