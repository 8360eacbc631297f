"""Files of one format, each parsed once; what cannot be read becomes an unknown, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from checkers.core.model import Unknown
from checkers.core.repository import Missing, Unreadable
from checkers.core.text import Text
from checkers.dockerfile_args.model import CHECKER

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from checkers.core.model import Problem
    from checkers.core.repository import Repository

    class _WithProblems(Protocol):
        @property
        def problems(self) -> tuple[Problem, ...]:
            """What a source could not read."""


T = TypeVar("T", bound="_WithProblems")


class ParsedFiles(Generic[T]):
    """`kind` names the format in a message ("compose file"); `files` holds what was parsed, by path."""

    def __init__(self, repository: Repository, parser: Callable[[Text], T], kind: str) -> None:
        self.repository = repository
        self.files: dict[str, T] = {}
        self.unknowns: list[Unknown] = []
        self._parser = parser
        self._kind = kind
        self._tried: set[str] = set()

    def file(self, path: str) -> T | None:
        """A parsed file, or None where there is none."""
        if path in self._tried:
            return self.files.get(path)
        self._tried.add(path)
        found = self.repository.parse(path, self._parser)
        if isinstance(found, Unreadable):
            self.unknowns.append(Unknown(CHECKER, found.reason, path, found.message, found.help))
            return None
        if isinstance(found, Missing):
            return None
        self.files[path] = found
        self._report(path, found)
        return found

    def _report(self, path: str, file: T) -> None:
        text = self.repository.read(path)
        if not isinstance(text, Text):
            return
        for problem in (*text.problems, *file.problems)[:1]:
            reason = f"unreadable-{self._kind.replace(' ', '-')}"
            message = f"`{path}` cannot be read as a {self._kind}: {problem.message}"
            help_ = problem.help or "mend the YAML"
            self.unknowns.append(Unknown(CHECKER, reason, path, message, help_, text.at(problem.span)))
