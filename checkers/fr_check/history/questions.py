"""What somebody asked of one state of a repository, with the answers.

Where another state gives every question the same answer, whoever asked would find the same again. A question is as
narrow as it was put: a text of which only some readers' results were used is the same as long as those are.
"""

from __future__ import annotations

from fr_check.core.record import NamedTuple
from fr_check.core.repository import compile_glob
from fr_check.core.text import Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping
    from typing import Any, TypeVar

    from fr_check.core.repository import Missing, Unreadable
    from fr_check.history.states import State

    T = TypeVar("T")
    Parser = tuple[Callable[..., Any], tuple[Hashable, ...]]


class Part(NamedTuple):
    """What a function made of a state, and the questions that it asked."""

    found: Any
    trace: Trace

    def holds(self, state: State, key: tuple[Any, ...]) -> bool:
        """Whether it would make the same of another state: the answers are the same, or come to the same."""
        return self.trace.holds(state) or same(state.remembered(*key), self.found)


class Reading:
    """What was used of a file: its name at git, the results of parsers; `whole`: any part of its content."""

    def __init__(self, token: object, answer: Text | Missing | Unreadable) -> None:
        self.token = token
        self.whole = not isinstance(answer, Text) or bool(answer.problems) or answer.bom
        self.parsed: dict[Parser, Any] = {}


class Trace:
    """The questions that one state was asked, each once. `names` are the state's files, for those about names.

    `parts` are the questions of what was made by itself.
    """

    def __init__(self, state: State | None) -> None:
        self.parts: dict[tuple[Any, ...], Part] = {}
        self._used: set[str] = set()
        self.named: dict[str, None] = {}
        self.names: tuple[str, ...] = () if state is None else state.names
        self._seen = ("", {}) if state is None else (state.commit, state.links)
        self.submodules = frozenset(self._seen[1])
        self.all_names = False
        self.commit = False
        self.selected: dict[Callable[[str], bool], None] = {}
        self.searched: dict[tuple[Callable[[str], bool], Callable[[bytes], Any]], Mapping[str, Any]] = {}
        self.parsed_of: dict[tuple[Any, ...], Mapping[str, Any]] = {}
        self.held: dict[str, bool] = {}
        self.globs: dict[str, object] = {}
        self.links: Mapping[str, str] | None = None
        self.subtrees: dict[str, object] = {}
        self.symlinks: dict[str, bool] = {}
        self.read: dict[str, Reading] = {}
        self.contents: dict[str, object] = {}
        self.scanned: dict[tuple[str, Callable[[bytes], Any]], tuple[object, Any]] = {}

    def whole(self, path: str) -> None:
        """Notes that any part of a text may have been used."""
        if path in self._used:
            return
        self._used.add(path)
        reading = self.read.get(path)
        if reading is not None:
            reading.whole = True
        elif path not in self.every_text():
            # Somebody has it from before, by another way than by reading it now.
            self.commit = True

    def keep_all(self) -> None:
        """Notes that all that was read counts as used: what was made of it may hold texts."""
        for reading in self.read.values():
            reading.whole = True

    def every_text(self, state: State | None = None) -> Iterator[str]:
        """The paths of all that was read; where a part came to the same otherwise, those that it read at `state`."""
        yield from self.read
        for wanted in {question[0]: None for question in self.parsed_of}:
            yield from filter(wanted, self.names) if state is None else state.select(wanted)
        for key, part in self.parts.items():
            now = part if state is None else state.made(key, part)
            yield from now.trace.every_text(state)

    def parsed(self, path: str, parser: Parser, found: object) -> None:
        """Notes what a parser made of a text."""
        reading = self.read.get(path)
        if reading is None:
            self.whole(path)
        elif parser not in reading.parsed:
            reading.parsed[parser] = found

    def holds(self, state: State) -> bool:
        """Whether a state gives every answer again."""
        if self not in state.answered:
            state.answered[self] = self._holds(state)
        return state.answered[self]

    def _holds(self, state: State) -> bool:
        if self.commit or state.links.keys() != self.submodules:
            return False
        if not (self._names(state) and self._links(state) and self._tables(state) and self._files(state)):
            return False
        # All answers are those of this state, too: only what changes from here on need be looked at again.
        self.names, self._seen = state.names, (state.commit, state.links)
        return all(part.holds(state, key) for key, part in self.parts.items())

    def _names(self, state: State) -> bool:
        if state.names is not self.names and state.names != self.names:
            if self.all_names:
                return False
            changed = state.differing(self.names)
            if any(selects(name) for selects in self.selected for name in changed):
                return False
            if any(name in self.held or name.rpartition("/")[2] in self.named for name in changed):
                return False
            own = [pattern for pattern in self.globs if not state.reaches_below(pattern)]
            if any(compile_glob(pattern).fullmatch(name) for pattern in own for name in changed):
                return False
        below = [pattern for pattern in self.globs if state.reaches_below(pattern)]
        return all(state.glob(pattern) == self.globs[pattern] for pattern in below)

    def _links(self, state: State) -> bool:
        if self.links is not None and state.links != self.links:
            return False
        if any(state.is_symlink(path) != answer for path, answer in self.symlinks.items()):
            return False
        return all(state.subtree(gitlink) == answer for gitlink, answer in self.subtrees.items())

    def _tables(self, state: State) -> bool:
        if not all(same(state.search(*question), found) for question, found in self.searched.items()):
            return False
        return all(same(state.texts_with(*question), found) for question, found in self.parsed_of.items())

    def _files(self, state: State) -> bool:
        may_differ = state.changed_since(*self._seen)
        if any(state.token(path) != token for path, token in self.contents.items() if may_differ(path)):
            return False
        likely = [(path, reading) for path, reading in self.read.items() if may_differ(path)]
        changed = [(path, reading) for path, reading in likely if state.token(path) != reading.token]
        if any(reading.whole for _, reading in changed):
            return False
        if not all(_read_alike(state, path, reading) for path, reading in changed):
            return False
        scanned = [(key, answer) for key, answer in self.scanned.items() if may_differ(key[0])]
        if not all(
            state.token(path) == token or same(state.scan(path, scanner), found)
            for (path, scanner), (token, found) in scanned
        ):
            return False
        for path, reading in changed:
            reading.token = state.token(path)
        for key, (_, found) in scanned:
            self.scanned[key] = (state.token(key[0]), found)
        return True


def _read_alike(state: State, path: str, reading: Reading) -> bool:
    text = state.read(path)
    if not isinstance(text, Text) or text.problems or text.bom:
        return False
    return all(same(text.parsed(parser, *given), found) for (parser, given), found in reading.parsed.items())


_PLAIN = (str, bytes, int, float, bool, type(None))
_ROWS = (tuple, list)
_SETS = (frozenset, set)


def is_plain(value: Any) -> bool:
    """Whether something is made of values that can be compared, and keeps no text from which more could be asked."""
    if isinstance(value, _PLAIN):
        return True
    if type(value) is dict:
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    # What a record computes, it computes of its fields.
    is_row = type(value) in {tuple, list, frozenset, set} or (isinstance(value, tuple) and hasattr(value, "_fields"))
    return is_row and all(map(is_plain, value))


def same(one: object, other: object) -> bool:
    """Whether two results are the same for certain: equal, and of equal types all through; others only as one object.

    `1 == True`, and objects may call others equal from which they differ: only plain values are taken at their word.
    """
    if one is other or type(one) is not type(other):
        return one is other
    if isinstance(one, _PLAIN):
        return one == other
    if isinstance(one, _ROWS) and isinstance(other, _ROWS):
        return len(one) == len(other) and all(map(same, one, other))
    if type(one) is dict and type(other) is dict:
        return same([*one.items()], [*other.items()])
    if isinstance(one, _SETS) and isinstance(other, _SETS):
        return one == other and {type(item) for item in (*one, *other)} <= {str, bytes}
    return False


class Watch:
    """Where the questions to a state are noted, while they are; one for all states of a role."""

    def __init__(self) -> None:
        self.trace: Trace | None = None


_NOWHERE = Watch()


class WatchedText(Text):
    """A text that notes what of it is used: the results of parsers, or any part of its content."""

    _watch = _NOWHERE
    _string = ""

    @classmethod
    def watched(cls, data: bytes, path: str, revision: str | None, watch: Watch) -> WatchedText:
        """Reads bytes as `Text.decode` does."""
        text = cls.decode(data, path, revision)
        text.__dict__["_watch"] = watch
        return text

    @property
    def string(self) -> str:
        """The content."""
        self._note()
        return self._string

    @string.setter
    def string(self, string: str) -> None:
        self._string = string

    def _note(self) -> None:
        trace = self._watch.trace
        if trace is not None:
            trace.whole(self.path)

    def place(self, offset: int) -> tuple[int, int]:  # noqa: D102 - documented by the base class
        self._note()
        return super().place(offset)

    def offset(self, line: int, column: int = 1) -> int:  # noqa: D102
        self._note()
        return super().offset(line, column)

    @property
    def line_count(self) -> int:
        """As of any text."""
        self._note()
        return super().line_count

    def parsed(self, parser: Callable[..., T], *arguments: Hashable) -> T:  # noqa: D102
        watch = self._watch
        trace, watch.trace = watch.trace, None
        try:
            found = super().parsed(parser, *arguments)
        finally:
            watch.trace = trace
        if trace is not None:
            trace.parsed(self.path, (parser, arguments), found)
            for other in arguments:
                if isinstance(other, Text):
                    trace.whole(other.path)
        return found
