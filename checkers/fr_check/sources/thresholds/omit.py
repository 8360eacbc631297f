"""coverage.py's file patterns: what `omit` and `include` match.

Semantics of coverage 7.17 (`coverage/files.py`, `prep_patterns` and `GlobMatcher`): a pattern without a slash names a
file at any depth; any other must match the whole path; one that does not begin with a wildcard counts from the folder
coverage runs in. `*` stays within a folder, `**/` crosses folders, a leading `*/` matches any folder or none.
"""

from __future__ import annotations

import posixpath
import re
import warnings
from functools import lru_cache

from fr_check.core.globs import Steps
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKENS = (
    (r"\*\*\*+", None),
    (r"[^/]+\*\*+", None),
    (r"\*\*+[^/]+", None),
    (r"\*\*/\*\*", None),
    (r"^\*+/", r"(.*[/\\])?"),
    (r"/\*+$", r"[/\\].*"),
    (r"\*\*/", r"(.*[/\\])?"),
    (r"/", r"[/\\]"),
    (r"\*", r"[^/\\]*"),
    (r"\?", r"[^/\\]"),
    (r"\[.*?\]", ""),
    (r"[a-zA-Z0-9_-]+", ""),
    (r"[\[\]]", None),
    (r"[\s\S]", "\\"),
)
_COMPILED = tuple((pattern(expression), replacement) for expression, replacement in _TOKENS)
_OPTION = pattern(r"--(?P<name>include|omit)[= ](?P<globs>\S+)")
_LONGEST = 500  # characters of a pattern
_WILDCARDS = {r"(.*[/\\])?": ("**/",), r"[/\\].*": ("/", "**"), r"[^/\\]*": ("*",)}
_MOST_WILDCARDS = 4  # of a regular expression that goes back over them
_MAGIC = frozenset("*?[]\\")


class _Either(NamedTuple):
    """Globs of which one matches."""

    globs: tuple[Steps, ...]

    def fullmatch(self, path: str) -> bool:
        return any(glob.fullmatch(path) for glob in self.globs)


class _Exactly(NamedTuple):
    """A path without wildcards, from `/`, or, without a slash, a name at any depth."""

    path: str

    def fullmatch(self, path: str) -> bool:
        return path == self.path or ("/" not in self.path and path.endswith(f"/{self.path}"))


Glob = re.Pattern[str] | _Either | _Exactly


@lru_cache(maxsize=512)
def compiled(glob: str, folder: str = "") -> Glob | None:
    """A pattern for `fullmatch` of `/` + a path from the root; None where coverage refuses it.

    Args:
        glob: as written.
        folder: where coverage runs, relative to the root.
    """
    if len(glob) > _LONGEST:
        return None
    globs = [glob]
    if not glob.startswith(("*", "?")):
        globs.append(posixpath.normpath(posixpath.join(f"/{folder}", glob)).replace("//", "/"))
        # Most patterns name one file, and need no regular expression.
        if _MAGIC.isdisjoint(globs[1]):
            return _Exactly(globs[1] if "/" in glob else glob)
    found = [pieces for one in globs if (pieces := _pieces(one)) is not None]
    if len(found) < len(globs):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a nested set is read as coverage reads it
            if max(sum(piece in _WILDCARDS for piece in pieces) for pieces in found) > _MOST_WILDCARDS:
                return _Either(tuple(Steps(_steps(pieces)) for pieces in found))
            return re.compile("|".join(f"(?:{''.join(pieces)})" for pieces in found))
    except re.error:
        return None


def _pieces(glob: str) -> list[str] | None:
    """The regular expressions for each part of a glob."""
    glob = glob.replace("\\", "/")
    if "/" not in glob:
        glob = f"**/{glob}"
    found: list[str] = []
    at = 0
    while at < len(glob):
        for token, replacement in _COMPILED:
            matched = token.match(glob, at)
            if matched is None:
                continue
            if replacement is None:
                return None
            found.append(f"\\{matched[0]}" if replacement == "\\" else replacement or matched[0])
            at = matched.end()
            break
    return found


def _steps(pieces: list[str]) -> Iterator[str | tuple[str, ...]]:
    for piece in pieces:
        if piece in _WILDCARDS:
            yield from _WILDCARDS[piece]
        else:
            yield piece if piece.startswith(("[", "\\")) else (piece,)


@lru_cache(maxsize=512)
def matches(glob: str, folder: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths, relative to the root, that a pattern matches; none for a pattern that coverage refuses."""
    expression = compiled(glob, folder)
    return () if expression is None else tuple(path for path in paths if expression.fullmatch(f"/{path}"))


def limited(options: str, folder: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths that `--include=GLOBS --omit=GLOBS` of a report leave, which runs in a folder."""
    kept = paths
    for found in _OPTION.finditer(options):
        globs = (glob.strip("\"' ") for glob in found["globs"].split(","))
        named = {path for glob in globs for path in matches(glob, folder, paths)}
        kept = tuple(path for path in kept if (path in named) == (found["name"] == "include"))
    return kept
