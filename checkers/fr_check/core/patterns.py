"""Regular expressions that are compiled when they are first used.

A command loads many readers and uses few; compiling all their patterns at import would take as long as the checks.

Groups that are repeated possessively end with `|(?!)`, which never matches, where they can fail half-way: before Python
3.11.5 a failed attempt is only taken back by another one (https://github.com/python/cpython/issues/106052).
"""

from __future__ import annotations

import re
import sys
from contextlib import contextmanager
from functools import lru_cache
from types import ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, overload

    @overload
    def pattern(expression: str, flags: int = 0) -> re.Pattern[str]: ...
    @overload
    def pattern(expression: bytes, flags: int = 0) -> re.Pattern[bytes]: ...
    def pattern(expression: Any, flags: int = 0) -> Any:
        """What `re.compile` returns."""

else:

    class pattern:  # noqa: N801 - used as the function it is to type checkers
        """Looks like the compiled pattern: its methods are looked up once, and then as fast as any attribute."""

        def __init__(self, expression: str | bytes, flags: int = 0) -> None:
            self._source = (expression, flags)

        def __getattr__(self, name: str) -> Any:
            compiled = re.compile(*self._source)
            methods = ("match", "fullmatch", "search", "finditer", "findall", "sub", "subn", "split")
            self.__dict__.update({method: getattr(compiled, method) for method in methods})
            return getattr(compiled, name)


@lru_cache(maxsize=256)
def whole_name(name: str) -> re.Pattern[str]:
    """Where a name stands by itself, and is no part of a longer one."""
    return re.compile(rf"(?<![A-Za-z0-9_]){re.escape(name)}(?![A-Za-z0-9_])")


@contextmanager
def postponed() -> Iterator[None]:
    """While a library is imported, what it compiles is only compiled when it is used: PyYAML's parser in C uses none.

    A module that imports `re` meanwhile gets one that differs in `compile` alone.
    """
    stand_in = ModuleType("re")
    stand_in.__dict__.update(re.__dict__, compile=pattern)
    sys.modules["re"] = stand_in
    try:
        yield
    finally:
        sys.modules["re"] = re


def matches(expression: re.Pattern[str], string: str, piece: str) -> Iterator[re.Match[str]]:
    """Where an expression fits from the begin of a line on, one after the other; `piece` stands in that line.

    As `finditer` of an expression that begins with `^`, which is tried at each letter of a text; a plain word is found
    in a hundredth of the time.
    """
    at, end = string.find(piece), 0
    while at >= 0:
        start = string.rfind("\n", 0, at) + 1
        found = expression.match(string, start) if start >= end else None
        if found:
            yield found
            end = found.end()
        line_end = string.find("\n", at)
        at = string.find(piece, max(line_end, end)) if line_end >= 0 else -1
