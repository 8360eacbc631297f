"""Finds and parses the files of an app, and says what is missing.

Where nothing is configured and a default path does not exist, the repository may simply have no such thing (skipped),
or keep it elsewhere (unknown, naming the file it is probably in): never is a missing file an empty one.
"""

from __future__ import annotations

import ast
from functools import partial

from fr_check.core.model import Skipped, Unknown
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.env_keys.apps.agents import usual_places
from fr_check.env_keys.apps.model import App, ExampleSource, SettingsSource
from fr_check.env_keys.apps.reading import NAME
from fr_check.sources import dotenv, settings
from fr_check.variables.compose_defaults import compose_defaults, overridden
from fr_check.variables.usage import backend_files, find_reads, uses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.repository import Repository
    from fr_check.env_keys.apps.reading import Reader
    from fr_check.policy.env_keys import App as Policy

_TESTS = pattern(r"(?:^|/)(?:tests?|testing)/|(?:^|/)(?:test_[^/]*|[^/]*_test|conftest)\.py$")
_CONFIGURE = "in [tool.fr-check], give each backend an entry [[tool.fr-check.env-keys.apps]] with `{key} = [...]`"


def read(reader: Reader, policy: Policy) -> App | None:
    """The app of one entry of the configuration; None where there is nothing to look at."""
    texts, known = reader.texts(policy.settings, "settings", absence=partial(_absent_settings, reader))
    if not texts:
        return None
    examples, examples_known = reader.texts(policy.example, "example", absence=partial(_absent_example, reader))
    code = backend_files([text.path for text in texts], reader.repository)
    agents = (place for path in policy.templates for place in usual_places(path))
    reader.repository.preload((*code, *policy.templates, *agents))
    sources = [SettingsSource(text, settings.parse(text, reader.resolve)) for text in texts]
    known = known and _has_settings(reader, sources)
    found = App(
        policy,
        sources,
        [ExampleSource(text, dotenv.parse(text)) for text in examples],
        settings_known=known,
        examples_known=examples_known,
    )
    _check(reader, found)
    from fr_check.env_keys.apps import templates  # noqa: PLC0415 - only where there are settings

    missing = templates.read(reader, found)
    find_reads(found, reader.repository, code)
    found.compose_defaults = compose_defaults(found, reader.repository)
    found.overridden = overridden(found, reader.repository)
    found.used, unread = uses(found, reader.repository)
    for text in unread:
        found.uses_known = reader.usable(text, "source code") and found.uses_known
    # Last: git may still be looking for the base.
    found.lost = templates.lost(reader, found, missing)
    return found


def _absent_settings(reader: Reader, path: str) -> bool:
    """Reports missing settings; True where there are none to miss."""
    if reader.configured:
        reader.unknown("missing-settings", path, f"the settings {path} do not exist", "correct the path")
        return False
    candidate = next(_settings_files(reader.repository), None)
    if candidate is None:
        reader.skipped.append(Skipped(NAME, f"no settings: {path} does not exist, and no file uses BaseSettings"))
        return True
    message = f"no settings at {path}, but {candidate} has some"
    reader.unknown("missing-settings", path, message, _CONFIGURE.format(key="settings"))
    return False


def _absent_example(reader: Reader, path: str) -> bool:
    help_ = f"add {path} with a line `KEY=value` for every setting, or " + _CONFIGURE.format(key="example")
    reader.unknown("missing-example", path, f"{path} does not exist, so no setting can be documented in it", help_)
    return False


def _has_settings(reader: Reader, sources: list[SettingsSource]) -> bool:
    """Whether a class was found; a file that does not parse is a finding of its own."""
    if not sources or any(source.content.problems or source.content.classes for source in sources):
        return True
    paths = ", ".join(source.text.path for source in sources)
    message = f"{paths} defines no class that extends BaseSettings, so there are no settings to compare"
    reader.unknown("no-settings-class", paths, message, _CONFIGURE.format(key="settings"))
    return False


def _check(reader: Reader, app: App) -> None:
    """Notes what is there and says nothing: an empty example, a class of which not all is known."""
    for source in app.examples:
        if not source.content.assignments and not source.content.problems and app.settings:
            message = f"{source.text.path} is empty, so no setting can be documented in it"
            help_ = "restore it, or add a line `KEY=value` for every setting"
            reader.unknown("empty-example", source.text.path, message, help_)
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
                unknown = Unknown(NAME, reason, fault.subject, message, help_, fault.location)
                reader.unknowns.append(unknown)


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
