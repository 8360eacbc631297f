"""What a place says about coverage: the number, what it counts, and how it is meant."""

from __future__ import annotations

import re

from fr_check.core.model import Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final, Literal

    from fr_check.core.text import Text

    Kind = Literal["gate", "target", "report-only", "ignored", "per-shard-0", "historical", "example"]

    Metric = Literal["line", "branch", "blended", "statements", "functions", "patch", "total", "coverage"]


# How a declaration is meant.
GATE: Final = "gate"
TARGET: Final = "target"
REPORT_ONLY: Final = "report-only"
IGNORED: Final = "ignored"  # written where its tool does not read it
PER_SHARD: Final = "per-shard-0"
HISTORICAL: Final = "historical"
EXAMPLE: Final = "example"

# What it counts. TOTAL is the one figure of coverage.py: lines, or lines and branches together where branches are
# measured; which of the two only the configuration around it says. ANY is prose that does not say.
LINE: Final = "line"
BRANCH: Final = "branch"
BLENDED: Final = "blended"
STATEMENTS: Final = "statements"
FUNCTIONS: Final = "functions"
PATCH: Final = "patch"
TOTAL: Final = "total"
ANY: Final = "coverage"

# More words than this on a line that could not be found literally are placed at the whole value.
_LOOKUPS = 64
_LONGEST = 80  # characters of a number
_PLAIN = 31
_NUMBER = pattern(r"[+-]?(?:\d[\d_]{0,30}(?:\.[\d_]{0,30})?|\.\d[\d_]{0,30})(?:[eE][+-]?\d{1,2})?")


class Word(NamedTuple):
    """One word of a command or one entry of a list, and where it stands."""

    string: str
    span: Span


class Declared(NamedTuple):
    """One declared threshold.

    `value` is in percent, or, where `uncovered` is set, the largest number of uncovered items; None where
    it is written but not as a number (`$LIMIT`). `written` is the text itself; `part` is the glob, flag, file or
    group that it is limited to, empty for the whole; `scope` what the text names by itself (`backend`, `unified`);
    `instead`, of a number that its tool ignores, where it would count. `since` and `until` are the major versions
    of the tool that begin and that cease to read it there; 0 where all do.
    """

    value: float | None
    metric: Metric
    kind: Kind
    tool: str
    written: str
    span: Span
    part: str = ""
    scope: str = ""
    uncovered: bool = False
    instead: str = ""
    since: int = 0
    until: int = 0


# Where numbers of nyc and c8 count.
CHECKED = "together with `check-coverage: true` (`--check-coverage` on a command line)"
# What nyc and c8 hold lines to where they are told to judge, and nobody writes a number for lines.
DEFAULT_LINES = Declared(90.0, LINE, GATE, "nyc", "check-coverage (lines: 90 by default)", Span(1, 1, 1, 1))


class Setting(NamedTuple):
    """A switch that bears on a gate without being one (`autoUpdate`, `perFile`), and where it stands."""

    name: str
    value: str
    span: Span


def number(written: object) -> float | None:
    """A number as coverage tools read it; None for what is no finite decimal number.

    Numbers of up to fifteen digits are told apart, and equal however they are spelt: `95.5`, `95.50`, `9.55e1`.
    """
    if isinstance(written, bool):
        return None
    string = written if isinstance(written, str) else repr(written)
    if len(string) > _LONGEST:
        return None
    string = string.strip()
    # Nearly all that is asked about is either no number at all or a plain one: neither takes an expression.
    if not (string[:1].isdecimal() or string.startswith(("+", "-", "."))):
        return None
    if string.isascii() and string.replace(".", "", 1).isdigit() and len(string) <= _PLAIN:
        return float(string)
    return float(string.replace("_", "")) + 0.0 if _NUMBER.fullmatch(string) else None  # no negative zero


def shown(value: float | None, *, uncovered: bool = False) -> str:
    """A value as people write it: `94.5%`, `at most 10 uncovered`, `?` for what is not a number."""
    if value is None:
        return "?"
    digits = f"{float(value):.6f}".rstrip("0").rstrip(".")
    return f"at most {digits} uncovered" if uncovered else f"{digits}%"


def placed(text: Text, span: Span, strings: Iterable[str]) -> tuple[Word, ...]:
    """Words of a value that stands at `span`, each at its own place, or at the value's where escapes hide it."""
    start, end = text.offsets(span)
    words, misses = [], 0
    for string in strings:
        found = text.string.find(string, start, end) if string and misses < _LOOKUPS else -1
        if found < 0:
            misses += 1
            words.append(Word(string, span))
            continue
        start = found + len(string)
        words.append(Word(string, text.span(found, start)))
    return tuple(words)


def split(string: str) -> list[str]:
    """Words of a string as POSIX `shlex.split` gives them, which is how pytest reads `addopts`; never raises.

    A quotation or escape that does not end, which shlex refuses, ends with the string.
    """
    if _QUOTING.isdisjoint(string):
        return [word for word in string.translate(_BLANKS).split(" ") if word]
    words: list[str] = []
    word: list[str] | None = None
    for found in _PIECE.finditer(string):
        kind, piece = found.lastgroup, found[0]
        if kind == "blank":
            if word is not None:
                words.append("".join(word))
            word = None
            continue
        word = word if word is not None else []
        if kind == "single":
            word.append(piece[1:].removesuffix("'"))
        elif kind == "double":
            body = piece[1:-1] if len(piece) > 1 and piece.endswith('"') and not _ends_escaped(piece) else piece[1:]
            word.append(_DOUBLE_ESCAPE.sub(r"\1", body))
        else:
            word.append(piece[1:] if kind == "escape" else piece)
    if word is not None:
        words.append("".join(word))
    return words


_QUOTING = frozenset("'\"\\")
_BLANKS = str.maketrans("\t\r\n", "   ")
_PIECE = pattern(
    r"""(?P<blank>[ \t\r\n]+)|(?P<single>'[^']*'?)|(?P<double>"(?:[^"\\]|\\.)*+(?:"|\\?\Z))|(?P<escape>\\(?:.|$))"""
    r"""|(?P<plain>[^ \t\r\n'"\\]+)""",
    re.DOTALL,
)
_DOUBLE_ESCAPE = pattern(r"""\\(["\\])""")


def _ends_escaped(piece: str) -> bool:
    body = piece[1:-1]
    return (len(body) - len(body.rstrip("\\"))) % 2 == 1
