from __future__ import annotations

import pytest

from fr_check.core import python_syntax
from fr_check.sources import python_certain, python_statements


def possible(text: str) -> frozenset[int]:
    tree = python_syntax.module(text.encode())
    assert tree is not None
    return python_statements.possible_lines(tree)


def test_coverages_own_parser_sees_no_other_statements():
    from pathlib import Path

    from coverage.parser import PythonParser

    for path in sorted(Path(python_statements.__file__).parents[1].rglob("*.py"))[:60]:
        text = path.read_text()
        theirs = PythonParser(text=text, filename=str(path))
        theirs.parse_source()
        assert theirs.statements <= possible(text), path


def test_decorators_handlers_and_cases_may_start_statements():
    source = "@one\n@two(\n    1)\ndef f():\n    try:\n        pass\n    except E:\n        pass\n"
    source += "match f:\n    case 1:\n        pass\n"
    assert possible(source) == {1, 2, 4, 5, 6, 7, 8, 9, 10, 11}


@pytest.mark.parametrize("source", [b"def f(:\n", b"x = 1\0", b"(" * 10_000, b"-" * 200_000 + b"1"])
def test_what_is_no_python_has_no_statements(source):
    assert python_syntax.module(source) is None


def certain(text: str, *excluded: str) -> frozenset[int]:
    tree = python_syntax.module(text.encode())
    assert tree is not None
    return python_certain.certain_lines(tree, text.encode(), excluded)


def test_what_is_certain_is_what_coverages_own_parser_counts():
    import json.decoder
    from pathlib import Path

    from coverage.config import DEFAULT_EXCLUDE
    from coverage.parser import PythonParser

    excluded = "|".join(f"(?:{one})" for one in DEFAULT_EXCLUDE)
    ours = [*Path(python_statements.__file__).parents[1].rglob("*.py")]
    others = [*Path(json.decoder.__file__).parents[1].glob("[a-d]*.py")]
    known = 0
    for path in [*sorted(ours)[::3], *sorted(others)[::3]]:
        theirs = PythonParser(text=path.read_text("utf-8"), filename=str(path), exclude=excluded)
        theirs.parse_source()
        found = certain(path.read_text("utf-8"))
        assert found <= theirs.statements, path
        known += len(found)
    assert known > 1000


@pytest.mark.parametrize(
    ("text", "excluded", "expected"),
    [
        ("import a\nx = 1\na.b()\n", (), {1, 2, 3}),
        ("def f():\n    return 1\n    x = 2\n", (), {1, 2}),
        ("def f():  # pragma: no cover\n    return 1\nx = 1\n", (), {3}),
        ("class A:\n    def f(self): ...\n    x = 1\n", (), {1, 3}),
        ("def main():\n    run()\n", ("def main",), set()),
        ("def main():\n    run()\n", ("(",), set()),
        ("if a:\n    x = 1\nelse:\n    y = 1\nz = 1\n", (), {5}),
        ("while True:\n    f()\nx = 1\n", (), set()),
        ('"""Doc."""\nfrom __future__ import annotations\nx: int\n1\n', (), set()),
    ],
)
def test_what_may_be_left_out_is_not_certain(text, excluded, expected):
    assert certain(text, *excluded) == expected


def test_expressions_that_match_over_lines_exclude_all_of_them():
    source = "import os\nx = (1,\n  # c\n  2)\ndel x\ny = 2\n"
    assert certain(source) == {1, 2, 5, 6}
    assert certain(source, "(?s:# c.*?del)") == {1, 6}
    assert certain(source, r"del x\ny") == {1, 2}
    assert certain("\ufeff" + source.replace("\n", "\r"), r"del x\ny") == {1, 2}
