from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from coverage import Coverage
from coverage.exceptions import ConfigError
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.repository import Memory
from fr_check.core.text import Text
from fr_check.sources.thresholds import coverage_config

if TYPE_CHECKING:
    from pathlib import Path

INI = ".coveragerc"
FILES = {
    "fail_under": (INI, "[report]\nfail_under = 95\n"),
    "fail_under float": (INI, "[report]\nfail_under = 95.5\nprecision = 2\n"),
    "prefixed section": (INI, "[coverage:report]\nfail_under = 95\n"),
    "percent sign": (INI, "[report]\nfail_under = 95%\n"),
    "omit by lines and commas": (INI, "[run]\nbranch = on\nomit =\n    a.py, b/*\n    */c.py\nsource = src\n"),
    "exclude_lines": (INI, "[report]\nexclude_lines =\n    pragma: no cover\n    if TYPE_CHECKING:\n"),
    "exclude_also": (INI, "[report]\nexclude_also =\n    raise NotImplementedError\n"),
    "bad regex": (INI, "[report]\nexclude_lines =\n    (\n"),
    "bad boolean": (INI, "[run]\nbranch = perhaps\n"),
    "bad precision": (INI, "[report]\nprecision = 1.5\n"),
    "duplicate option": (INI, "[report]\nfail_under = 1\nfail_under = 2\n"),
    "no section": (INI, "fail_under = 1\n"),
    "setup.cfg": ("setup.cfg", "[coverage:run]\nbranch = 1\n[metadata]\nname = x\n"),
    "toml": ("pyproject.toml", '[tool.coverage.report]\nfail_under = 95\nomit = ["a", "b"]\n'),
    "toml string": ("pyproject.toml", '[tool.coverage.report]\nfail_under = "95"\n'),
    "toml percent": ("pyproject.toml", '[tool.coverage.report]\nfail_under = "95%"\n'),
    "toml string list": ("pyproject.toml", '[tool.coverage.run]\nomit = "a"\n'),
    "toml mixed list": ("pyproject.toml", '[tool.coverage.run]\nomit = ["a", 1]\n'),
    "toml branch string": ("pyproject.toml", '[tool.coverage.run]\nbranch = "true"\n'),
    "toml branch number": ("pyproject.toml", "[tool.coverage.run]\nbranch = 1\n"),
    "toml broken": ("pyproject.toml", "[tool.coverage.run\n"),
    "own toml": (".coveragerc.toml", "[report]\nfail_under = 7\n"),
    "own toml, long form": (".coveragerc.toml", "[tool.coverage.report]\nfail_under = 8\n"),
}


def _theirs(folder: Path, *, file: str | bool = True) -> object:
    before = os.getcwd()
    os.chdir(folder)
    try:
        return Coverage(config_file=file).config
    except ConfigError:
        return None
    finally:
        os.chdir(before)


def _strings(words: tuple[coverage_config.Word, ...] | None) -> list[str] | None:
    return None if words is None else [word.string for word in words]


@pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES.keys())
def test_reads_what_coverage_reads(tmp_path: Path, name: str, content: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("COVERAGE_RCFILE", raising=False)
    (tmp_path / name).write_text(content)
    ours = coverage_config.parse(Text(content, name))
    theirs = _theirs(tmp_path)
    if theirs is None:
        assert ours.problems
        return
    assert not ours.problems
    assert (float(ours.fail_under.value) if ours.fail_under and ours.fail_under.value else 0.0) == theirs.fail_under
    assert ours.branch_on == theirs.branch
    assert (int(ours.precision.string) if ours.precision else 0) == theirs.precision
    assert (_strings(ours.run_omit) or []) == (theirs.run_omit or [])
    assert (_strings(ours.report_omit) or []) == (theirs.report_omit or [])
    assert _strings(ours.source) == theirs.source
    also = _strings(ours.exclude_also) or []
    if ours.exclude_lines is not None:
        assert _strings(ours.exclude_lines) + also == theirs.exclude_list
    else:
        assert also == theirs.exclude_also


@pytest.mark.parametrize(
    ("files", "governing"),
    [
        ({"pyproject.toml": "[tool.coverage.run]\nbranch=true\n", ".coveragerc": ""}, ".coveragerc"),
        ({"pyproject.toml": "[tool.coverage.run]\nbranch=true\n", ".coveragerc.toml": ""}, ".coveragerc.toml"),
        ({"pyproject.toml": "[tool.coverage.run]\n", "setup.cfg": "[metadata]\nname=x\n"}, None),
        (
            {"pyproject.toml": "[tool.coverage.run]\nbranch=true\n", "setup.cfg": "[coverage:report]\nprecision=1\n"},
            "setup.cfg",
        ),
        (
            {"tox.ini": "[coverage:paths]\nsource=\n  a\n", "pyproject.toml": "[tool.coverage.run]\nbranch=true\n"},
            "tox.ini",
        ),
        ({"tox.ini": "[testenv]\n", "pyproject.toml": "[tool.coverage.run]\nbranch=true\n"}, "pyproject.toml"),
    ],
)
def test_takes_the_file_that_coverage_takes(
    tmp_path: Path, files: dict[str, str], governing: str | None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("COVERAGE_RCFILE", raising=False)
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    repository = Memory(files)
    used = [
        name
        for name in coverage_config.FILES
        if isinstance(found := repository.parse(name, coverage_config.parse), coverage_config.CoverageConfig)
        and found.used
    ]
    theirs = _theirs(tmp_path).config_file
    assert (used[0] if used else None) == governing
    assert (os.path.basename(theirs) if theirs else None) == governing


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(coverage_config.FILES), st.text('[]tolcverag.report\n="95,run#:$ ', max_size=60))
def test_is_total(name: str, content: str):
    found = coverage_config.parse(Text(content, name))
    assert isinstance(found.problems, tuple)


def test_a_comma_separated_omit_knows_its_places():
    found = coverage_config.parse(Text("[run]\nomit = a.py,  bb/*\n", INI))
    assert found.run_omit is not None
    assert [(word.string, word.span.column) for word in found.run_omit] == [("a.py", 8), ("bb/*", 15)]
