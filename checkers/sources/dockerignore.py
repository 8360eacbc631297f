"""`.dockerignore`: whether a path of the context reaches the build.

Patterns are Go's filepath.Match plus `**`; a pattern also excludes everything below what it matches; `!` takes back;
the last pattern that matches decides. Source: https://docs.docker.com/build/concepts/context/#dockerignore-files and
moby/patternmatcher.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from checkers.core.model import Problem, Span
from checkers.core.patterns import pattern
from checkers.core.record import NamedTuple

if TYPE_CHECKING:
    from checkers.core.text import Text


class Pattern(NamedTuple):
    """One line: what it matches, whether it takes back, and where it stands."""

    regex: re.Pattern[str]
    negated: bool
    line: str
    span: Span


class Dockerignore(NamedTuple):
    """Everything read."""

    patterns: tuple[Pattern, ...]
    problems: tuple[Problem, ...]

    def excluded_by(self, path: str) -> Pattern | None:
        """The pattern that keeps a path (relative to the context) out of the build, or None."""
        parts = path.split("/")
        heads = ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
        decided: Pattern | None = None
        for line in self.patterns:
            if any(line.regex.fullmatch(head) for head in heads):
                decided = line
        return None if decided is None or decided.negated else decided


def parse(text: Text) -> Dockerignore:
    """Reads a `.dockerignore`. Total."""
    patterns: list[Pattern] = []
    problems: list[Problem] = []
    for number in range(1, text.line_count + 1):
        line = text.line(number)
        if line.startswith("#") or not line.strip():
            continue
        stripped = line.strip()
        negated = stripped.startswith("!")
        body = posixpath.normpath(stripped[1:].strip() if negated else stripped).lstrip("/")
        span = Span(number, 1, number, len(line) + 1)
        regex = _regex(body)
        if regex is None:
            problems.append(Problem(f"`{stripped}` is no pattern", span, "close the bracket"))
        else:
            patterns.append(Pattern(regex, negated, stripped, span))
    return Dockerignore(tuple(patterns), tuple(problems))


_TOKEN = pattern(r"\*\*/?|\*|\?|\[\^?\]?[^\]/]*\]|\\.|.", re.DOTALL)


_SIMPLE = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _regex(line: str) -> re.Pattern[str] | None:
    """Only brackets can be wrong; the other lines are compiled when something asks for them."""
    parts = []
    for piece in _TOKEN.findall(line):
        if piece in _SIMPLE:
            parts.append(_SIMPLE[piece])
        elif len(piece) > 1 and piece[0] == "[":
            parts.append(_set(piece[1:-1]))
        else:
            parts.append(re.escape(piece[1:] if len(piece) > 1 else piece))
    if "[" not in line:
        return pattern("".join(parts), re.DOTALL)
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error:
        return None


def _set(body: str) -> str:
    """A bracket's inside; everything but a range's hyphen stands for itself."""
    negation = "^" if body.startswith("^") else ""
    ranges = "--" not in body
    inside = "".join(
        "-" if character == "-" and ranges else re.escape(character) for character in body[len(negation) :]
    )
    return f"[{negation}{inside}]"
