"""Joins the sources into what the rules compare.

`load(context)` has `apps.py` read every configured app: its settings and examples, its templates (`templates.py`), the
other reads of the environment and who else takes its variables (`usage.py`). `reading.py` collects what could not be
read.
"""

from __future__ import annotations

from fr_check.core.model import Skipped, Table, Unknown
from fr_check.core.record import NamedTuple
from fr_check.env_keys.apps import finding as apps
from fr_check.env_keys.apps import recognised
from fr_check.env_keys.apps.reading import Reader
from fr_check.policy.dockerfile_args import DockerfileArgs
from fr_check.sources.bundlers import PREFIXES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_check.core.context import Context
    from fr_check.core.model import Gap, Location, Recognised
    from fr_check.env_keys.apps.model import App, ExampleSource, TemplateSource
    from fr_check.variables.flow import Flow


_NOTHING = "no class from pydantic's BaseSettings, and no example (.env.example) of variables that code here reads"


class Facts(NamedTuple):
    """Every app, and what could not be read. Rules loop over `apps`; `templates` is all of theirs, each once."""

    apps: tuple[App, ...]
    unknowns: tuple[Unknown, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    public_prefixes: tuple[str, ...] = ()
    demands_defaults: bool = True
    context: Context | None = None

    @property
    def flow(self) -> Flow | None:
        """Every process that runs a backend, read when the first rule asks; None where nothing was read."""
        if self.context is None:
            return None
        from fr_check.env_keys import programs  # noqa: PLC0415 - only for rules about what processes get

        return self.context.once(programs.flow)

    @property
    def given(self) -> Mapping[str, str]:
        """Name -> the Dockerfile that sets it in an image."""
        if self.context is None:
            return {}
        from fr_check.env_keys.apps import given  # noqa: PLC0415 - only where the example lacks a variable

        return self.context.once(given.load)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Files and images that are not in the repository and may hold variables of a service."""
        from fr_check.env_keys.processes import gaps  # noqa: PLC0415 - only where a service runs a backend

        return gaps.find(self)

    @property
    def backends(self) -> tuple[App, ...]:
        """The apps, and the backends that no example documents."""
        if self.context is None:
            return self.apps
        from fr_check.env_keys import programs  # noqa: PLC0415 - only for rules about what processes get

        return (*self.apps, *self.context.once(programs.undocumented))

    @property
    def templates(self) -> tuple[TemplateSource, ...]:
        """Every template of every app, once."""
        found = {(source.text.path, source.agent): source for app in self.apps for source in app.templates}
        return tuple(found.values())

    @property
    def counts(self) -> Mapping[str, int]:
        """How many settings, documented keys and rendered keys there are."""
        return {
            "settings": sum(len(app.settings) for app in self.apps),
            "example": sum(len(app.documented) for app in self.apps),
            "templates": sum(len(app.rendered) for app in self.apps),
            "reads": sum(len(app.reads) for app in self.apps),
            "dynamic-reads": sum(len(app.dynamic_reads) for app in self.apps),
        }

    def pin(self, path: str) -> str | None:
        """The commit that the pointer above a path names; None for what is in no submodule."""
        repository = self.context.repository if self.context is not None else None
        gitlink = repository.gitlink_above(path) if repository is not None else None
        return repository.gitlinks()[gitlink] if repository is not None and gitlink is not None else None

    def secrets(self) -> Mapping[str, str]:
        """Variables that are known to be secret, and why: for checkers that ask where a secret must not be."""
        return {name: why for app in self.apps for name, why in _secrets(app)}

    @property
    def recognised(self) -> tuple[Recognised, ...]:
        """What was guessed, and why."""
        return tuple(dict.fromkeys(reason for app in self.apps for reason in app.reasons))

    def tables(self) -> tuple[Table, ...]:
        """What was recognised; and one table per app: every key that no setting takes, and where it stands."""
        tables = tuple(_table(app, several=len(self.apps) > 1) for app in self.apps)
        rows = tuple((found.kind, found.path, found.why) for found in self.recognised)
        return (*tables, Table("recognised", ("kind", "file", "why"), rows)) if rows else tables


def example_of(facts: Facts, path: str) -> ExampleSource | None:
    """The example file of this path, which an edit is to be made in."""
    sources = (source for app in facts.apps for source in app.examples)
    return next((source for source in sources if source.text.path == path), None)


def load(context: Context) -> Facts:
    """Reads everything; files that cannot be read become unknowns."""
    reader = Reader(context)
    reader.plans = recognised.plans(reader)
    read = (apps.read(reader, plan) for plan in reader.plans)
    found = tuple(app for app in read if app is not None)
    apps.join(reader, found)
    reader.unknowns += dict.fromkeys(_unfollowed(found))
    prefixes = (*PREFIXES, *context.config.of(DockerfileArgs).public_prefixes)
    if not (found or reader.unknowns or reader.skipped):
        reader.skipped.append(Skipped("env-keys", _NOTHING, whole=True))
    named = (*context.config.severity, *context.config.select)
    demands = reader.strict or "setting-without-default" in named
    return Facts(found, tuple(reader.unknowns), tuple(reader.skipped), prefixes, demands, context)


def _unfollowed(found: Iterable[App]) -> Iterator[Unknown]:
    """Templates in which named ones call each other too often to be followed."""
    for source in (source for app in found for source in app.templates if source.content.unfollowed):
        from fr_check.core.budget import Budget  # noqa: PLC0415 - no template that people write

        path = source.text.path
        yield Unknown("env-keys", Budget.REASON, path, f"`{path}` {source.content.unfollowed}", Budget.HELP)


def _secrets(app: App) -> Iterator[tuple[str, str]]:
    for setting in app.settings:
        if setting.secret or setting.vault:
            for name in setting.names or ():
                yield name, f"`{setting.location.path}` marks it as secret"
    for name, rendered in app.rendered.items():
        yield name, f"`{rendered.location.path}` renders it from the secret store"


def _table(app: App, *, several: bool) -> Table:
    """The variables that no setting takes: what becomes of a setting in each process is told by `fr-check matrix`."""
    keys = {key for key in (*app.documented, *app.rendered) if not app.takers(key)}
    reads = {read.key: read.location for read in reversed(app.reads)}  # the first of each key
    rows = tuple(_row(app, key, reads.get(key)) for key in sorted(keys | reads.keys()))
    rows += tuple((found.key.name, "", _place(found.location), "") for found in app.rendered_patterns)
    title = "variables beside the settings"
    if several:
        title += f" of {', '.join(source.text.path for source in app.settings_files)}"
    return Table(
        f"{title} (`fr-check matrix` has those of settings)", ("key", "example", "template", "elsewhere"), rows
    )


def _row(app: App, key: str, read: Location | None) -> tuple[str, ...]:
    documented = app.documented.get(key)
    rendered = app.rendered.get(key)
    used = app.used.get(key)
    return (
        key,
        "" if documented is None else _place(documented.location),
        "" if rendered is None else f"{_place(rendered.location)}{'' if rendered.key.always else ', conditional'}",
        _place(read) if read is not None else f"{used.kind}, {_place(used.location)}" if used is not None else "",
    )


def _place(location: Location) -> str:
    line = f":{location.span.line}" if location.span is not None else ""
    return f"{location.path}{line}"
