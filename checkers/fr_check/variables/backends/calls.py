"""What the calls of a settings class pass to it: a field that every call gives is not required of the environment."""

from __future__ import annotations

import ast
import re
from functools import cache

from fr_check.core.model import Problem
from fr_check.core.names import holding
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.settings import parse_python
from fr_check.variables.backends.classes import is_candidate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository


class Keyword(NamedTuple):
    """A keyword of a call of a settings class: its name, where it stands, whether every call has it.

    `text` is its value where that is a plain text.
    """

    owner: str
    field: str
    location: Location
    always: bool
    text: str | None


EVERYTHING = "**"
"""Stands for the fields that `**values` may hold."""


class _Call(NamedTuple):
    """A call of a class, by the class's own name, with its keywords; no name stands for `**`."""

    name: str
    keywords: tuple[tuple[str | None, Location, str | None], ...]


def passed(repository: Repository, classes: Iterable[str]) -> dict[str, frozenset[str]]:
    """Class -> the names of the fields that each of its calls outside of tests passes; EVERYTHING among them for `**`.

    Classes that are called nowhere, or once without any argument, are not in it. A class goes by its name, and in a
    file that imports it under another one (`import Settings as conf`) by that, too.
    """
    names = frozenset(classes)
    return repository.remembered(_passed, names) if names else {}


def _passed(repository: Repository, names: frozenset[str]) -> dict[str, frozenset[str]]:
    found: dict[str, list[frozenset[str]]] = {}
    for call in _every_call(repository, names):
        fields = (name or EVERYTHING for name, _, _ in call.keywords)
        found.setdefault(call.name, []).append(frozenset(field for field in fields if not field.startswith("_")))
    # Calls without arguments are looked for where one with some was found: else nothing is passed in any case.
    bare = _called_bare(repository, found)
    merged = {name: _in_each(calls) for name, calls in found.items() if name not in bare}
    return {name: fields for name, fields in merged.items() if fields}


def keywords(repository: Repository, classes: Iterable[str]) -> tuple[Keyword, ...]:
    """Every keyword of every call of these classes outside of tests."""
    names = frozenset(classes)
    return repository.remembered(_keywords, names) if names else ()


def _keywords(repository: Repository, names: frozenset[str]) -> tuple[Keyword, ...]:
    given = passed(repository, names)
    return tuple(
        Keyword(call.name, name, where, name in given.get(call.name, ()), text)
        for call in _every_call(repository, names)
        for name, where, text in call.keywords
        if name is not None
    )


def _every_call(repository: Repository, names: frozenset[str]) -> Iterator[_Call]:
    for path in repository.search(is_candidate, _calling(names)):
        text = repository.read(path)
        if isinstance(text, Text) and not text.problems:
            yield from text.parsed(_calls, names)


def _calls(text: Text, names: frozenset[str]) -> tuple[_Call, ...]:
    """The calls of classes, by the name that the file imports them under too."""
    tree = parse_python(text)
    if isinstance(tree, Problem):
        return ()
    nodes = [*ast.walk(tree)]
    imports = (one for node in nodes if isinstance(node, ast.ImportFrom) for one in node.names)
    renamed = {one.asname: one.name for one in imports if one.asname and one.name in names}
    found = []
    for node in nodes:
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            name = renamed.get(called, called)
            if name in names:
                found.append(_Call(name, tuple(_keyword(text, keyword) for keyword in node.keywords)))
    return tuple(found)


def _keyword(text: Text, keyword: ast.keyword) -> tuple[str | None, Location, str | None]:
    held = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
    start = text.offset(keyword.lineno) + len(text.line(keyword.lineno).encode()[: keyword.col_offset].decode())
    where = text.location(start, start + len(keyword.arg or ""))
    return keyword.arg, where, held if isinstance(held, str) else None


def _called_bare(repository: Repository, found: Iterable[str]) -> set[str]:
    names = set(found)
    if not names:
        return set()
    every = repository.search(is_candidate, _called_without(frozenset(names))).values()
    return {name.decode() for called in every for name in called or ()}


@cache
def _calling(names: frozenset[str]) -> Callable[[bytes], bool]:
    """Whether a file calls one of these with an argument, or gives it another name."""
    call = re.compile(rb"\b(?:" + _any(names) + rb")(?:\s*\(\s*[^)\s]|\s+as\s)")
    # Most files hold none of the names, which is told sooner than by an expression.
    holds = holding(frozenset(name.encode() for name in names))
    return lambda data: holds(data) and call.search(data) is not None


@cache
def _called_without(names: frozenset[str]) -> Callable[[bytes], frozenset[bytes]]:
    """Which of these a file calls without an argument, by another name too."""
    bare = re.compile(rb"\b(" + _any(names) + rb")\(\s*\)")
    renaming = re.compile(rb"\b(" + _any(names) + rb")\s+as\s+(\w+)")
    holds = holding(frozenset(name.encode() for name in names))

    def called(data: bytes) -> frozenset[bytes]:
        if not holds(data):
            return frozenset()
        renamed = (name for name, other in renaming.findall(data) if re.search(rb"\b" + other + rb"\(\s*\)", data))
        return frozenset((*bare.findall(data), *renamed))

    return called


def _any(names: Iterable[str]) -> bytes:
    return b"|".join(re.escape(name.encode()) for name in sorted(names))


def _in_each(calls: Iterable[frozenset[str]]) -> frozenset[str]:
    given = list(calls)
    every = frozenset(field for fields in given for field in fields)
    return every.intersection(*(every if EVERYTHING in fields else fields for fields in given))
