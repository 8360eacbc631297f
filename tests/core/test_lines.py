"""Lines end where each format ends them: `str.splitlines()` ends them at eight more characters."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import fr_check
from fr_check.core.text import Text, split_lines
from fr_check.repository.git import lines_of
from fr_check.sources import diff, dotenv, toml_places
from fr_check.sources.expression import plain
from fr_check.sources.python_certain import certain_lines

FILES = sorted(Path(fr_check.__file__).parent.rglob("*.py"))
# Characters that Python's strings end lines at, and its source does not.
NO_ENDS = ("\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")


def test_nothing_splits_lines_as_strings_do():
    found = [
        f"{path.name}:{node.lineno}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "splitlines"
    ]
    assert found == []


@pytest.mark.parametrize("sign", NO_ENDS)
def test_signs_that_end_no_line(sign: str):
    string = f"a{sign}b\nc"
    assert split_lines(string) == [f"a{sign}b", "c"]
    assert Text(string).place(len(string)) == (2, 2)
    assert lines_of(string.encode()) == [f"a{sign}b", "c"]
    assert diff.added_lines(b"", string.encode()) == {1, 2}


@pytest.mark.parametrize("sign", NO_ENDS)
def test_lines_of_python_are_those_of_ast(sign: str):
    source = f"x = 1  # {sign} y\nz = 2\n"
    assert certain_lines(ast.parse(source), source.encode()) == {1, 2}


@pytest.mark.parametrize(("string", "lines"), [("", []), ("a", ["a"]), ("a\r", ["a"]), ("a\r\n\rb", ["a", "", "b"])])
def test_ends_of_lines(string: str, lines: list[str]):
    assert split_lines(string) == lines
    assert "".join(split_lines(string, keep_ends=True)) == string


def test_a_lone_carriage_return_ends_a_line_of_a_dotenv_file():
    found = dotenv.parse(Text("A=1\rB=2\r", ".env"))
    assert [(one.key, one.span.line) for one in found.assignments] == [("A", 1), ("B", 2)]


@pytest.mark.parametrize(
    ("string", "message"),
    [
        ("a = " + "9" * 5000, "a number has more digits than Python reads"),
        ("a = {\n b = 1 }", "not valid TOML 1.0"),
        ("a = {b = 1,}", "not valid TOML 1.0"),
        ('a = "\\e"', "not valid TOML 1.0"),
        ("a = 10:30", "not valid TOML 1.0"),
    ],
)
def test_what_the_tools_refuse_is_refused(string: str, message: str):
    found = toml_places.parse(Text(f"x = 1\n{string}\n", "pyproject.toml"))
    assert found.data == {}
    assert found.problems[0].message.startswith(message)


def test_what_looks_newer_and_is_not():
    assert toml_places.parse(Text('a = "{\\n,}"\nb = \'\\e\'\nc = "x\\\\e"\n')).problems == ()


def test_numbers_of_any_length_are_values():
    assert plain("${{ 0x" + "f" * 300 + " }}", lambda _: ()) is not None
    assert plain("${{ -0x" + "f" * 300 + " }}", lambda _: ()) is not None
