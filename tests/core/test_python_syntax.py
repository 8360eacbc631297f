"""One place makes every syntax tree of the checked project's code, and none of what would take its parser long."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import fr_check
from fr_check.core import python_syntax

ROOT = Path(fr_check.__file__).parent
# The code of a module, of a tree that was made there.
COMPILED = {"sources/python_analysis/module.py": 1}


def parsers(path: Path) -> int:
    """How often a module of ours calls Python's parser."""
    names = ("ast.parse", "compile", "symtable.symtable")
    calls = (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))
    return sum(ast.unparse(call.func) in names for call in calls)


def test_no_other_module_calls_the_parser():
    found = {path.relative_to(ROOT).as_posix(): parsers(path) for path in ROOT.rglob("*.py")}
    assert {path: count for path, count in found.items() if count} == {"core/python_syntax.py": 2, **COMPILED}


@pytest.mark.parametrize("unit", ["x\n", "x;"])
def test_too_many_statements_are_not_parsed_as_text_bytes_or_expression(unit: str):
    many = unit * (python_syntax.STATEMENT_LIMIT + 1)
    assert python_syntax.module(many) is None
    assert python_syntax.module(many.encode()) is None
    assert python_syntax.expression(many) is None
    found = python_syntax.parse(many)
    assert isinstance(found, python_syntax.Unparsed)
    assert found.message.startswith("too long")


UNREAD = ("(" * 300, "x = " + "-" * 100_000 + "1", "x = " + "9" * 5000, "a\0b", "f(", "'\\N{x}'")


@pytest.mark.parametrize("text", UNREAD)
def test_what_no_parser_takes_is_no_tree(text: str):
    assert python_syntax.module(text) is None
    assert python_syntax.module(text.encode()) is None
    assert python_syntax.expression(text) is None


def test_a_warning_about_the_code_of_others_is_none_of_ours():
    # Warnings are errors here.
    assert python_syntax.module("x = '\\d'\nassert (x, 1)\n") is not None
    assert python_syntax.expression("'\\d'") is not None
