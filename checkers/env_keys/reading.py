"""Finds and parses the files of an app, and says what could not be read.

Where nothing is configured and a default path does not exist, the repository may simply have no such thing (skipped),
or keep it elsewhere (unknown, naming the file it is probably in): never is a missing file an empty one.
"""

from __future__ import annotations

import ast

from checkers.core.config import App as Policy
from checkers.core.model import Skipped, Unknown
from checkers.core.patterns import pattern
from checkers.core.repository import Missing, Unreadable
from checkers.core.text import Text
from checkers.env_keys.agents import usual_places
from checkers.env_keys.compose_defaults import compose_defaults, overridden
from checkers.env_keys.imports import resolver
from checkers.env_keys.model import App, ExampleSource, SettingsSource
from checkers.env_keys.usage import backend_files, find_reads, uses
from checkers.sources import dotenv, settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from checkers.core.context import Context
    from checkers.core.repository import Repository

    Absence = Callable[[str], bool]

CHECKER = "env-keys"
_WILDCARD = pattern(r"[*?\[{]")
_TESTS = pattern(r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_CONFIGURE = "in [tool.fr-check], give each backend an entry [[tool.fr-check.env-keys.apps]] with `{key} = [...]`"


class Reader:
    """Reads apps, and collects what could not be read."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.repository = context.repository
        self.unknowns: list[Unknown] = []
        self.skipped: list[Skipped] = []
        self.resolve = resolver(self.repository)

    def unknown(self, reason: str, subject: str, message: str, help_: str) -> None:
        """Notes something that could not be read."""
        self.unknowns.append(Unknown(CHECKER, reason, subject, message, help_))

    def app(self, policy: Policy) -> App | None:
        """The app of one entry of the configuration; None where there is nothing to look at."""
        texts, known = self.texts(policy.settings, "settings", absence=self._absent_settings)
        if not texts:
            return None
        examples, examples_known = self.texts(policy.example, "example", absence=self._absent_example)
        code = backend_files([text.path for text in texts], self.repository)
        agents = (place for path in policy.templates for place in usual_places(path))
        self.repository.preload((*code, *policy.templates, *agents))
        sources = [SettingsSource(text, settings.parse(text, self.resolve)) for text in texts]
        known = known and self._has_settings(sources)
        found = App(
            policy,
            sources,
            [ExampleSource(text, dotenv.parse(text)) for text in examples],
            settings_known=known,
            examples_known=examples_known,
        )
        self._check_examples(found)
        from checkers.env_keys import templates  # noqa: PLC0415 - only where there are settings

        missing = templates.read(self, found)
        find_reads(found, self.repository, code)
        found.compose_defaults = compose_defaults(found, self.repository)
        found.overridden = overridden(found, self.repository)
        found.used, unread = uses(found, self.repository)
        for text in unread:
            found.uses_known = self._usable(text, "source code") and found.uses_known
        # Last: git may still be looking for the base.
        found.lost = templates.lost(self, found, missing)
        return found

    def texts(self, patterns: Iterable[str], kind: str, *, absence: Absence) -> tuple[list[Text], bool]:
        """The texts of paths and globs, and whether that is all of them."""
        texts: dict[str, Text] = {}
        known = True
        for path in patterns:
            names = self.repository.glob(path) if _WILDCARD.search(path) else (path,)
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
                    known = self._usable(text, kind) and known
                    if isinstance(text, Text) and not text.problems:
                        texts[name] = text
        return list(texts.values()), known

    def _usable(self, text: Text | Unreadable, kind: str) -> bool:
        if isinstance(text, Unreadable):
            self.unknown(text.reason, text.path, text.message, text.help)
            return False
        for problem in text.problems:
            message = f"{text.path} cannot be read as {kind}: {problem.message}"
            self.unknowns.append(
                Unknown(CHECKER, "undecodable", text.path, message, problem.help, text.at(problem.span))
            )
        return not text.problems

    @property
    def configured(self) -> bool:
        """Whether the apps are the repository's own, not the default layout."""
        return self.context.config.env_keys.apps != (Policy(),)

    def _absent_settings(self, path: str) -> bool:
        """Reports missing settings; True where there are none to miss."""
        if self.configured:
            self.unknown("missing-settings", path, f"the settings {path} do not exist", "correct the path")
            return False
        candidate = next(_settings_files(self.repository), None)
        if candidate is None:
            self.skipped.append(Skipped(CHECKER, f"no settings: {path} does not exist, and no file uses BaseSettings"))
            return True
        message = f"no settings at {path}, but {candidate} has some"
        self.unknown("missing-settings", path, message, _CONFIGURE.format(key="settings"))
        return False

    def _absent_example(self, path: str) -> bool:
        help_ = f"add {path} with a line `KEY=value` for every setting, or " + _CONFIGURE.format(key="example")
        self.unknown("missing-example", path, f"{path} does not exist, so no setting can be documented in it", help_)
        return False

    def _has_settings(self, sources: list[SettingsSource]) -> bool:
        """Whether a class was found; a file that does not parse is a finding of its own."""
        if not sources or any(source.content.problems or source.content.classes for source in sources):
            return True
        paths = ", ".join(source.text.path for source in sources)
        message = f"{paths} defines no class that extends BaseSettings, so there are no settings to compare"
        self.unknown("no-settings-class", paths, message, _CONFIGURE.format(key="settings"))
        return False

    def _check_examples(self, app: App) -> None:
        for source in app.examples:
            if not source.content.assignments and not source.content.problems and app.settings:
                message = f"{source.text.path} is empty, so no setting can be documented in it"
                help_ = "restore it, or add a line `KEY=value` for every setting"
                self.unknown("empty-example", source.text.path, message, help_)
                app.examples_known = False
        for settings_class in app.classes:
            for fault in settings_class.unresolved:
                if not settings_class.complete:
                    reason, effect = "unresolvable-base", f"so what {fault.subject} inherits from it is not known"
                    help_ = "keep the base in this repository, or repeat the inherited fields in the class"
                    if fault.computed:
                        reason, effect = "computed-settings-class", "so which variables it reads is not known"
                        help_ = "write it as a class statement"
                    message = f"{fault.message}, {effect}"
                    unknown = Unknown(CHECKER, reason, fault.subject, message, help_, fault.location)
                    self.unknowns.append(unknown)


def _settings_files(repository: Repository) -> Iterator[str]:
    """Python files outside tests with a class that extends BaseSettings; the word alone may stand in a string."""
    for path in _files_with(repository, "BaseSettings", (".py",)):
        text = repository.read(path)
        if isinstance(text, Text) and not _TESTS.search(path) and _extends_base_settings(text):
            yield path


def _extends_base_settings(text: Text) -> bool:
    try:
        tree = ast.parse(text.string)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    bases = (base for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for base in node.bases)
    return any("BaseSettings" in ast.unparse(base) for base in bases)


def _files_with(repository: Repository, word: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Files of some endings that contain a word."""
    for path in repository.paths():
        if path.endswith(endings):
            text = repository.read(path)
            if isinstance(text, Text) and word in text.string:
                yield path
