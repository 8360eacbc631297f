"""A variable that a compose file demands and that the example leaves empty, or lacks.

## What it finds

`${KEY:?why}` or `${KEY?why}` in a compose file whose `.env` has an example beside it that gives KEY no value. Compose
fills every text of every file before it does anything, so that the demand counts

- in a service whose profile is off, in an extension field (`x-`), in a label: an error, for nobody expects it there;
- inside another reference, `${A:-${B:?no}}`, although A is set: an error;
- where a task copies the example and starts Compose: an error, for the task cannot succeed;
- else a warning, or information where a comment of the example tells to give it a value ("required", "generate").

Only sets of files that Compose finds by itself, or that a task uses without giving the variable, are spoken of so
loudly; other sets, files for tests and those of submodules are info.

## Why it matters

Every command of Compose stops, `down`, `ps` and `logs` too, with whatever runs left running.

## How to fix

Write a value into the example, or a default in place of the demand: `${KEY:-}`. What one service needs is better
demanded by its program, which is then the only one that does not start.

## What `--fix` does

Nothing: the value is for whoever deploys the project to choose.
"""

from __future__ import annotations

import posixpath

from fr_check.core.model import Note, Rule, Severity
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.env_keys.processes import demands, judged
from fr_check.env_keys.processes.demands import COPIES, STARTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.task_files import Use
    from fr_check.core.model import Finding
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.compose.model import Demand, Service
    from fr_check.sources.compose.project import Project
    from fr_check.variables.flow import Flow

_FILES = {
    "app/config.py": (
        'from pydantic_settings import BaseSettings\n\n\nclass Settings(BaseSettings):\n    token: str = ""\n'
    ),
    ".env.example": "TOKEN=\n",
}
_SERVICES = "services:\n  web:\n    image: app\n    environment:\n      TOKEN: "
_NOTES = 5
_WORD = pattern(r"[^\s\"'(),;]+")
_FILL_IN = pattern(
    r"(?i)\b(?:required|mandatory|must|fill|set|change|replace|generate|your|enter|provide|oblig\w+|обязат\w+|erforderlich"
    r"|pflicht\w*)\b|必填|必须|必須"
)
_FILL_ALL = pattern(r"(?i)\bfill\b[^.]{0,40}\b(?:in|out|values?|all)\b")

BAD = {**_FILES, "compose.yml": _SERVICES + '"${TOKEN:?set TOKEN}"\n'}
GOOD = {**_FILES, "compose.yml": _SERVICES + '"${TOKEN:-}"\n'}


class _Stop(NamedTuple):
    """A demand that nothing meets: what the example says, why it is worse than usual (or empty), how bad it is."""

    demand: Demand
    project: Project
    example: str
    lacks: bool
    why: str
    severity: Severity


def check(facts: Facts) -> Iterator[Finding]:
    """Looks at every demand of every set on a host where `.env` is a copy of the example."""
    stops: dict[str, list[_Stop]] = {}
    uses: list[Use] | None = None
    edited = demands.Edited(facts)
    for project in judged.projects(facts):
        flow = facts.flow
        if flow is None:
            return
        found = list(demands.unmet(flow, project))
        if found and uses is None:
            from fr_check.builds.task_files import uses as used  # noqa: PLC0415 - only where a demand is not met

            uses = list(used(flow.repository))
        for demand, example, lacks in found:
            if edited.may_have(demand.reference.name, example) is not None:
                continue
            told = _Stop(demand, project, example, lacks, "", judged.most(facts, project))
            stop = _judged(flow, project, told, uses or [])
            stops.setdefault(demand.reference.name, []).append(stop)
    for name, same in stops.items():
        yield _finding(name, same)


def _judged(flow: Flow, project: Project, stop: _Stop, uses: list[Use]) -> _Stop:
    defaults = flow.builds.composes.defaults.values()
    mine = [use for use in uses if use.files.files == project.files]
    name = stop.demand.reference.name
    giving = [use for use in mine if name in use.text.string]
    if project.files not in defaults and len(giving) == len(mine):
        return stop._replace(severity=Severity.INFO)
    why = _surprise(flow, project, stop.demand)
    if not why and project.files in defaults:
        task = next((path for path in _starting(flow, stop.example)), "")
        why = f"{task} copies the example and starts Compose" if task else ""
    plain = Severity.INFO if _is_told(flow, stop.example, name) else Severity.WARNING
    return stop._replace(why=why, severity=min(stop.severity, Severity.ERROR if why else plain))


def _is_told(flow: Flow, example: str, name: str) -> bool:
    """Whether a comment of the example tells to give the variable a value: above it, beside it, or at the head."""
    text = flow.repository.read(example)
    if not isinstance(text, Text):
        return False
    said: list[str] = []
    head = True
    for line in text.string.split("\n"):
        words = line.strip()
        if words.startswith("#"):
            said.append(words)
        elif words.removeprefix("export ").startswith(f"{name}="):
            return _FILL_IN.search(" ".join((*said, words.partition("#")[2]))) is not None
        elif not words and head:
            # What the head of the file says holds for all of it.
            if _FILL_ALL.search(" ".join(said)):
                return True
            head, said = False, []
        elif not words:
            said = []
    return False


def _surprise(flow: Flow, project: Project, demand: Demand) -> str:
    """Why nobody expects the demand to count; empty where it is plain."""
    if demand.nested:
        return "the reference around it does not help: Compose fills what is inside whether it is used or not"
    if demand.within and demand.within[0].startswith("x-"):
        return f"it stands in `{demand.within[0]}`, which Compose fills like any other text"
    service = (
        project.services.get(demand.within[1]) if demand.within[:1] == ("services",) and demand.within[1:] else None
    )
    if service is not None and service.profiles and not _is_on(flow, project, service):
        return f"the profile of service `{service.name}` may be off: Compose fills its texts all the same"
    return ""


def _is_on(flow: Flow, project: Project, service: Service) -> bool:
    """Whether the example turns a profile of the service on."""
    value = flow.files.compose_host(project).get("COMPOSE_PROFILES")
    named = {name.strip() for name in (value or "").split(",")}
    return "*" in named or any(profile.value in named for profile in service.profiles)


def _starting(flow: Flow, example: str) -> Iterator[str]:
    """The task files that copy the example and start Compose, documents aside."""
    from fr_check.builds.task_files import task_texts  # noqa: PLC0415 - only where a demand is not met

    for text in task_texts(flow.repository):
        copies = (found[0] for found in COPIES.finditer(text.string))
        if any(_names(copied, text.path, example, flow) for copied in copies) and STARTS.search(text.string):
            yield text.path


def _names(copied: str, task: str, example: str, flow: Flow) -> bool:
    """Whether a copy command of a task means this example, and no other of that name at the root or beside the task."""
    name = example.rpartition("/")[2]
    for word in _WORD.findall(copied):
        if word.rpartition("/")[2] == name:
            places = {posixpath.normpath(posixpath.join(folder, word)) for folder in ("", posixpath.dirname(task))}
            if example in places or not any(map(flow.repository.has, places)):
                return True
    return False


def _finding(name: str, stops: list[_Stop]) -> Finding:
    worst = max(stops, key=lambda stop: (stop.severity, bool(stop.why)))
    # A plain demand of the same set stops Compose in any case: nobody is surprised by the others.
    plain = next((stop for stop in stops if not stop.why and stop.project is worst.project), None)
    worst = worst if plain is None else plain
    reference = worst.demand.reference
    says = "lacks it" if worst.lacks else "leaves it empty"
    message = f"`{name}` is demanded by `${{{name}{reference.operator}...}}`, and {worst.example} {says}: "
    message += f"every Compose command stops, `down` too{f'; {worst.why}' if worst.why else ''}"
    others = {stop.demand.location for stop in stops} - {worst.demand.location}
    notes = [
        Note("it is demanded here too", place) for place in sorted(others, key=lambda place: (place.path, place.span))
    ]
    if len(notes) > _NOTES:
        notes[_NOTES:] = [Note(f"and at {len(notes) - _NOTES} more places")]
    help_ = f"write `{name}=` with a value in {worst.example}, or `${{{name}:-}}` in place of the demand"
    place = worst.demand.location
    lets = "lacks" if worst.lacks else "leaves empty"
    shared = f"variables that {place.path} demands and {worst.example} {lets}, so that every Compose command stops"
    group = f"{shared}; {worst.why}" if worst.why else shared
    return RULE.finding(name, message, help=help_, location=place, notes=notes, severity=worst.severity, group=group)


RULE = Rule.declare(__name__, __doc__, Severity.WARNING, check, bad=BAD, good=GOOD)
