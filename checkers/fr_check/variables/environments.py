"""Environments: which processes belong to which, as the repository tells or the configuration says."""

from __future__ import annotations

import posixpath
from functools import cached_property

from fr_check.builds.model import WORKFLOW
from fr_check.core.patterns import pattern
from fr_check.core.record import NamedTuple
from fr_check.core.text import Text
from fr_check.policy.variables import Environment as Configured
from fr_check.policy.variables import Variables
from fr_check.runs import workflows
from fr_check.sources import compose, workflow
from fr_check.sources.opaque import Opaque
from fr_check.sources.yaml_tree import get, string
from fr_check.variables.commands import STEP, TASK
from fr_check.variables.hosts import BUILD, SERVER, TEST, HostProcess, Hosts, best
from fr_check.variables.model import ComposeHost, Computed, Entry, Literal
from fr_check.variables.services import process
from fr_check.variables.step_layers import step_value
from fr_check.variables.value_outcomes import shown_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fr_check.core.model import Unknown
    from fr_check.runs.step_files import Variable
    from fr_check.sources.compose.project import Project
    from fr_check.sources.workflow import Workflow
    from fr_check.sources.yaml_tree import Scalar
    from fr_check.variables.commands import Command
    from fr_check.variables.flow import Flow
    from fr_check.variables.pages import Pages
    from fr_check.variables.services import ServiceProcess

PLATFORM = "platform"
LOCAL, LOCAL_CI, CI, PREVIEW = "local", "local-ci", "ci", "preview"
_KNOWN = (LOCAL, LOCAL_CI, CI, PREVIEW, "test", "dev", "staging", "production", "prod")
_WORDS = pattern(r"[a-z]+")
_STAGES = {"staging": "staging", "stage": "staging", "production": "production", "prod": "production"}
_STAGES |= {"preview": PREVIEW, "dev": "dev", "qa": "qa", "uat": "uat"}


class Written(NamedTuple):
    """A file of `K=V` lines that a workflow writes: its name, the workflow, the entries."""

    name: str
    workflow: str
    entries: dict[str, Entry]


class Environments:
    """Names for processes; `order` is that of the columns."""

    def __init__(self, flow: Flow, pages: Pages) -> None:
        self.flow = flow
        self.repository = flow.repository
        self.pages = pages
        self.configured = flow.context.config.of(Variables).environments
        self._given: dict[tuple[str, ...], Written | None] = {}
        self._shown: dict[tuple[str, ...], dict[str, Opaque]] = {}

    @cached_property
    def _hosts(self) -> Hosts:
        return Hosts(self.flow.reading, self.pages.folders)

    def unfollowed(self) -> tuple[Unknown, ...]:
        """What was too much to follow on the way to the processes."""
        hosts = self._hosts.unknowns("env-keys") if "_hosts" in self.__dict__ else ()
        return tuple(dict.fromkeys((*hosts, *(self.flow.commands.unknowns("env-keys") if self.flow.services else ()))))

    @cached_property
    def hosts(self) -> tuple[tuple[HostProcess, tuple[str, ...]], ...]:
        """The tasks and steps that count, each with its environments."""
        every = self._hosts.all
        if self.configured:
            return tuple((one, names) for one in every if (names := self._configured_host(one)))
        tasks = [one for one in every if one.kind == "task"]
        chosen = best([one for one in tasks if one.role == SERVER], lambda one: one.name == LOCAL)
        found = [(one, (LOCAL,)) for one in chosen]
        tests = best([one for one in tasks if one.role == TEST], lambda one: one.name == CI)
        found += [(one, (LOCAL_CI,)) for one in tests]
        same = {(one.of, one.name) for one in tests}
        # The same task may build the page.
        builds = [one for one in tasks if one.role == BUILD and (one.of, one.name) in same]
        found += [(one, (LOCAL_CI,)) for one in best(builds, lambda one: bool(one.name))]
        return (*found, *self._steps([one for one in every if one.kind == "step"]))

    def _steps(self, steps: list[HostProcess]) -> Iterator[tuple[HostProcess, tuple[str, ...]]]:
        """Steps of the workflows that run tests and push no image."""
        for one in steps:
            if one.of in self._testing and one.role in {TEST, BUILD}:
                yield one, (CI,)

    def _configured_host(self, one: HostProcess) -> tuple[str, ...]:
        names = []
        for environment in self.configured:
            by_task = one.kind == "task" and one.name in environment.tasks
            by_step = one.kind == "step" and one.of == environment.workflow and environment.job in {"", one.job}
            if by_task or by_step:
                names.append(environment.name)
        return tuple(names)

    def of_command(self, command: Command) -> tuple[str, ...]:
        """The environments of a docker command: a task is run here, a step where its workflow leads."""
        if self.configured:
            return tuple(
                one.name
                for one in self.configured
                if (command.kind == TASK and command.name in one.tasks)
                or (command.kind == STEP and command.of == one.workflow and one.job in {"", command.job})
            )
        if command.kind == STEP:
            return (CI if command.of in self._testing else self.of_workflow(command.of),)
        return (LOCAL,) if command.kind == TASK else ()

    @cached_property
    def _testing(self) -> frozenset[str]:
        """The workflows that run tests and push no image."""
        pushing = {build.path for build in self.flow.builds.builds if build.place == WORKFLOW}
        steps = self._hosts.steps
        return frozenset(one.of for one in steps if one.role == TEST) - pushing

    def views(self, found: ServiceProcess) -> Iterator[tuple[tuple[str, ...], ServiceProcess]]:
        """A service as it is in its environments: their names, and the process with their host and their images."""
        if not self.configured:
            compose_host = self.compose_host(found.project, found.process.compose_host)
            yield (self._started_in(found), found._replace(process=found.process._replace(compose_host=compose_host)))
            return
        alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[str]] = {}
        for one in self.configured:
            if self._runs(one, found):
                alike.setdefault((one.env, one.builds), []).append(one.name)
        for (env, builds), names in alike.items():
            yield tuple(names), self._as_configured(found, env, builds)

    def _started_in(self, found: ServiceProcess) -> tuple[str, ...]:
        """Those of a service's set; where only steps of workflows start it so, those of the steps."""
        if found.callers and found.given and all(one.kind == STEP for one in found.callers):
            return tuple(dict.fromkeys(name for one in found.callers for name in self.of_command(one)))
        return self.of_project(found.project)

    def of_service(self, found: ServiceProcess) -> tuple[str, ...]:
        """The environments of a service."""
        if not self.configured:
            return self._started_in(found)
        return tuple(one.name for one in self.configured if self._runs(one, found))

    def _runs(self, one: Configured, found: ServiceProcess) -> bool:
        """Whether a service runs in a configured environment: its file is there, and no profile keeps it off."""
        if not one.compose or not set(one.compose) <= set(found.project.files):
            return False
        profiles = {scalar.value for scalar in found.service.profiles}
        return not one.profiles or not profiles or not profiles.isdisjoint(one.profiles)

    def _as_configured(self, found: ServiceProcess, env: tuple[str, ...], builds: tuple[str, ...]) -> ServiceProcess:
        """A service with the files of variables of an environment, and of the builds of its image those that count."""
        reading, project = self.flow.reading, found.project
        if builds:
            kept = [build for build in self.flow.all_builds if build.place != WORKFLOW or build.path in builds]
            reading = reading._replace(join=reading.join.only(kept))
        if env and env != (PLATFORM,):
            project = project._replace(scope=(env,))
        made = found if not builds and project is found.project else process(project, found.service, reading)
        compose_host = made.process.compose_host
        if PLATFORM in env:
            compose_host = ComposeHost(
                {} if env == (PLATFORM,) else compose_host.values, outside="the platform gives it"
            )
        elif env and all(self.flow.files.read(path) is not None for path in env):
            written = {
                name: Entry(name, Literal(value), compose_host.places[name])
                for name, value in compose_host.values.items()
            }
            how = f"`{env[-1]}`, which is committed"
            compose_host = compose_host._replace(written=written, how=how, doubt=None)
        return made._replace(process=made.process._replace(compose_host=compose_host))

    @cached_property
    def _by_files(self) -> dict[tuple[str, ...], tuple[str, ...]]:
        return {}

    def of_project(self, project: Project) -> tuple[str, ...]:
        """The environments that a set of compose files is used in."""
        if project.files not in self._by_files:
            self._by_files[project.files] = tuple(self._of_project(project))
        return self._by_files[project.files]

    def _of_project(self, project: Project) -> Iterator[str]:
        if self.configured:
            yield from (one.name for one in self.configured if one.compose and set(one.compose) <= set(project.files))
            return
        services = [found for found in self.flow.services if found.project is project]
        if any(found.service.build is not None and found.joined.containers for found in services):
            preview = self._previews(project)
            yield PREVIEW if preview else posixpath.basename(project.files[-1])
            return
        builds = [build for found in services for build in found.joined.builds if build.place == WORKFLOW]
        names = dict.fromkeys(self.of_workflow(build.path) for build in builds)
        yield from sorted(names, key=self.rank)

    def _previews(self, project: Project) -> bool:
        """Whether a workflow for pull requests names the set's file, or writes the file of variables that it asks."""
        if self._likely(project) is not None:
            return True
        for path, found in self._workflows.items():
            text = self.repository.read(path)
            if not isinstance(text, Text) or not any(trigger.startswith("pull_request") for trigger in found.triggers):
                continue
            if any(posixpath.basename(name) in text.string for name in project.files):
                return True
        return False

    def of_build(self, path: str) -> tuple[str, ...]:
        """The environments that run what a workflow builds."""
        if self.configured:
            return tuple(one.name for one in self.configured if path in {one.workflow, *one.builds})
        return (self.of_workflow(path),)

    def of_workflow(self, path: str) -> str:
        """What to call the environment that a workflow builds images for: by its words, its job, else its trigger."""
        words = _WORDS.findall(posixpath.basename(path).lower())
        by_name = next((_STAGES[word] for word in words if word in _STAGES), None)
        if by_name is not None:
            return by_name
        found = self._workflows.get(path)
        for job in found.jobs if found is not None else ():
            node = get(job.node, "environment")
            named = string(node) or string(get(node, "name"))
            if named and "${{" not in named:
                return named
        return found.triggers[0] if found is not None and found.triggers else posixpath.basename(path)

    @cached_property
    def _workflows(self) -> dict[str, Workflow]:
        read = ((path, workflow.read(self.repository, path)) for path in self.repository.select(workflows.is_workflow))
        return {path: found for path, found in read if found is not None}

    @cached_property
    def _files(self) -> tuple[Written, ...]:
        """The files of variables that workflows write."""
        from fr_check.runs import step_files  # noqa: PLC0415 - few commands ask for environments
        from fr_check.variables import compose_leads  # noqa: PLC0415

        found = []
        for path, read in self._workflows.items():
            for job in read.jobs:
                scripts = [step.run for step in job.steps if step.run is not None]
                # A `.env` that the job's own Compose reads is that of its process, and of no other.
                own = any(compose_leads.speaks(script.value) for script in scripts)
                for script in scripts:
                    for file, variables in step_files.env_files(script.value):
                        entries = {one.name: _entry(one, script) for one in variables}
                        name = posixpath.basename(file)
                        if entries and not (own and name == ".env"):
                            found.append(Written(name, path, entries))
        return tuple(found)

    def _likely(self, project: Project) -> Written | None:
        """The file that `written` finds, looked for once."""
        if project.files not in self._given:
            self._given[project.files] = self.written(project)
        return self._given[project.files]

    def written(self, project: Project) -> Written | None:
        """The file of variables that a set is likely given: most of its names are asked there, and nowhere as many."""
        best_of: tuple[float, Written] | None = None
        for file in self._files:
            counts = {other.files: self._asked(other, file) for other in self.flow.projects}
            mine = counts[project.files]
            others = max((count for files, count in counts.items() if files != project.files), default=0)
            if 2 * mine > len(file.entries) and mine > others and (best_of is None or mine > best_of[0]):
                best_of = (mine, file)
        return None if best_of is None else best_of[1]

    def _asked(self, project: Project, file: Written) -> int:
        return len(file.entries.keys() & self._names(project))

    def _names(self, project: Project) -> frozenset[str]:
        found: set[str] = set()
        for part in project.parts:
            read = self.repository.parse(part.path, compose.parse)
            if isinstance(read, compose.ComposeFile):
                found |= read.names
        return frozenset(found)

    def compose_host(self, project: Project, compose_host: ComposeHost) -> ComposeHost:
        """The host of a set where a workflow writes it; else the one that it was read with."""
        file = None if self.configured else self._likely(project)
        if file is None:
            return compose_host
        count = len(file.entries)
        asked = self._asked(project, file)
        how = f"`{file.name}`, likely what Compose is given: {asked} of its {count} names are asked here"
        # A set of ten services asks ten times.
        if project.files not in self._shown:
            self._shown[project.files] = {
                name: Opaque(shown_value(entry.value)) for name, entry in file.entries.items()
            }
        values = self._shown[project.files]
        doubt = f"the platform hands `{file.name}` on"
        given = compose_host.shell
        return ComposeHost(values, compose_host.path, written=file.entries, how=how, doubt=doubt, shell=given)

    def rank(self, name: str) -> tuple[int, str]:
        """Where a column stands."""
        own = [one.name for one in self.configured]
        if name in own:
            return own.index(name), name
        return (_KNOWN.index(name), "") if name in _KNOWN else (len(_KNOWN), name)


def _entry(one: Variable, script: Scalar) -> Entry:
    """What a script writes for a variable; a condition may keep it from that."""
    value = Computed("") if one.value is None else step_value(one.value)
    if isinstance(value, Literal) and not one.whole:
        value = Computed(one.value or "")
    return Entry(one.name, value, script.text.at(script.locate(one.start, one.start + len(one.name))))
