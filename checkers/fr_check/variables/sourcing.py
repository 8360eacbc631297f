"""What shells do to an environment: files that they source, variables that they export.

Under `set -a` every name of a sourced file reaches what is started later, and beats what the service was given, empty
values too. Without it, only the names that were exported before change.
"""

from __future__ import annotations

from fr_check.runs import changes, walk
from fr_check.runs.model import Start
from fr_check.sources import shell
from fr_check.sources.opaque import Opaque
from fr_check.sources.shells import SH
from fr_check.variables import shell_own
from fr_check.variables.env_files import filling, is_env_name
from fr_check.variables.model import (
    BARE,
    FILL,
    FILL_EMPTY,
    KEPT,
    OVER,
    REMOVE,
    Absent,
    Computed,
    Entry,
    Layer,
    Literal,
    Maybe,
    Open,
    Removed,
    Set,
    Step,
    Unclear,
    fold,
    is_empty,
)
from fr_check.variables.shell_files import perhaps, split, told
from fr_check.variables.shell_own import Inner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fr_check.core.model import Location
    from fr_check.runs.changes import Operation
    from fr_check.variables.model import ComposeHost, Mode, State, Value
    from fr_check.variables.shell_files import ShellFiles

_SCRIPT = "the script"
_DEPTH = 6
_MODES: dict[str, Mode] = {changes.FILL: FILL_EMPTY, changes.FILL_UNSET: FILL}
_ASSIGNING = frozenset((changes.SET, changes.SHELL_SET, changes.FILL, changes.FILL_UNSET, changes.UNSET))
# It sets PATH and VIRTUAL_ENV, which no application reads.
_ACTIVATE = "/bin/activate"


class Sourcing:
    """Turns the operations of a start into layers, and keeps what was sourced."""

    def __init__(self, files: ShellFiles, below: tuple[Layer, ...], compose_host: ComposeHost = BARE) -> None:
        self.files = files
        self.made = [*below]
        self.compose_host = compose_host
        # Of the shell alone: its variables, the names that it exports once they are set, what may have set more.
        self._inner: dict[str, Inner] = {}
        self._marked: set[str] = set()
        self._perhaps_marked: set[str] = set()
        self._unseen: Open | None = None
        self._fixed: set[str] = set()
        self._read: dict[str, Layer] = {}
        self._saved: list[tuple[str, Inner | None, State, bool, bool]] = []
        self._depth = 0
        self._within: Operation | None = None

    def layers(self, given: Iterable[Operation]) -> list[Layer]:
        """The layers that operations add, in their order."""
        begun = len(self.made)
        for operation in given:
            self._take(operation)
        return self.made[begun:]

    def _take(self, operation: Operation) -> None:
        kind, name, where = operation.kind, operation.name, operation.location
        if name in self._fixed and kind in _ASSIGNING:
            operation = operation._replace(certain=False)
        if kind in {changes.SOURCE, changes.IMPORT, changes.FILE}:
            self._file(operation)
        elif kind == changes.MISS:
            shell_own.note(self.files, operation)
        elif kind == changes.OPENED:
            self._gap(name, f"what `{name}` sets is only known at run time", operation)
        elif kind == changes.CLEAR:
            kept = frozenset(operation.written.split(","))
            self._add(Layer("shell", f"`{operation.shown}`", {}, where, clears=True, keeps=kept), operation)
        elif kind == changes.CHILD:
            self._inner, self._marked, self._perhaps_marked, self._unseen = {}, set(), set(), None
            self._fixed, self._saved = set(), []
        elif kind == changes.EXPORT:
            self._export(operation)
        elif kind == changes.READ:
            self._read[name] = self._held(operation)
        elif kind == changes.FIX:
            self._fixed.add(name)
        elif kind == changes.LOCAL:
            inner, state = self._inner.get(name), fold(self.made, name, self.compose_host)
            self._saved.append((name, inner, state, name in self._marked, name in self._perhaps_marked))
        elif kind == changes.RESTORE:
            self._restore(operation)
        elif kind == changes.GIVE:
            self._add(self._read[name], operation)
        elif kind in {changes.UNSET, changes.KEEP}:
            what = f"`{operation.shown}`"
            there = name in self._inner or isinstance(fold(self.made, name, self.compose_host), (Set, Maybe))
            held = self._held(operation) if there and kind == changes.KEEP and operation.certain else None
            self._add(Layer("shell", what, {name: Entry(name, Unclear(what), where, REMOVE)}, where), operation)
            self._inner.pop(name, None)
            self._marked.discard(name)
            if held is not None:
                self._inner[name] = Inner(held.entries[name], held._replace(entries={}))
        else:
            self._assign(operation)

    def _gap(self, subject: str, why: str, operation: Operation) -> None:
        """What may set any variable."""
        where, what = operation.location, f"`{operation.shown}`"
        layer = Layer("shell", _SCRIPT, {}) if operation.kind == changes.OPENED else Layer("sourced", what, {})
        self.made.append(layer._replace(location=where, open=Open(subject, why, where)))
        self.files.reaching()

    def _restore(self, operation: Operation) -> None:
        """A variable is again what it was when a function took it for itself; unknown where that is not known."""
        name, where = operation.name, operation.location
        at = next((n for n in reversed(range(len(self._saved))) if self._saved[n][0] == name), None)
        _, held, state, marked, perhaps = self._saved.pop(at) if at is not None else ("", None, Absent(), False, False)
        now = fold(self.made, name, self.compose_host)
        unclear = held is not None and not held.is_sure
        if at is None or not operation.certain or isinstance(state, Maybe) or unclear or self._unseen is not None:
            self._assign(operation._replace(kind=changes.SET, certain=False))
            return
        for names, is_in in ((self._marked, marked), (self._perhaps_marked, perhaps)):
            names.discard(name)
            names.update((name,) if is_in else ())
        self._inner.pop(name, None)
        if held is not None:
            self._inner[name] = held
        if isinstance(state, Set):
            self._add(state.layer._replace(entries={name: state.entry._replace(mode=OVER)}, open=None), operation)
        elif not isinstance(now, (Absent, Removed)):
            what = "the end of a function"
            self._add(Layer("shell", what, {name: Entry(name, Unclear(what), where, REMOVE)}, where), operation)

    def _add(self, layer: Layer, operation: Operation) -> None:
        """A layer that may not come to be where its operation is not certain."""
        doubt = layer.doubt
        if not operation.certain:
            doubt = perhaps(operation)
        last = self.made[-1] if self.made else None
        plain = layer.open is None and not layer.clears and doubt is None
        if (
            plain
            and last is not None
            and (last.kind, last.what, last.steps, last.copied) == (layer.kind, layer.what, layer.steps, layer.copied)
            and not (last.open or last.clears or last.doubt or last.entries.keys() & layer.entries.keys())
            and layer.kind in {"shell", "sourced"}
        ):
            self.made[-1] = last._replace(entries={**last.entries, **layer.entries})
        else:
            self.made.append(layer._replace(doubt=doubt))

    def _held(self, operation: Operation) -> Layer:
        """What sets a variable to what the shell has of it by now."""
        name, where = operation.name, operation.location
        held, state = self._inner.get(name), fold(self.made, name, self.compose_host)
        if held is not None and held.is_sure and not isinstance(state, Maybe):
            return held.layer._replace(entries={name: held.entry})
        if held is None and isinstance(state, Set):
            plain = state.layer._replace(open=None, clears=False, fills=False, doubt=None)
            return plain._replace(entries={name: state.entry._replace(mode=OVER)})
        empty = held is None and self._unseen is None and not isinstance(state, Maybe)
        value = Literal(Opaque("")) if empty else Computed("")
        return self._layer(Entry(name, value, where))

    def _assign(self, operation: Operation) -> None:
        """`K=V`, `export K=V`, `K=${K:-V}`."""
        name, where = operation.name, operation.location
        value: Value = (
            Literal(Opaque(operation.value))
            if operation.value is not None
            else shell_own.computed(operation, self._text)
        )
        mode: Mode = _MODES.get(operation.kind, OVER)
        if mode != OVER and self._unseen is not None and name not in self._inner:
            value = Unclear(self._unseen.why)
        layer = self._layer(Entry(name, value, where, mode), operation.by)
        if operation.kind == changes.SET and not operation.certain and name in self._marked:
            self._marked.discard(name)
            self._perhaps_marked.add(name)
        self._set(layer, operation, always=operation.kind == changes.SET)

    def _text(self, name: str) -> str | None:
        """The text that the shell has of a variable by now, where that is known."""
        held, state = self._inner.get(name), fold(self.made, name, self.compose_host)
        value = state.entry.value if held is None and isinstance(state, Set) else None
        if held is not None and held.is_sure and not isinstance(state, Maybe):
            value = held.entry.value
        return value.text.reveal() if isinstance(value, Literal) else None

    def _set(self, layer: Layer, operation: Operation, *, always: bool) -> None:
        """Sets the names of a layer: those that are exported, and in the shell the others."""
        for name in self._fixed & layer.entries.keys() if operation.certain else ():
            alone = layer._replace(entries={name: layer.entries[name]}, open=None)
            self._set(alone, operation._replace(certain=False), always=always)
            layer = layer._replace(entries={key: one for key, one in layer.entries.items() if key != name})
        if always or operation.exported or (layer.entries.keys() <= self._marked and layer.open is None):
            # What fills leaves a variable of the shell as it is, if that has a value.
            kept = {name: one for name, one in layer.entries.items() if self._takes(one)}
            self._add(layer._replace(entries=kept), operation)
            for name in kept:
                self._inner.pop(name, None)
                self.files.reaching(name)
            return
        if operation.exported is None:
            doubt = shell_own.exporting(operation)
            self._add(layer._replace(doubt=doubt), operation)
            self.files.reaching()
        seen: dict[str, Entry] = {}
        for name, entry in layer.entries.items():
            state = fold(self.made, name, self.compose_host)
            # What a script exports by itself is told by operations of their own.
            exports = operation.kind == changes.SOURCE and self.files.exports(entry.location)
            if name in self._marked or isinstance(state, Set) or exports:
                seen[name] = entry
                self._inner.pop(name, None)
                continue
            if self._takes(entry):
                own = layer._replace(entries={}, doubt=None if operation.certain else perhaps(operation))
                # What only fills leaves a variable that may be there as it may be, also where it is exported later.
                fills = entry.mode != OVER and isinstance(state, Maybe)
                self._inner[name] = Inner(entry if fills else entry._replace(mode=OVER), own)
            if isinstance(state, Maybe) and entry.mode == OVER:
                seen[name] = entry._replace(mode=KEPT)
            if name in self._perhaps_marked:
                doubt = Open(name, f"whether `{name}` is exported is only known at run time", entry.location)
                self._add(layer._replace(entries={name: entry}, doubt=doubt), operation)
                self.files.reaching(name)
        if seen or layer.open is not None:
            self._add(layer._replace(entries=seen), operation)

    def _takes(self, entry: Entry) -> bool:
        """Whether a variable of the shell takes a value: one that only fills, where there is none yet."""
        held = self._inner.get(entry.name)
        if held is None or entry.mode == OVER:
            return True
        value = held.entry.value
        if entry.mode == FILL_EMPTY and not isinstance(value, Literal):
            told = Unclear(f"whether `{entry.name}` is empty by then is only known at run time")
            self._inner[entry.name] = held._replace(entry=held.entry._replace(value=told))
        return entry.mode == FILL_EMPTY and is_empty(value)

    def _export(self, operation: Operation) -> None:
        """`export K`: what the shell has of that name, or gets later."""
        name, where = operation.name, operation.location
        held = self._inner.get(name)
        if held is not None:
            step = Step("exported", f"by `{operation.shown}`", f"`{operation.shown}`", where)
            steps = (*held.layer.steps, step) if operation.shown and held.layer.kind == "sourced" else held.layer.steps
            self._add(held.layer._replace(entries={name: held.entry}, steps=steps), operation)
            self.files.reaching(name)
        elif self._unseen is not None and not isinstance(fold(self.made, name, self.compose_host), Set):
            entry = Entry(name, Unclear(self._unseen.why), where)
            self._add(Layer("shell", _SCRIPT, {name: entry}, where, doubt=self._unseen), operation)
        if operation.certain:
            self._inner.pop(name, None)
            self._marked.add(name)
        else:
            self._perhaps_marked.add(name)

    def _layer(self, entry: Entry, by: str = "") -> Layer:
        """A layer for an entry: of the file that is sourced by now, or of the script itself, or of what else it is."""
        source = self._within
        if source is None:
            return Layer("shell", by or _SCRIPT, {entry.name: entry}, entry.location)
        return Layer("sourced", told(source), {entry.name: entry}, source.location)

    def _file(self, operation: Operation) -> None:
        shown = operation.shown
        if operation.name.endswith(_ACTIVATE):
            return
        # `.` without a slash looks through PATH in POSIX, and bash then here.
        if operation.content is not None:
            self._from_script(operation, *operation.content)
            return
        path = shell_own.path(self.files, operation)
        if path is None:
            self._gap(shown, f"what `{shown}` reads is not known", operation)
            return
        text = self.files.script(path) if operation.kind == changes.SOURCE else None
        if text is not None and self._depth < _DEPTH:
            self.files.note(path, operation)
            self._follow(text.string, text.location, operation)
            if operation.exported is False and operation.certain:
                own = tuple(name for name, held in self._inner.items() if held.entry.location.path == text.path)
                self.files.losing(path, own)
            return
        if (layer := self.files.read(path, operation)) is None:
            return
        if operation.ends:
            self.files.missing(path, (), operation.why)
        if operation.kind in {changes.FILE, changes.IMPORT}:
            self._brought(layer, operation, lambda entry: self.files.line(entry.location))
        else:
            self._source(path, layer, operation)

    def _brought(self, layer: Layer, operation: Operation, line: Callable[[Entry], str]) -> None:
        """What a file of variables brings by another way than a shell that reads it."""
        if operation.kind == changes.FILE:
            self._add(filling(layer, "settings-file", FILL), operation)
        else:
            self._set(split(layer, operation, line), operation, always=True)

    def _source(self, path: str, layer: Layer, operation: Operation) -> None:
        """What a file of variables sets in the shell that sources it."""
        if not operation.exported and layer.open is not None:
            self._unseen = layer.open
            # A script that nobody sees may export what it sets; a file of variables does not.
            layer = layer._replace(changes=operation.exported is not None and is_env_name(path))
        self._set(layer, operation, always=False)
        if operation.exported is False:
            certain = (name for name in layer.entries if name in self._inner)
            host = self.compose_host
            self.files.losing(path, tuple(n for n in certain if not isinstance(fold(self.made, n, host), Maybe)))

    def _from_script(self, operation: Operation, text: str | None, place: Location) -> None:
        """A file that the script has written itself, as far as it is known what."""
        if text is not None and operation.kind in {changes.FILE, changes.IMPORT}:
            self._brought(shell_own.of_text(text, operation, place), operation, shell_own.line)
        elif text is None or operation.kind != changes.SOURCE or self._depth >= _DEPTH:
            why = f"`{operation.shown}` reads what the script itself writes, which is only known at run time"
            self._gap(operation.shown, why, operation._replace(location=place))
        else:
            self._follow(text, lambda _start, _end: place, operation)

    def _follow(self, text: str, locate: Callable[[int, int], Location], operation: Operation) -> None:
        """A sourced file is a script of the same shell."""
        read = shell.parse(text)
        known = {name: self._text(name) for name in shell.variables(read)}
        begun = Start(operation.here, known, shell=SH._replace(allexport=operation.exported))
        outer, self._within = self._within, operation
        self._depth += 1
        for one in changes.located(walk.left(text, begun), locate):
            self._take(one._replace(certain=one.certain and operation.certain, why=one.why or operation.why))
        self._depth -= 1
        self._within = outer
