"""Files that are there and cannot be read: what they declare is unknown, not absent."""

from __future__ import annotations

from fr_check.core.budget import Budget
from fr_check.core.model import Gap, Location, Unknown
from fr_check.core.repository import Unreadable
from fr_check.core.suppression import may_hold_directive
from fr_check.core.text import Text
from fr_check.sources.thresholds import coverage_config, prose, pytest_config
from fr_check.sources.thresholds.configs import CoverageConfig, PytestConfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.core.model import Problem
    from fr_check.core.repository import Repository
    from fr_check.coverage_gate.declared.files import Files
    from fr_check.coverage_gate.declared.model import WorkflowFile

# Files that hold the tables of many tools.
_SHARED = frozenset({"pyproject.toml", "setup.cfg", "tox.ini"})
_STATES = (b"fail-under", b"fail_under", b"FAIL_UNDER", b"check-coverage")


def unread(source: Callable[[str], Repository], files: Files, workflows: Iterable[WorkflowFile]) -> Iterator[Unknown]:
    """One unknown for each configuration file, workflow or task file that cannot be read.

    `source` tells where to read a path.
    """
    yield from _broken(workflows)
    configured = (*files.pytest, *files.coverage, *files.node, *files.workflows, *files.tasks, *files.hosted)
    configured += files.pipelines
    for path in dict.fromkeys(configured):
        found = source(path).read(path)
        if isinstance(found, Unreadable):
            yield found.as_unknown("coverage", path, Location(path))
        elif isinstance(found, Text) and found.problems:
            yield _undecodable(path, found)


def unfollowed(path: str, spent: str) -> dict[Unknown, None]:
    """That the scripts of a file take too much to be followed to their end; `spent` says what ran out, or is empty."""
    if not spent:
        return {}
    message = f"what `{path}` runs {spent}"
    return {Unknown("coverage", Budget.REASON, path, message, Budget.HELP, Location(path)): None}


def too_large(repository: Repository, path: str) -> dict[Unknown, None]:
    """That a script which is not read names what states a threshold: most of such a size are data, and say nothing."""
    found = repository.read(path)
    data = repository.read_bytes(path) if isinstance(found, Unreadable) else b""
    if not isinstance(data, bytes) or not any(word in data for word in _STATES):
        return {}
    return {found.as_unknown("coverage", path, Location(path)): None} if isinstance(found, Unreadable) else {}


def _broken(workflows: Iterable[WorkflowFile]) -> Iterator[Unknown]:
    """One unknown for each workflow that does not parse: what it runs, and with which threshold, cannot be told."""
    for path, found in workflows:
        for problem in found.problems[:1]:
            message = f"what {path} declares about coverage cannot be read: {problem.message}"
            help_ = problem.help or "mend the workflow; it does not run as it is"
            yield Unknown("coverage", "unparsable-workflow", path, message, help_, Location(path, problem.span))


def document(repository: Repository, path: str) -> Text | Gap | None:
    """A document that may state something, a gap for a binary one (it decides nothing), or None.

    It is read as far as words and figures can be told: they are the same bytes in all encodings but UTF-16. Most
    documents say nothing about coverage, and are not even decoded. One that leads nowhere says nothing either.
    """
    found = repository.scan(path, worth)
    if not found and found is not None:
        return None
    text = repository.read(path)
    if not isinstance(text, Text):
        return None
    if found is None or not found[0]:
        return text
    problem = text.problems[0]
    message = f"what {path} says of coverage is not known: {problem.message}"
    return Gap("coverage", path, message, text.at(problem.span))


def worth(data: bytes) -> tuple[bool, bool] | tuple[()]:
    """Whether a document is binary, and whether it may say something; nothing for neither."""
    found = _is_binary(data), may_hold_directive(data) or prose.may_state(data)
    return found if any(found) else ()


def _is_binary(data: bytes) -> bool:
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data


def _undecodable(path: str, text: Text) -> Unknown:
    problem = text.problems[0]
    message = f"what {path} declares about coverage cannot be read: {problem.message}"
    return Unknown("coverage", "undecodable-text", path, message, problem.help, text.at(problem.span))


def refused(source: Callable[[str], Repository], files: Files) -> Iterator[tuple[str, Problem]]:
    """The complaints about files that are so broken that nobody can tell whether they configure pytest or coverage.

    Below the root, only where the file names one of the two: others are what the tests of a tool for packages read.
    """
    for path in files.pytest:
        config = source(path).parse(path, pytest_config.parse)
        if isinstance(config, PytestConfig) and not config.present and config.problems and _meant(source, path):
            yield from ((path, problem) for problem in config.problems)
    for path in files.coverage:
        covered = source(path).parse(path, coverage_config.parse)
        if isinstance(covered, CoverageConfig) and not covered.used and covered.problems and _meant(source, path):
            yield from ((path, problem) for problem in covered.problems)


def _meant(source: Callable[[str], Repository], path: str) -> bool:
    if "/" not in path or path.rpartition("/")[2] not in _SHARED:
        return True
    found = source(path).read(path)
    return not isinstance(found, Text) or any(word in found.string for word in ("pytest", "coverage"))
