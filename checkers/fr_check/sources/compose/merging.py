"""How Compose puts a later file, or the service that extends, on top of what is there.

Source: compose-go `override/merge.go`, `override/uncity.go` (entries of one key are one) and `loader/reset.go`:
`!reset` and `!override` first take away what is there at their place, then both are merged.
"""

from __future__ import annotations

import posixpath

from fr_check.sources.compose.model import Build, Service

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    from fr_check.sources.compose.model import Command, EnvFile
    from fr_check.sources.compose.variable import Origin, Variables

    T = TypeVar("T")

_NOTHING: dict[str, Any] = {
    "build": None, "environment": {}, "env_file": (), "image": None, "command": None, "entrypoint": None,
    "working_dir": None, "user": None, "healthcheck": None, "volumes": (), "secrets": (), "configs": (),
    "profiles": (), "depends_on": (),
}  # fmt: skip
_FIELDS = {"env_file": "env_files"}


def merge_services(
    below: dict[str, Service], above: dict[str, Service], cleared: frozenset[tuple[str, ...]]
) -> dict[str, Service]:
    """The services of a later file on top of those of earlier ones; `cleared` is the later file's."""
    gone = {path[1] for path in cleared if len(path) == 2 and path[0] == "services"}  # noqa: PLR2004 - services, NAME
    base = {} if ("services",) in cleared else {name: service for name, service in below.items() if name not in gone}
    merged = dict(base)
    for name, service in above.items():
        merged[name] = merge_service(base[name], service) if name in base else service
    return merged


def merge_service(base: Service, over: Service) -> Service:
    """`over` of a later file, or of the service that extends, on top of `base`."""
    base = _without(base, over.cleared)
    both = "environment" in base.keys and "environment" in over.keys
    return Service(
        name=over.name,
        key=over.key,
        node=over.node,
        keys={**base.keys, **over.keys},
        build=merge_build(base.build, over.build),
        environment={**base.environment, **over.environment},
        unnamed=base.unnamed + over.unnamed,
        environment_listed=both or base.environment_listed or over.environment_listed,
        env_files=_unique(base.env_files + over.env_files, _file),
        extends=over.extends,
        image=over.image or base.image,
        command=base.command if over.command is None else over.command,
        entrypoint=base.entrypoint if over.entrypoint is None else over.entrypoint,
        working_dir=over.working_dir or base.working_dir,
        user=over.user or base.user,
        healthcheck=base.healthcheck if over.healthcheck is None else over.healthcheck,
        volumes=_unique(base.volumes + over.volumes, lambda found: found.target),
        secrets=_unique(base.secrets + over.secrets, lambda found: found.target),
        configs=_unique(base.configs + over.configs, lambda found: found.target),
        profiles=_unique(base.profiles + over.profiles, lambda found: found.value),
        depends_on=_unique(base.depends_on + over.depends_on, str),
        cleared=over.cleared,
    )


def merge_build(base: Build | None, over: Build | None) -> Build | None:
    """`build` of two files: field by field, arguments name by name."""
    if base is None or over is None:
        return over or base
    return Build(
        node=over.node,
        context=over.context or base.context,
        dockerfile=over.dockerfile or (None if over.inline else base.dockerfile),
        inline=over.inline or (None if over.dockerfile else base.inline),
        target=over.target or base.target,
        args={**base.args, **over.args},
        unnamed=base.unnamed + over.unnamed,
        contexts=_unique(base.contexts + over.contexts, str),
        origin=over.origin if over.context is not None else base.origin,
        args_listed=bool(base.args and over.args) or base.args_listed or over.args_listed,
    )


def placed(service: Service, origin: Origin) -> Service:
    """The service with values that know which folder and which `.env` they count from; those that know it keep it."""
    return service._replace(
        build=None if service.build is None else _placed_build(service.build, origin),
        environment=_placed(service.environment, origin),
        unnamed=tuple(found if found.origin else found.placed(origin) for found in service.unnamed),
        env_files=tuple(found if found.origin else found._replace(origin=origin) for found in service.env_files),
        volumes=tuple(found if found.origin else found._replace(origin=origin) for found in service.volumes),
        command=_placed_command(service.command, origin),
        entrypoint=_placed_command(service.entrypoint, origin),
        healthcheck=_placed_command(service.healthcheck, origin),
    )


def finished(service: Service) -> Service:
    """The service when all files are merged: `command:` without a value is none, and one target has one mount."""
    return service._replace(
        command=_given(service.command),
        entrypoint=_given(service.entrypoint),
        volumes=_unique(service.volumes, lambda found: found.target),
        secrets=_unique(service.secrets, lambda found: found.target),
        configs=_unique(service.configs, lambda found: found.target),
    )


def _given(command: Command | None) -> Command | None:
    return None if command is None or command.is_null else command


def _placed(variables: Variables, origin: Origin) -> Variables:
    return {name: found if found.origin else found.placed(origin) for name, found in variables.items()}


def _placed_command(command: Command | None, origin: Origin) -> Command | None:
    return command if command is None or command.origin else command._replace(origin=origin)


def _placed_build(build: Build, origin: Origin) -> Build:
    where = build.origin or (origin if build.context is not None else None)
    unnamed = tuple(found if found.origin else found.placed(origin) for found in build.unnamed)
    return build._replace(origin=where, args=_placed(build.args, origin), unnamed=unnamed)


def _without(service: Service, cleared: frozenset[tuple[str, ...]]) -> Service:
    """The service without what a later file takes away."""
    changes: dict[str, Any] = {}
    for path in cleared:
        if len(path) == 1 and path[0] in _NOTHING:
            changes[_FIELDS.get(path[0], path[0])] = _NOTHING[path[0]]
    if "environment" in changes:
        changes.update(unnamed=(), environment_listed=False)
    else:
        gone = {path[1] for path in cleared if len(path) == 2 and path[0] == "environment"}  # noqa: PLR2004 - KEY, NAME
        changes["environment"] = _pruned(service.environment, gone, listed=service.environment_listed)
    if "build" not in changes and service.build is not None:
        changes["build"] = _without_in_build(service.build, cleared)
    if ("healthcheck", "test") in cleared:
        changes["healthcheck"] = None
    keys = {name: key for name, key in service.keys.items() if (name,) not in cleared}
    return service._replace(keys=keys, **changes)


def _without_in_build(build: Build, cleared: frozenset[tuple[str, ...]]) -> Build:
    below = {path[1:] for path in cleared if path[:1] == ("build",) and len(path) > 1}
    if not below:
        return build
    fields = {"dockerfile_inline": "inline", "additional_contexts": "contexts"}
    changes: dict[str, Any] = {}
    for name in ("context", "dockerfile", "dockerfile_inline", "target"):
        if (name,) in below:
            changes[fields.get(name, name)] = None
    if ("additional_contexts",) in below:
        changes["contexts"] = ()
    if ("args",) in below:
        changes.update(args={}, unnamed=(), args_listed=False)
    else:
        gone = {path[1] for path in below if len(path) == 2 and path[0] == "args"}  # noqa: PLR2004 - args, NAME
        changes["args"] = _pruned(build.args, gone, listed=build.args_listed)
    return build._replace(**changes)


def _pruned(variables: Variables, gone: set[str], *, listed: bool) -> Variables:
    """Without these names, where Compose holds a mapping: in a list it finds none of them."""
    return variables if listed else {name: found for name, found in variables.items() if name not in gone}


def _file(found: EnvFile) -> str:
    folder = None if found.origin is None else found.origin.directory
    return posixpath.normpath(posixpath.join(folder, found.path.value)) if folder else found.path.value


def _unique(found: tuple[T, ...], key: Callable[[T], str]) -> tuple[T, ...]:
    """Of entries with one key the last, at the place of the first."""
    return tuple({key(entry): entry for entry in found}.values())
