"""What an environment is made of: values, entries, layers, and the one fold that says what a process has.

A process gets its environment in layers, lowest first: what the image sets, files, what a compose file or a step
passes, what a script exports, what the program itself reads from a file. A layer is *open* where it may hold names that
cannot be seen (a file that nobody commits). One sentence carries every unknown: an open layer makes a variable `Maybe`
unless a closed layer above it sets or removes it.
"""

from __future__ import annotations

from functools import partial

from fr_check.core.record import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    import typing
    from collections.abc import Iterable, Mapping

    from fr_check.core.model import Location
    from fr_check.sources import interpolation
    from fr_check.sources.opaque import Opaque

    LayerKind = typing.Literal[
        "image-env", "env-file", "environment", "option", "own-sources", "secrets-folder", "settings-file", "shell",
        "sourced", "step-env",
    ]  # fmt: skip
    How = typing.Literal[
        "absent", "arg", "baked", "build-arg", "copied", "documented", "env-file", "exported", "filled-into",
        "image-env", "interpolated", "mounted", "passed", "read-from-file", "removed", "rendered", "set", "sourced",
        "vault", "written",
    ]  # fmt: skip
    Mode = typing.Literal["over", "fill", "fill-empty", "remove", "kept"]


OVER: typing.Final = "over"
"""Sets, whatever was there."""
FILL: typing.Final = "fill"
"""Sets what is unset."""
FILL_EMPTY: typing.Final = "fill-empty"
"""Sets what is unset or empty."""
REMOVE: typing.Final = "remove"
"""Takes it away."""
KEPT: typing.Final = "kept"
"""Changes what is set, and sets nothing else."""
PROVIDED = frozenset(("COMPOSE_PROJECT_NAME",))
"""What Compose sets by itself for references, whatever `.env` says; its text may hang on the name of a folder."""


REFERENCES, QUOTES, COMMENT = "references", "quotes", "comment"


class Literal(NamedTuple):
    """A text that is written down; an empty one counts as a value.

    `kept` is what a file in the raw format leaves in it that is taken away elsewhere: REFERENCES, QUOTES or COMMENT.
    """

    text: Opaque
    kept: str = ""


class Interpolated(NamedTuple):
    """A text that Compose puts variables of the host's shell or of `.env` into.

    `compose_host` is set where an included file has a `.env` of its own. In a file of variables `beneath` fills what
    the host has nothing for: entries of `environment`, and earlier lines.
    """

    template: interpolation.Template
    compose_host: ComposeHost | None = None
    beneath: Mapping[str, Opaque] = {}

    def hangs_on_folder(self, host: ComposeHost) -> bool:
        """Whether it takes in what Compose calls the project, which the folder of the checkout decides."""
        return any(part.name in PROVIDED and host.get(part.name) is None for part in self.template.references)

    def fill(self, host: ComposeHost) -> interpolation.Filled:
        """The text that Compose makes of it with the variables of a host."""

        def lookup(name: str) -> str | None:
            held, below = host.get(name), self.beneath.get(name)
            return below.reveal() if held is None and below is not None else held

        return self.template.fill(lookup)


class Bare(NamedTuple):
    """A name without a value: that of the host; where the host has none, the variable is removed.

    `compose_host` is as in `Interpolated`, for the item of a list; a bare key of a mapping asks the project's own host.
    """

    name: str
    compose_host: ComposeHost | None = None


class FromExample(NamedTuple):
    """What whoever copied the example wrote behind this name in the copy; `text` is the example's own value.

    `kept` is as in `Literal`.
    """

    text: Opaque
    kept: str = ""


class FromSecret(NamedTuple):
    """What a store of secrets holds: a `field` of `source`, asked for at `place`.

    `fallback` is what stands there where the store has nothing (empty: an empty text; None: the rendering fails, or
    nothing is known of it).
    """

    source: str
    field: str = ""
    fallback: Opaque | None = None
    place: Location | None = None


class Computed(NamedTuple):
    """A text of which a part is only known at run time, as it is written and may be shown."""

    shown: str


class Unclear(NamedTuple):
    """A value of which nothing is known but why."""

    why: str


Value = Literal | Interpolated | Bare | FromExample | FromSecret | Computed | Unclear


class Open(NamedTuple):
    """Why a layer may hold names that cannot be seen: `subject` is the file or thing, `why` a sentence about it."""

    subject: str
    why: str
    location: Location | None = None


class Entry(NamedTuple):
    """One name in a layer. `mode` is OVER, FILL, FILL_EMPTY, REMOVE or KEPT.

    `doubt` is set where its layer may come without it: a line that a template renders where the store has the field.
    """

    name: str
    value: Value
    location: Location
    mode: Mode = OVER
    doubt: Open | None = None


class Step(NamedTuple):
    """One step of a value's way: `how` is the word for it, `what` a sentence, `text` the same for a narrow column."""

    how: How
    what: str
    text: str
    location: Location | None


class Layer(NamedTuple):
    """One source of an environment.

    `kind` is the word for it (image-env, env-file, environment, ...), `what` names it in a sentence. `location` is
    where its absence is told: at `environment`, at the step's `env`. `fills` is set where it can only add what is
    unset, so that it hides nothing below; `copied` where its file is a copy of an example, which the bare host lacks.
    `steps` is how its values come there. `clears`: it takes everything away that is below but what it `keeps`. `doubt`
    is set where it may not come to it at all, and says why. `changes`: what cannot be seen only changes what is set.
    """

    kind: LayerKind
    what: str
    entries: Mapping[str, Entry]
    location: Location | None = None
    open: Open | None = None
    fills: bool = False
    copied: str = ""
    steps: tuple[Step, ...] = ()
    clears: bool = False
    keeps: frozenset[str] = frozenset()
    doubt: Open | None = None
    changes: bool = False


class Set(NamedTuple):
    """The process has it: the entry that gives the value, and its layer."""

    entry: Entry
    layer: Layer


class Removed(NamedTuple):
    """An entry takes it away."""

    entry: Entry
    layer: Layer


class Absent(NamedTuple):
    """Nothing sets it, and everything that could is known; `layers` is how many were looked through."""

    layers: int = 0


class Maybe(NamedTuple):
    """Something that cannot be seen may set it: `gaps` are what. `beneath` is what holds if nothing does.

    `above` is what holds where an entry counts that is there at times, and nothing came after it.
    """

    gaps: tuple[Open, ...]
    beneath: Set | Removed | Absent
    above: Set | None = None


State = Set | Removed | Absent | Maybe
if TYPE_CHECKING:
    Shell = Mapping[str, Set | Maybe]


class ComposeHost(NamedTuple):
    """The host that Compose takes variables from: `values` are those of `.env`, the shell being empty.

    `path` is the file that they stand in: the example that `.env` is a copy of; `places` are those of its names. In the
    bare case there is no `.env`. `written` are values that a workflow likely gives in place of `.env`, `how` says by
    what, and `doubt` what is not certain of that. `outside` is set where a platform gives values that nobody can see.
    `project` is the name that Compose gives the project where nothing else does. `shell` is what the process that runs
    Compose has of some names, which is over `.env`; `unclear` are names of `.env` whose values hang on what is not
    known of that process. `committed` are the files that are in the repository, and no copies.
    """

    values: Mapping[str, Opaque]
    path: str | None = None
    bare: bool = False
    places: Mapping[str, Location] = {}
    written: Mapping[str, Entry] = {}
    how: str = ""
    doubt: str | None = None
    outside: str = ""
    project: str = ""
    shell: Mapping[str, Set | Maybe] = {}
    unclear: Mapping[str, Open] = {}
    committed: tuple[str, ...] = ()

    def get(self, name: str) -> str | None:
        """What it holds for a name; None where it has none, or where that is `unknown`."""
        given = self.shell.get(name)
        if given is None:
            held = self.values.get(name) if name not in self.unclear else None
        else:
            held = None if isinstance(given, Maybe) else text_of(given.entry.value)
            if held is None:
                return None
        if name in PROVIDED and (held is None or not held.reveal()):
            return self.project or None
        return None if held is None else held.reveal()

    def unknown(self, name: str) -> Open | None:
        """Why it is not known what it holds for a name; None where that is known."""
        given = self.shell.get(name)
        if given is None:
            return self.unclear.get(name)
        if isinstance(given, Maybe):
            return given.gaps[0]
        if text_of(given.entry.value) is not None:
            return None
        return Open(name, f"what {given.layer.what} gives `{name}` is only known at run time", given.entry.location)

    def unsure(self, template: interpolation.Template) -> Open | None:
        """Why it is not known what Compose makes of a text; None where that is known, or hangs on nothing unknown."""
        if not (self.shell or self.unclear):
            return None
        gaps = [gap for part in template.references if (gap := self.unknown(part.name)) is not None]
        if not gaps:
            return None
        # Where every value makes the same of it, the unknown one does not matter.
        made = {template.fill(partial(self._supposed, other)) for other in (None, "", "\0")}
        return None if len(made) == 1 else gaps[0]

    def _supposed(self, other: str | None, name: str) -> str | None:
        """What it holds for a name, where all that is not known is the `other` text."""
        return self.get(name) if self.unknown(name) is None else other

    @property
    def without_file(self) -> ComposeHost:
        """The same host without `.env`."""
        return ComposeHost({}, bare=True, shell=self.shell, project=self.project) if self.shell else BARE


BARE = ComposeHost({}, bare=True)


def text_of(value: Value) -> Opaque | None:
    """The text of a value that is written down; None for others."""
    return value.text if isinstance(value, (Literal, FromExample)) else None


def asked(value: Interpolated | Bare, compose_host: ComposeHost) -> ComposeHost:
    """The host that a value is filled from."""
    return compose_host if compose_host.bare or value.compose_host is None else value.compose_host


def unsure(value: Interpolated | Bare, compose_host: ComposeHost) -> Open | None:
    """Why it is not known what a host makes of a value; None where that is known."""
    host = asked(value, compose_host)
    return host.unknown(value.name) if isinstance(value, Bare) else host.unsure(value.template)


def filled(value: Interpolated | Bare, compose_host: ComposeHost) -> str | None:
    """The text that Compose hands on; None where the host has nothing for a bare name, or Compose stops before."""
    host = asked(value, compose_host)
    if isinstance(value, Bare):
        return host.get(value.name)
    found = value.fill(host)
    # What lies beneath was filled from a copy of the example.
    unknown = (
        (host.bare and bool(value.beneath)) or value.hangs_on_folder(host) or host.unsure(value.template) is not None
    )
    return None if found.stops or value.template.invalid or unknown else found.text


def fold(layers: Iterable[Layer], name: str, compose_host: ComposeHost = BARE) -> State:
    """What a variable is after all layers, lowest first."""
    state: State = Absent()
    count = 0
    # Gaps of a state that is `Maybe` already: hundreds of layers may be open, and a tuple for each would be quadratic.
    more: list[Open] = []
    for layer in layers:
        count += 1
        if compose_host.bare and layer.copied:
            continue
        entry = layer.entries.get(name)
        after = state
        taken = layer.clears and name not in layer.keeps and not isinstance(state, (Absent, Removed))
        if taken and layer.location is not None:
            after = Removed(Entry(name, Unclear(layer.what), layer.location, REMOVE), layer)
        if entry is not None:
            after = _applied(after, entry, layer, compose_host)
        elif layer.open is not None and _reaches(layer, after):
            if isinstance(after, Maybe) and layer.doubt is None:
                more.append(layer.open)
                continue
            after = _maybe(after, layer.open)
        doubt = layer.doubt or (None if entry is None else entry.doubt)
        if doubt is None or after is state:
            state = after
            if not isinstance(state, Maybe):
                more = []
        else:
            above = after if entry is not None and entry.doubt is not None and isinstance(after, Set) else None
            state = _maybe(_widened(state, more), doubt)._replace(above=above)
            more = []
    state = _widened(state, more)
    return Absent(count) if isinstance(state, Absent) else state


def _widened(state: State, more: list[Open]) -> State:
    """A state with gaps that came after those it holds."""
    return state._replace(gaps=(*state.gaps, *more), above=None) if more and isinstance(state, Maybe) else state


def _reaches(layer: Layer, state: State) -> bool:
    """Whether what cannot be seen of a layer may change a state: what only fills changes nothing that is set."""
    if layer.changes:
        return isinstance(state.beneath if isinstance(state, Maybe) else state, Set)
    return not (layer.fills and isinstance(state, Set))


def _applied(  # noqa: PLR0911 - a table of modes
    state: State, entry: Entry, layer: Layer, compose_host: ComposeHost
) -> State:
    mode = entry.mode
    if isinstance(entry.value, Bare) and not compose_host.outside:
        name = entry.value.name
        known = name not in PROVIDED and asked(entry.value, compose_host).unknown(name) is None
        mode = REMOVE if known and filled(entry.value, compose_host) is None else mode
    if mode == OVER:
        return Set(entry, layer)
    if mode == KEPT:
        held = state.beneath if isinstance(state, Maybe) else state
        changed = Set(entry, layer) if isinstance(held, Set) else held
        return state._replace(beneath=changed) if isinstance(state, Maybe) else changed
    if mode == REMOVE:
        return Removed(entry, layer)
    if isinstance(state, (Absent, Removed)):
        return Set(entry, layer)
    if isinstance(state, Maybe) and not isinstance(state.beneath, Set):
        return state._replace(beneath=Set(entry, layer))
    if mode == FILL_EMPTY and isinstance(state, Set) and is_empty(state.entry.value):
        return Set(entry, layer)
    return state


def _maybe(state: State, gap: Open) -> Maybe:
    """A state that something unseen may change."""
    if isinstance(state, Maybe):
        return state._replace(gaps=(*state.gaps, gap), above=None)
    return Maybe((gap,), state)


def is_empty(value: Value) -> bool:
    """Whether a value is an empty text, for certain."""
    if isinstance(value, (Literal, FromExample)):
        return not value.text.reveal()
    return isinstance(value, Interpolated) and value.template.literal == ""
