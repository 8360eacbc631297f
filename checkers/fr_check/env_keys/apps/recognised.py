"""What is judged together: the configured apps, completed where an entry leaves something out, or those recognised.

Settings files with the same nearest example are one app. Settings that no example is near are left out, with the lines
that would begin one.
"""

from __future__ import annotations

from functools import partial

from fr_check.core.model import Recognised, Skipped
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text, counted
from fr_check.env_keys.apps.reading import NAME
from fr_check.env_keys.values.written import line_of
from fr_check.policy.env_keys import App as Policy
from fr_check.policy.env_keys import EnvKeys
from fr_check.variables.backends import examples
from fr_check.variables.backends.examples import above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fr_check.core.repository import Repository
    from fr_check.env_keys.apps.reading import Reader
    from fr_check.variables.backends.classes import SettingsText
    from fr_check.variables.backends.examples import Choice

Reason = partial(Recognised, NAME)
# What stands at the top of a Python project.
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "Pipfile", "manage.py")


class Plan(NamedTuple):
    """One app to be read: its policy with nothing but templates left out, and what of it was guessed, and why."""

    policy: Policy
    reasons: tuple[Recognised, ...] = ()


def plans(reader: Reader) -> list[Plan]:
    """The apps of a repository, in order."""
    entries = reader.context.config.of(EnvKeys).apps
    return [_completed(reader, entry) for entry in entries] if entries else _recognised(reader)


def _recognised(reader: Reader) -> list[Plan]:
    groups: dict[str, list[tuple[SettingsText, Choice]]] = {}
    alone: list[SettingsText] = []
    for found in reader.backends.files:
        choice = _choice(reader, found)
        if choice is None:
            alone.append(found)
        else:
            groups.setdefault(choice.path, []).append((found, choice))
    _leave_out(reader, alone)
    for text in reader.backends.unread:
        reader.usable(text, "settings")
    for path in reader.backends.templated:
        message = f"{path} is a template from which a project is made, so its settings are not known"
        if "{{" in path:
            reader.skipped.append(Skipped(NAME, message))
        else:
            reader.unknown("templated-settings", path, message, "make a project from it, and check that")
    read = [_plan(path, [found for found, _ in several], several[0][1]) for path, several in sorted(groups.items())]
    broken = [found for found in alone if found.content.problems]
    read += [_plan("", broken, None)] if broken else []
    return read + _without_settings(reader, groups)


def _without_settings(reader: Reader, taken: Iterable[str]) -> list[Plan]:
    """An app for each further example near to code that reads the environment."""
    if not (reader.examples.by_folder or reader.examples.committed):
        return []
    from fr_check.env_keys.apps.code import choices  # noqa: PLC0415 - only where there is an example

    # What documents settings that are not known cannot be compared with the rest of the code.
    theirs = (example for path in reader.backends.templated for example in reader.examples.nearest(path))
    return [
        Plan(Policy((), (choice.path,)), (Reason("example", choice.path, f"{_why(choice)}, which reads variables"),))
        for choice in choices(reader.repository, frozenset((*taken, *theirs)))
    ]


def _completed(reader: Reader, entry: Policy) -> Plan:
    """An entry of the configuration, with what it leaves out recognised: settings by its examples, and the reverse."""
    if entry.settings is not None and entry.example is not None:
        return Plan(entry)
    if entry.settings is None:
        near = [
            found
            for found in reader.backends.files
            if entry.example is None or not set(entry.example).isdisjoint(reader.examples.nearest(found.text.path))
        ]
        settings = tuple(found.text.path for found in near)
        reasons = tuple(_reason(found) for found in near)
        if entry.example is not None:
            return Plan(entry._replace(settings=settings), reasons)
    else:
        settings, reasons = entry.settings, ()
    known = [found for found in reader.backends.files if found.text.path in settings]
    choices = dict.fromkeys(choice for found in known if (choice := _choice(reader, found)))
    if not known:
        plain = (examples.choose(reader.examples.nearest(path), path, {}) for path in settings)
        choices = dict.fromkeys(choice for choice in plain if choice)
    reasons += tuple(Reason("example", choice.path, _why(choice)) for choice in choices)
    return Plan(entry._replace(settings=settings, example=tuple(choice.path for choice in choices)), reasons)


def _plan(example: str, files: Iterable[SettingsText], choice: Choice | None) -> Plan:
    files = list(files)
    policy = Policy(tuple(found.text.path for found in files), (example,) if example else ())
    reasons = [_reason(found) for found in files]
    reasons += [Reason("example", choice.path, _why(choice))] if choice else []
    return Plan(policy, tuple(reasons))


def _reason(found: SettingsText) -> Recognised:
    if found.content.problems:
        return Reason("settings", found.text.path, "its text names BaseSettings, and it does not parse")
    names = ", ".join(dict.fromkeys(one.name for one in found.content.classes if one.settings or one.untyped))
    return Reason("settings", found.text.path, f"{names}: from BaseSettings, {counted(found.fields, 'field')}")


def _why(choice: Choice) -> str:
    return choice.why + (f"; not {', '.join(choice.others)}" if choice.others else "")


def _choice(reader: Reader, found: SettingsText) -> Choice | None:
    path = found.text.path
    beside = reader.examples.beside(path)
    near = reader.examples.nearest(path)
    if len(near) < 2 and not beside:  # noqa: PLR2004 - nothing to compare
        return examples.choose(near, path, {})
    names = {name.upper() for one in found.content.classes for setting in one.settings for name in setting.every_name}
    texts = {example: reader.repository.read(example) for example in (*beside, *near)}
    documented = {one: examples.names_in(text.string) for one, text in texts.items() if isinstance(text, Text)}
    shares = {one: sum(name.upper() in names for name in known) for one, known in documented.items()}
    choice = examples.choose(beside, path, shares)
    if choice and examples.fits(shares.get(choice.path, 0), len(documented.get(choice.path, ()))):
        return choice._replace(why=f"it documents what {path} reads, and no example stands at or above it")
    return examples.choose(near, path, shares)


def _leave_out(reader: Reader, alone: Iterable[SettingsText]) -> None:
    """Says which settings have no example, once for each project, and how to begin one."""
    projects: dict[str, list[SettingsText]] = {}
    for found in alone:
        projects.setdefault(_project(reader, found.text.path), []).append(found)
    for folder, files in projects.items():
        fields = [setting for found in files for one in found.content.classes for setting in one.settings]
        first = next((setting for setting in fields if setting.required and setting.names), None)
        first = first or next((setting for setting in fields if setting.names), None)
        if first is None:
            continue
        where = files[0].text.path + (f" and {counted(len(files) - 1, 'more file')}" if len(files) > 1 else "")
        example = f"{folder}/{examples.PLAIN}" if folder else examples.PLAIN
        reason = (
            f"no example documents the {counted(len(fields), 'setting')} of {where};"
            f" to begin one, write the line `{line_of(first, optional_commented=False)}` to {example}"
        )
        reader.skipped.append(Skipped(NAME, reason))


def _project(reader: Reader, path: str) -> str:
    """The folder of the Python project that a file belongs to; the root where nothing tells."""
    return next((folder for folder in above(path) if _is_project(folder, reader.repository)), "")


def _is_project(folder: str, repository: Repository) -> bool:
    # A module of a package may be called setup.py.
    if repository.has(_in(folder, "__init__.py")):
        return False
    return any(repository.has(_in(folder, name)) for name in _PROJECT_FILES)


def _in(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
