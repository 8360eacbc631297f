"""Regular expressions: they mean the same in every version of Python."""

from __future__ import annotations

import pkgutil
import re
import sys
import warnings
from importlib import import_module
from re import _constants as codes
from re import _parser as parser
from typing import TYPE_CHECKING, Any

import pytest

import fr_check
from fr_check.core.patterns import pattern, postponed

if TYPE_CHECKING:
    from collections.abc import Iterator

SINGLE = {codes.LITERAL, codes.NOT_LITERAL, codes.IN, codes.ANY, codes.AT}
NEVER = str(parser.parse("(?!)"))
POSSESSIVE = getattr(codes, "POSSESSIVE_REPEAT", None)


def sources() -> Iterator[tuple[str, str | bytes, int]]:
    """Every expression that a module of ours holds: where, itself, its flags."""
    for found in pkgutil.walk_packages(fr_check.__path__, "fr_check."):
        if found.name.endswith("__main__"):
            continue
        module = import_module(found.name)
        pending: list[tuple[str, Any]] = [(f"{found.name}.{name}", value) for name, value in vars(module).items()]
        while pending:
            where, value = pending.pop()
            if isinstance(value, dict):
                pending += [(f"{where}[{key!r}]", inner) for key, inner in value.items()]
            elif isinstance(value, tuple | list):
                pending += [(where, inner) for inner in value]
            elif isinstance(value, re.Pattern):
                yield where, value.pattern, value.flags
            elif isinstance(value, pattern) and where.startswith(f"{found.name}._"):
                yield (where, *value._source)


def nested(item: Any) -> Iterator[Any]:
    """The sequences inside the argument of a construct."""
    if isinstance(item, parser.SubPattern):
        yield item
    elif isinstance(item, tuple | list):
        for inner in item:
            yield from nested(inner)


def is_fickle(sequence: Any) -> bool:
    """Whether a sequence may go on by more than one character at a time and fail after that."""
    *before, (last, _) = sequence if len(sequence) else [(codes.FAILURE, None)]
    looks = last in {codes.ASSERT, codes.ASSERT_NOT} and before
    return bool(looks) or any(code not in SINGLE for code, _ in before)


def faults(sequence: Any) -> Iterator[str]:
    """Groups that are repeated possessively, may fail half-way, and do not end with what never matches."""
    for code, argument in sequence:
        if code is POSSESSIVE:
            (body,) = nested(argument)
            alone = body[0] if len(body) == 1 else (None, None)
            alternatives = alone[1][1] if alone[0] is codes.BRANCH else [body]
            if any(map(is_fickle, alternatives)) and str(alternatives[-1]) != NEVER:
                yield str(body)
        for inner in nested(argument):
            yield from faults(inner)


def tree(source: str | bytes, flags: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return parser.parse(source, flags & ~re.UNICODE if isinstance(source, bytes) else flags)


def test_an_attempt_that_fails_half_way_takes_back_what_it_read():
    """Before Python 3.11.5, `(?:ab?c)*+` that failed behind `b` went on from there (gh-106052)."""
    assert [where for where, source, flags in sources() for _ in faults(tree(source, flags))] == []


@pytest.mark.parametrize(
    ("expression", "count"),
    [
        (r"(?:[^\"\\]++|\\.)*+", 0),
        (r"(?:a|/\*.*?\*/)*+", 1),
        (r"(?:a|/\*.*?\*/|(?!))*+", 0),
        (r"(?:ab?c)*+", 1),
        (r"x(?:y(?:\$(?!a)|b)++)?", 1),
        (r"(?:a*b)*", 0),
    ],
)
def test_faults_are_found(expression, count):
    assert len(list(faults(tree(expression, 0)))) == count


def test_a_library_compiles_nothing_while_it_is_imported(monkeypatch, tmp_path):
    (tmp_path / "library_of_patterns.py").write_text(
        "import re\nWORD = re.compile('[a-z]+', re.I)\nescape = re.escape\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    with postponed():
        import library_of_patterns
    assert isinstance(library_of_patterns.WORD, pattern)
    assert library_of_patterns.WORD.match("Ab1")[0] == "Ab"
    assert library_of_patterns.escape is re.escape
    assert sys.modules["re"] is re
