"""Example files: which variables a newcomer is told of."""

from __future__ import annotations

import posixpath
from functools import cache

from fr_check.builds.model import NAME
from fr_check.core.model import Skipped, Unknown
from fr_check.core.repository import Unreadable
from fr_check.core.text import Text
from fr_check.dockerfile_args.comparison.model import Documentation
from fr_check.policy.env_keys import EnvKeys
from fr_check.sources import dotenv
from fr_check.variables.backends.examples import extra_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fr_check.builds.frontend import Frontends
    from fr_check.core.context import Context
    from fr_check.core.model import Location
    from fr_check.core.repository import Repository


def load(context: Context, frontends: Frontends) -> Documentation:
    """Reads the example files of the configuration, of the root, and of the frontends' folders.

    Of the configured ones, which are the servers', those that stand at or above a frontend or have a variable of its.
    """
    repository = context.repository
    wanted = {pattern for app in context.config.of(EnvKeys).apps for pattern in app.example or ()}
    folders = frozenset(("", *(frontend.path for frontend in frontends.frontends)))
    paths = {path for pattern in wanted for path in _paths(repository, pattern)}
    paths.update(repository.select(_example_in(folders)))
    above = {"", *(folder for frontend in frontends.frontends for folder in _upwards(frontend.path))}
    files: dict[str, dict[str, Location]] = {}
    commented: dict[str, Location] = {}
    valued: set[str] = set()
    unknowns: list[Unknown] = []
    for path in sorted(paths, key=lambda path: (posixpath.basename(path) != ".env.example", path)):
        text = repository.read(path)
        if isinstance(text, Unreadable):
            unknowns.append(text.as_unknown(NAME, path))
        elif isinstance(text, Text) and text.problems:
            problem = text.problems[0]
            message = f"`{path}` cannot be read as a file of variables: {problem.message}"
            where = text.at(problem.span)
            unknowns.append(Unknown(NAME, "unreadable-example", path, message, problem.help, where))
        elif isinstance(text, Text) and (posixpath.dirname(path) in above or _mentions(text, frontends)):
            found = repository.parse(path, dotenv.parse)
            assignments = found.assignments if isinstance(found, dotenv.Dotenv) else ()
            comments = found.commented if isinstance(found, dotenv.Dotenv) else ()
            commented.update({found.key: text.at(found.span) for found in comments})
            valued.update(found.key for found in comments if text.line(found.span.line).partition("=")[2].strip())
            files[path] = {a.key: text.at(a.key_span) for a in reversed(assignments)}
    asked = any(frontend.public_reads for frontend in frontends.frontends)
    skipped = (Skipped(NAME, "no .env.example to compare with"),) if asked and not files and not unknowns else ()
    return Documentation(files, commented, not unknowns, tuple(unknowns), skipped, frozenset(valued))


def _upwards(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


def _mentions(text: Text, frontends: Frontends) -> bool:
    return any(prefix in text.string for prefix in frontends.prefixes)


def _paths(repository: Repository, pattern: str) -> tuple[str, ...]:
    # A folder may be called `[slug]`.
    if not any(character in "*?[{" for character in pattern) or repository.has(pattern):
        return (pattern,)
    found = repository.glob(pattern)
    return found if isinstance(found, tuple) else ()


@cache
def _example_in(folders: frozenset[str]) -> Callable[[str], bool]:
    return lambda path: path.rpartition("/")[0] in folders and extra_words(path) is not None
