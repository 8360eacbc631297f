"""Reads the files of an app, and collects what could not be read."""

from __future__ import annotations

from functools import cached_property

from fr_check.core.model import Skipped, Unknown
from fr_check.core.patterns import pattern
from fr_check.core.repository import Missing, Unreadable
from fr_check.core.text import Text
from fr_check.env_keys.apps.model import SettingsSource
from fr_check.policy.preset import is_strict
from fr_check.sources import settings
from fr_check.variables.backends import classes
from fr_check.variables.backends.examples import Examples, may_be_one
from fr_check.variables.backends.imports import resolver

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.core.context import Context
    from fr_check.env_keys.apps.recognised import Plan

    Absence = Callable[[str], bool]

NAME = "env-keys"
_WILDCARD = pattern(r"[*?\[{]")


class Reader:
    """One run over a repository."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.repository = context.repository
        self.unknowns: list[Unknown] = []
        self.skipped: list[Skipped] = []
        self.plans: list[Plan] = []

    def unknown(self, reason: str, subject: str, message: str, help_: str) -> None:
        """Notes something that could not be read."""
        self.unknowns.append(Unknown(NAME, reason, subject, message, help_))

    def texts(self, patterns: Iterable[str], kind: str, *, absence: Absence) -> tuple[list[Text], bool]:
        """The texts of paths and globs, and whether that is all of them."""
        texts: dict[str, Text] = {}
        known = True
        for path in patterns:
            # A folder may be called `[slug]` or `{{ name }}`.
            plain = not _WILDCARD.search(path) or self.repository.has(path)
            names = (path,) if plain else self.repository.glob(path)
            if isinstance(names, Unreadable):
                self.unknown(names.reason, path, names.message, names.help)
                known = False
                continue
            if not names:
                known = absence(path) and known
            for name in names:
                text = self.repository.read(name)
                if isinstance(text, Missing):
                    known = absence(name) and known
                else:
                    known = self.usable(text, kind) and known
                    if isinstance(text, Text) and not text.problems:
                        texts[name] = text
        return list(texts.values()), known

    def usable(self, text: Text | Unreadable, kind: str) -> bool:
        """Whether a file is text; if not, that is noted."""
        if isinstance(text, Unreadable):
            self.unknown(text.reason, text.path, text.message, text.help)
            return False
        for problem in text.problems:
            message = f"{text.path} cannot be read as {kind}: {problem.message}"
            self.unknowns.append(Unknown(NAME, "undecodable", text.path, message, problem.help, text.at(problem.span)))
        return not text.problems

    @cached_property
    def project(self) -> settings.Project:
        """The Python files of the repository; each is parsed once, whoever asks."""
        return self.context.once(_project)

    @cached_property
    def strict(self) -> bool:
        """Whether the preset is `strict`: the configuration says so, or this is the layout that it was made for."""
        return is_strict(self.context.config, self.repository.has)

    @cached_property
    def examples(self) -> Examples:
        """Every example of the repository."""
        return Examples(self.repository.select(may_be_one))

    @cached_property
    def backends(self) -> classes.Backends:
        """Every file with settings that is recognised."""
        return self.repository.remembered(classes.find)

    def sources(self, texts: Iterable[Text]) -> list[SettingsSource]:
        """What files of settings say; of those that were recognised it is known."""
        recognised = self.backends.files if "backends" in self.__dict__ else ()
        known = {one.text.path: one.content for one in recognised}
        read = [(text, known.get(text.path)) for text in texts]
        if all(content is not None for _, content in read):
            return [SettingsSource(text, content) for text, content in read if content is not None]
        return [SettingsSource(text, self.project.read(text)) for text, _ in read]

    @cached_property
    def templates(self) -> list[Text]:
        """Every template of the repository and its submodules, and every agent's configuration."""
        from fr_check.env_keys.apps.templates import candidates  # noqa: PLC0415 - only where there are settings

        return candidates(self.repository)


def _project(context: Context) -> settings.Project:
    """The Python files of the repository; each is parsed once, whoever asks."""
    return settings.Project(resolver(context.repository))
