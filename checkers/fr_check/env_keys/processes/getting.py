"""Which services get the file that a template renders, and whether they read a key of it."""

from __future__ import annotations

from fr_check.env_keys.processes.judged import may_matter
from fr_check.env_keys.processes.unread import Unread

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fr_check.env_keys.facts import Facts
    from fr_check.variables.services import ServiceProcess


class Getting:
    """Asked about templates; nothing is read before."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._unread: dict[int, Unread] = {}

    def services(self, template: str) -> list[ServiceProcess]:
        """The services that source what a template renders."""
        flow = self.facts.flow if may_matter(self.facts) else None
        found = []
        for one in flow.services if flow is not None else ():
            sourced = one.sourced.noted if one.sourced is not None else ()
            if any(each.rendered is not None and each.rendered.path == template for each in sourced):
                found.append(one)
        return found

    def unread(self, service: ServiceProcess, key: str) -> bool:
        """Whether nothing in a service reads a key, for certain; what runs an unknown program may read any."""
        flow = self.facts.flow
        if flow is None or not service.process.programs:
            return False
        if id(service) not in self._unread:
            self._unread[id(service)] = Unread(flow, service)
        return self._unread[id(service)].certainly(key)
