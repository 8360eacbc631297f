"""What a step's script leaves to later steps of its job: variables in `$GITHUB_ENV`, and other files.

One `NAME=VALUE` a line, or `NAME<<END`, lines, `END`. Source:
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-environment-variable.
"""

from __future__ import annotations

from functools import lru_cache

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.runs import walk
from fr_check.runs.model import Start
from fr_check.runs.written import whole
from fr_check.sources.shells import of_step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_check.runs.written import Chunk, Piece
    from fr_check.sources.shells import Shell

_NAME = "GITHUB_ENV"
_PLACE = "/github/file_commands/env"
# A file whose name speaks of variables, behind what writes one.
_WRITES = pattern(r"(?:>|\b(?:tee|cp|mv|install|ln|rm|sed)\b)[^\n]{0,200}env")
_APPENDED = pattern(r"(?:>>|\btee -a)[ \t]*[\"']?([\w./-]*env[\w.-]*)")
_LINE = pattern(r"([A-Za-z_]\w*)(=|<<)(.*)")


class Variable(NamedTuple):
    """One variable: its value as it is written, None where that has several lines or is not known.

    `whole`: nothing in that value is only known at run time. `doubtful` where the command that writes it may not run.
    `start` is the offset of the name in the script.
    """

    name: str
    value: str | None
    whole: bool
    doubtful: bool
    start: int


class Writes(NamedTuple):
    """Everything that a script writes to `$GITHUB_ENV`; `unread` where it writes what cannot be told by reading it."""

    variables: tuple[Variable, ...]
    unread: bool


def appended(script: str) -> tuple[str, ...]:
    """The files of variables that a script adds to, as it names them."""
    return tuple(_APPENDED.findall(script)) if "env" in script else ()


def files(script: str, start: Start) -> Mapping[str, str | None]:
    """The files of variables that are there after a script, by their paths, with what they hold (None: not known)."""
    if not _WRITES.search(script):
        return start.wrote
    return _files(script, start.directory, start.shell, tuple(start.wrote.items()))


def env_files(script: str) -> Iterator[tuple[str, tuple[Variable, ...]]]:
    """The files of variables that a script writes, each with what it puts there, as far as that can be told."""
    if _WRITES.search(script):
        for path, chunks in walk.written(script, Start(shell=of_step(None))).items():
            if ".env" in path.rpartition("/")[2]:
                yield path, tuple(one for one in _variables(_lines(chunks)) if one is not None)


@lru_cache(maxsize=256)
def _files(
    script: str, directory: str | None, shell: Shell, wrote: tuple[tuple[str, str | None], ...]
) -> Mapping[str, str | None]:
    found = walk.written(script, Start(directory, shell=shell, wrote=dict(wrote)))
    return {path: whole(chunks) for path, chunks in found.items() if not path.startswith("/")}


class _Line(NamedTuple):
    """A line that is written, where it begins in the script, its holes, and whether it may not be written."""

    text: str
    start: int
    holes: tuple[int, ...]
    doubtful: bool


def variables(script: str, start: Start | None = None) -> Writes:
    """What one script puts into the environment; total. `start` is what it starts with."""
    if _NAME not in script:
        return Writes((), unread=False)
    return _of_step(script) if start is None else _variables_of(script, start)


@lru_cache(maxsize=256)
def _of_step(script: str) -> Writes:
    """Of a step that starts with nothing of its own: each later step of its job asks."""
    return _variables_of(script, Start(shell=of_step(None)))


def _variables_of(script: str, begun: Start) -> Writes:
    environment = {**begun.environment, _NAME: _PLACE}
    chunks = walk.written(script, begun._replace(environment=environment, wrote={_PLACE: ""})).get(_PLACE, ())
    own = [chunk for chunk in chunks if chunk.start >= 0]
    # Another shell, or a name for the file that is not followed, leaves nothing at all that is understood.
    unread = not own or any(chunk.pieces is None for chunk in own)
    found = list(_variables(_lines(own)))
    return Writes(tuple(one for one in found if one is not None), unread or None in found)


def _lines(chunks: Iterable[Chunk]) -> Iterator[_Line]:
    """The lines of all that is written, in order; what may not be written ends a line."""
    for chunk in chunks:
        kept: list[Piece] = []
        for piece in chunk.pieces or ():
            parts = [piece.text] if piece.hole else piece.text.split("\n")
            at = piece.start
            for index, part in enumerate(parts):
                if index:
                    yield _line(kept, doubtful=not chunk.sure)
                    kept = []
                kept.append(piece._replace(text=part, start=at))
                at += len(part) + 1
        if any(piece.text for piece in kept):
            yield _line(kept, doubtful=not chunk.sure)


def _line(pieces: list[Piece], *, doubtful: bool) -> _Line:
    at, holes = 0, []
    for piece in pieces:
        if piece.hole:
            holes.append(at)
        at += len(piece.text)
    start = next((piece.start for piece in pieces if piece.text), pieces[0].start if pieces else 0)
    return _Line("".join(piece.text for piece in pieces), start, tuple(holes), doubtful)


def _variables(lines: Iterable[_Line]) -> Iterator[Variable | None]:
    """The variables that lines give; None for a line that gives none."""
    end: str | None = None
    for line in lines:
        text = line.text.strip()
        if end is not None:
            end = None if text == end else end
            continue
        match = _LINE.fullmatch(text)
        before = len(line.text) - len(line.text.lstrip())
        if match is None or any(hole < before + match.end(1) for hole in line.holes):
            if text:
                yield None
            continue
        name, operator, value = match.groups()
        end = value.strip() if operator == "<<" else None
        known = None if operator == "<<" else value
        yield Variable(name, known, not line.holes, line.doubtful, line.start + before)
