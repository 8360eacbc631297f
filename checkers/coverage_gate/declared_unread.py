"""Configuration files that are there and cannot be read: what they declare is unknown, not absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.model import Location, Unknown
from checkers.core.repository import Unreadable
from checkers.core.text import Text
from checkers.sources.thresholds import coverage_config, pytest_config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkers.core.model import Problem
    from checkers.core.repository import Repository
    from checkers.coverage_gate.declared_files import Files


def unread(source: Callable[[str], Repository], files: Files) -> Iterator[Unknown]:
    """One unknown for each configuration file or workflow without a text; `source` tells where to read a path."""
    for path in dict.fromkeys((*files.pytest, *files.coverage, *files.node, *files.workflows)):
        found = source(path).read(path)
        if isinstance(found, Unreadable):
            yield Unknown("coverage", found.reason, path, found.message, found.help, Location(path))
        elif isinstance(found, Text) and found.problems:
            problem = found.problems[0]
            message = f"what {path} declares about coverage cannot be read: {problem.message}"
            yield Unknown("coverage", "undecodable-text", path, message, problem.help, found.at(problem.span))


def refused(source: Callable[[str], Repository], files: Files) -> Iterator[tuple[str, Problem]]:
    """The complaints about files that are so broken that nobody can tell whether they configure pytest or coverage."""
    for path in files.pytest:
        config = source(path).parse(path, pytest_config.parse)
        if isinstance(config, pytest_config.PytestConfig) and not config.present:
            yield from ((path, problem) for problem in config.problems)
    for path in files.coverage:
        covered = source(path).parse(path, coverage_config.parse)
        if isinstance(covered, coverage_config.CoverageConfig) and not covered.used:
            yield from ((path, problem) for problem in covered.problems)
