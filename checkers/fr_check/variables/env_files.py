"""Files of variables: committed ones, copies of an example that nobody commits, and those that cannot be seen."""

from __future__ import annotations

from fr_check.builds.env_texts import EnvTexts
from fr_check.core.patterns import pattern
from fr_check.sources import interpolation
from fr_check.sources.compose.dotenv import RAW
from fr_check.sources.opaque import Opaque
from fr_check.variables.model import (
    COMMENT,
    OVER,
    QUOTES,
    REFERENCES,
    Bare,
    ComposeHost,
    Entry,
    FromExample,
    Interpolated,
    Layer,
    Literal,
    Open,
    Set,
    Unclear,
    text_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.dotenv import Entry as Line
    from fr_check.sources.compose.dotenv import EnvText
    from fr_check.sources.compose.project import Project
    from fr_check.sources.compose.variable import Scope
    from fr_check.variables.model import LayerKind, Mode, Shell, Value

DISABLING = "COMPOSE_DISABLE_ENV_FILE"
"""Takes the `.env` away that Compose would find by itself, where it is one of the words TRUE; it may stand in there."""
TRUE = frozenset(("1", "t", "T", "true", "True", "TRUE"))
_ENV_NAME = pattern(r"(?:.*/)?(?:\.env(?:\.[\w-]+)*|[\w.-]+\.env)")


class EnvFiles(EnvTexts):
    """The files of variables of a repository, as hosts of Compose and layers."""

    def __init__(
        self, repository: Repository, alike: Mapping[str, str] | None = None, given: Shell | None = None
    ) -> None:
        states = {} if given is None else dict(given)
        texts = {name: text_of(state.entry.value) for name, state in states.items() if isinstance(state, Set)}
        super().__init__(repository, alike, {name: text.reveal() for name, text in texts.items() if text is not None})
        self.given: Shell = states
        self._hosts: dict[tuple[Scope, str], ComposeHost] = {}

    def under(self, given: Shell) -> EnvFiles:
        """The same files where the process that runs Compose has variables of its own."""
        return EnvFiles(self.repository, self.alike, given) if given else self

    def compose_host(self, project: Project, scope: Scope | None = None) -> ComposeHost:
        """The host that fills references of a project: its files of variables, or copies of their examples.

        `scope` are the files of variables of a file that it includes.
        """
        key = (project.scope if scope is None else scope, project.called())
        if key not in self._hosts:
            self._hosts[key] = self._host(*key)
        return self._hosts[key]

    def _host(self, scope: Scope, project: str) -> ComposeHost:
        places: dict[str, Location] = {}
        path = None
        for group in scope:
            stand: dict[str, Location] = {}
            for name in group:
                example, content = self.standing(name)
                if content is not None:
                    path = path or example or name
                    stand.update((entry.name, entry.location) for entry in content.entries)
            places = {**stand, **places}
        doubt = f"whether `.env` is a copy of {path}" if path else None
        filed = self.filed(scope)
        if filed.get(DISABLING) in TRUE and all(name.rpartition("/")[2] == ".env" for group in scope for name in group):
            return self._host((), project)
        values = {name: Opaque(value) for name, value in filed.items()}
        committed = tuple(name for group in scope for name in group if self.read(name) is not None)
        host = ComposeHost(
            values, path, places=places, doubt=doubt, project=project, shell=self.given, committed=committed
        )
        return host._replace(unclear=self._unclear(scope, host)) if self.given else host

    def _unclear(self, scope: Scope, host: ComposeHost) -> Mapping[str, Open]:
        """The names of the files whose values hang on what is not known of the process that runs Compose."""
        found: dict[str, Open] = {}
        for group in scope:
            lines = [entry for name in group for entry in getattr(self.standing(name)[1], "entries", ())]
            added: dict[str, Open | None] = {}
            for entry in lines:
                seen = host._replace(unclear={**{k: v for k, v in added.items() if v is not None}, **found})
                added[entry.name] = seen.unknown(entry.name) if entry.value is None else seen.unsure(entry.template)
            found = {**{name: gap for name, gap in added.items() if gap is not None and name not in found}, **found}
        return found

    def layer(
        self, path: str, what: str, place: Location | None, format_: str = "", below: Below | None = None
    ) -> Layer:
        """A file as a layer: what it says, what its example says, or only that it cannot be seen.

        `below` is what fills its references; it gets what the file says.
        """
        below = Below() if below is None else below
        example, content = self.standing(path, format_)
        if content is None:
            why = f"what `{path}` holds is not in this repository"
            return Layer("env-file", what, {}, place, Open(path, why, place))
        entries = _entries(content, format_, below, copy=bool(example))
        if not example:
            return Layer("env-file", what, entries, place)
        more = Open(path, f"`{path}`, which is not in this repository, may hold more than {example}", place)
        return Layer("env-file", what, entries, place, more, copied=example)


class Below:
    """What fills a reference in a file of variables: the host, what `given` says, and the lines read so far."""

    def __init__(self, host: ComposeHost = ComposeHost({}), given: Mapping[str, str] = {}) -> None:  # noqa: B008
        self.host = host
        self.given = given
        self.lines: dict[str, str] = {}

    def get(self, name: str) -> str | None:
        """The text behind a name."""
        held = self.host.get(name)
        held = self.given.get(name) if held is None else held
        return self.lines.get(name) if held is None else held


def _entries(content: EnvText, format_: str, below: Below, *, copy: bool) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    stopped: set[str] = set()
    for entry in content.entries:
        plain = entry.plain
        stops = entry.value is not None and plain is None and bool(entry.template.fill(below.get).stops)
        value = _value(entry, below, copy=copy) if plain is None else _given(entry.name, plain, below, copy=copy)
        if format_ == RAW and isinstance(value, (Literal, FromExample)):
            value = value._replace(kept=_kept(value.text.reveal()))
        # A demand that nothing meets stops Compose, whatever a later line says.
        if value is not None and entry.name not in stopped:
            found[entry.name] = Entry(entry.name, value, entry.location)
        stopped |= {entry.name} if stops else set()
    return found


def _value(entry: Line, below: Below, *, copy: bool) -> Value | None:
    """What one line gives, which is noted in `below`; None for a bare name that nothing fills."""
    if entry.value is None:
        return _inherited(entry.name, below)
    template = entry.template
    unsure = below.host.unsure(template)
    if unsure is not None:
        if below.get(entry.name) is None:
            below.host = below.host._replace(unclear={**below.host.unclear, entry.name: unsure})
        return Unclear(unsure.why)
    filled = template.fill(below.get)
    beneath = {part.name: Opaque(text) for part in template.references
               if below.host.get(part.name) is None and (text := below.get(part.name)) is not None}  # fmt: skip
    if not filled.stops and (copy or all(part.name in beneath for part in template.references)):
        return _given(entry.name, filled.text, below, copy=copy)
    below.lines[entry.name] = filled.text
    return Interpolated(template, beneath=beneath)


def _given(name: str, text: str, below: Below, *, copy: bool) -> Value:
    """What a line gives whose text is known."""
    below.lines[name] = text
    return FromExample(Opaque(text)) if copy else Literal(Opaque(text))


def _inherited(name: str, below: Below) -> Value | None:
    """What a bare name gives: what the host has, else `environment`."""
    if below.host.unknown(name) is not None:
        return Bare(name, below.host)
    held = below.host.get(name)
    if held is None and name in below.given:
        below.lines[name] = below.given[name]
    return None if held is None else Bare(name, below.host)


def _kept(text: str) -> str:
    """What stands in a raw value that another format would take away."""
    if text[:1] in ("'", '"') and len(text) > 1 and text.rstrip().endswith(text[0]):
        return QUOTES
    if interpolation.parse(text).references:
        return REFERENCES
    return COMMENT if " #" in text else ""


def filling(layer: Layer, kind: LayerKind, mode: Mode) -> Layer:
    """The same file, read by somebody who lets what is set win (FILL), or not (OVER)."""
    entries = {name: entry._replace(mode=mode) for name, entry in layer.entries.items()}
    return layer._replace(kind=kind, entries=entries, fills=mode != OVER)


def is_env_name(path: str) -> bool:
    """Whether a file holds variables by its name: `.env`, `.env.prod`, `prod.env`."""
    return _ENV_NAME.fullmatch(path) is not None
