from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from _pytest.config.exceptions import UsageError
from _pytest.config.findpaths import load_config_dict_from_file
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources.thresholds import pytest_config

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "pytest.ini": ("pytest.ini", "[pytest]\naddopts = --cov=src --cov-fail-under=95\n"),
    "pytest.ini, lines": ("pytest.ini", "[pytest]\naddopts =\n    --cov=src\n    -m 'not slow'\n"),
    "pytest.ini, empty": ("pytest.ini", ""),
    "pytest.ini, other section": ("pytest.ini", "[tool]\nx = 1\n"),
    "tox.ini with pytest": ("tox.ini", "[pytest]\naddopts = -x\n[testenv]\ncommands = pytest\n"),
    "tox.ini without": ("tox.ini", "[testenv]\ncommands = pytest\n"),
    "setup.cfg with": ("setup.cfg", "[tool:pytest]\naddopts = -x\n"),
    "setup.cfg without": ("setup.cfg", "[metadata]\nname = x\n"),
    "pyproject string": ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"--cov=src -m 'not slow'\"\n"),
    "pyproject list": ("pyproject.toml", '[tool.pytest.ini_options]\naddopts = ["-n", "4", "--cov-fail-under=96"]\n'),
    "pyproject native": ("pyproject.toml", '[tool.pytest]\naddopts = ["--cov-fail-under", "95"]\n'),
    "pyproject without": ("pyproject.toml", "[project]\nname = 'x'\n"),
    "pyproject empty table": ("pyproject.toml", "[tool.pytest]\n"),
    "pyproject both": ("pyproject.toml", "[tool.pytest]\nx=1\n[tool.pytest.ini_options]\ny='2'\n"),
    "pytest.toml": ("pytest.toml", '[pytest]\naddopts = ["--cov=src"]\n'),
    "pytest.toml, empty": ("pytest.toml", ""),
    "pytest.toml, loose": ("pytest.toml", 'addopts = ["-x"]\n'),
}


@pytest.mark.parametrize(("name", "content"), FILES.values(), ids=FILES.keys())
def test_finds_what_pytest_finds(tmp_path: Path, name: str, content: str):
    path = tmp_path / name
    path.write_text(content)
    ours = pytest_config.parse(Text(content, name))
    try:
        theirs = load_config_dict_from_file(path)
    except UsageError:
        assert ours.problems
        return
    assert not ours.problems
    assert ours.present == (theirs is not None)
    addopts = theirs["addopts"].value if theirs and "addopts" in theirs else []
    expected = addopts if isinstance(addopts, list) else pytest_config.split(addopts)
    assert [word.string for word in ours.addopts] == expected


def test_a_string_below_tool_pytest_is_refused_by_pytest_9():
    found = pytest_config.parse(Text('[tool.pytest]\naddopts = "--cov=src"\n', "pyproject.toml"))
    assert [problem.message for problem in found.problems] == [
        "`addopts` in [tool.pytest] is not a list of strings: pytest 9 refuses the file"
    ]


def test_two_words_in_one_element_are_refused():
    content = '[tool.pytest.ini_options]\naddopts = ["--cov-fail-under 95"]\n'
    found = pytest_config.parse(Text(content, "pyproject.toml"))
    assert [problem.help for problem in found.problems] == ['write "--cov-fail-under=95"']


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(pytest_config.NAMES), st.text(st.sampled_from("[]tool.pyesadni_\n=\"'-8 #:"), max_size=60))
def test_is_total(name: str, content: str):
    assert isinstance(pytest_config.parse(Text(content, name)).addopts, tuple)
