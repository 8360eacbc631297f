"""Several compose files as the one model Compose makes of them: `-f a -f b`, `extends`, `include`.

Source: compose-go `loader` (extends and include) and `override/merge.go` (how fields merge). Interpolation does not
happen here; a file's values keep their places, and `variables` fills them.
"""

from __future__ import annotations

import posixpath

from fr_check.core.budget import Budget
from fr_check.core.record import NamedTuple
from fr_check.sources import interpolation
from fr_check.sources.build_context import inside
from fr_check.sources.compose.merging import finished, merge_build, merge_service, merge_services, placed
from fr_check.sources.compose.project import Gap, Part, Project
from fr_check.sources.compose.variable import Origin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fr_check.sources.compose.model import ComposeFile, Definition, Include, Layer, Service
    from fr_check.sources.compose.variable import Scope

    Load = Callable[[str], ComposeFile | None]
    Values = Callable[[Scope], Mapping[str, str]]

__all__ = ["Gap", "Part", "Project", "merge_build", "merge_files", "merge_service"]

DEPTH_LIMIT = 20
SERVICE_LIMIT = 5_000
FILE_LIMIT = 500
"""Files merged into one project, each time counted: two that include each other twice would be read for ever."""


def _nothing(scope: Scope) -> Mapping[str, str]:
    """Files of variables that nobody reads."""
    del scope
    return {}


def merge_files(
    files: tuple[str, ...],
    load: Load,
    directory: str | None = None,
    scope: Scope | None = None,
    values: Values = _nothing,
) -> Project:
    """The project of `files`, in order; `load` gives a parsed file or None where there is none.

    `directory` is the project's (`--project-directory`); by default that of the first file. `scope` are the files of
    variables that fill references; by default the `.env` of the project's folder. `values` are the variables that files
    of them give: they fill the paths of `include` and `extends`, where a variable that is not among them has its
    default.
    """
    base = posixpath.dirname(files[0]) if directory is None else directory
    scope = ((posixpath.join(base, ".env"),),) if scope is None else scope
    reader = _Reader(load, values)
    merged = reader.merged(files, _Place(base, scope, 0))
    return Project(
        files=files,
        directory=base,
        name=next((found.name for path in reversed(files) if (found := load(path)) and found.name), None),
        services={name: finished(service) for name, service in merged.services.items()},
        gaps=tuple(reader.gaps),
        partial=frozenset(reader.partial),
        scope=scope,
        secrets=merged.secrets,
        configs=merged.configs,
        parts=tuple(reader.parts.values()),
        values=values,
    )


class _Place(NamedTuple):
    """What the files of a model count from: the folder, the files of variables, and how deep they are included."""

    directory: str
    scope: Scope
    depth: int


class _Model(NamedTuple):
    services: dict[str, Service]
    secrets: dict[str, Definition]
    configs: dict[str, Definition]


class _Reader:
    def __init__(self, load: Load, values: Values) -> None:
        self.load = load
        self.values = values
        self.gaps: list[Gap] = []
        self.partial: set[str] = set()
        self.including: list[str] = []
        self.parts: dict[tuple[str, Scope], Part] = {}
        self.budget = Budget(files=FILE_LIMIT, steps=SERVICE_LIMIT, depth=DEPTH_LIMIT)
        self.copied = Budget()

    def merged(self, files: tuple[str, ...], place: _Place) -> _Model:
        """Files that are merged into one model."""
        model = _Model({}, {}, {})
        for path in files:
            file = self.load(path)
            if file is None:
                continue
            self.parts[path, place.scope] = Part(path, file, place.scope)
            self.budget.file(place.depth)
            self.budget.step(len(file.services))
            for layer in file.layers:
                seen = file._replace(services=layer.services)
                own = {name: self._extended(found, seen, path, place) for name, found in layer.services.items()}
                included = self._included(layer, place)
                own = merge_services(included.services, own, frozenset())
                model = _Model(
                    merge_services(model.services, own, layer.cleared),
                    {**model.secrets, **included.secrets, **file.secrets},
                    {**model.configs, **included.configs, **file.configs},
                )
        return model

    def _included(self, layer: Layer, place: _Place) -> _Model:
        """What the `include` entries of a file bring."""
        model = _Model({}, {}, {})
        for entry in layer.includes:
            known = self._paths(entry.paths, place.directory, place.scope)
            if len(known) < len(entry.paths) or not known:
                named = ", ".join(entry.paths)
                self.gaps.append(Gap(f"the included file `{named}` is not in this repository", entry.location, named))
                continue
            if known[0] in self.including or not self.budget.step(depth=place.depth + 1):
                wrong = self.budget.spent or "includes itself"
                self.gaps.append(Gap(f"`{known[0]}` {wrong}", entry.location, known[0]))
                continue
            if any(self.load(path) is None for path in known):
                missing = ", ".join(path for path in known if self.load(path) is None)
                self.gaps.append(Gap(f"the included file `{missing}` cannot be read", entry.location, missing))
            self.including.append(known[0])
            folder = self._filled(entry.directory, place.scope) if entry.directory else None
            own = inside(place.directory, folder) if folder else posixpath.dirname(known[0])
            inner = _Place(own or "", place.scope + self._variables(entry, place, own or ""), place.depth + 1)
            found = self.merged(known, inner)
            self.including.pop()
            origin = Origin(inner.directory, inner.scope)
            for name, service in found.services.items():
                model.services.setdefault(name, placed(service, origin))
            for definitions, into in ((found.secrets, model.secrets), (found.configs, model.configs)):
                for name, definition in definitions.items():
                    into.setdefault(name, definition if definition.origin else definition._replace(origin=origin))
        return model

    def _variables(self, entry: Include, place: _Place, own: str) -> Scope:
        """The files of variables that an entry of `include` adds below those of the files that include."""
        if entry.env_files is None:
            return ((posixpath.join(own, ".env"),),)
        return (self._paths(entry.env_files, place.directory, place.scope),)

    def _paths(self, written: tuple[str, ...], directory: str, scope: Scope) -> tuple[str, ...]:
        """Those of some paths that are known and lie in the repository."""
        filled = (self._filled(path, scope) for path in written)
        found = (None if path is None else inside(directory, path) for path in filled)
        return tuple(path for path in found if path is not None)

    def _filled(self, written: str, scope: Scope) -> str | None:
        """A text with its references filled; None where one of them is not known."""
        if "$" not in written:
            return written
        return interpolation.parse(written).render(self.values(scope))

    def _extended(self, service: Service, file: ComposeFile, path: str, place: _Place) -> Service:
        """The service with what it extends below it, the farthest first."""
        chain = [service]
        seen = {(path, service.name)}
        here, own = place.directory, file
        while chain[-1].extends is not None and len(chain) < DEPTH_LIMIT:
            name, written = chain[-1].extends
            base = self._filled(written, place.scope) or written
            where = chain[-1].key.text.at(chain[-1].key.span)
            if name is not None:
                filled = self._filled(name, place.scope)
                target = None if filled is None else inside(here, filled)
                loaded = self.load(target) if target is not None else None
                if loaded is None or target is None:
                    self.gaps.append(Gap(f"the file `{name}` that is extended cannot be read", where, name))
                    self.partial.add(service.name)
                    break
                file, path, here = loaded, target, posixpath.dirname(target)
                self.parts[path, place.scope] = Part(path, file, place.scope)
            found = file.services.get(base)
            if found is None or (path, base) in seen:
                reason = "is not there" if found is None else "extends itself"
                self.gaps.append(Gap(f"the service `{base}` of `{path}` {reason}", where, base))
                self.partial.add(service.name)
                break
            seen.add((path, base))
            # What another file says is written anew from the project's folder, though it lies there too.
            chain.append(found if file is own else placed(found, Origin(here, place.scope)))
        result = chain.pop()
        while chain:
            # Thousands of services may extend one of thousands of variables.
            told = self.copied.spent
            if not self.copied.step(1 + len(result.environment)):
                if not told:
                    wrong = f"`{path}` copies more variables from service to service than are followed"
                    self.gaps.append(Gap(wrong, service.key.text.at(service.key.span), path))
                self.partial.add(service.name)
                return chain[0]
            result = merge_service(result, chain.pop())
        return result
