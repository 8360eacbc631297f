"""Files that are there and cannot be read: what they declare is unknown, not absent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkers.core.model import Location, Unknown
from checkers.core.repository import Unreadable
from checkers.core.text import Text
from checkers.sources.thresholds import coverage_config, pytest_config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from checkers.core.model import Problem
    from checkers.core.repository import Repository
    from checkers.coverage_gate.declared_files import Files
    from checkers.coverage_gate.declared_model import WorkflowFile


def unread(
    source: Callable[[str], Repository], files: Files, workflows: Iterable[WorkflowFile], *, with_prose: bool
) -> Iterator[Unknown]:
    """One unknown for each configuration file, workflow, task file or document that cannot be read.

    `source` tells where to read a path. A document that leads nowhere says nothing, so only one that is binary counts.
    """
    yield from _broken(workflows)
    configured = (*files.pytest, *files.coverage, *files.node, *files.workflows, *files.tasks, *files.hosted)
    for path in dict.fromkeys(configured):
        found = source(path).read(path)
        if isinstance(found, Unreadable):
            yield Unknown("coverage", found.reason, path, found.message, found.help, Location(path))
        elif isinstance(found, Text) and found.problems:
            yield _undecodable(path, found)
    for path in files.prose if with_prose else ():
        found = source(path).read(path)
        if isinstance(found, Text) and found.problems and document(source(path), path) is None:
            yield _undecodable(path, found)


def _broken(workflows: Iterable[WorkflowFile]) -> Iterator[Unknown]:
    """One unknown for each workflow that does not parse: what it runs, and with which threshold, cannot be told."""
    for path, found in workflows:
        for problem in found.problems[:1]:
            message = f"what {path} declares about coverage cannot be read: {problem.message}"
            help_ = problem.help or "mend the workflow; GitHub does not run it as it is"
            yield Unknown("coverage", "unparsable-workflow", path, message, help_, Location(path, problem.span))


def document(repository: Repository, path: str) -> Text | None:
    """A document as far as words and figures can be told: they are the same bytes in all encodings but UTF-16."""
    text = repository.read(path)
    if not isinstance(text, Text):
        return None
    return text if not text.problems or (text.string and "\0" not in text.string) else None


def _undecodable(path: str, text: Text) -> Unknown:
    problem = text.problems[0]
    message = f"what {path} declares about coverage cannot be read: {problem.message}"
    return Unknown("coverage", "undecodable-text", path, message, problem.help, text.at(problem.span))


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
