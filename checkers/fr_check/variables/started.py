"""Which programs of the repository the words of a container start, and what may be one that nobody found."""

from __future__ import annotations

import posixpath

from fr_check.core.names import ending
from fr_check.core.record import NamedTuple
from fr_check.runs.changes import known
from fr_check.variables import entry_points, python_programs
from fr_check.variables.imported import Reached, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_check.variables.joining import Joined
    from fr_check.variables.launch import Launch, Start
    from fr_check.variables.places import Places
    from fr_check.variables.programs import Program
    from fr_check.variables.services import Reading

# Programs that are never one of the repository's, though its files are there.
_OTHERS = frozenset((
    "tail", "bash", "sh", "nginx", "redis-server", "postgres", "pytest", "ruff", "mypy", "pip", "npm", "node", "yarn",
    "pnpm", "cron", "crond", "psql", "mc", "flower", "mkdocs", "jupyter", "ngrok", "cloudflared", "caddy", "traefik",
))  # fmt: skip


class Started(NamedTuple):
    """The last start that runs a program of the repository, and the others that do otherwise before it, with theirs.

    `programs` are those of all, which may not be `certain`; `files` are those that the last start begins with.
    """

    start: Start | None
    others: list[tuple[Start, tuple[Program, ...]]]
    programs: tuple[Program, ...]
    certain: bool
    files: tuple[str, ...] = ()


def programs(
    launched: Launch | None, places: Places, reading: Reading, environment: Mapping[str, str | None]
) -> Started:
    """Which programs of the repository are started."""
    if launched is None:
        return Started(None, [], (), certain=False)
    certain = not launched.unread
    reached = [Reached(frozenset(), closed=certain)]
    running: list[tuple[Start, Reached, tuple[str, ...]]] = []
    for start in launched.starts:
        files, called = _files(start, places, reading, environment)
        found = reading.imports.reached(files, called)
        # Behind a word that leads to no file another program of the image may begin.
        reached.append(found if files or _is_other(start) else found._replace(closed=False))
        if found.paths or found.perhaps:
            running.append((start, reached[-1], files))
    if not running:
        starts = launched.starts
        others: list[tuple[Start, tuple[Program, ...]]] = [(one, ()) for one in _alike(starts)]
        return Started(starts[-1] if starts else None, others, (), certain)
    last, _, begun = running[-1]
    others = [
        (one, reading.imports.parts(found)) for one, found, _ in running[:-1] if one.operations != last.operations
    ]
    files = (*begun, *_configuration(last, places))
    return Started(last, others, reading.imports.parts(joined(reached)), certain=True, files=files)


def _configuration(start: Start, places: Places) -> Iterator[str]:
    """The file of the repository that gunicorn reads first."""
    for name in python_programs.configuration(start.words) if start.folder is not None else ():
        found = places.locate(posixpath.normpath(posixpath.join(start.folder or "/", name)))
        if found is not None:
            yield found


def _alike(starts: Sequence[Start]) -> list[Start]:
    """The starts before the last that start the same."""
    last = starts[-1:]
    return [one for one in starts[:-1] for own in last if one.words == own.words and one.operations != own.operations]


def _files(
    start: Start, places: Places, reading: Reading, environment: Mapping[str, str | None]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files of the repository that a program begins with, and their functions that it calls."""
    target = python_programs.target(start.words)
    if target is None:
        name = posixpath.basename(start.words[0] or "")
        found = tuple(entry_points.files(reading.repository, name)) if name else ()
        if places.containers and not any(places.holds(path) for path, _ in found):
            return (), ()
        return tuple(path for path, _ in found), tuple(called for _, called in found)
    given = known(start.operations, environment).get("PYTHONPATH") or environment.get("PYTHONPATH") or ""
    search = [folder for folder in given.split(":") if folder]
    files = tuple(python_programs.files(target, start.folder, places.locate, search))
    if files or target.kind != python_programs.MODULE:
        return files, target.called
    return tuple(_installed(target.names, places, reading)), target.called


def _installed(names: Iterable[str], places: Places, reading: Reading) -> Iterator[str]:
    """The one file of the image that a module may be which is not found from the working folder."""
    for name in names:
        path = name.replace(".", "/")
        ends = (f"/{path}.py", f"/{path}/__init__.py", f"/{path}/__main__.py")
        found = [one for one in reading.repository.select(ending(".py")) if f"/{one}".endswith(ends)]
        inside = [one for one in found if places.holds(one)]
        yield from inside if len(inside) == 1 else ()


def lost(launched: Launch | None, joined: Joined, places: Places, reading: Reading) -> str:
    """The word behind which a program of the image may be that nobody found; nothing where there is none."""
    settings = (path for program in reading.programs for path in program.settings)
    likely = bool(joined.containers) and not joined.certain
    if likely or not any(places.holds(path) for path in settings):
        return ""
    if launched is None or not launched.texts[0]:
        return "what its image starts by itself"
    if launched.files and not (launched.starts or launched.unread):
        # Whatever a script hands on to: it does not come to nothing in earnest.
        return f"`{launched.files[-1]}`"
    words = (_shown(start) for start in launched.starts if not _is_other(start))
    return f"`{launched.unread[0]}`" if launched.unread else next(words, "")


def _shown(start: Start) -> str:
    """A program as a message shows it, with the module that it is told to start."""
    target = python_programs.target(start.words)
    names = target.names[:1] if target is not None and target.kind == python_programs.MODULE else ()
    return "`" + " ".join((start.shown, *names)) + "`"


def _is_other(start: Start) -> bool:
    """Whether a program is known to be none of the repository's: tests, a tool, a server of something else."""
    target = python_programs.target(start.words)
    name = posixpath.basename(start.words[0] or "")
    if name.startswith("python") and (start.body or "-c" in start.words):
        return True  # What it runs stands there, and names no application.
    return name in _OTHERS or (target is not None and target.kind == python_programs.TESTS)
