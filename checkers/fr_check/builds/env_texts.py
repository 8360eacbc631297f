"""Files of variables that Compose fills references from: committed ones, and copies of an example beside them."""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.compose import dotenv as compose_dotenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.repository import Repository
    from fr_check.sources.compose.dotenv import EnvText
    from fr_check.sources.compose.variable import Scope

_WORDS = ("example", "sample", "template", "dist", "defaults", "default")


class Copied(NamedTuple):
    """A file that whoever runs the project makes of an example: its path, the example's, and what that says."""

    path: str
    example: str
    content: EnvText


class EnvTexts:
    """The files of variables of a repository.

    `alike` says for one that is not committed which file is like it. `shell` are the variables of the process that runs
    Compose, as far as they are known.
    """

    def __init__(
        self, repository: Repository, alike: Mapping[str, str] | None = None, shell: Mapping[str, str] | None = None
    ) -> None:
        self.repository = repository
        self.alike = dict(alike or {})
        self.shell = dict(shell or {})
        self._values: dict[Scope, dict[str, str]] = {}
        self._filed: dict[Scope, dict[str, str]] = {}

    def read(self, path: str, format_: str = "") -> EnvText | None:
        """A committed file, as Compose reads it."""
        text = self._text(path)
        return None if text is None else text.parsed(compose_dotenv.parse, format_)

    def copied(self, path: str, format_: str = "") -> Copied | None:
        """What a file that is not committed is a copy of."""
        example = self.example_of(path)
        content = None if example is None else self.read(example, format_)
        return None if example is None or content is None else Copied(path, example, content)

    def standing(self, path: str, format_: str = "") -> tuple[str, EnvText | None]:
        """What stands in for a file: itself, or its example, whose path comes first then; None for neither."""
        content = self.read(path, format_)
        copied = None if content is not None else self.copied(path, format_)
        return ("", content) if copied is None else (copied.example, copied.content)

    def example_of(self, path: str) -> str | None:
        """The example of a file: the one that the configuration names, else one of its name beside it."""
        if path in self.alike:
            return self.alike[path]
        folder, name = posixpath.split(path)
        stem = name.removesuffix(".env") if name.endswith(".env") and name != ".env" else ""
        for word in _WORDS:
            names = [f"{name}.{word}", f"{name}-{word}"]
            if name == ".env":
                names += [f"env.{word}", f"{word}.env", f".{word}.env"]
            if stem:
                names += [f"{stem}.{word}.env", f"{stem}.env.{word}"]
            for candidate in names:
                found = posixpath.join(folder, candidate)
                if self._text(found) is not None:
                    return found
        return None

    def values(self, scope: Scope) -> dict[str, str]:
        """What fills references: the shell, then the groups of files in their order, where each adds a name."""
        if scope not in self._values:
            self._values[scope] = {**self.filed(scope), **self.shell}
        return self._values[scope]

    def filed(self, scope: Scope) -> dict[str, str]:
        """What the groups of files give, whether the shell has it or not; the shell fills their references first."""
        if scope not in self._filed:
            self._filed[scope] = self._filling(scope)
        return self._filed[scope]

    def _filling(self, scope: Scope) -> dict[str, str]:
        values: dict[str, str] = {}
        for group in scope:
            added: dict[str, str] = {}
            above = {**values, **self.shell}
            for path in group:
                _, content = self.standing(path)
                if content is not None:
                    content.read_into(added, above.get)
            for name, value in added.items():
                values.setdefault(name, value)
        return values

    def _text(self, path: str) -> Text | None:
        if not self.repository.has(path) and self.repository.gitlink_above(path) is None:
            return None
        text = self.repository.read(path)
        return text if isinstance(text, Text) and not text.problems else None
