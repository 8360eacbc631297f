"""What a step's command hands on to beside package scripts: make targets, recipes of just, the words of a wrapper."""

from __future__ import annotations

import posixpath
import re

from fr_check.builds import build_command
from fr_check.builds.build_command import UNKNOWN
from fr_check.core.patterns import pattern
from fr_check.core.text import Text
from fr_check.sources.build_tools import NAMELESS
from fr_check.sources.bundlers import COMMANDS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.build_command import BuildCommand
    from fr_check.core.repository import Repository
    from fr_check.sources.build_tools import Verdict

_RUNNERS = {"make": "make", "gmake": "make", "just": "just"}
_FILES = frozenset(("-f", "--file", "--makefile", "--justfile"))
# Options of make and just that take a value of their own.
_VALUED = _FILES | {"-C", "--directory", "-I", "-o", "-W", "-d", "--working-directory"}
_WORDS = pattern(r"(?<![\w.-])(?:npm|npx|pnpm|yarn|bun|deno|" + "|".join(map(re.escape, COMMANDS)) + r")(?![\w-])")
_ALL_WORDS = pattern(r"[\"']?\$(?:\{[@*]\}|[@*])[\"']?(?=\s|$)")
_UNKNOWN = '"$UNKNOWN"'
_VARIABLE = pattern(r"[\"']?\$\{?(\w+)")


def scripts(repository: Repository, verdict: Verdict, folder: str) -> tuple[tuple[str, str], ...] | None:
    """The scripts (text, and what to call it) of the targets that a task runner runs in a folder; None: not known."""
    kind = _RUNNERS.get(verdict.tool)
    if kind is None or any(word is None for word in verdict.rest):
        return None
    from fr_check.core.model import Location  # noqa: PLC0415 - few images run task runners
    from fr_check.runs.calls import Call  # noqa: PLC0415
    from fr_check.runs.model import Origin  # noqa: PLC0415
    from fr_check.runs.scope import Checkouts  # noqa: PLC0415
    from fr_check.runs.targets import Finder  # noqa: PLC0415

    names, file, given = _operands([word for word in verdict.rest if word is not None])
    call = Call("make" if kind == "make" else "just", names, folder or ".", 0, 0, verdict.tool, file=file, given=given)
    origin = Origin("", "", lambda _start, _end: Location(""), Checkouts((), ()), {})
    found = Finder(repository).find(call, origin)
    if not found.known:
        return None
    return tuple((target.script.string, f"{target.text.path} {target.what}") for target in found.found)


def _operands(words: list[str]) -> tuple[tuple[str, ...], str, dict[str, str | None]]:
    """Targets, the file that is named, and the variables that are given."""
    names: list[str] = []
    given: dict[str, str | None] = {}
    file = skip = ""
    for word in words:
        if skip:
            file = word if skip in _FILES else file
            skip = ""
        elif word.startswith("-"):
            option, equals, value = word.partition("=")
            file = value if equals and option in _FILES else file
            skip = "" if equals or option not in _VALUED else option
        elif "=" in word:
            name, _, given[name] = word.partition("=")
        else:
            names.append(word)
    return tuple(names), file, given


def may_build(repository: Repository, verdict: Verdict, folder: str | None) -> bool:
    """Whether what a task runner runs may build: its targets sound so, and its file, where known, speaks of a tool."""
    if not verdict.reason:
        return False
    if _RUNNERS.get(verdict.tool) != "make" or folder is None:
        return True
    from fr_check.sources import makefile  # noqa: PLC0415 - few images run make

    texts = (repository.read(posixpath.join(folder, name)) for name in makefile.NAMES)
    found = next((text for text in texts if isinstance(text, Text)), None)
    return found is None or "include" in found.string or speaks_of_tools(found.string)


def run_in(script: str, commands: tuple[BuildCommand, ...], given: tuple[str | None, ...]) -> Iterator[BuildCommand]:
    """The commands of a script that is given words: `exec "$@"` runs those.

    What is named by a variable that the script itself makes builds nothing where no word of a tool of JavaScript
    stands in it.
    """
    for command in commands:
        handed = _ALL_WORDS.match(command.text) if command.verdict.reason == NAMELESS else None
        if handed is not None:
            import shlex  # noqa: PLC0415 - few scripts hand on what they are given

            words = " ".join(_UNKNOWN if word is None else shlex.quote(word) for word in given)
            for inner in build_command.in_script(words + command.text[handed.end() :], folder=command.folder):
                files = (*command.files, *inner.files)
                yield inner._replace(given={**command.given, **inner.given}, files=files)
        elif not _is_made(command, script):
            yield command


def _is_made(command: BuildCommand, script: str) -> bool:
    if command.verdict.answer != UNKNOWN or command.verdict.reason != NAMELESS or speaks_of_tools(script):
        return False
    name = _VARIABLE.match(command.text)
    return name is not None and re.search(rf"(?m)(?:^|[;&|\s]){name[1]}=", script) is not None


def speaks_of_tools(text: str) -> bool:
    """Whether a text has the name of any tool that builds JavaScript, or of a package manager."""
    return _WORDS.search(text) is not None
