"""The services that rules speak of: those of which it is certain what they run, with the worst that may be said."""

from __future__ import annotations

from fr_check.core.model import Severity
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.env_keys.apps.reading import NAME
from fr_check.sources.interpolation import Reference
from fr_check.variables.model import Absent, Bare, FromExample, Interpolated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.builds.collected import Lacking
    from fr_check.core.model import Finding, Location, Unknown
    from fr_check.core.repository import Repository
    from fr_check.env_keys.facts import Facts
    from fr_check.sources.compose.project import Project
    from fr_check.variables.docker_runs import Run
    from fr_check.variables.model import Entry
    from fr_check.variables.programs import Process, Program, Reader
    from fr_check.variables.services import ServiceProcess

# Files that start containers by hand.
_TASKS = (".sh", ".bash", ".mk", "akefile", "ustfile", "package.json", "moon.yml")
_ENGINES = ("docker", "podman", "nerdctl")


class Judged(NamedTuple):
    """A service with what it certainly runs of one program; `most` is the highest severity that a finding may have."""

    found: ServiceProcess
    program: Program
    most: Severity

    @property
    def process(self) -> Process:
        """The process."""
        return self.found.process

    @property
    def name(self) -> str:
        """What to call it: "service `web` of compose.yml"."""
        return f"{self.process.what} of {self.process.of}"

    def capped(self, severity: Severity) -> Severity:
        """A severity, lowered to the highest that is allowed here."""
        return min(severity, self.most)


def services(facts: Facts) -> Iterator[Judged]:
    """Every service whose program is certain."""
    flow = facts.flow if may_matter(facts) else None
    for found in flow.services if flow is not None else ():
        if not found.process.certain:
            continue
        for program in found.process.programs:
            yield Judged(found, program.certain, most(facts, found.project))


def given(facts: Facts, location: Location) -> Iterator[ServiceProcess]:
    """Every service that an entry of `environment` reaches, through an alias or from another file, judged or not."""
    flow = facts.flow if may_matter(facts) else None
    for found in flow.services if flow is not None else ():
        variables = found.service.environment.values()
        # One that a merge key brought has the place of that key.
        if any(location == (one.location if one.via is None else one.key.location) for one in variables):
            yield found


def lost(facts: Facts) -> Iterator[ServiceProcess]:
    """Every service that may run a program of the repository behind a word that could not be followed."""
    flow = facts.flow if may_matter(facts) else None
    yield from (found for found in flow.services if found.lost) if flow is not None else ()


def lacking(facts: Facts) -> tuple[Lacking, ...]:
    """The compose files that are named and not in the repository."""
    flow = facts.flow if may_matter(facts) else None
    return flow.builds.composes.lacking if flow is not None else ()


def runs(facts: Facts) -> tuple[Run, ...]:
    """Every `docker run` of an image that is built here."""
    return facts.flow.runs if _has_runs(facts) and facts.flow is not None else ()


def unfollowed(facts: Facts) -> tuple[Unknown, ...]:
    """What was too much to follow where a `docker run` was looked for."""
    return facts.flow.commands.unknowns(NAME) if _has_runs(facts) and facts.flow is not None else ()


def _has_runs(facts: Facts) -> bool:
    return facts.context is not None and facts.context.repository.remembered(_start_containers)


def _start_containers(repository: Repository) -> bool:
    """Whether a task file, script or workflow may start a container."""
    texts = (repository.read(path) for path in repository.select(_runs_commands))
    return any(isinstance(text, Text) and text.parsed(_starts_one) for text in texts)


def _runs_commands(path: str) -> bool:
    return path.endswith(_TASKS) or (path.startswith(".github/") and path.endswith((".yml", ".yaml")))


def _starts_one(text: Text) -> bool:
    string = text.string
    starts = " run " in string or (" exec " in string and (" -e" in string or " --env" in string))
    return starts and any(engine in string for engine in _ENGINES)


def projects(facts: Facts) -> tuple[Project, ...]:
    """Every set of compose files."""
    flow = facts.flow if may_matter(facts) else None
    return () if flow is None else flow.projects


def most(facts: Facts, project: Project) -> Severity:
    """The highest severity that a finding in a set of compose files may have."""
    flow = facts.flow
    if flow is None:
        return Severity.ERROR
    submodule = any(flow.repository.gitlink_above(path) is not None for path in project.files)
    return Severity.INFO if submodule or flow.is_for_tests(project) else Severity.ERROR


def may_matter(facts: Facts) -> bool:
    """Whether the repository has a compose file at all: where it has none, nothing of all this is loaded."""
    if facts.context is None:
        return False
    repository = facts.context.repository
    return bool(repository.select(_may_be_compose)) or bool(repository.gitlinks())


def _may_be_compose(path: str) -> bool:
    return "compose" in path and path.endswith((".yml", ".yaml"))


def is_unset(process: Process, reader: Reader) -> bool:
    """Whether certainly nothing sets any name of a reader, names inside a nested value included."""
    setting = reader.setting
    every = reader.names if setting is None else (*process.spellings(reader), *setting.every_name, *reader.within)
    if not all(isinstance(process.get(name), Absent) for name in every):
        return False
    if setting is None or not setting.open_prefixes:
        return True
    return not any(setting.is_open_to(name) for layer in process.layers for name in layer.entries)


def takes_from_host(process: Process, documented: frozenset[str]) -> bool:
    """Whether a service takes a documented name from `.env`."""
    return any(documented & asked(entry) for layer in process.layers for entry in layer.entries.values())


def asked(entry: Entry) -> frozenset[str]:
    """The variables of the host that the value of an entry depends on."""
    value = entry.value
    if isinstance(value, Bare):
        return frozenset((value.name,))
    if isinstance(value, FromExample):
        return frozenset((entry.name,))
    return (
        frozenset(part.name for part in value.template.references) if isinstance(value, Interpolated) else frozenset()
    )


def lone(entry: Entry) -> Reference | None:
    """The reference that is all of a value, a default aside."""
    value = entry.value
    parts = value.template.parts if isinstance(value, Interpolated) else ()
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Reference) else None


def worst(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Of findings about one thing at one place, which several sets of files share, the worst."""
    found: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = (finding.subject, finding.location)
        if key not in found or finding.severity > found[key].severity:
            found[key] = finding
    yield from found.values()
