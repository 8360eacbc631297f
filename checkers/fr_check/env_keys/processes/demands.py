"""The variables that compose files demand and that a copy of the example lacks, and what may give them a value."""

from __future__ import annotations

import re
from functools import cached_property

from fr_check.core.patterns import pattern
from fr_check.variables.places import writes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.text import Text
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.compose.model import Demand
    from fr_check.sources.compose.project import Project
    from fr_check.variables.flow import Flow

# What every shell has, whatever `.env` says.
_OF_THE_SHELL = frozenset(("PATH", "HOME", "USER", "LOGNAME", "PWD", "SHELL", "LANG", "TERM", "COMPOSE_PROJECT_NAME"))
COPIES = pattern(r"\b(?:cp|copy|install|rsync)\b[^\n;&|]*\.env|\bcopyfile\(|\bshutil\.copy\w*\([^\n]*\.env")
STARTS = pattern(r"docker[ -]compose\b[^\n;&|]*\b(?:up|run|create|start)\b")
# What writes variables that it does not name here.
_BY_OTHERS = pattern(
    r"\b(?:envsubst|python3?|node|ruby|perl|gomplate|dotenvx?|sops|vault|op|doppler|infisical)\b[^\n]*\.env\b"
    r"|\b(?:python3?|node|ruby|perl|bash|sh)[ \t]+[\w./-]*(?:env|secret|setup|gen|config)[\w./-]*\.(?:py|js|rb|pl|sh)\b"
    r"|(?:^|[;&|])[ \t]*\./[\w./-]*(?:env|secret|setup|gen|config)[\w./-]*",
    re.MULTILINE,
)


def unmet(flow: Flow, project: Project) -> Iterator[tuple[Demand, str, bool]]:
    """Every demand that no copy of the example meets, with the example, and whether that lacks the name."""
    for part in project.parts:
        if not part.file.demands:
            continue
        compose_host = flow.files.compose_host(project, part.scope)
        for demand in part.file.demands if compose_host.path is not None else ():
            name = demand.reference.name
            value = compose_host.get(name)
            if name not in _OF_THE_SHELL and not demand.met_by(value) and not _given(flow, project, demand):
                yield demand, compose_host.path or "", value is None


def _given(flow: Flow, project: Project, demand: Demand) -> bool:
    """Whether the commands that use a set give it what it demands."""
    named = flow.leads.may_give(frozenset((demand.reference.name,)))
    return named and flow.callers.meet(project, flow.projects, demand)


class Edited:
    """Asked whether a task that makes `.env` of the example gives a variable a value there before Compose starts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def _tasks(self) -> list[tuple[Text, str]]:
        """The task files that start Compose and write `.env` by more than a copy, each with what is no copy."""
        from fr_check.builds.task_files import task_texts  # noqa: PLC0415 - only where a demand is not met

        flow = self._facts.flow
        found = []
        for text in task_texts(flow.repository) if flow is not None else ():
            lines = text.string.replace("\\\n", " ")
            rest = "\n".join(line for line in COPIES.sub("", lines).split("\n") if not line.lstrip().startswith("#"))
            if STARTS.search(lines) and (writes(rest, ".env") or _BY_OTHERS.search(rest)):
                found.append((text, rest))
        return found

    def may_have(self, name: str, example: str) -> Text | None:
        """The task that may write this variable: by its name, or by a program that may write any; None for none."""
        copied = example.rpartition("/")[2]
        for text, rest in self._tasks:
            if name in rest or (_BY_OTHERS.search(rest) and copied in text.string):
                return text
        return None
