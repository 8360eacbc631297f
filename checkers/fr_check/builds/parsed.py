"""Files of one format, each parsed once; what cannot be read becomes an unknown, once."""

from __future__ import annotations

from fr_check.builds.model import NAME
from fr_check.core.model import Unknown
from fr_check.core.repository import Missing, Unreadable
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol, TypeVar

    from fr_check.core.model import Problem
    from fr_check.core.repository import Repository

    class _WithProblems(Protocol):
        @property
        def problems(self) -> tuple[Problem, ...]:
            """What a source could not read."""

    T = TypeVar("T", bound=_WithProblems)


class ParsedFiles:
    """`kind` names the format in a message ("compose file")."""

    def __init__(self, repository: Repository, kind: str) -> None:
        self.repository = repository
        self.unknowns: list[Unknown] = []
        self._kind = kind
        self._tried: set[str] = set()

    def taken(self, path: str, parser: Callable[[Text], T], files: dict[str, T]) -> T | None:
        """A parsed file, which is put into `files`, or None where there is none."""
        if path in self._tried:
            return files.get(path)
        self._tried.add(path)
        found = self.repository.parse(path, parser)
        if isinstance(found, Unreadable):
            self.unknowns.append(found.as_unknown(NAME, path))
            return None
        if isinstance(found, Missing):
            return None
        files[path] = found
        self._report(path, found)
        return found

    def _report(self, path: str, file: _WithProblems) -> None:
        text = self.repository.read(path)
        if not isinstance(text, Text):
            return
        for problem in (*text.problems, *file.problems)[:1]:
            reason = f"unreadable-{self._kind.replace(' ', '-')}"
            message = f"`{path}` cannot be read as a {self._kind}: {problem.message}"
            help_ = problem.help or "mend the YAML"
            self.unknowns.append(Unknown(NAME, reason, path, message, help_, text.at(problem.span)))
