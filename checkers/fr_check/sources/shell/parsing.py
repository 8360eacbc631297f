"""The one way into the reader: a line of plain words, which most scripts are, needs no grammar."""

from __future__ import annotations

from functools import lru_cache

from fr_check.core.patterns import pattern
from fr_check.sources.shell.model import Command, Script, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_LINE = pattern(r"[A-Za-z0-9_./:@%+,= -]*")
_WORD = pattern(r"[^ ]+")
_CONDITIONS = ("if", "then", "elif", "else", "fi", "case", "esac")
_LOOPS = ("for", "select", "while", "until", "do", "done")
_KEPT = 512
"""Scripts that are kept as they were read."""
_RESERVED = frozenset((*_CONDITIONS, *_LOOPS, "function", "time"))


def parse(script: str, *, places: Sequence[int] | None = None, origin: int = 0) -> Script:
    """Reads a script without running it; never raises.

    Args:
        script: The text, line ends of any kind.
        places: For each character of `script` its offset in the file it was taken from (continuation lines or
            escapes removed on the way); without it, `origin` is added to every offset.
        origin: The offset of the script's first character in its file.
    """
    if _LINE.fullmatch(script):
        words = [_word(found[0], found.start(), places, origin) for found in _WORD.finditer(script)]
        if words and "=" not in words[0].raw and words[0].raw not in _RESERVED:
            start, end = words[0].start, words[-1].end
            command = Command((), tuple(words), (), -1, "", "", negated=False, start=start, end=end)
            return Script((command,), (), (), ())
    return _read(script, None if places is None else tuple(places), origin)


@lru_cache(maxsize=_KEPT)
def _read(script: str, places: tuple[int, ...] | None, origin: int) -> Script:
    """A script that needs the grammar: several checkers follow the same steps, and so does each commit of a history."""
    from fr_check.sources.shell.grammar import read  # noqa: PLC0415 - few scripts of a small project need it

    return read(script, places, origin)


def _word(text: str, at: int, places: Sequence[int] | None, origin: int) -> Word:
    last = at + len(text) - 1
    if places is None:
        return Word(text, (text,), at + origin, last + origin + 1)
    return Word(text, (text,), places[at], places[last] + 1)
