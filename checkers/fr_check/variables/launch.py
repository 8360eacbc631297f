"""What a container's words start, and what the shell does to the environment on the way there.

`set -a; . /secrets/.env; exec uvicorn app.main:app` starts uvicorn with every name of that file; without `set -a` only
the names that were exported before change. `runs/` follows the words, as it follows those of a workflow's step; here
they are followed in the image.
"""

from __future__ import annotations

import posixpath
from itertools import repeat
from operator import sub

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.runs.follower import Follower
from fr_check.runs.model import Executed, Origin, Unfollowed
from fr_check.runs.model import Start as Begun
from fr_check.sources.shells import NONE
from fr_check.variables import image_calls
from fr_check.variables.image_calls import ImageFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.runs.changes import Operation
    from fr_check.runs.model import Ran
    from fr_check.variables.places import MadeOf, Places

    Locate = Callable[[int, int], Location]

# Of the shell, or of no program of a repository.
_NOTHING = frozenset((
    "echo", "printf", "test", "[", "[[", "true", "false", "sleep", "exit", "return", "break", "continue", "shift",
    "trap", "wait", "umask", "ulimit", "read", "local", "mkdir", "chown", "chmod", "cat", "ls", "rm", "cp", "mv",
    "ln", "touch", "grep", "sed", "awk", "date", "nc", "curl", "wget", "pg_isready", "set", ":", "xargs", "pwd",
    "dirname", "basename", ".", "source", "export", "unset", "eval", "exec", "declare", "typeset", "readonly",
    "getopts", "alias", "hash", "type", "command", "tee", "tr", "cut", "head", "sort", "find", "env", "id", "whoami",
    "hostname",
))  # fmt: skip


class Argument(NamedTuple):
    """A word of a command line: its value, the place of each character in its source, and how that becomes a place."""

    value: str
    places: Sequence[int] | None
    locate: Locate


class Start(NamedTuple):
    """A program that is started: its words (None: not known), in which folder, and what was done to its environment.

    `shown` is its first word as it is written, `body` what a here-document hands to it.
    """

    words: tuple[str | None, ...]
    folder: str | None
    operations: tuple[Operation, ...]
    location: Location
    shown: str = ""
    body: str = ""


class Launch(NamedTuple):
    """Everything that the words of a container start. `texts` are the scripts that were read, `files` their paths.

    `unread` is what could not be followed: a script that is not in the repository, or one script too many.
    """

    starts: tuple[Start, ...]
    texts: tuple[str, ...]
    files: tuple[str, ...]
    unread: tuple[str, ...]


class _Words:
    """The words of a container, as a value: equal where the same words stand at the same place."""

    def __init__(self, arguments: Sequence[Argument]) -> None:
        self.arguments = arguments
        self._key = tuple((one.value, *_stands(one)) for one in arguments)
        self.texts = {begin.path for _, _, begin, _ in self._key}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Words) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


def _stands(argument: Argument) -> tuple[tuple[int, ...], Location, Location]:
    """Where a word begins and ends, and how far its characters are from its beginning."""
    places = argument.places
    if not places:
        return (), argument.locate(0, 0), argument.locate(len(argument.value), len(argument.value))
    first, last = places[0], places[-1]
    apart = () if last - first == len(places) - 1 else tuple(map(sub, places, repeat(first)))
    return apart, argument.locate(first, first), argument.locate(last, last)


def of_words(
    arguments: Sequence[Argument], folder: str | None, places: Places, environment: Mapping[str, str | None]
) -> Launch:
    """As `follow` does, once for all services that run the same words in the same place: one is often in many sets."""
    held = tuple(sorted(environment.items()))
    return places.repository.remembered(_of_words, _Words(arguments), folder, places.made_of, held)


def _of_words(
    repository: Repository,
    words: _Words,
    folder: str | None,
    made_of: MadeOf,
    environment: tuple[tuple[str, str | None], ...],
) -> Launch:
    return follow(words.arguments, folder, made_of.of(repository), dict(environment))


def follow(
    arguments: Sequence[Argument], folder: str | None, places: Places, environment: Mapping[str, str | None]
) -> Launch:
    """Follows a command line in a container; `environment` are the variables of which the value is known there."""
    finder = ImageFinder(places, environment.get("PATH"))
    follower = Follower(places.repository, lambda _: True, finder=finder)
    script, locate = _script(arguments)
    # What is there is known, and nothing else: an empty variable and none are two things.
    origin = Origin("", "what the container starts", locate, finder.files, environment)
    begun = Begun(folder, environment, shell=NONE, sourced=finder.sourced, sh=finder.sh)
    starts: list[tuple[Ran, Start]] = []
    unread: list[str] = []
    circles: list[str] = []
    for item in follower.follow(script, begun, origin):
        if isinstance(item, Executed):
            if _is_program(item):
                starts.append((item.ran, _start(item)))
            around = {item.path, *(link.location.path for link in item.chain)}
            circles += [path for path in item.into if path in around]
        elif isinstance(item, Unfollowed) and item.by.ran.name not in {".", "source"}:
            if starts and starts[-1][0] is item.by.ran:
                starts[-1] = (item.by.ran, _interpreted(item, starts[-1][1], places))
            if image_calls.is_lost(item.call):
                starts = [one for one in starts if one[0] is not item.by.ran]
                told = item.call.names if item.call.kind == "script" else (item.call.program, *item.call.names)
                unread.append(" ".join(dict.fromkeys(told)))
    if follower.overrun is not None:
        unread.append("more than is followed")
    if circles and not starts and not unread:
        # A script that calls itself comes to an end by something that only a run tells.
        unread.append(circles[0])
    texts = (" ".join(argument.value for argument in arguments), *finder.read.values())
    return Launch(tuple(start for _, start in starts), texts, tuple(finder.read), tuple(dict.fromkeys(unread)))


def _script(arguments: Sequence[Argument]) -> tuple[str, Locate]:
    """Words as a text that a shell would split into them again, and how its offsets become places."""
    pieces: list[str] = []
    origins: list[tuple[int, int]] = []
    for number, argument in enumerate(arguments):
        size = len(argument.value)
        if size and "'" not in argument.value:
            pieces.append(f"'{argument.value}' ")
            origins += [(number, 0), *((number, index) for index in range(size)), (number, size), (number, size)]
            continue
        for index, character in enumerate(argument.value):
            piece = "'\\''" if character == "'" else character
            pieces.append(("'" if not index else "") + piece)
            origins += [(number, index)] * len(pieces[-1])
        pieces.append("' " if argument.value else "'' ")
        origins += [(number, size)] * len(pieces[-1])

    def locate(start: int, end: int) -> Location:
        number, first = origins[min(start, len(origins) - 1)]
        other, last = origins[min(max(start, end - 1), len(origins) - 1)]
        argument = arguments[number]
        last = last + 1 if other == number else len(argument.value)
        held = argument.places or range(len(argument.value) + 1)
        return argument.locate(held[min(first, len(held) - 1)], held[min(last, len(held) - 1)])

    return "".join(pieces), locate


def _is_program(item: Executed) -> bool:
    """Whether a command is the start of a program: nothing of the shell's own, and nothing that was followed."""
    ran = item.ran
    if not ran.words or ran.captured or ran.uncalled or item.followed:
        return False
    return ran.name.rpartition("/")[2] not in _NOTHING


def _start(item: Executed) -> Start:
    words = tuple(token.value for token in item.ran.words)
    folder = None if item.ran.directory is None else posixpath.normpath(item.ran.directory)
    shown = item.ran.words[0].raw.strip("\"'")
    return Start(words, folder, item.operations, item.location, shown, item.ran.body)


def _interpreted(item: Unfollowed, start: Start, places: Places) -> Start:
    """A script with the program before it that its first line names."""
    text = places.repository.read(item.paths[0]) if item.call.kind == "script" and item.paths else None
    words = tuple(image_calls.interpreter(text)) if isinstance(text, Text) else ()
    if not words or not words[0].startswith("python"):
        return start
    path = posixpath.normpath(posixpath.join(start.folder or "/", item.call.names[0]))
    return start._replace(words=(*words, path, *start.words[1:]))
