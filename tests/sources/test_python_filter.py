"""The text filter before the reader of Python lets through whatever the reader finds something in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fr_check.core.text import Text
from fr_check.sources import python_reads

IMPORTS = {
    "import os": "os.{}", "import os, sys": "os.{}", "import sys, os as o": "o.{}",
    "from os import environ": "environ{}",
    "from os import environ as e, path": "e{}", "from os import (\n    getenv,\n)": "getenv('K')",
    "import os, environ": "environ.Env()('K')", "import environ as x": "x.Env().str('K')",
    "from environ import (\n    Env as E\n)": "E()('K')", "import sys, environs": "environs.Env()('K')",
    "from environs import Env": "Env().int('K')", "import decouple as d": "d.config('K')",
    "from decouple import AutoConfig as C": "C()('K')", "from starlette import config": "config.Config()('K')",
    "import sys, starlette.config": "starlette.config.Config()('K')", "import click": "click.option('-x', envvar='K')",
    "from starlette import (\n    config,\n)": "config.environ['K']",
    "import starlette": "starlette.config.environ['K']",
    "import starlette as s": "s.config.Config()('K')", "from starlette.config import environ": "environ['K']",
    "from dotenv import dotenv_values as v": "v()['K']",
}  # fmt: skip
TAILS = ("environ['K']", "getenv('K')", "environ.get('K')", "environb[b'K']")
SUBSCRIPTS = ("['K']", ".get('K')", ".pop('K', None)")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A module that imports something that reads, in one of many spellings, and perhaps uses it."""
    head = draw(st.sampled_from(sorted(IMPORTS)))
    use = IMPORTS[head]
    tail = draw(st.sampled_from(TAILS if use.endswith(".{}") else SUBSCRIPTS))
    note = draw(st.sampled_from(["", "# the environment\n", "ENVIRONMENT = 1\n"]))
    indent = draw(st.sampled_from(["", "if True:\n    "]))
    return f"{note}{head}\n{indent}x = {use.format(tail) if '{}' in use else use}\n"


@settings(max_examples=150)
@given(programs())
def test_nothing_that_reads_is_passed_over(program: str) -> None:
    found = python_reads.parse(Text(program, "m.py"))
    if found.reads or found.dynamic or found.patterns:
        assert python_reads.may_read(program)


def test_every_spelling_of_an_import_is_read() -> None:
    for head, use in IMPORTS.items():
        tail = TAILS[0] if use.endswith(".{}") else SUBSCRIPTS[0]
        program = f"{head}\nx = {use.format(tail) if '{}' in use else use}\n"
        assert [read.key for read in python_reads.parse(Text(program, "m.py")).reads] == ["K"], program
        assert python_reads.may_read(program), program


def test_prose_about_the_environment_is_not_parsed() -> None:
    assert not python_reads.may_read("# the environment of this module\nx = 1\n")


@pytest.mark.parametrize(
    "program", ["from starlette.responses import Response\n", "import starlette.applications\n", "# is decoupled\n"]
)
def test_what_is_made_of_a_library_that_also_reads_is_not_parsed(program: str) -> None:
    assert not python_reads.may_read(program)


def test_dynaconf_reads_every_variable_with_its_prefix() -> None:
    program = "from dynaconf import Dynaconf\nsettings = Dynaconf(envvar_prefix='APP', settings_files=[])\n"
    assert python_reads.may_read(program)
    assert [name for name, _ in python_reads.parse(Text(program, "m.py")).patterns] == ["APP_*"]
