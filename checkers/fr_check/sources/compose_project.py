"""Several compose files as the one model Compose makes of them: `-f a -f b`, `extends`, `include`.

Source: compose-go `loader` (extends and include) and `override/merge.go` (how fields merge). Interpolation does not
happen here; a file's values keep their places.
"""

from __future__ import annotations

import posixpath

from fr_check.core.record import NamedTuple
from fr_check.sources.build_context import inside
from fr_check.sources.compose import Build, ComposeFile, Service, Variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fr_check.core.model import Location

    Load = Callable[[str], ComposeFile | None]

DEPTH_LIMIT = 20
SERVICE_LIMIT = 5_000


class Gap(NamedTuple):
    """Something a project names that could not be found or followed."""

    message: str
    location: Location


class Project(NamedTuple):
    """The merged services of a set of files; `directory` is what their relative paths count from.

    `partial` names the services of which something that they extend is missing.
    """

    files: tuple[str, ...]
    directory: str
    services: dict[str, Service]
    gaps: tuple[Gap, ...]
    partial: frozenset[str] = frozenset()


def merge_files(files: tuple[str, ...], load: Load, directory: str | None = None) -> Project:
    """The project of `files`, in order; `load` gives a parsed file or None where there is none.

    `directory` is the project's (`--project-directory`); by default that of the first file.
    """
    reader = _Reader(load)
    base = posixpath.dirname(files[0]) if directory is None else directory
    services = reader.merged(files, base, 0)
    return Project(files, base, services, tuple(reader.gaps), frozenset(reader.partial))


def merge_service(base: Service, over: Service) -> Service:
    """`over` of a later file, or of the service that extends, on top of `base`."""
    return Service(
        name=over.name,
        key=over.key,
        node=over.node,
        build=None if over.reset_build else merge_build(base.build, over.build),
        reset_build=False,
        environment=_merge_variables(base.environment, over.environment),
        env_files=base.env_files + over.env_files,
        extends=over.extends,
        image=over.image or base.image,
    )


def merge_build(base: Build | None, over: Build | None) -> Build | None:
    """`build` of two files: field by field, arguments name by name."""
    if base is None or over is None:
        return over or base
    if over.override:
        return over
    return Build(
        node=over.node,
        context=over.context or base.context,
        dockerfile=over.dockerfile or (None if over.inline else base.dockerfile),
        inline=over.inline or (None if over.dockerfile else base.inline),
        target=over.target or base.target,
        args=over.args if over.override_args else _merge_variables(base.args, over.args),
        unnamed=over.unnamed if over.override_args else base.unnamed + over.unnamed,
        contexts=base.contexts + over.contexts,
        override=base.override,
        override_args=base.override_args,
        directory=over.directory if over.context is not None else base.directory,
    )


def _merge_variables(base: Variables, over: Variables) -> Variables:
    merged = {**base, **over}
    return {name: variable for name, variable in merged.items() if not variable.reset}


class _Reader:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.gaps: list[Gap] = []
        self.partial: set[str] = set()
        self.including: list[str] = []
        self.made = 0

    def merged(self, files: tuple[str, ...], directory: str, depth: int) -> dict[str, Service]:
        """The services of files that are merged into one model."""
        services: dict[str, Service] = {}
        for path in files:
            file = self.load(path)
            if file is None:
                continue
            for name, found in file.services.items():
                service = self._extended(found, file, path, directory)
                services[name] = merge_service(services[name], service) if name in services else service
            self._include(file, directory, services, depth)
            self.made += len(file.services)
        return services

    def _include(self, file: ComposeFile, directory: str, services: dict[str, Service], depth: int) -> None:
        for entry in file.includes:
            paths = [inside(directory, path) for path in entry.paths if "$" not in path]
            known = tuple(path for path in paths if path is not None)
            if len(known) < len(entry.paths) or not known:
                self.gaps.append(Gap("an included file is not in this repository", entry.location))
                continue
            if depth >= DEPTH_LIMIT or known[0] in self.including or self.made > SERVICE_LIMIT:
                self.gaps.append(Gap(f"`{known[0]}` includes itself, or includes too much", entry.location))
                continue
            if any(self.load(path) is None for path in known):
                self.gaps.append(Gap(f"the included file `{', '.join(known)}` cannot be read", entry.location))
            self.including.append(known[0])
            own = inside(directory, entry.directory) if entry.directory else posixpath.dirname(known[0])
            for name, service in self.merged(known, own or "", depth + 1).items():
                services.setdefault(name, _placed(service, own or ""))
            self.including.pop()

    def _extended(self, service: Service, file: ComposeFile, path: str, directory: str) -> Service:
        """The service with what it extends below it, the farthest first."""
        chain = [service]
        seen = {(path, service.name)}
        here = directory
        while chain[-1].extends is not None and len(chain) < DEPTH_LIMIT:
            name, base = chain[-1].extends
            where = chain[-1].key.text.at(chain[-1].key.span)
            if name is not None:
                target = inside(here, name) if "$" not in name else None
                loaded = self.load(target) if target is not None else None
                if loaded is None or target is None:
                    self.gaps.append(Gap(f"the file `{name}` that is extended cannot be read", where))
                    self.partial.add(service.name)
                    break
                file, path, here = loaded, target, posixpath.dirname(target)
            found = file.services.get(base)
            if found is None or (path, base) in seen:
                reason = "is not there" if found is None else "extends itself"
                self.gaps.append(Gap(f"the service `{base}` of `{path}` {reason}", where))
                self.partial.add(service.name)
                break
            seen.add((path, base))
            chain.append(_placed(found, here))
        result = chain.pop()
        while chain:
            result = merge_service(result, chain.pop())
        return result


def _placed(service: Service, directory: str) -> Service:
    """The service with a build that knows which folder its context is relative to."""
    build = service.build
    if build is None or build.context is None or build.directory is not None:
        return service
    return service._replace(build=build._replace(directory=directory))
