"""The questions that somebody asked of one state of a repository, with the answers.

Where another state gives every question the same answer, whoever asked would find the same again. Most states that
follow each other differ in a few files: where none of them has to do with any question (`Reach`), no answer is looked
at.
"""

from __future__ import annotations

from operator import is_

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.history.questions import same

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from fr_check.history.questions import Parser, Reading
    from fr_check.history.states import State
    from fr_check.history.tables import Changes

_NOTHING: frozenset[Any] = frozenset()


class Part(NamedTuple):
    """What a function made of a state, and the questions that it asked."""

    found: Any
    trace: Trace


class Reach(NamedTuple):
    """What questions have to do with, those of parts among them.

    `paths` are files whose content was asked for, `texts` those of them that were read as texts, `held` and `named`
    paths and last parts of paths that may be there. `selected` are predicates of names, `contents` predicates of files
    whose content was looked at, `texts_with` those of them whose files were read as texts. `looked_up`: functions that
    make mappings, a key, and what the mapping had for it. `below`: something was asked of a submodule. `all_names`: of
    each file whether it is there. `commit`: which commit it is.
    """

    paths: frozenset[str]
    texts: frozenset[str]
    held: frozenset[str]
    named: frozenset[str]
    selected: frozenset[Callable[[str], bool]]
    contents: frozenset[Callable[[str], bool]]
    texts_with: frozenset[Callable[[str], bool]]
    globs: frozenset[str]
    looked_up: frozenset[tuple[Callable[..., Any], str, Any]]
    below: bool
    all_names: bool
    commit: bool

    def stands(self, state: State, changes: Changes) -> bool:
        """Whether certainly no answer is another one in a state."""
        if self.commit or (changes.pointers and self.below) or not self.paths.isdisjoint(changes.paths):
            return False
        if changes.leading and any(path.startswith(changes.leading) for path in self.paths):
            return False
        if any(map(changes.any_path, self.contents)):
            return False
        if changes.names and self._names_differ(changes):
            return False
        return all(state.part((make,)).found.get(key) == found for make, key, found in self.looked_up)

    def _names_differ(self, changes: Changes) -> bool:
        return (
            self.all_names
            or not self.held.isdisjoint(changes.names)
            or not self.named.isdisjoint(changes.last_parts)
            or any(map(changes.any_name, self.selected))
            or any(map(changes.any_match, self.globs))
        )


class Trace:
    """The questions that one state was asked, each once; `parts` are the questions of what was made by itself."""

    def __init__(self, state: State | None, given: Iterable[str] = ()) -> None:
        """`given` are files whose texts whoever asks was given: it is asked by others of equal texts only."""
        self._given = frozenset(given)
        self.parts: dict[tuple[Any, ...], Part] = {}
        self._used: set[str] = set()
        self.number = -1 if state is None else state.number
        """Of the last state that gave every answer."""
        self._reach: Reach | None = None
        self._reaches: list[Reach] = []
        self.submodules = () if state is None else tuple(f"{link}/" for link in state.links)
        self.all_names = False
        self.commit = False
        self.named: dict[str, None] = {}
        self.looked_up: dict[tuple[Callable[..., Any], str], Any] = {}
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
        reading = self.read.get(path)
        if reading is None and path in self._given:
            return
        self._used.add(path)
        if reading is not None:
            reading.whole = True
        elif not self._has_read(path):
            # Somebody has it from before, by another way than by reading it now.
            self.commit = True

    def _has_read(self, path: str) -> bool:
        """Whether a part read a text, or a question about many."""
        if any(question[0](path) for question in self.parsed_of):
            return True
        return any(path in one.texts or any(wanted(path) for wanted in one.texts_with) for one in self._of_parts())

    def keep_all(self) -> None:
        """Notes that all that was read counts as used: what was made of it may hold texts."""
        for reading in self.read.values():
            reading.whole = True

    def parsed(self, path: str, parser: Parser, found: object) -> None:
        """Notes what a parser made of a text."""
        reading = self.read.get(path)
        if reading is None:
            self.whole(path)
        elif parser not in reading.parsed:
            reading.parsed[parser] = found

    @property
    def reach(self) -> Reach:
        """What all its questions have to do with, once they are asked."""
        if self._reach is None:
            self._reach = self._find_reach()
        return self._reach

    def _find_reach(self) -> Reach:
        self._reaches = parts = [*self._of_parts()]
        read_as_texts = _predicates(self.parsed_of)
        own = (*self.read, *self.contents, *(path for path, _ in self.scanned), *self.symlinks)
        below = self.links is not None or self.subtrees or self._globs_below() or self._is_below(own)
        return Reach(
            _joined(own, (one.paths for one in parts)),
            _joined(self.read, (one.texts for one in parts)),
            _joined(self.held, (one.held for one in parts)),
            _joined(self.named, (one.named for one in parts)),
            _joined(self.selected, (one.selected for one in parts)),
            _joined((*_predicates(self.searched), *read_as_texts), (one.contents for one in parts)),
            _joined(read_as_texts, (one.texts_with for one in parts)),
            _joined(self.globs, (one.globs for one in parts)),
            _joined(self._lookups(), (one.looked_up for one in parts)),
            bool(below) or any(one.below for one in parts),
            self.all_names or any(one.all_names for one in parts),
            self.commit or any(one.commit for one in parts),
        )

    def _of_parts(self) -> Iterator[Reach]:
        return (part.trace.reach for part in self.parts.values())

    def _lookups(self) -> list[tuple[Callable[..., Any], str, Any]]:
        return [(make, key, found) for (make, key), found in self.looked_up.items()]

    def _is_below(self, paths: Iterable[str]) -> bool:
        """Whether a path leads into a submodule."""
        return bool(self.submodules) and any(path.startswith(self.submodules) for path in paths)

    def _globs_below(self) -> list[str]:
        return [pattern for pattern in self.globs if pattern.startswith(self.submodules)] if self.submodules else []

    def holds(self, state: State) -> bool:
        """Whether a state gives every answer again."""
        if self not in state.answered:
            state.answered[self] = self._holds(state)
        return state.answered[self]

    def _holds(self, state: State) -> bool:
        changes = state.changes_since(self.number)
        if changes is None or changes.submodules or self.commit:
            return False
        if not self.reach.stands(state, changes):
            own = self._names(changes) and self._links(state, changes) and self._tables(state, changes)
            if not (own and self._files(state, changes) and self._made(state)):
                return False
            if self._reach is not None and not all(map(is_, self._reaches, self._of_parts())):
                self._reach = None
        # All answers are those of this state, too: only what changes from here on need be looked at again.
        self.number = state.number
        return True

    def _names(self, changes: Changes) -> bool:
        if not changes.names:
            return True
        if self.all_names or any(map(changes.any_name, self.selected)) or any(map(changes.any_match, self.globs)):
            return False
        return self.held.keys().isdisjoint(changes.names) and self.named.keys().isdisjoint(changes.last_parts)

    def _links(self, state: State, changes: Changes) -> bool:
        if changes.pointers:
            if self.links is not None and state.links != self.links:
                return False
            if any(state.subtree(gitlink) != answer for gitlink, answer in self.subtrees.items()):
                return False
            if any(state.glob(pattern) != self.globs[pattern] for pattern in self._globs_below()):
                return False
        links = [(path, answer) for path, answer in self.symlinks.items() if state.may_differ(path, changes)]
        return all(state.is_symlink(path) == answer for path, answer in links)

    def _tables(self, state: State, changes: Changes) -> bool:
        searched = [(question, found) for question, found in self.searched.items() if changes.any_path(question[0])]
        if not all(same(state.search(*question), found) for question, found in searched):
            return False
        parsed = [(question, found) for question, found in self.parsed_of.items() if changes.any_path(question[0])]
        return all(same(state.texts_with(*question), found) for question, found in parsed)

    def _files(self, state: State, changes: Changes) -> bool:
        contents = [(path, token) for path, token in self.contents.items() if state.may_differ(path, changes)]
        if any(state.token(path) != token for path, token in contents):
            return False
        likely = [(path, reading) for path, reading in self.read.items() if state.may_differ(path, changes)]
        changed = [(path, reading) for path, reading in likely if state.token(path) != reading.token]
        if any(reading.whole for _, reading in changed):
            return False
        if not all(_read_alike(state, path, reading) for path, reading in changed):
            return False
        scanned = [(key, answer) for key, answer in self.scanned.items() if state.may_differ(key[0], changes)]
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

    def _made(self, state: State) -> bool:
        """Whether what was made by itself is the same, or comes to the same."""
        again: dict[tuple[Any, ...], Part] = {}
        if any(state.part((make,)).found.get(key) != found for make, key, found in self._lookups()):
            return False
        for key, part in self.parts.items():
            if not part.trace.holds(state):
                again[key] = made = state.part(key)
                if not same(made.found, part.found):
                    return False
        if again:
            self.parts.update(again)
            self._reach = None
        return True


def _joined(own: Iterable[Any], others: Iterable[frozenset[Any]]) -> frozenset[Any]:
    found: frozenset[Any] = frozenset(own).union(*others)
    return found or _NOTHING


def _predicates(questions: Iterable[tuple[Any, ...]]) -> tuple[Callable[[str], bool], ...]:
    return tuple({question[0]: None for question in questions})


def _read_alike(state: State, path: str, reading: Reading) -> bool:
    text = state.read(path)
    if not isinstance(text, Text) or text.problems or text.bom:
        return False
    return all(same(text.parsed(parser, *given), found) for (parser, given), found in reading.parsed.items())
