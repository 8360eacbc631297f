"""Numbers that their tool does not read where they stand, once all commands are known that may make it read them."""

from __future__ import annotations

import posixpath

from fr_check.coverage_gate.declared.model import CHECKING, NODE, joined, switched_on
from fr_check.sources.thresholds import coverage_config, misplaced, model

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from fr_check.coverage_gate.declared.components import Parse
    from fr_check.coverage_gate.declared.model import Component, Place
    from fr_check.sources.thresholds.model import Declared
    from fr_check.sources.thresholds.options import Invocation

_PYTHON = frozenset({"coverage", "pytest-cov"})


class Ran:
    """Which runs of a tool bear on what it reads: the folders they happen in (None: not known)."""

    def __init__(self) -> None:
        self.checking: set[str | None] = set()
        self.configs: set[str] = set()

    def add(self, invocation: Invocation, folder: str | None, component: str | None) -> None:
        """Notes one run."""
        if invocation.tool in CHECKING and (invocation.report == "check-coverage" or invocation.opaque):
            self.checking.add(None if invocation.opaque else component)
        if invocation.config:
            path = joined(folder, invocation.config)
            self.configs.add(posixpath.normpath(invocation.config) if path is None else path)


def misplaced_in(paths: Iterable[str], parse: Parse, ran: Ran) -> Iterator[tuple[str, Declared]]:
    """What files of coverage's state where it does not look; a file that a command names is read by other rules."""
    for path in paths:
        if path not in ran.configs and path.rpartition("/")[2] not in ran.configs:
            for declared in parse(path, misplaced.parse) or ():
                yield path, declared


def settled(places: Sequence[Place], ran: Ran, components: Mapping[str, Component]) -> list[Place]:
    """The places as they count: nyc's and c8's where something tells them to judge, a plugin's where no other is."""
    found = []
    written = {one.component for one in places if one.tool in _PYTHON and one.gates and one.value and not _implied(one)}
    for place in places:
        if _implied(place) and place.component in written:
            continue
        if place.kind == model.IGNORED and place.tool in CHECKING:
            component = components.get(place.component) if place.component is not None else None
            kind = place.kind
            if place.component in ran.checking or (component is not None and switched_on(component)):
                kind = model.GATE
            elif ran.checking or (place.layer != NODE and component is not None and _others(component)):
                kind = model.REPORT_ONLY  # which of the two it is depends on what is not known here
            found.append(place._replace(kind=kind))
        else:
            found.append(place)
    return found


def _implied(place: Place) -> bool:
    """Whether a plugin sets the number, which nobody wrote."""
    return place.written == coverage_config.IMPLIED


def _others(component: Component) -> bool:
    """Whether nyc or c8 has a configuration of which not everything is known."""
    declared = (one for file in component.node for one in file.config.declared)
    return any(one.tool in CHECKING and one.kind == model.REPORT_ONLY for one in declared)
