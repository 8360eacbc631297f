"""Files that a script writes before it, or a shell that it starts, reads them: `cat > .env <<EOF`, then `. ./.env`."""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.runs.changes import Content
from fr_check.sources.docker_uses import moved
from fr_check.sources.tasks.model import OPAQUE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from fr_check.sources.shell import Command, Redirection, Script, Word

    Resolve = Callable[[Word], str | None]

_ONTO = frozenset((">", ">>", ">|", "&>", "&>>"))
_REPLACED = frozenset(("rm", "mv", "cp", "install", "tee", "truncate", "dd", "shred", "ln"))
_REPEATED = frozenset(("for", "while", "function", "body"))
_NONE: Mapping[str, str | None] = {}


class Piece(NamedTuple):
    """Some text, where it begins in the script, and whether it is a `hole`: then it stands there as it is written."""

    text: str
    start: int
    hole: bool = False


class Chunk(NamedTuple):
    """What one command writes to a file: the pieces of it (None: not known); not `sure`: it may not run."""

    pieces: tuple[Piece, ...] | None
    start: int
    end: int
    sure: bool

    @property
    def text(self) -> str | None:
        """What it holds, with a hole for each part that only a run tells; None where that is not known."""
        if self.pieces is None or not self.sure:
            return None
        return "".join(OPAQUE if one.hole else one.text for one in self.pieces)


class Written:
    """The files that one script and the shells within it have written by now."""

    def __init__(self, before: Mapping[str, str | None], *, bash: bool = False) -> None:
        """`before` is what the script that calls this one has written by then; `bash` is whether that runs it."""
        self._bash = bash
        self.found: dict[str, list[Chunk]] = {
            path: [Chunk(None if text is None else (Piece(text, -1),), -1, -1, sure=True)]
            for path, text in before.items()
        }
        self._piped: tuple[Command, Resolve] | None = None
        self._begun: set[int] = set()
        self._texts: Mapping[str, str | None] | None = None

    def get(self, here: str | None, name: str) -> Content | None:
        """What a file holds; None for one that nothing has written."""
        path = _path(here, name)
        chunks = None if path is None else self.found.get(path)
        return None if not chunks else Content(whole(chunks), chunks[-1].start, chunks[-1].end)

    def texts(self) -> Mapping[str, str | None]:
        """What is written by now, for a script that is called."""
        if self._texts is None:
            self._texts = {path: whole(chunks) for path, chunks in self.found.items()} if self.found else _NONE
        return self._texts

    def note(self, command: Command, script: Script, resolve: Resolve, here: str | None, *, sure: bool) -> None:
        """What a command writes; not `sure`: it may not run, or not to its end."""
        name = (command.name or "").rpartition("/")[2]
        piped, self._piped = self._piped, None
        if command.after == "|":
            self._piped = command, resolve
        sure = sure and command.after != "&"
        if name in _REPLACED or (name in {"sed", "perl"} and any(word.raw.startswith("-i") for word in command.words)):
            pieces = None
            if name == "tee" and (command.before != "|" or piped is not None):
                pieces = self._printed(*(piped if command.before == "|" and piped is not None else (command, resolve)))
            adds = name == "tee" and any(word.raw in {"-a", "--append"} for word in command.words[1:])
            copied = self._copied(command, resolve, here) if name in {"cp", "install"} else None
            # `[ -f .env ] || cp .env.example .env`: what was there, or a copy, as without it.
            known = copied is not None and (sure or copied not in self.found)
            for word in command.words[1:]:
                if name != "tee" or not word.raw.startswith("-"):
                    self._put(_path(here, resolve(word)), Chunk(pieces, command.start, command.end, sure), adds=adds)
            if copied is not None and known:
                self.found.pop(copied, None)
                self._texts = None
        redirected = tuple(self._redirections(command, script))
        printed = self._printed(command, resolve) if redirected else None
        for redirection, appends, own in redirected:
            path = _path(here, None if redirection.target is None else resolve(redirection.target))
            if path is not None and not path.startswith("/dev/"):
                # Of a construct that is gone through again nobody knows here where that begins.
                once = own or _REPEATED.isdisjoint(script.kinds(command))
                self._put(path, Chunk(printed, command.start, command.end, sure and once), adds=appends)

    def _printed(self, command: Command, resolve: Resolve) -> tuple[Piece, ...] | None:
        from fr_check.runs.printed import printed  # noqa: PLC0415 - few scripts write files

        found = printed(command, resolve, bash=self._bash)
        return None if found is None else tuple(found)

    @staticmethod
    def _copied(command: Command, resolve: Resolve, here: str | None) -> str | None:
        """Where a copy of an example of its name goes: that is known by its name."""
        source, target = ([None, None, *(resolve(word) for word in command.words[1:])])[-2:]
        named = source is not None and target is not None and posixpath.basename(target) in source
        return _path(here, target) if named else None

    def _put(self, path: str | None, chunk: Chunk, *, adds: bool) -> None:
        if path is None:
            return
        self._texts = None
        # What may not run leaves what was there.
        held = self.found.setdefault(path, [Chunk(None, chunk.start, chunk.end, sure=True)] if adds else [])
        if adds or not chunk.sure:
            held.append(chunk)
        else:
            held[:] = [chunk]

    def _redirections(self, command: Command, script: Script) -> Iterator[tuple[Redirection, bool, bool]]:
        """Where the output of a command goes, whether it is added to what is there, and whether that is its own."""
        own = [one for one in command.redirections if one.operator in _ONTO]
        yield from ((one, one.operator.endswith(">>"), True) for one in own)
        block = -1 if own else command.block
        while block >= 0:
            for one in script.blocks[block].redirections:
                if one.operator in _ONTO:
                    yield one, one.operator.endswith(">>") or block in self._begun, False
                    self._begun.add(block)
            block = script.blocks[block].parent


def whole(chunks: Sequence[Chunk]) -> str | None:
    """What a file holds; None where that is not known."""
    texts = [chunk.text for chunk in chunks]
    return None if None in texts else "".join(text for text in texts if text is not None)


def _path(here: str | None, name: str | None) -> str | None:
    place = name if name is not None and name.startswith("/") else moved(here, name)
    return None if place is None else posixpath.normpath(place)
