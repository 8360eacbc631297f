"""Options of make after which no recipe can fail it, held against the real make."""

# ruff: noqa: E501 - cases

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from fr_check.sources import make_options

COMMANDS = [
    "", "-i", "-n", "-t", "-k", "-ki", "-ik", "-ri", "-si", "-j2 -i", "-ji", "-C . -i", "-C. -n", "-Cn", "-f Makefile -i", "-fi",
    "--ignore-errors", "--ignor", "--just-print", "--dry-run", "--dry", "--recon", "--touch", "--keep-going",
    "--no-print-directory", "-B", "-o i", "-W i", "-j 2", "-Oline -i", "MAKEFLAGS=-i", "MAKEFLAGS=k", "-w", "-h", "--version",
]  # fmt: skip
FLAGS = [
    "i",
    "-i",
    "n",
    "-k -i",
    "k",
    "--ignore-errors",
    "--no-builtin-rules",
    "-j4",
    "ki",
    "rR",
    "-- A=n",
    "w --touch",
    "A=i",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Makefile").write_text("test:\n\tfalse\n", "utf-8")
    return tmp_path


def fails(folder: Path, *words: str, **environment: str) -> bool:
    command = ["make", *words, "test"]
    given = {"PATH": os.environ["PATH"], **environment}
    return subprocess.run(command, cwd=folder, env=given, capture_output=True, check=False, timeout=20).returncode != 0


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_line(line: str, folder: Path):
    words = line.split()
    assert bool(make_options.passing("make", words)) == (not fails(folder, *words))


@pytest.mark.parametrize("value", FLAGS)
def test_variables_of_the_environment(value: str, folder: Path):
    for name in make_options.VARIABLES:
        (folder / "test").unlink(missing_ok=True)
        assert bool(make_options.of_environment({name: value})) == (not fails(folder, **{name: value}))


def test_what_is_said():
    assert make_options.passing("make", ["-k", "-si", "test"]) == "`make -si`, which passes over failures,"
    assert make_options.of_variable("MAKEFLAGS", "-k n") == ""
    assert (
        make_options.of_variable("MAKEFLAGS", "kn") == "`MAKEFLAGS=kn`, with which make only prints what it would run,"
    )
