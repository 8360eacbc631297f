"""What is used of a text, noted while somebody asks a state of a repository; and when two answers are the same.

A question is as narrow as it was put: a text of which only some readers' results were used is the same as long as those
are. `traces` holds the questions of one who asks together.
"""

from __future__ import annotations

from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from typing import Any, TypeVar

    from fr_check.core.repository import Missing, Unreadable
    from fr_check.history.traces import Trace

    T = TypeVar("T")
    Parser = tuple[Callable[..., Any], tuple[Hashable, ...]]


class Reading:
    """What was used of a file: its name at git, the results of parsers; `whole`: any part of its content."""

    def __init__(self, token: object, answer: Text | Missing | Unreadable) -> None:
        self.token = token
        self.whole = not isinstance(answer, Text) or bool(answer.problems) or answer.bom
        self.parsed: dict[Parser, Any] = {}


_PLAIN = (str, bytes, int, float, bool, type(None))
_ROWS = (tuple, list)
_SETS = (frozenset, set)


def is_plain(value: Any) -> bool:
    """Whether something is made of values that can be compared, and keeps no text from which more could be asked."""
    if isinstance(value, _PLAIN):
        return True
    if type(value) is dict:
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    # What a record computes, it computes of its fields.
    is_row = type(value) in {tuple, list, frozenset, set} or (isinstance(value, tuple) and hasattr(value, "_fields"))
    return is_row and all(map(is_plain, value))


def same(one: object, other: object) -> bool:
    """Whether two results are the same for certain: equal, and of equal types all through; others only as one object.

    `1 == True`, and objects may call others equal from which they differ: only plain values are taken at their word.
    """
    if one is other or type(one) is not type(other):
        return one is other
    if isinstance(one, _PLAIN):
        return one == other
    if isinstance(one, _ROWS) and isinstance(other, _ROWS):
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) is dict and type(other) is dict:
        return same([*one.items()], [*other.items()])
    if isinstance(one, _SETS) and isinstance(other, _SETS):
        return one == other and {type(item) for item in (*one, *other)} <= {str, bytes}
    return False


class Watch:
    """Where the questions to a state are noted, while they are; one for all states of a role."""

    def __init__(self) -> None:
        self.trace: Trace | None = None


_NOWHERE = Watch()


class WatchedText(Text):
    """A text that notes what of it is used: the results of parsers, or any part of its content."""

    _watch = _NOWHERE
    _string = ""

    @classmethod
    def watched(cls, data: bytes, path: str, revision: str | None, watch: Watch) -> WatchedText:
        """Reads bytes as `Text.decode` does."""
        text = cls.decode(data, path, revision)
        text.__dict__["_watch"] = watch
        return text

    @property
    def string(self) -> str:
        """The content."""
        self._note()
        return self._string

    @string.setter
    def string(self, string: str) -> None:
        self._string = string

    def _note(self) -> None:
        trace = self._watch.trace
        if trace is not None:
            trace.whole(self.path)

    def place(self, offset: int) -> tuple[int, int]:  # noqa: D102 - documented by the base class
        self._note()
        return super().place(offset)

    def offset(self, line: int, column: int = 1) -> int:  # noqa: D102
        self._note()
        return super().offset(line, column)

    @property
    def line_count(self) -> int:
        """As of any text."""
        self._note()
        return super().line_count

    def parsed(self, parser: Callable[..., T], *arguments: Hashable) -> T:  # noqa: D102
        watch = self._watch
        trace, watch.trace = watch.trace, None
        try:
            found = super().parsed(parser, *arguments)
        finally:
            watch.trace = trace
        if trace is not None:
            trace.parsed(self.path, (parser, arguments), found)
            for other in arguments:
                if isinstance(other, Text):
                    trace.whole(other.path)
        return found
