"""How long a file and a function may be, as CONTRIBUTING says: blanks, comments and docstrings do not count."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE, FUNCTION = 300, 40
SOURCES = sorted(path for name in ("checkers", "docs", "benchmarks") for path in (ROOT / name).rglob("*.py"))
_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def code_lines(source: str) -> set[int]:
    """The numbers of the lines on which there is code."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                lines -= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


def test_what_counts():
    source = '"""Doc."""\n\n# why\ndef f():\n    """Says.\n\n    More.\n    """\n    return [\n        1,\n    ]\n'
    assert code_lines(source) == {4, 9, 10, 11}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_and_its_functions_can_be_read_at_once(path: Path):
    source = path.read_text("utf-8")
    lines = code_lines(source)
    assert len(lines) <= FILE
    long = {
        node.name: count
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (count := len(lines & set(range(node.lineno, (node.end_lineno or node.lineno) + 1)))) > FUNCTION
    }
    assert long == {}
