"""Commits that follow each other, each a repository, which share what they have in common.

A file that two commits have in common is read and parsed once: git's name of its content says that it is the same. What
a parser makes of a text holds the commit that it was read at, so the texts here name a stand-in instead, one for each
role (head, base) and submodule; `State.stand_ins` says what each of them stands for when a verdict leaves.

While a state is watched, every question that it is asked is noted with its answer (`questions`).
"""

from __future__ import annotations

from fr_check.core.repository import TEXT_LIMIT, Unreadable
from fr_check.core.text import Text
from fr_check.history.kept import KeptRevision
from fr_check.history.questions import Reading, is_plain
from fr_check.history.shared import RememberingGit
from fr_check.history.traces import Part, Trace
from fr_check.repository.git import CannotKnow
from fr_check.repository.submodules import Store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping
    from typing import Any, TypeVar

    from fr_check.core.repository import Missing, Repository
    from fr_check.repository.objects import Entry

    T = TypeVar("T")
    Key = tuple[str, str | None, str, str]

_NAMES = ".gitmodules"
_PARTS = 4_000
"""Parts that are remembered; those that nobody asked for longest go first."""


class State(KeptRevision):
    """One commit in one role; what it reads, it shares with the others."""

    # What is asked from outside, noted.

    @property
    def revision(self) -> str:
        """The commit: who asks for it gets another answer at each."""
        trace = self._watch.trace
        if trace is not None:
            trace.commit = True
        return self._commit

    @revision.setter
    def revision(self, commit: str) -> None:
        del commit

    @property
    def entries(self) -> Mapping[str, Entry]:
        """Everything recorded: who takes it all gets another answer at each commit."""
        trace = self._watch.trace
        if trace is not None:
            trace.commit = True
        return self._listed.entries

    def paths(self) -> tuple[str, ...]:  # noqa: D102 - documented by the base class
        trace = self._watch.trace
        if trace is not None:
            trace.all_names = True
        return self._listed.names

    def select(self, wanted: Callable[[str], bool]) -> tuple[str, ...]:  # noqa: D102
        trace = self._watch.trace
        if trace is not None:
            trace.selected[wanted] = None
        return self._selection(wanted)

    def search(self, wanted: Callable[[str], bool], scanner: Callable[[bytes], T]) -> Mapping[str, T | None]:  # noqa: D102
        def scan(path: str) -> T | None:
            return self._scan(path, scanner)

        with self.unwatched() as trace:
            found = self._table((wanted, scanner), scan, _made_or_unreadable)
        if trace is not None:
            trace.searched[wanted, scanner] = found
        return found

    def texts_with(  # noqa: D102
        self, wanted: Callable[[str], bool], parser: Callable[..., T], *arguments: Hashable
    ) -> Mapping[str, T]:
        def parse(path: str) -> T | None:
            text = self._read(path)
            return text.parsed(parser, *arguments) if isinstance(text, Text) else None

        with self.unwatched() as trace:
            found = self._table((wanted, parser, *arguments), parse, bool)
            self._examined.update(self._selection(wanted))
        if trace is not None:
            trace.parsed_of[wanted, parser, *arguments] = found
        return found

    def has(self, path: str) -> bool:  # noqa: D102
        trace = self._watch.trace
        found = path in self._names_set
        if trace is not None:
            trace.held[path] = found
        return found

    def named(self, name: str) -> tuple[str, ...]:  # noqa: D102
        trace = self._watch.trace
        if trace is not None:
            trace.named[name] = None
        return self._shared.tables[self._role].named(self.names, name)

    def remembered(self, make: Callable[..., T], *arguments: Hashable) -> T:  # noqa: D102
        key = (make, *arguments)
        part = self.part(key)
        trace = self._watch.trace
        if trace is not None:
            trace.parts[key] = part
        found: T = part.found
        return found

    def looked_up(self, make: Callable[..., Mapping[str, T]], key: str) -> T | None:  # noqa: D102
        part = self.part((make,))
        trace = self._watch.trace
        found: T | None = part.found.get(key)
        if trace is not None:
            if part.trace.reach.texts or not is_plain(found):
                trace.parts[make,] = part
            else:
                trace.looked_up[make, key] = found
        return found

    def part(self, key: tuple[Any, ...]) -> Part:
        """What a function makes of this state, with what it asked."""
        if key not in self._remembered:
            self._remembered[key] = self._from_before(key)
        part: Part = self._remembered[key]
        return part

    def _from_before(self, key: tuple[Any, ...]) -> Part:
        """It is made again only where an answer is another one."""
        remembered = self._shared.remembered[self._role]
        with self.unwatched():
            known = remembered.pop(key, None)
            if known is not None and known.trace.holds(self):
                self.examine(known.trace)
                remembered[key] = known
                return known
            make, *arguments = key
            own = self._watch.trace = Trace(self, _texts_of(arguments))
            remembered[key] = made = Part(make(self, *arguments), own)
            if not is_plain(made.found):
                own.keep_all()
            if len(remembered) > _PARTS:
                del remembered[next(iter(remembered))]
        return made

    def examine(self, trace: Trace) -> None:
        """Counts files as read, which were read at another state, and are the same or have the same in them."""
        reach = trace.reach
        self._examined.update(reach.texts, *map(self._selection, reach.texts_with))

    def glob(self, pattern: str) -> tuple[str, ...] | Unreadable:  # noqa: D102
        with self.unwatched() as trace:
            found = super().glob(pattern)
        if trace is not None:
            trace.globs[pattern] = found
        return found

    def gitlinks(self) -> Mapping[str, str]:  # noqa: D102
        trace = self._watch.trace
        if trace is not None:
            trace.links = self._listed.links
        return self._listed.links

    def gitlink_above(self, path: str) -> str | None:  # noqa: D102
        # Of no other state is anything taken over that has other submodules.
        folder = path.rpartition("/")[0]
        if folder in self._gitlinks_above:
            return self._gitlinks_above[folder]
        with self.unwatched():
            return super().gitlink_above(path)

    def subtree(self, gitlink: str) -> tuple[str, ...] | Unreadable:  # noqa: D102
        with self.unwatched() as trace:
            store = self.store(gitlink)
            pin = self._listed.links[gitlink]
            names = self._shared.subtree(store, gitlink, pin) if isinstance(store, Store) else store
            found = Unreadable(gitlink, *names) if isinstance(names, CannotKnow) else names
        if trace is not None:
            trace.subtrees[gitlink] = found
        return found

    def nested(self, gitlink: str) -> dict[str, str]:  # noqa: D102
        self.gitlinks()
        with self.unwatched():
            return super().nested(gitlink)

    def is_symlink(self, path: str) -> bool:  # noqa: D102
        with self.unwatched() as trace:
            found = super().is_symlink(path)
        if trace is not None:
            trace.symlinks[path] = found
        return found

    def blob(self, path: str) -> str | None:  # noqa: D102
        self._content(path)
        with self.unwatched():
            return super().blob(path)

    def is_alike(self, path: str, other: Repository) -> bool:
        """Never: each of two states keeps what was read of the last one in its role, and is asked for less so."""
        del path, other
        return False

    def read_bytes(self, path: str, limit: int = TEXT_LIMIT) -> bytes | Missing | Unreadable:  # noqa: D102
        self._content(path)
        with self.unwatched():
            return super().read_bytes(path, limit)

    def _content(self, path: str) -> None:
        trace = self._watch.trace
        if trace is not None and path not in trace.contents:
            with self.unwatched():
                trace.contents[path] = self.token(path)

    def read(self, path: str) -> Text | Missing | Unreadable:  # noqa: D102
        trace = self._watch.trace
        if trace is None:
            return self._read(path)
        if path in trace.read:
            return self._texts[path]
        with self.unwatched():
            text = self._read(path)
            trace.read[path] = Reading(self.token(path), text)
        return text

    def scan(self, path: str, scanner: Callable[[bytes], T]) -> T | None:  # noqa: D102
        with self.unwatched() as trace:
            found = self._scan(path, scanner)
            if trace is not None and (path, scanner) not in trace.scanned:
                trace.scanned[path, scanner] = (self.token(path), found)
        return found

    def store(self, gitlink: str) -> Store | CannotKnow:  # noqa: D102
        trace = self._watch.trace
        if gitlink in self._found and (trace is None or _NAMES in trace.read):
            return self._found[gitlink]
        key = (gitlink, self._name(gitlink) or "")
        if key not in self._shared.stores:
            found = super().store(gitlink)
            if isinstance(found, Store):
                found = found._replace(git=RememberingGit(found.git))
            self._shared.stores[key] = found
        self._found[gitlink] = self._shared.stores[key]
        return self._found[gitlink]

    def preload(self, paths: Iterable[str]) -> None:  # noqa: D102
        with self.unwatched():
            keys = ((path, self._key(path)) for path in paths if self.gitlink_above(path) is None)
            self._preload_own([path for path, key in keys if key is not None and key not in self._shared.texts])

    def examined(self) -> tuple[Text, ...]:  # noqa: D102
        number, before = self._shared.examined.get(self._role, (self.number, {}))
        changes = self.changes_since(number)
        for path in self._examined - self._texts.keys():
            text = before.get(path)
            if text is None or changes is None or changes.submodules or self.may_differ(path, changes):
                self._read(path)
            else:
                self._texts[path] = text
        found = super().examined()
        self._shared.examined[self._role] = (self.number, dict(self._texts))
        return found


def _texts_of(arguments: Iterable[object]) -> list[str]:
    """The paths of the texts that arguments hold: equal ones hold equal texts."""
    return [path for argument in arguments for path in getattr(argument, "texts", ())]


def _made_or_unreadable(found: object) -> bool:
    return found is None or bool(found)
