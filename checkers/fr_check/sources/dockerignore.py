"""`.dockerignore`: whether a path of the context reaches the build.

Patterns are Go's filepath.Match plus `**`; a pattern also excludes everything below what it matches; `!` takes back;
the last pattern that matches decides. Source: https://docs.docker.com/build/concepts/context/#dockerignore-files and
moby/patternmatcher.
"""

from __future__ import annotations

import posixpath
import re

from fr_check.core.globs import ANY, Steps
from fr_check.core.model import Problem, Span
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text


LINE_LIMIT = 2_000
_LONGEST = 4_096


class Pattern(NamedTuple):
    """One line: what it matches, whether it takes back, and where it stands."""

    glob: re.Pattern[str] | Steps
    negated: bool
    line: str
    span: Span


class Dockerignore(NamedTuple):
    """Everything read."""

    patterns: tuple[Pattern, ...]
    problems: tuple[Problem, ...]
    is_whole: bool = True
    """Whether all of it was read: no file has more lines than LINE_LIMIT, but one that was made to be slow."""

    def excluded_by(self, path: str) -> Pattern | None:
        """The pattern that keeps a path (relative to the context) out of the build, or None."""
        parts = path.split("/")
        heads = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        lengths = frozenset(map(len, heads))
        decided: Pattern | None = None
        for line in self.patterns:
            if isinstance(line.glob, Steps):
                matches = not lengths.isdisjoint(line.glob.ends(path))
            else:
                matches = any(map(line.glob.fullmatch, heads))
            decided = line if matches else decided
        return None if decided is None or decided.negated else decided


def parse(text: Text) -> Dockerignore:
    """Reads a `.dockerignore`. Total."""
    patterns: list[Pattern] = []
    problems: list[Problem] = []
    for number in range(1, min(text.line_count, LINE_LIMIT) + 1):
        line = text.line(number)
        # Nothing matches that is longer than any path of a file can be.
        if line.startswith("#") or not line.strip() or len(line) > _LONGEST:
            continue
        stripped = line.strip()
        negated = stripped.startswith("!")
        body = posixpath.normpath(stripped[1:].strip() if negated else stripped).lstrip("/")
        span = Span(number, 1, number, len(line) + 1)
        glob = _compiled(body)
        if glob is None:
            problems.append(Problem(f"`{stripped}` is no pattern", span, "close the bracket"))
        else:
            patterns.append(Pattern(glob, negated, stripped, span))
    return Dockerignore(tuple(patterns), tuple(problems), text.line_count <= LINE_LIMIT)


_TOKEN = pattern(r"\*\*/?|\*|\?|\\.|.", re.DOTALL)
_SET = pattern(r"\[\^?\]?[^\]/]*\]")
_MOST_WILDCARDS = 2  # of a regular expression that goes back over them


def _compiled(line: str) -> re.Pattern[str] | Steps | None:
    """Only brackets can be wrong; the other lines are compiled when something asks for them."""
    pieces = [_piece(token) for token in _tokens(line)]
    wildcards = sum(piece in ANY for piece in pieces)
    expression = "".join(ANY.get(piece, piece) for piece in pieces)
    if wildcards <= _MOST_WILDCARDS and "[" not in line:
        return pattern(expression, re.DOTALL)
    try:
        return Steps(pieces) if wildcards > _MOST_WILDCARDS else re.compile(expression, re.DOTALL)
    except re.error:
        return None


def _piece(sign: str) -> str:
    """A wildcard of any length as it is, everything else as a regular expression."""
    if sign in ANY:
        return sign
    if sign == "?":
        return "[^/]"
    if len(sign) > 1 and sign[0] == "[":
        return _set(sign[1:-1])
    return re.escape(sign[-1])


def _tokens(line: str) -> Iterator[str]:
    """Wildcards, sets, escaped and plain characters; a bracket that is not closed in its folder is plain."""
    position = unclosed = 0
    while position < len(line):
        found = _SET.match(line, position) if position >= unclosed else None
        if found is None and line[position] == "[" and position >= unclosed:
            end = line.find("/", position)
            unclosed = end if end >= 0 else len(line)
        token = found[0] if found else _TOKEN.findall(line, position, position + 3)[0]
        yield token
        position += len(token)


def _set(body: str) -> str:
    """A bracket's inside; everything but a range's hyphen stands for itself."""
    negation = "^" if body.startswith("^") else ""
    ranges = "--" not in body
    inside = "".join(
        "-" if character == "-" and ranges else re.escape(character) for character in body[len(negation) :]
    )
    return f"[{negation}{inside}]"
