"""Where rendered files of secrets stand: the agent's destination, the volume that covers it, who mounts that.

Source: https://developer.hashicorp.com/vault/docs/agent-and-proxy/agent/template.
"""

from __future__ import annotations

import posixpath
from functools import cached_property

from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.variables.places import BIND, VOLUME, Places

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fr_check.core.model import Location
    from fr_check.core.repository import Repository
    from fr_check.sources.compose.model import Service
    from fr_check.sources.compose.project import Project
    from fr_check.sources.gotemplate.template import Template
    from fr_check.sources.vault_agent import Stanza

_AGENTS = (".hcl", ".json")


class Rendered(NamedTuple):
    """A file that an agent renders: from which template, to which path, on which volume or folder of the host.

    `volume` is the volume's name, or the path of a folder of the repository; `inner` the path below it; both are empty
    where nothing is mounted at the destination, so that no other service can see it. `agent` is the service.
    """

    path: str
    content: Template
    text: Text
    destination: str
    volume: str
    inner: str
    location: Location
    agent: str


class Templates:
    """What is rendered in each project; `known` are the templates that were read already, by path."""

    def __init__(self, repository: Repository, known: Mapping[str, Template]) -> None:
        self.repository = repository
        self.known = known

    @cached_property
    def _rendered(self) -> dict[tuple[tuple[str, ...], str], tuple[Rendered, ...]]:
        return {}

    def of(self, project: Project) -> tuple[Rendered, ...]:
        """Every file that an agent of a project renders."""
        key = (project.files, project.directory)
        if key not in self._rendered:
            services = project.services.values()
            self._rendered[key] = tuple(found for service in services for found in self._by(project, service))
        return self._rendered[key]

    def _by(self, project: Project, service: Service) -> Iterator[Rendered]:
        if not any(mount.source.endswith(_AGENTS) or mount.type == BIND for mount in service.volumes):
            return
        from fr_check.sources import vault_agent  # noqa: PLC0415 - few services mount what may configure an agent

        places = Places.of(project, service, (), self.repository)
        for path in self._configurations(places):
            agent = self.repository.parse(path, vault_agent.parse)
            text = self.repository.read(path)
            if isinstance(agent, vault_agent.VaultAgent) and isinstance(text, Text):
                for stanza in agent.stanzas:
                    found = self._one(stanza, places, text, service.name)
                    if found is not None:
                        yield found

    def _configurations(self, places: Places) -> Iterator[str]:
        """Files of the repository that a service mounts and that configure an agent."""
        for bound in places.bounds:
            if bound.kind != BIND or bound.source is None:
                continue
            if bound.source.endswith(_AGENTS):
                yield bound.source
            else:
                names = self.repository.glob(f"{bound.source}/*.hcl" if bound.source else "*.hcl")
                yield from names if isinstance(names, tuple) else ()

    def _one(self, stanza: Stanza, places: Places, text: Text, service: str) -> Rendered | None:
        path = places.locate(stanza.source) if stanza.source else None
        source = None if path is None else self.repository.read(path)
        if path is None or not isinstance(source, Text) or not stanza.destination:
            return None
        content = self.known.get(path)
        if content is None:
            from fr_check.sources import gotemplate  # noqa: PLC0415 - most are known

            content = gotemplate.parse(source, (stanza.left_delimiter or "{{", stanza.right_delimiter or "}}"))
        bound = places.covering(stanza.destination)
        volume = inner = ""
        if bound is not None and bound.kind in {BIND, VOLUME}:
            volume = bound.source or ""
            inner = posixpath.relpath(stanza.destination, bound.target)
        where = text.at(stanza.destination_span or stanza.span)
        return Rendered(path, content, source, stanza.destination, volume, inner, where, service)
