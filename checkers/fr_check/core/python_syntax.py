"""Python's own parser, behind one limit: every tree of the checked project's code is made here."""

from __future__ import annotations

import ast
import warnings

from fr_check.core.record import NamedTuple

# Lines and semicolons: Python's parser alone takes seconds for a megabyte of the shortest statements, and no file that
# people write has so many.
STATEMENT_LIMIT = 100_000


class Unparsed(NamedTuple):
    """Why there is no tree: what is wrong, what would mend it, and where, from 1."""

    message: str
    help: str
    line: int = 1
    column: int = 1


def parse(source: str | bytes) -> ast.Module | Unparsed:
    """The tree of a module; none for a syntax error, nesting that exhausts the parser, and more than STATEMENT_LIMIT.

    Bytes are decoded as Python decodes a file, by its byte order mark and its declaration.
    """
    if _statements(source) > STATEMENT_LIMIT:
        words = f"too long to be read: more than {STATEMENT_LIMIT:,} lines and semicolons"
        return Unparsed(words, "divide the file into modules")
    try:
        with warnings.catch_warnings():
            # An invalid escape in somebody's string is not our business, and must not become an error of ours.
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except SyntaxError as error:
        mend = "mend the syntax"
        return Unparsed(f"not valid Python: {error.msg}", mend, error.lineno or 1, max(error.offset or 1, 1))
    except (ValueError, OverflowError) as error:
        return Unparsed(f"not valid Python: {error}", "mend the syntax")
    except (RecursionError, MemoryError):
        return Unparsed("nested too deeply for Python's parser", "flatten the expression")


def module(source: str | bytes) -> ast.Module | None:
    """The tree of a module; None where there is none, for whatever reason."""
    tree = parse(source)
    return tree if isinstance(tree, ast.Module) else None


def expression(source: str) -> ast.expr | None:
    """The tree of one expression; None for what is none."""
    if _statements(source) > STATEMENT_LIMIT:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return None


def _statements(source: str | bytes) -> int:
    if isinstance(source, str):
        return source.count("\n") + source.count(";")
    return source.count(b"\n") + source.count(b";")
