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

from checkers.core.patterns import pattern

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
_LONGEST = 500  # characters of a pattern
_CROSSINGS = 8  # `**/` in one pattern; each multiplies the ways to match


@lru_cache(maxsize=512)
def compiled(glob: str, folder: str = "") -> re.Pattern[str] | None:
    """A pattern as a regular expression for `match` of `/` + a path from the root; None where coverage refuses it.

    Args:
        glob: as written.
        folder: where coverage runs, relative to the root.
    """
    if len(glob) > _LONGEST or glob.count("**") > _CROSSINGS:
        return None
    globs = [glob]
    if not glob.startswith(("*", "?")):
        globs.append(posixpath.normpath(posixpath.join(f"/{folder}", glob)).replace("//", "/"))
    expressions = [_expression(one) for one in globs]
    if any(expression is None for expression in expressions):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a nested set is read as coverage reads it
            return re.compile("|".join(f"(?:(?:{expression})\\Z)" for expression in expressions))
    except re.error:
        return None


def _expression(glob: str) -> str | None:
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
    return "".join(found)


@lru_cache(maxsize=512)
def matches(glob: str, folder: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """The paths, relative to the root, that a pattern matches; none for a pattern that coverage refuses."""
    expression = compiled(glob, folder)
    return () if expression is None else tuple(path for path in paths if expression.match(f"/{path}"))
