"""Files of variables: committed ones, copies of an example that nobody commits, and those that cannot be seen."""

from __future__ import annotations

from fr_check.builds.env_texts import EnvTexts
from fr_check.core.patterns import pattern
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import OVER, ComposeHost, Entry, FromExample, Interpolated, Layer, Literal, Open

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.dotenv import EnvText
    from fr_check.sources.compose.variable import Scope
    from fr_check.variables.model import Value

_ENV_NAME = pattern(r"(?:.*/)?(?:\.env(?:\.[\w-]+)*|[\w.-]+\.env)")


class EnvFiles(EnvTexts):
    """The files of variables of a repository, as hosts of Compose and layers."""

    def __init__(self, repository: Repository, alike: Mapping[str, str] | None = None) -> None:
        super().__init__(repository, alike)
        self._worlds: dict[Scope, ComposeHost] = {}

    def compose_host(self, scope: Scope) -> ComposeHost:
        """The host that fills references of a project: its files of variables, or copies of their examples."""
        if scope not in self._worlds:
            self._worlds[scope] = self._world(scope)
        return self._worlds[scope]

    def _world(self, scope: Scope) -> ComposeHost:
        values: dict[str, str] = {}
        places: dict[str, Location] = {}
        path = None
        for group in scope:
            added: dict[str, str] = {}
            stand: dict[str, Location] = {}
            for name in group:
                copied = None if self.read(name) is not None else self.copied(name)
                content = self.read(name) if copied is None else copied.content
                if content is not None:
                    path = path or (name if copied is None else copied.example)
                    content.read_into(added, values.get)
                    stand.update((entry.name, entry.location) for entry in content.entries)
            values, places = {**added, **values}, {**stand, **places}
        doubt = f"whether `.env` is a copy of {path}" if path else None
        hidden = {name: Opaque(value) for name, value in values.items()}
        return ComposeHost(hidden, path, places=places, doubt=doubt)

    def layer(self, path: str, what: str, place: Location | None, format_: str = "") -> Layer:
        """A file as a layer: what it says, what its example says, or only that it cannot be seen."""
        content = self.read(path, format_)
        if content is not None:
            return Layer("env-file", what, _entries(content, copy=False), place)
        copied = self.copied(path, format_)
        if copied is not None:
            more = Open(path, f"`{path}`, which is not in this repository, may hold more than {copied.example}", place)
            return Layer("env-file", what, _entries(copied.content, copy=True), place, more, copied=copied.example)
        return Layer("env-file", what, {}, place, Open(path, f"what `{path}` holds is not in this repository", place))


def _entries(content: EnvText, *, copy: bool) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for entry in content.entries:
        if entry.value is None:
            continue
        value: Value = FromExample(entry.value) if copy else Literal(entry.value)
        if not copy and entry.filled and entry.template.references:
            value = Interpolated(entry.template)
        found[entry.name] = Entry(entry.name, value, entry.location)
    return found


def filling(layer: Layer, kind: str, mode: str) -> Layer:
    """The same file, read by somebody who lets what is set win (FILL), or not (OVER)."""
    entries = {name: entry._replace(mode=mode) for name, entry in layer.entries.items()}
    return layer._replace(kind=kind, entries=entries, fills=mode != OVER)


def is_env_name(path: str) -> bool:
    """Whether a file holds variables by its name: `.env`, `.env.prod`, `prod.env`."""
    return _ENV_NAME.fullmatch(path) is not None
