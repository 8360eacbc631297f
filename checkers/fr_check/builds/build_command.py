"""The commands of a script that build a frontend, or may: where they run, and what they are given on the way."""

from __future__ import annotations

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.runs.changes import CLEAR, IMPORT, KEEP, OPENED, UNSET
from fr_check.sources import package_managers
from fr_check.sources.build_tools import NO, UNKNOWN, YES, Verdict, judge
from fr_check.sources.docker_uses import moved
from fr_check.sources.env_write import EnvWrite
from fr_check.sources.package_managers import HERE
from fr_check.sources.shells import SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fr_check.runs.changes import Change
    from fr_check.runs.model import Ran
    from fr_check.sources.docker_options import Token
    from fr_check.sources.dockerfile import Instruction

__all__ = ("NO", "UNKNOWN", "YES", "BuildCommand", "in_run", "in_script", "written")

_ONLY_HEREDOC = pattern(r"\d*<<-?\s*[^\s<]+\s*\Z")
_TAKING = frozenset((UNSET, KEEP, CLEAR))
# What runs a command as another user, whose environment is not known, and has none of the build's.
_OTHERS = frozenset(("sudo", "doas", "su", "runuser"))
_SHEBANG = pattern(r"#!\s*(\S+)(?:[ \t]+(\S+))?")


class BuildCommand(NamedTuple):
    """A command that builds a frontend, or may.

    `text` is the command as written; `start` and `end` its offsets in the file. `folder` is where it runs, as far as
    `cd` tells: relative to where the script starts, absolute, or None. `given` are the variables that the script sets
    for it (None: to a value that is not known), `files` the files of variables that it writes, or loads, before.
    `changes` are those of its environment, where one of them takes a variable away.
    """

    verdict: Verdict
    text: str
    start: int
    end: int
    folder: str | None
    given: Mapping[str, str | None]
    files: tuple[EnvWrite, ...]
    changes: tuple[Change, ...] = ()


def in_run(instruction: Instruction) -> tuple[BuildCommand, ...]:
    """The commands of a RUN (shell form, JSON form, or here-documents) that build, or may."""
    return _of(instruction)[0]


def written(instruction: Instruction) -> tuple[EnvWrite, ...]:
    """The files of variables that a RUN leaves behind."""
    return _of(instruction)[1] if ".env" in instruction.line.text + str(instruction.heredocs) else ()


def in_script(
    script: str, *, places: Sequence[int] | None = None, folder: str | None = ".", files: list[EnvWrite] | None = None
) -> tuple[BuildCommand, ...]:
    """The commands of a shell script that build, or may; `places` as in `shell.parse`.

    `files` takes the files of variables that it leaves behind, whether it builds or not.
    """
    from fr_check.runs import walk  # noqa: PLC0415 - many repositories have no image that builds a frontend
    from fr_check.runs.model import Start  # noqa: PLC0415

    written: list[EnvWrite] = [] if files is None else files
    found = []
    for ran in walk.commands(script, Start(folder), places):
        written += ran.written
        command = _found(ran, written) if ran.words else None
        if command is not None:
            found.append(command)
    return tuple(found)


def _shown(token: Token) -> str:
    """A word as a message shows it: without quotes that it does not need."""
    value = token.value
    plain = value and "$" not in token.raw and "`" not in token.raw and not any(c.isspace() for c in value)
    return (value if plain else token.raw) or ""


def _of(instruction: Instruction) -> tuple[tuple[BuildCommand, ...], tuple[EnvWrite, ...]]:
    """What a RUN builds, and the files of variables that it leaves."""
    line, start = instruction.line, instruction.argued
    heredocs = instruction.heredocs
    if instruction.json is not None:
        text = " ".join("'" + word.replace("'", "'\\''") + "'" for word in instruction.json)
        places = [line.at(start)] * len(text)
    elif len(heredocs) == 1 and _ONLY_HEREDOC.match(instruction.arguments):
        body = heredocs[0]
        if foreign := _foreign(body.body, body.start):
            return foreign, ()
        text, places = body.body, [*range(body.start, body.start + len(body.body))]
    else:
        text = instruction.arguments
        places = line.places(start, start + len(text))
        for heredoc in heredocs:
            text += "\n" + heredoc.body + heredoc.name
            places += [heredoc.start, *range(heredoc.start, heredoc.end), *[heredoc.end] * len(heredoc.name)]
    files: list[EnvWrite] = []
    return in_script(text, places=places, files=files), tuple(files)


def _found(ran: Ran, files: Sequence[EnvWrite]) -> BuildCommand | None:
    """A command that builds, or may, with the files of variables that were written before; None for another one."""
    words = [token.value for token in ran.words]
    if words and words[0] is None:
        words[0] = ran.name.rpartition("/")[2] or None
    verdict = judge(words)
    if verdict.answer == NO:
        return None
    # The package manager around it selects its packages.
    manager, around = ran.wrappers[0] if ran.wrappers else ("", ())
    if manager in package_managers.NAMES:
        around = tuple(word for _, words in ran.wrappers for word in words)
        where = package_managers.selection(manager, list(around[1:]))
        verdict = verdict if where == HERE else verdict._replace(where=where)
    text = " ".join(_shown(token) for token in ran.words)
    start, end = ran.words[0].start, ran.words[-1].end
    # `X=$X` hands on what is there.
    itself = {change.name for change in ran.own if change.kind == "export"}
    given = {name: value for name, value in ran.environment.items() if name not in itself}
    changes = ran.changes
    files = (*files, *ran.loads, *_opened(ran, changes))
    taking = changes if any(change.kind in _TAKING for change in changes) else ()
    return BuildCommand(verdict, text, start, max(start, end), ran.directory, given, files, taking)


def _opened(ran: Ran, changes: tuple[Change, ...]) -> Iterator[EnvWrite]:
    """What sets variables that are written nowhere here: `export $(cat FILE)`, `eval`, `xargs -a FILE env`."""
    # What a wrapper reads is in `loads`.
    for change in changes[: -len(ran.own)] if ran.loads and ran.own else changes:
        if change.kind == IMPORT:
            path = moved(ran.directory if change.here is None else change.here, change.name or None)
            yield EnvWrite(path, None, path, loaded=True)
        elif change.kind == OPENED and change.name not in _OTHERS:
            yield EnvWrite(None, None, None, loaded=True)
    if "xargs env" in " ".join(name for name, _ in ran.wrappers):
        yield EnvWrite(None, None, None, loaded=True)


def _foreign(body: str, start: int) -> tuple[BuildCommand, ...]:
    """A here-document that is run by another program than a shell: whether it builds is not known."""
    found = _SHEBANG.match(body)
    program = (found[2] if found[1].endswith("/env") and found[2] else found[1]).rpartition("/")[2] if found else "sh"
    if found is None or program in SHELLS or "build" not in body:
        return ()
    verdict = Verdict(UNKNOWN, f"a script for `{program}` was not read")
    return (BuildCommand(verdict, found[0], start, start + found.end(), ".", {}, ()),)
