"""Text that was made to be slow to read costs no more than its length, in every reader.

The counts do not see what C code does; `make bench` times the same texts.
"""

from __future__ import annotations

import ast

import pytest

from benchmarks.hostile_input import READERS, Reader
from effort import LINEAR, effort, growth
from fr_check.core.python_syntax import STATEMENT_LIMIT
from fr_check.core.suppression import directives
from fr_check.core.text import Text
from fr_check.sources import compose, dockerfile, dotenv, gotemplate, ini, makefile, settings
from fr_check.sources.dockerfile.lines import PROBLEM_LIMIT
from fr_check.sources.settings.syntax import parse_python
from fr_check.sources.tasks import just, python_tasks, tox

CASES = [pytest.param(reader, unit, id=f"{name}-{unit!a}") for name, reader in READERS.items() for unit in reader.units]


@pytest.mark.parametrize(("reader", "unit"), CASES)
def test_hostile_text_costs_no_more_than_its_length(reader: Reader, unit: str) -> None:
    def make(times: int) -> str:
        return reader.text(unit, times)

    assert growth(reader.read, make, reader.least, 8 * reader.least) <= LINEAR


def test_names_that_double_with_each_pair_of_braces_end():
    header = f"[testenv:{'{a,b}' * 40}]\ncommands = x\n"
    found = tox.parse(Text(header, "tox.ini"))
    assert len(found.tasks) == len({task.name for task in found.tasks}) == 500
    assert [problem.span.line for problem in found.problems] == [1]


@pytest.mark.parametrize(
    ("parse", "unit"),
    [
        (tox.parse, "[testenv:@]\ncommands = x\n"),
        (just.tasks, "a@: a@\n"),
        (just.tasks, "b@ := 'c'\na@:\n  {{b@}}\n"),
        (ini.parse, "[a@]\nb@ = c\n"),
        (dotenv.parse, "A@=${A@}\n"),
        (makefile.parse, "A@ = $(A@)\na@: a@\n"),
        (dockerfile.parse, "ARG A@=$A@\n"),
        (settings.parse, "class S@(BaseSettings):\n    a@: str\n"),
        (compose.parse, "a@:\n  b@: c\n"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.__module__.rpartition(".")[2],
)
def test_names_that_all_differ_cost_no_more_than_their_number(parse, unit: str):
    def make(times: int) -> Text:
        return Text("".join(unit.replace("@", str(number)) for number in range(100_000, 100_000 + times)), "x")

    assert growth(parse, make, 100, 800) <= LINEAR


@pytest.mark.parametrize(
    ("parse", "unit", "most"),
    [
        (dockerfile.parse, "ARG A=$B\n", 330),
        (dockerfile.parse, "RUN <<E\nE\n", 330),
        (gotemplate.parse, "A={{ 1 | print }}", 750),
        (gotemplate.parse, "{{- 1 -}} ", 330),
    ],
)
def test_a_megabyte_of_the_costliest_constructs_is_read_in_two_seconds(parse, unit: str, most: int):
    # Counted in lines of Python, of which 100,000 units may have about so many each.
    def lines(times: int) -> int:
        return effort(lambda: parse(Text("FROM a\n" + unit * times, "x")))

    assert (lines(300) - lines(100)) / 200 <= most


@pytest.mark.parametrize("unit", ["foo\n", "ENV a\n", "RUN <<E\n", "ONBUILD x\n", "FROM a b\n"])
def test_of_a_dockerfile_of_mistakes_the_beginning_is_read(unit: str):
    found = dockerfile.parse(Text("FROM a\n" + unit * (3 * PROBLEM_LIMIT), "Dockerfile"))
    assert len(found.problems) <= PROBLEM_LIMIT + 1
    assert len(found.instructions) <= PROBLEM_LIMIT + 2
    if len(found.problems) > PROBLEM_LIMIT:
        assert found.problems[-1].message == "after 1,000 mistakes the rest of the file is not read"


@pytest.mark.parametrize("unit", ["# fr-check: ignore[a]\n", "# fr-check: ignore[a] b ", "x  # fr-check: ignore[a]\n"])
@pytest.mark.parametrize("path", ["a.sh", "a.py", "a.yml"])
def test_many_directives_cost_their_number(unit: str, path: str):
    assert growth(lambda string: directives(Text(string, path)), lambda times: unit * times, 100, 800) <= LINEAR


@pytest.mark.parametrize("unit", ["x = y\n", "def f(): return g()\n", "f()\n"])
def test_what_a_script_throws_away_is_found_in_proportion(unit: str):
    def searched(times: int) -> int:
        """Comparisons of names, which Python does not trace."""
        compared = 0

        class Name(str):
            __slots__ = ()
            __hash__ = str.__hash__

            def __eq__(self, other: object) -> bool:
                nonlocal compared
                compared += 1
                return str(self) == other

        tree = ast.parse(unit * times)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name):
                node.id = Name(node.id)
        python_tasks._thrown(tree)
        return compared

    assert searched(400) <= 10 * max(searched(100), 100)


@pytest.mark.parametrize("unit", ["x\n", "x;", "a: b\n"])
def test_python_of_too_many_statements_is_not_given_to_its_parser(unit: str):
    lines = Text(unit * STATEMENT_LIMIT + "\n", "a.py")
    found = parse_python(lines)
    assert found.message == "too long to be read: more than 100,000 lines and semicolons"
    assert effort(lambda: parse_python(lines)) < 30
    assert parse_python(Text(unit * 100, "a.py")).body
