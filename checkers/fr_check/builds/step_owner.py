"""Which frontends a command of an image builds: package scripts, filters of workspaces and shell scripts followed."""

from __future__ import annotations

import posixpath
import re

from fr_check.builds import build_command, step_tasks
from fr_check.builds.build_command import NO, UNKNOWN, YES
from fr_check.builds.frontend_build import Hit, Place, file_at
from fr_check.builds.image_files import Copied, Tree, located
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.sources.build_tools import by_name
from fr_check.sources.package_managers import UNKNOWN_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fr_check.builds.build_command import BuildCommand
    from fr_check.builds.frontend import Frontend
    from fr_check.builds.workspace import Workspace
    from fr_check.core.repository import Repository
    from fr_check.runs.changes import Change
    from fr_check.sources.build_tools import Answer, Verdict
    from fr_check.sources.env_write import EnvWrite

_DEPTH = 8
_TELLING = pattern(r"build|bundle|compile|export|dist|release|front|web|assets")
# What runs a target of a project, though its package.json may have no script of the name.
_TARGETS = frozenset(("nx", "moon", "lage"))


class Way(NamedTuple):
    """What the commands that led to another one gave it, or took from it; `depth` is how many there were."""

    given: Mapping[str, str | None]
    files: tuple[tuple[Place, EnvWrite], ...]
    depth: int
    changes: tuple[Change, ...] = ()


class StepOwner:
    """Resolves the commands of one step: `found` is what stands in the image before it."""

    def __init__(
        self,
        repository: Repository,
        workspace: Workspace,
        tree: Tree,
        frontends: Mapping[str, Frontend],
        found: tuple[Copied, ...],
        held: tuple[Frontend, ...],
    ) -> None:
        self.repository = repository
        self.workspace = workspace
        self.tree = tree
        self.frontends = frontends
        self.found = found
        self.held = held
        # Files of variables that the scripts so far leave behind, those too that build nothing.
        self._left: list[tuple[Place, EnvWrite]] = []
        self._open: set[tuple[str, str]] = set()
        self._done: set[tuple[str, str]] = set()

    def of(self, command: BuildCommand, start: Place) -> Iterator[Hit]:
        """The frontends that a command of a RUN builds; `start` is where the RUN runs."""
        self._done.clear()
        place = self._settled(start.moved(command.folder), start)
        for hit in self._resolved(command, place, Way({}, (), 0)):
            left = (one for one in self._left if one not in hit.files)
            yield hit._replace(files=(*hit.files, *left))

    def _settled(self, place: Place, start: Place) -> Place:
        """A place with its folder of the repository, looked up in the image first."""
        if place.image is not None and self.found:
            manifest = located(posixpath.join(place.image, "package.json"), self.found, self.tree)
            if manifest is not None and manifest.there:
                return place._replace(repository=posixpath.dirname(manifest.source))
            folder = located(place.image, self.found, self.tree)
            if folder is not None and not folder.file:
                return place._replace(repository=folder.source)
            if start.repository is None or place.image != start.image:
                return place._replace(repository=None)
        return place

    def _resolved(self, command: BuildCommand, place: Place, way: Way) -> Iterator[Hit]:
        """What one command builds at a place, with the variables and files that led there."""
        verdict = command.verdict
        files = (*way.files, *((place, written) for written in command.files))
        way = Way({**way.given, **command.given}, files, way.depth, (*way.changes, *command.changes))

        def hit(frontend: Frontend, answer: Answer, reason: str = "", where: Place | None = None) -> Hit:
            mode = verdict.mode or "production"
            return Hit(frontend, answer, reason, mode, where or place, way.given, way.files, way.changes)

        if verdict.file:
            yield from self._script(verdict, place, way)
        elif verdict.scripts:
            yield from self._scripts(verdict, place, way)
        elif verdict.answer == UNKNOWN:
            if verdict.where.folder:
                place = self._settled(place.moved(verdict.where.folder), place)
            yield from self._tasks(verdict, place, way)
        elif place.repository is None and not verdict.where.names:
            for frontend in self.held:
                if self._fits(frontend, verdict.tool):
                    yield hit(frontend, UNKNOWN, "which package it builds is not known")
        else:
            at = place.repository or ""
            selected = self.workspace.selected(at, verdict.where)
            for folder in (at,) if selected is None else selected:
                chosen = self.frontends.get(folder)
                if chosen is not None and self._fits(chosen, verdict.tool):
                    yield hit(chosen, YES, where=self._at(place, folder))

    def _at(self, place: Place, folder: str) -> Place:
        """The place of another folder of the repository, beside one that is known."""
        if place.image is None or place.repository is None:
            return Place(None, folder)
        step = posixpath.relpath(folder or ".", place.repository or ".")
        return Place(posixpath.normpath(posixpath.join(place.image, step)), folder)

    def _fits(self, frontend: Frontend, tool: str) -> bool:
        bundlers = frontend.bundlers
        return not tool or not bundlers or any(tool in bundler.commands for bundler in bundlers)

    def _near(self, place: Place) -> tuple[Frontend, ...]:
        """The frontends in the image that a command whose working is not known may build from a place."""
        at = place.repository
        if at is None:
            return ()
        return tuple(f for f in self.held if at in {"", f.path} or f.path.startswith(at + "/"))

    def _tasks(self, verdict: Verdict, place: Place, way: Way) -> Iterator[Hit]:
        """What a task runner runs; all that is near where that is not known, or something else is not."""
        found = None if place.repository is None else step_tasks.scripts(self.repository, verdict, place.repository)
        if found is not None:
            for script, what in found:
                yield from self._text(script, (what, script), place, way)
            return
        for frontend in self._near(place) if step_tasks.may_build(self.repository, verdict, place.repository) else ():
            yield Hit(frontend, UNKNOWN, verdict.reason, "production", place, way.given, way.files)

    def _script(self, verdict: Verdict, place: Place, way: Way) -> Iterator[Hit]:
        """A shell script: its text, where the repository holds it."""
        path = file_at(place, verdict.file, self.found, self.tree)
        text = self.repository.read(path) if path is not None else None
        if not isinstance(text, Text):
            if _TELLING.search(posixpath.basename(verdict.file)):
                for frontend in self._near(place):
                    yield Hit(frontend, UNKNOWN, verdict.reason, "production", place, way.given, way.files)
            return
        yield from self._text(text.string, ("", path or ""), place, way, verdict.rest)

    def _text(
        self, script: str, key: tuple[str, str], place: Place, way: Way, given: tuple[str | None, ...] = ()
    ) -> Iterator[Hit]:
        """The commands of a script that runs at a place; each is gone through once; what runs itself is not known."""
        key = (" ".join((key[0], *map(str, given))), key[1])
        if key in self._open or way.depth >= _DEPTH:
            reason = f"`{key[1]}` runs itself" if key in self._open else f"`{key[1]}` is run through too many others"
            for frontend in self._near(place):
                yield Hit(frontend, UNKNOWN, reason, "production", place, way.given, way.files)
            return
        if key in self._done:
            return
        self._done.add(key)
        self._open.add(key)
        written: list[EnvWrite] = []
        commands = build_command.in_script(script, files=written)
        self._left += ((place, file) for file in written)
        for command in step_tasks.run_in(script, commands, given):
            inner = self._settled(place.moved(command.folder), place)
            yield from self._resolved(command, inner, way._replace(depth=way.depth + 1))
        self._open.discard(key)

    def _scripts(self, verdict: Verdict, place: Place, way: Way) -> Iterator[Hit]:
        """Package scripts, or tasks, in the packages that are selected."""
        telling = [name for name in verdict.scripts if by_name(name).answer != NO]

        def unknown(frontends: Iterable[Frontend], reason: str) -> Iterator[Hit]:
            for frontend in frontends if telling else ():
                yield Hit(frontend, UNKNOWN, reason, "production", place, way.given, way.files)

        # A name selects a package wherever the command runs.
        named = bool(verdict.where.names)
        if place.repository is None and not named:
            yield from unknown(self.held, "which package it builds is not known")
            return
        selected = self.workspace.selected(place.repository or "", verdict.where)
        if selected is None:
            names = ", ".join(f"`{name}`" for name in verdict.where.names)
            reason = (
                f"which package {names} is, is not known"
                if UNKNOWN_NAME not in verdict.where.names
                else "its package is not known"
            )
            yield from unknown(self.held, reason)
            return
        for folder in selected:
            if verdict.where.everywhere and not self._holds(folder):
                continue
            for name in verdict.scripts:
                yield from self._package(name, folder, verdict, self._at(place, folder), way)

    def _package(self, name: str, folder: str, verdict: Verdict, place: Place, way: Way) -> Iterator[Hit]:
        """A script of one package: followed where package.json says what it is, else taken by its name."""
        scripts, frontend = self.workspace.scripts(folder), self.frontends.get(folder)
        pattern_ = re.compile(re.escape(name).replace(r"\*", ".*") + r"\Z")
        names = [found for found in scripts or () if pattern_.match(found)] if "*" in name else [name]
        for found in names:
            script = (scripts or {}).get(found)
            if script is not None:
                hits = [*self._text(script + _handed(verdict), (folder, found), place, way)]
                mine = frontend is not None and by_name(found).answer == YES
                mine = mine and all(hit.frontend is frontend and hit.answer == UNKNOWN for hit in hits)
                # Whatever program a script of this name runs, it builds the frontend that it belongs to.
                yield from (hit._replace(answer=YES, reason="") for hit in hits[:1]) if mine else hits
            elif frontend is not None and (not verdict.where.everywhere or verdict.tool in _TARGETS):
                said = by_name(found)
                if said.answer != NO:
                    told = Hit(frontend, said.answer, said.reason, "production", place, way.given, way.files)
                    yield told._replace(changes=way.changes)

    def _holds(self, folder: str) -> bool:
        """Whether a package of the workspace is in the image."""
        path = posixpath.join(folder, "package.json")
        return not self.found or any(
            copied.source == path or (not copied.file and (copied.source == "" or path.startswith(copied.source + "/")))
            for copied in self.found
            if not copied.packages or folder in self.workspace.needed(copied.packages)
        )


def _handed(verdict: Verdict) -> str:
    """The words that a package script gets, as its text goes on with them; a filter that is not known for unknown."""
    if not verdict.rest:
        return ""
    from shlex import quote  # noqa: PLC0415 - few scripts are handed anything

    if any(word is None for word in verdict.rest):
        return f" --filter={UNKNOWN_NAME}"
    return " " + " ".join(quote(word) for word in verdict.rest if word is not None)
