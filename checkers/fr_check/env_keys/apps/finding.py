"""Reads the files of an app, configured or recognised; what is missing is said, and never taken for empty."""

from __future__ import annotations

import sys
from functools import partial

from fr_check.core.model import Unknown
from fr_check.core.names import among
from fr_check.core.site import PROJECT
from fr_check.env_keys.apps import selection
from fr_check.env_keys.apps.agents import usual_places
from fr_check.env_keys.apps.lenient import lenient
from fr_check.env_keys.apps.model import App, ExampleSource
from fr_check.env_keys.apps.reading import NAME
from fr_check.env_keys.apps.usage import backend_files, find_reads, uses
from fr_check.sources import dotenv
from fr_check.sources.settings.syntax import newer_python
from fr_check.variables.libraries import described, hints
from fr_check.variables.wellknown import is_well_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.env_keys.apps.model import SettingsSource
    from fr_check.env_keys.apps.reading import Reader
    from fr_check.env_keys.apps.recognised import Plan

_CONFIGURE = "in its entry [[tool.fr-check.env-keys.apps]], write `settings = [{paths}]`"


_EFFECTS = {
    "unresolvable-base": (
        "what {} inherits from it is not known",
        "keep the base in this repository, or repeat the inherited fields in the class",
    ),
    "computed-settings-class": ("which variables it reads is not known", "write it as a class statement"),
    "unresolvable-source": (
        "it is not known whether {} reads the environment",
        "keep the source in this repository, or return `env_settings` too",
    ),
    "unresolvable-prefix": (
        "the variables of {} cannot be known",
        "write it as a literal, or as a constant that is assigned once",
    ),
}


def read(reader: Reader, plan: Plan) -> App | None:
    """The app of one plan; None where there is nothing to look at."""
    policy = plan.policy
    texts, known = reader.texts(policy.settings or (), "settings", absence=partial(_absent, reader, "settings"))
    examples, examples_known = reader.texts(
        policy.example or (), "example", absence=partial(_absent, reader, "example")
    )
    if not (texts or examples or policy.templates):
        return None
    if texts:
        code = backend_files([text.path for text in texts], reader.repository)
    else:
        from fr_check.env_keys.apps.code import python_of  # noqa: PLC0415 - only where there is an example

        code = among(frozenset(reader.repository.remembered(python_of, tuple(text.path for text in examples))))
    agents = (place for path in policy.templates or () for place in usual_places(path))
    reader.repository.preload((*(policy.templates or ()), *agents))
    sources = lenient(reader.repository, reader.sources(texts))
    known = known and _has_settings(reader, sources)
    found = App(
        policy,
        sources,
        [ExampleSource(text, text.parsed(dotenv.parse)) for text in examples],
        settings_known=known,
        examples_known=examples_known,
        reasons=plan.reasons,
    )
    found.strict = reader.strict
    _check(reader, found)
    from fr_check.env_keys.apps import templates  # noqa: PLC0415 - only where there are settings

    missing = templates.read(reader, found)
    found.code = code
    find_reads(found, reader.repository)
    if found.examples:
        from fr_check.env_keys.apps.code import find_script_reads  # noqa: PLC0415 - only where there is an example

        find_script_reads(reader, found)
    found.missing_templates = tuple(missing)
    found.selection = selection.of(found)
    return found


def join(reader: Reader, apps: Sequence[App]) -> None:
    """Fills what takes all apps to know: who else takes their keys; and what the base had that they have no more."""
    used, unread, quoted = uses(apps, reader.repository)
    known = True
    for text in unread:
        known = reader.usable(text, "source code") and known
    for app in apps:
        app.used, app.uses_known = used, known
    taken = {*used, *(key for app in apps for key in app.rendered)}
    left = {key for app in apps for key in app.documented if key not in taken and not is_well_known(key)}
    left = {key for key in left if not any(app.takers(key) for app in apps)}
    told = {key: f"{quoted[key]} has it as a text, and may hand it to what reads it" for key in left & quoted.keys()}
    told |= hints(reader.repository, left - told.keys())
    for app in apps:
        app.hints = told
        app.described = {} if app.strict else described(reader.repository, selection.left(app))
    from fr_check.env_keys.apps import templates  # noqa: PLC0415 - only where there are settings

    for app in apps:
        app.find_lost = partial(templates.lost, reader, app, list(app.missing_templates))


def _absent(reader: Reader, kind: str, path: str) -> bool:
    message = f"{path}, which the configuration names as {kind}, does not exist"
    reader.unknown(f"missing-{kind}", path, message, f"correct the path, or remove `{kind}` to have it recognised")
    return False


def _has_settings(reader: Reader, sources: list[SettingsSource]) -> bool:
    """Whether there is a field; a file that does not parse is a finding of its own."""
    if not sources or any(source.content.problems or source.content.classes for source in sources):
        classes = [found for source in sources for found in source.content.classes]
        broken = any(source.content.problems for source in sources)
        if broken or not classes or any(c.settings or c.untyped or not c.complete for c in classes):
            return True
    paths = ", ".join(source.text.path for source in sources)
    message = f"{paths} has no class from BaseSettings with a field, so there are no settings to compare"
    others = [found.text.path for found in reader.backends.files]
    help_ = "name the file with the settings in [[tool.fr-check.env-keys.apps]] `settings`"
    if others:
        help_ = _CONFIGURE.format(paths=", ".join(f'"{path}"' for path in others))
    reader.unknown("no-settings-class", paths, message, help_)
    return False


def _check(reader: Reader, app: App) -> None:
    """Notes what is there and says nothing: an empty example, a class of which not all is known."""
    for source in app.examples:
        said = source.content.assignments or (source.content.commented and not app.strict)
        if not said and not source.content.problems and app.settings:
            message = f"{source.text.path} is empty, so no setting can be documented in it"
            help_ = "restore it, or add a line `KEY=value` for every setting"
            reader.unknown("empty-example", source.text.path, message, help_)
            app.examples_known = False
    _note_newer(reader, app)
    for settings_class in app.classes:
        for fault in settings_class.unresolved:
            effect, help_ = _EFFECTS[fault.reason]
            message = f"{fault.message}, so {effect.format(fault.subject)}"
            reader.unknowns.append(Unknown(NAME, fault.reason, fault.subject, message, help_, fault.location))


def _note_newer(reader: Reader, app: App) -> None:
    """Notes the files that only a newer Python reads."""
    for text, problem in (
        (source.text, problem) for source in app.settings_files for problem in source.content.problems
    ):
        version = newer_python(text, problem)
        if version:
            running = ".".join(map(str, sys.version_info[:2]))
            message = f"{text.path} is written for Python {version} or newer, and this is {running}"
            help_ = f"run fr-check with Python {version}: `uvx --python {version} --from git+{PROJECT} fr-check`"
            reader.unknowns.append(Unknown(NAME, "newer-python", text.path, message, help_, text.at(problem.span)))
