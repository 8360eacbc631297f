"""`docker run -e NAME IMAGE` in task files and scripts, where the image is one that is built here."""

from __future__ import annotations

import posixpath

from fr_check.builds import tags
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources import compose, compose_project, shell
from fr_check.variables.services import process

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.images import Image
    from fr_check.core.model import Location
    from fr_check.variables.flow import Flow
    from fr_check.variables.services import ServiceProcess

_RUN = pattern(r"\b(?:docker|podman)[ \t]+run[ \t]+(?:[^\n\\]|\\\n|\\.)*")
_ENDINGS = (".sh", ".bash", ".mk")
_NAMES = frozenset(("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile"))
_ENV = ("-e", "--env")
_VALUED = frozenset((
    *_ENV, "-v", "--volume", "-p", "--publish", "--name", "--network", "-w", "--workdir", "-u", "--user",
    "--entrypoint", "--env-file", "--mount", "--restart", "-h", "--hostname", "--add-host", "-l", "--label", "-m",
    "--memory", "--cpus", "--platform", "--shm-size", "--gpus", "--pull", "--log-driver",
))  # fmt: skip


class Run(NamedTuple):
    """One command: what to call it, its file, the names that it gives with their places, the image as a service."""

    what: str
    path: str
    given: tuple[tuple[str, Location], ...]
    service: ServiceProcess


def find(flow: Flow) -> Iterator[Run]:
    """Every such command whose image is known."""
    for path in flow.repository.paths():
        if not path.endswith(_ENDINGS) and posixpath.basename(path) not in _NAMES:
            continue
        text = flow.repository.read(path)
        if not isinstance(text, Text) or " run " not in text.string:
            continue
        for command in _RUN.finditer(text.string):
            # make's `$$` is the shell's `$`; neither is in a name.
            read = shell.parse(command[0].replace("$$", " $"), origin=command.start())
            words = read.commands[0].words[2:] if read.commands else ()
            found = _read(words, text)
            service = None if found is None else _service(flow, found[1])
            if found is not None and found[0] and service is not None:
                yield Run(f"`docker run {found[1]}`", path, found[0], service)


def _read(words: tuple[shell.Word, ...], text: Text) -> tuple[tuple[tuple[str, Location], ...], str] | None:
    """The names that options give, and the image; None where the image is not known."""
    given: list[tuple[str, Location]] = []
    index = 0
    while index < len(words):
        word = words[index]
        option, equals, _ = word.raw.partition("=")
        if not option.startswith("-"):
            return (tuple(given), word.literal) if word.literal else None
        if option in _ENV or (option.startswith("-e") and option != "-e" and not option.startswith("--")):
            given += _name(words, index, inline=bool(equals) and option == "--env", text=text)
        index += 2 if option in _VALUED and not (equals and option.startswith("--")) else 1
    return None


def _name(words: tuple[shell.Word, ...], index: int, *, inline: bool, text: Text) -> Iterator[tuple[str, Location]]:
    word = words[index] if inline else words[index + 1] if index + 1 < len(words) else None
    if word is None:
        return
    raw = word.raw.partition("=")[2] if inline else word.raw
    name = raw.strip("\"'").partition("=")[0]
    if name.isidentifier():
        start = word.start + word.raw.find(name)
        yield name, text.location(start, start + len(name))


def _service(flow: Flow, image: str) -> ServiceProcess | None:
    """The image as a service of its own: by the name that a build gives it, else the only one that is built here."""
    named = [build for build in flow.builds.builds if any(tags.same(image, name) for name in build.tags)]
    chosen = [(flow.builds.images.found.get(build.key), build.context) for build in named]
    if not named and "/" not in image:
        every: list[tuple[Image | None, str | None]] = [(one, None) for one in flow.builds.images.found.values()]
        chosen = every if len(every) == 1 else []
    for found, context in chosen:
        if found is not None and found.judged and found.inline is None:
            folder = posixpath.dirname(found.path) if context is None else context
            dockerfile = posixpath.relpath(found.path, folder or ".")
            body = f'services:\n  run:\n    build: {{context: "./{folder}", dockerfile: "{dockerfile}"}}\n'
            file = compose.parse(Text(body, "run.yml", None))
            project = compose_project.merge_files(("run.yml",), {"run.yml": file}.get)
            return process(project, project.services["run"], flow.reading)
    return None
