"""Which files of the repository stand where in the stages of an image: what WORKDIR, COPY, ADD and bind mounts say.

Of what a RUN makes nothing is known but what `turbo prune` leaves: a part of the workspace under another folder.
"""

from __future__ import annotations

import posixpath

from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.sources.build_context import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fr_check.builds.images import Image
    from fr_check.core.repository import Repository
    from fr_check.sources.dockerfile import Instruction

_PRUNE = pattern(r"\bturbo(?:@\S+)?\s+prune\b([^&|;\n]*)")
_OPTION_VALUES = ("--scope", "--out-dir")


class Tree:
    """The files and folders of a repository, and what stands in each folder; each is asked for by itself."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self.is_file = repository.has

    def is_folder(self, path: str) -> bool:
        """Whether there is a folder of this path; "" is the root."""
        return not path or self._repository.looked_up(_folders, path) is not None

    def names(self, folder: str) -> tuple[str, ...]:
        """The files and folders that stand in a folder itself, sorted."""
        return self._repository.looked_up(_contents, folder) or ()

    def holds(self, path: str) -> bool:
        """Whether there is a file or a folder of this path."""
        return self.is_file(path) or self.is_folder(path)

    def matching(self, path: str) -> Iterator[str]:
        """The files and folders that a path with wildcards stands for; `*` does not stand for `/`."""
        from fnmatch import fnmatchcase  # noqa: PLC0415 - few paths have wildcards

        found = [""]
        for part in path.split("/"):
            if not any(character in part for character in "*?["):
                found = [posixpath.join(folder, part) for folder in found]
            else:
                found = [
                    posixpath.join(folder, name)
                    for folder in found
                    for name in self.names(folder)
                    if fnmatchcase(name, part)
                ]
        return (name for name in found if self.holds(name))


def _contents(repository: Repository) -> dict[str, tuple[str, ...]]:
    """Folder -> what stands in it."""
    found: dict[str, dict[str, None]] = {}
    for path in repository.paths():
        inner = path
        while inner:
            folder, _, name = inner.rpartition("/")
            here = found.setdefault(folder, {})
            known = name in here
            here[name] = None
            inner = "" if known else folder
    return {folder: tuple(sorted(names)) for folder, names in found.items()}


def _folders(repository: Repository) -> dict[str, bool]:
    return dict.fromkeys(repository.remembered(_contents), True)


class Copied(NamedTuple):
    """A file or folder of the repository (`source`) in an image, at the absolute path `target`.

    `there` is false for a file that the repository does not hold; `packages` are those that `turbo prune` kept.
    """

    target: str
    source: str
    file: bool
    there: bool = True
    packages: tuple[str, ...] = ()


class _Stage:
    """What one stage came to: `added` holds what was copied, the last one last; `folder` is None where not known."""

    def __init__(self, folder: str | None, added: Iterable[Copied]) -> None:
        self.folder = folder
        self.added = list(added)
        self.before: dict[int, tuple[str | None, int]] = {}
        """Number of an instruction -> the folder that it runs in, and how much was copied before."""


class ImageFiles:
    """The stages of an image, built with one context ("" the root).

    `budget` counts instructions and what is copied; where it is spent, nothing more is known to be in the image.
    """

    def __init__(self, image: Image, context: str, tree: Tree) -> None:
        self.image = image
        self.context = context
        self.tree = tree
        from fr_check.core.budget import Budget  # noqa: PLC0415 - only where an image may build a frontend

        self.budget = Budget()
        # By number; each is built from earlier ones only, so in their order none waits for another.
        self._stages: list[_Stage] = []

    def folder(self, instruction: Instruction) -> str | None:
        """The folder that an instruction runs in; None where a WORKDIR is not known."""
        stage = self._stage(instruction.stage)
        folder = stage.before.get(instruction.number, (stage.folder, 0))[0]
        return None if folder is None else posixpath.normpath(folder)

    def before(self, instruction: Instruction) -> tuple[Copied, ...]:
        """What an instruction finds, its own bind mounts included; what was copied last comes first."""
        stage = self._stage(instruction.stage)
        count = stage.before.get(instruction.number, ("", len(stage.added)))[1]
        found = self._last(stage, count)
        mounted = [copied for mount in instruction.mounts() for copied in self._mounted(mount, instruction)]
        return (*mounted, *found)

    def _stage(self, number: int) -> _Stage:
        while len(self._stages) <= number:
            self._build(len(self._stages))
        return self._stages[number]

    def _last(self, stage: _Stage, count: int) -> list[Copied]:
        """What was copied until then, the last one first."""
        return stage.added[:count][::-1] if self.budget.step(count) else []

    def _build(self, number: int) -> None:
        base = self.image.graph.bases[number].stage
        below = self._stages[base] if base is not None else None
        inherited = self._last(below, len(below.added))[::-1] if below is not None else ()
        stage = _Stage("/" if below is None else below.folder, inherited)
        self._stages.append(stage)
        for executed, fired in self.image.graph.executed(number):
            if not self.budget.step():
                return
            if not fired:
                stage.before[executed.number] = (stage.folder, len(stage.added))
            if executed.keyword == "WORKDIR":
                path = self._expanded(executed.arguments.strip().strip("\"'"), executed)
                moved = None if path is None or stage.folder is None else posixpath.join(stage.folder, path)
                stage.folder = path if path is not None and path.startswith("/") else moved
            elif executed.keyword in {"COPY", "ADD"}:
                self._add(stage, self._copied(executed, stage.folder))
            elif executed.keyword == "RUN" and "prune" in executed.arguments:
                self._add(stage, self._pruned(executed, stage))

    def _add(self, stage: _Stage, copied: Iterable[Copied]) -> None:
        found = list(copied)
        if self.budget.step(len(found)):
            stage.added += reversed(found)

    def _expanded(self, word: str, instruction: Instruction) -> str | None:
        """A word with the variables that the Dockerfile itself gives; None where one is not known."""
        return self.image.expanded(word, instruction)

    def _copied(self, instruction: Instruction, folder: str | None) -> Iterator[Copied]:
        words = instruction.json or tuple(word.strip("\"'") for word in instruction.arguments.split())
        *sources, last = words or ("",)
        target = self._expanded(last, instruction)
        if target is None or folder is None or not sources:
            return
        into = posixpath.normpath(posixpath.join(folder, target))
        several = len(sources) > 1 or target.endswith("/") or target in {".", "./"}
        origin = instruction.flag("from")
        for source in (self._expanded(word, instruction) for word in sources if not word.startswith("<<")):
            if source is None or "://" in source:
                continue
            if origin is not None and origin.value:
                yield from self._from_stage(origin.value, source, into, several=several)
            else:
                yield from self._from_context(
                    source, into, several=several, whole=instruction.flag("parents") is not None
                )

    def _from_context(self, source: str, into: str, *, several: bool, whole: bool) -> Iterator[Copied]:
        path = inside(self.context, source.lstrip("/") or ".")
        if path is None:
            return
        wild = any(character in path for character in "*?[")
        matched = list(self.tree.matching(path)) if wild else [path]
        for found in matched:
            kept = posixpath.join(into, posixpath.relpath(found, self.context or ".")) if whole else ""
            if self.tree.is_folder(found):
                yield Copied(kept or into, found, file=False)
            elif (there := self.tree.is_file(found)) or not wild:
                inner = posixpath.join(into, posixpath.basename(found)) if several or wild else into
                yield Copied(kept or inner, found, file=True, there=there)

    def _from_stage(self, name: str, source: str, into: str, *, several: bool) -> Iterator[Copied]:
        stages = self.image.dockerfile.stages
        named = self.image.graph.target(name)
        number = named.number if named is not None else None
        if number is None and name.isdecimal() and len(name) < len("1000000") and int(name) < len(stages):
            number = int(name)
        if number is None:
            return
        path = posixpath.normpath(posixpath.join("/", source))
        stage = self._stages[number] if number < len(self._stages) else _Stage(None, ())
        for copied in self._last(stage, len(stage.added)):
            if _below(path, copied.target):
                rest = path[len(copied.target) :].strip("/")
                found = posixpath.join(copied.source, rest) if rest else copied.source
                if self.tree.holds(found) or not copied.there:
                    file = self.tree.is_file(found) or copied.file
                    target = posixpath.join(into, posixpath.basename(path)) if file and several else into
                    yield copied._replace(target=target, source=found, file=file)
            elif _below(copied.target, path):
                yield copied._replace(target=posixpath.join(into, copied.target[len(path) :].strip("/")))

    def _mounted(self, mount: dict[str, str], instruction: Instruction) -> Iterator[Copied]:
        if mount.get("type", "bind") != "bind":
            return
        target = mount.get("target") or mount.get("dst") or mount.get("destination")
        folder = self.folder(instruction)
        if not target or folder is None:
            return
        into = posixpath.normpath(posixpath.join(folder, target))
        source = mount.get("source") or mount.get("src") or "."
        if mount.get("from"):
            yield from self._from_stage(mount["from"], source, into, several=False)
        else:
            yield from self._from_context(source, into, several=False, whole=False)

    def _pruned(self, instruction: Instruction, stage: _Stage) -> Iterator[Copied]:
        """`turbo prune web --docker`: `out/full` and `out/json` hold the workspace, as far as `web` needs it."""
        folder = None if stage.folder is None else posixpath.normpath(stage.folder)
        for call in _PRUNE.finditer(instruction.arguments) if folder is not None else ():
            options, names = _words(call[1])
            packages = tuple(filter(None, (*options.get("--scope", ()), *names)))
            if not packages or any("$" in name for name in packages):
                continue
            out = posixpath.join(folder or "/", *options.get("--out-dir", ("out",))[:1])
            found = self._last(stage, len(stage.added))
            for copied in [copied for copied in found if copied.target == folder and not copied.file]:
                for part in ("full", "json") if "--docker" in call[1] else ("",):
                    yield copied._replace(target=posixpath.join(out, part).rstrip("/"), packages=packages)


def _words(text: str) -> tuple[dict[str, list[str]], list[str]]:
    """Options with their values, and operands, of a simple command line."""
    options: dict[str, list[str]] = {}
    names: list[str] = []
    waiting = ""
    for word in (word.strip("\"'") for word in text.split()):
        option, equals, value = word.partition("=")
        if waiting:
            options.setdefault(waiting, []).append(word)
            waiting = ""
        elif option in _OPTION_VALUES and not equals:
            waiting = option
        elif word.startswith("-"):
            options.setdefault(option, []).append(value)
        elif word != "\\":
            names.append(word)
    return options, names


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def located(path: str, found: Iterable[Copied], tree: Tree) -> Copied | None:
    """What stands at an absolute path of an image, as a file or folder of the repository."""
    for copied in found:
        if copied.target == path and (copied.file or tree.is_folder(copied.source)):
            return copied
        if not copied.file and _below(path, copied.target):
            rest = path[len(copied.target) :].strip("/")
            source = posixpath.join(copied.source, rest) if rest else copied.source
            if tree.holds(source):
                return Copied(path, source, tree.is_file(source), packages=copied.packages)
    return None


def guess_context(image: Image, tree: Tree) -> str:
    """The folder that a Dockerfile which nothing builds is made for: the one that holds what it copies."""
    folder = posixpath.dirname(image.path)
    wanted = [
        word.strip("\"'").lstrip("/")
        for instruction in image.dockerfile.instructions
        if instruction.keyword in {"COPY", "ADD"} and instruction.flag("from") is None
        for word in (instruction.json or tuple(instruction.arguments.split()))[:-1]
        if not any(sign in word for sign in "*?[$<:")
    ]
    places = [folder]
    while places[-1]:
        places.append(posixpath.dirname(places[-1]))

    def held(place: str) -> int:
        return sum((path := inside(place, word or ".")) is not None and tree.holds(path) for word in wanted)

    return max(places, key=lambda place: (held(place), len(place)))
