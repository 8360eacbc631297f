"""What a command in a container hands on to: files of the image, found where the container has them."""

from __future__ import annotations

import posixpath

from fr_check.core.text import Text
from fr_check.runs.calls import Call, is_on_path
from fr_check.runs.targets import Finder, Target, Targets, of_task
from fr_check.sources import shell
from fr_check.sources.docker_options import options_of
from fr_check.sources.docker_uses import moved
from fr_check.sources.shells import SHELLS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fr_check.runs.model import Origin, Ran
    from fr_check.sources.tasks.model import Task, Tasks
    from fr_check.variables.places import Places

_PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
# Where a folder's tasks are looked for by their file.
_TELLING = ("Makefile", "makefile", "GNUmakefile", "justfile", "Justfile", "package.json", "pyproject.toml", "tox.ini")
_PROCFILES = frozenset(("honcho", "foreman", "overmind", "hivemind", "goreman"))
_SUPERVISORS = ("/etc/supervisor/supervisord.conf", "/etc/supervisord.conf", "supervisord.conf", "etc/supervisord.conf")
_VALUED = frozenset(("-f", "--procfile", "--formation", "-c", "--configuration", "-e", "--env", "-d", "--app-root"))


class ImageFiles:
    """The files of one container as `Finder` asks for a repository's: `path` gives the file that stands at a place."""

    def __init__(self, places: Places) -> None:
        self.places = places

    def path(self, place: str) -> tuple[str | None, bool]:
        """The file of the repository at a path of the container, or the folder of which it has a file."""
        clean = posixpath.normpath(place)
        # A folder is asked for first: of a COPY to it alone nobody knows that it is one.
        inner = (self.places.locate(posixpath.join(clean, name)) for name in _TELLING)
        folder = next((posixpath.dirname(one) for one in inner if one is not None), None)
        return self.places.locate(clean) if folder is None else folder, False


class ImageFinder(Finder):
    """Looks for what calls lead to in an image; `path` is its PATH, as far as that is known."""

    def __init__(self, places: Places, path: str | None) -> None:
        """Where several images are known, what `/bin/sh` is there is what it is in all of them."""
        super().__init__(places.repository)
        self.places = places
        self.files = ImageFiles(places)
        self.path = tuple(folder for folder in (path or "").split(":") if folder.startswith("/")) or _PATH
        self.read: dict[str, str] = {}
        self.sh = places.sh

    def sourced(self, place: str) -> Iterable[str] | None:
        """The variables that a file assigns which a script reads; None where that is not known."""
        text = self.places.find(posixpath.normpath(place))
        if text is None:
            return None
        found = text.parsed(_parsed)
        return {name for command in found.commands for name, _ in shell.names_assigned(command)}

    def elsewhere(self, ran: Ran) -> Call | None:
        """The call that a command of no known kind is: a program of PATH that was copied there, a list of processes."""
        name = ran.name.rpartition("/")[2]
        if name in _PROCFILES or name == "supervisord":
            return self._processes(name, ran)
        if not ran.name or not is_on_path(ran.name):
            return None
        for folder in self.path:
            if self.places.locate(f"{folder}/{name}") is not None:
                given = tuple(token.value for token in ran.arguments)
                return Call(
                    "script", (f"{folder}/{name}",), ran.directory or "/", ran.start, ran.end, name, arguments=given
                )
        return None

    def _processes(self, name: str, ran: Ran) -> Call | None:
        options = options_of(ran.arguments, _VALUED)
        words = tuple(token.value for token in options.operands if token.value)
        if name != "supervisord" and words[:1] != ("start",):
            return None
        file = options.last("-c", "--configuration") if name == "supervisord" else options.last("-f", "--procfile")
        written = "" if file is None else file.value or ""
        return Call("other", (name,), ran.directory, ran.start, ran.end, name, file=written, chosen=words[1:])

    def find(self, call: Call, origin: Origin) -> Targets:
        """As `Finder` does; notes the scripts that are read."""
        found = self._of_processes(call, origin) if call.kind == "other" else None
        if found is None:
            found = super().find(call, origin)
        targets = tuple(one._replace(start=one.start._replace(sourced=self.sourced, sh=self.sh)) for one in found.found)
        self.read.update((one.text.path, one.script.string) for one in targets)
        return found._replace(found=targets)

    def _of_processes(self, call: Call, origin: Origin) -> Targets | None:
        if call.program not in _PROCFILES and call.program != "supervisord":
            return None
        from fr_check.sources.tasks import process_files  # noqa: PLC0415 - few images run several processes

        if call.program == "supervisord":
            names = (call.file,) if call.file else _SUPERVISORS
            read = self._tasks(call, names, process_files.of_supervisor)
            read = read or self._included(process_files.of_supervisor)
        else:
            read = self._tasks(call, (call.file or "Procfile",), process_files.of_procfile)
        chosen = [(text, task) for text, task in read if not call.chosen or task.name in call.chosen]
        made: list[Target] = []
        for text, task in chosen:
            what = f"command of process `{task.name}`"
            made += of_task(task, text, what, call, origin, call.directory or "/")
        return Targets(tuple(made), known=bool(made))

    def _tasks(self, call: Call, names: Iterable[str], reader: Callable[[Text], Tasks]) -> list[tuple[Text, Task]]:
        for name in names:
            text = self.places.find(posixpath.normpath(moved(call.directory, name) or name))
            if text is not None:
                return [(text, task) for task in text.parsed(reader).tasks]
        return []

    def _included(self, reader: Callable[[Text], Tasks]) -> list[tuple[Text, Task]]:
        """The files that a configuration elsewhere includes: those below a folder of supervisord's."""
        found: list[tuple[Text, Task]] = []
        for path in self.repository.select(_is_configuration):
            text = self.repository.read(path)
            if isinstance(text, Text) and "[program:" in text.string and self._is_included(path):
                found += [(text, task) for task in text.parsed(reader).tasks]
        return found

    def _is_included(self, path: str) -> bool:
        return any("supervisor" in place for each in self.places.containers for place, _ in each.places(path))


def _parsed(text: Text) -> shell.Script:
    return shell.parse(text.string)


def _is_configuration(path: str) -> bool:
    return path.endswith((".conf", ".ini"))


def is_lost(call: Call) -> bool:
    """Whether a call that leads nowhere is a script of a shell, or a task, and no program of its own."""
    if call.kind == "script":
        return call.program in SHELLS or call.names[0].endswith(".sh")
    return call.kind != "other" or call.program in _PROCFILES or call.program == "supervisord"


def interpreter(text: Text) -> Iterator[str]:
    """The program that the first line of a script names."""
    line = text.string.partition("\n")[0]
    if line.startswith("#!"):
        yield from (word.rpartition("/")[2] for word in line[2:].split() if not word.endswith("/env"))
