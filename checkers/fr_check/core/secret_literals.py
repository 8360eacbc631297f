"""Which parts of a Python module are texts: what one of them calls a secret ends where the text ends."""

from __future__ import annotations

from bisect import bisect_right

from fr_check.core.patterns import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_MODULE = pattern(r"\.pyi?$")
_LITERAL = pattern(
    r"#[^\n]*|\"\"\"(?P<double>(?:[^\\\"]|\\.|\"(?!\"\")|(?!))*+)\"\"\"|'''(?P<single>(?:[^\\']|\\.|'(?!'')|(?!))*+)'''"
    r"|\"(?P<short>(?:[^\"\\\n]|\\.|(?!))*+)\"|'(?P<shorter>(?:[^'\\\n]|\\.|(?!))*+)'",
    16,  # re.DOTALL
)
# One more literal of the same expression.
_ANOTHER = pattern(r"\s*(?:\+\s*)?(?=[rRbBuUfF]{0,2}[\"'])")


class Literals:
    """The texts of one module; none where it is no Python, or broken: nobody knows then where they end."""

    def __init__(self, string: str, path: str) -> None:
        """Reads nothing yet."""
        self._string = string
        self._found: tuple[tuple[int, int, int], ...] | None = None if _MODULE.search(path.lower()) else ()
        self._valid: bool | None = None

    def around(self, at: int) -> tuple[int, int] | None:
        """Where the text that an offset stands in ends, and where its quotes do; None for an offset in code."""
        if self._found is None:
            self._found = tuple(self._all())
        place = bisect_right(self._found, (at, len(self._string), 0)) - 1
        if place < 0 or not at <= self._found[place][1] or not self._is_valid():
            return None
        return self._found[place][1:]

    def goes_on(self, end: int) -> int | None:
        """Where another literal of the same expression begins, behind quotes that end at `end`."""
        found = _ANOTHER.match(self._string, end)
        return found.end() if found else None

    def _all(self) -> Iterator[tuple[int, int, int]]:
        for found in _LITERAL.finditer(self._string):
            if found.lastgroup:
                yield (*found.span(found.lastgroup), found.end())

    def _is_valid(self) -> bool:
        if self._valid is None:
            self._valid = _is_python(self._string)
        return self._valid


def _is_python(string: str) -> bool:
    from fr_check.core import python_syntax  # noqa: PLC0415 - only where a literal names a secret

    return python_syntax.module(string) is not None
