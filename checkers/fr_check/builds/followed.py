"""What the `run:` steps of workflows build, the scripts, make targets and package scripts that they call included."""

from __future__ import annotations

import posixpath
import re

from fr_check.builds import commands as command_builds
from fr_check.builds import manifests
from fr_check.builds.commands import Found, Origin
from fr_check.builds.unfollowed import Unfollowed, leads_to
from fr_check.core.text import Text
from fr_check.sources import docker_commands, expression, makefile
from fr_check.sources.build_context import inside
from fr_check.sources.calls import MAKE, OTHER, PACKAGE, SCRIPT, Call
from fr_check.sources.docker_commands import Start
from fr_check.sources.docker_uses import moved
from fr_check.sources.makefile import Expansion, Makefile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fr_check.builds.workflow_scope import Checkouts, Scope
    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.workflow import Step
    from fr_check.sources.yaml_tree import Scalar

SCRIPT_LIMIT = 500
"""Scripts that are followed in one run."""
_DEPTH = 6
_SHELL_ENDS = (".sh", ".bash")
_SHEBANG = re.compile(r"#![^\n]{0,60}sh\b")


class Follower:
    """Reads steps, and what they call; `unfollowed` are the calls that lead to builds where it cannot read."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.unfollowed: dict[Unfollowed, None] = {}
        self._done: set[tuple[object, ...]] = set()

    def step(self, step: Step, run: Scalar, scope: Scope, checkouts: Checkouts) -> Found:
        """What a step builds."""
        directory = "." if step.working_directory is None else scope.plain(step.working_directory)
        environment = {name: scope.plain(entry.value) for name, entry in scope.environment().items()}

        def locate(start: int, end: int) -> Location:
            return run.text.at(run.locate(start, end))

        def evaluated(text: str) -> str | None:
            return expression.plain(text, scope.resolve)

        found = Found([], [], [], [], [])
        what = f"command in step `{step.title}`"
        origin = Origin(run.text.path, what, locate, checkouts, environment)
        self._script(run.value, Start(directory, environment, None, evaluated), origin, found, 0)
        return found

    def _script(
        self, script: str, start: Start, origin: Origin, found: Found, depth: int, places: Sequence[int] | None = None
    ) -> None:
        for use in docker_commands.find(script, start, places):
            if isinstance(use, Call):
                self._call(use, origin, found, depth + 1)
            else:
                command_builds.take(use, origin, found)

    def _call(self, call: Call, origin: Origin, found: Found, depth: int) -> None:
        known = (call.assigned.items(), origin.environment.items())
        same = call._replace(assigned={}, start=0, end=0)[:-3]
        key = (same, origin.checkouts, *(tuple(sorted(items)) for items in known))
        if key in self._done:
            return
        self._done.add(key)
        if len(self._done) > SCRIPT_LIMIT or depth > _DEPTH:
            self._note(call, origin)
        elif call.kind == SCRIPT:
            self._file(call, origin, found, depth)
        elif call.kind == MAKE:
            self._make(call, origin, found, depth)
        elif call.kind == PACKAGE:
            self._package(call, origin, found, depth)
        elif call.kind == OTHER:
            self._note(call, origin)

    def _note(self, call: Call, origin: Origin) -> None:
        path = leads_to(self.repository, call)
        if path:
            self.unfollowed[Unfollowed(path, origin.locate(call.start, call.end))] = None

    def _file(self, call: Call, origin: Origin, found: Found, depth: int) -> None:
        name = call.names[0]
        place = moved(call.directory, name)
        path, foreign = (None, False) if place is None else origin.checkouts.path(place)
        if foreign:
            return
        text = None if path is None else self.repository.read(path)
        if path is None:
            self._note(call, origin)
        elif isinstance(text, Text) and (path.endswith(_SHELL_ENDS) or _SHEBANG.match(text.string)):
            environment = {**origin.environment, **call.assigned}
            inner = Origin(path, f"command in `{path}`", text.location, origin.checkouts, environment)
            given = {**environment, "0": name, "BASH_SOURCE": name}
            self._script(text.string, Start(call.directory, given, call.arguments), inner, found, depth)
        elif isinstance(text, Text):
            self._note(call, origin)

    def _make(self, call: Call, origin: Origin, found: Found, depth: int) -> None:
        folder = moved(call.directory, call.folder or ".")
        path, foreign = (None, False) if folder is None else origin.checkouts.path(folder)
        if foreign:
            return
        read = None if path is None else self._makefile(path, call.file)
        if read is None:
            self._note(call, origin)
            return
        file, complete = read
        environment = {**origin.environment, **call.assigned}
        expansion = Expansion(file, call.assigned, origin.environment, folder)
        pending = list(reversed(call.names or ((file.goal,) if file.goal else ())))
        made: set[str] = set()
        while pending:
            target = pending.pop()
            rule = file.rule(target)
            if target in made:
                continue
            made.add(target)
            if rule is None:
                if target in call.names and not complete:
                    self._note(call, origin)
                continue
            for script in expansion.scripts(rule[0], target, rule[1]):
                text = script.text
                what = f"command of target `{target}` in `{text.path}`"
                inner = Origin(text.path, what, text.location, origin.checkouts, environment)
                self._script(script.string, Start(folder, environment, ()), inner, found, depth, script.places)
            pending.extend(reversed(rule[0].needs))

    def _makefile(self, folder: str, named: str) -> tuple[Makefile, bool] | None:
        """The makefile of a folder with what it includes, and whether all of it could be read."""
        paths = [inside(folder, name) for name in ((named,) if named else makefile.NAMES)]
        files = (self.repository.parse(path, makefile.parse) for path in paths if path is not None)
        found = next((file for file in files if isinstance(file, Makefile)), None)
        if found is None:
            return None
        complete = True
        for name in found.includes:
            included = inside(folder, name)
            other = None if included is None else self.repository.parse(included, makefile.parse)
            complete = complete and isinstance(other, Makefile)
            found = found.over(other) if isinstance(other, Makefile) else found
        return found, complete

    def _package(self, call: Call, origin: Origin, found: Found, depth: int) -> None:
        folder = moved(call.directory, call.folder or ".")
        path, foreign = (None, False) if folder is None else origin.checkouts.path(folder)
        if foreign or path is None:
            return
        manifest = manifests.read(self.repository, path) or {}
        script = (manifests.strings(manifest.get("scripts")) or {}).get(call.names[0])
        text = self.repository.read(posixpath.join(path, "package.json"))
        if script is None or not isinstance(text, Text):
            return
        key = re.search(rf'"{re.escape(call.names[0])}"(?=\s*:)', text.string)
        where = text.location(*(key.span() if key else (0, 0)))
        environment = {**origin.environment, **call.assigned}
        what = f"command of script `{call.names[0]}` in `{text.path}`"
        inner = Origin(text.path, what, lambda _start, _end: where, origin.checkouts, environment)
        self._script(script, Start(folder, environment, None), inner, found, depth)
